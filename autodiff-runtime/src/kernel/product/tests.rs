use ndarray::{Array2, ArrayView2, s};

use super::{Write, copy, product};

fn numbers(seed: usize, [m, n]: [usize; 2]) -> Array2<f32> {
    Array2::from_shape_fn((m, n), |(i, j)| (((i * 31 + j * 7) + seed * 13) % 23) as f32 - 11.0)
}

/// The same matrix in several layouts: rows, columns, with gaps, and backwards.
fn layouts(matrix: &Array2<f32>) -> Vec<Array2<f32>> {
    let (m, n) = matrix.dim();
    let mut gaps = Array2::zeros((2 * m, 3 * n));
    gaps.slice_mut(s![..;2, ..;3]).assign(matrix);
    let mut backwards = matrix.slice(s![..;-1, ..;-1]).to_owned();
    backwards.invert_axis(ndarray::Axis(0));
    backwards.invert_axis(ndarray::Axis(1));
    let columns = matrix.t().as_standard_layout().into_owned().reversed_axes();
    vec![matrix.clone(), columns, gaps.slice_move(s![..;2, ..;3]), backwards]
}

fn expected(a: ArrayView2<'_, f32>, b: ArrayView2<'_, f32>) -> Array2<f32> {
    Array2::from_shape_fn((a.nrows(), b.ncols()), |(i, j)| (0..a.ncols()).map(|p| a[[i, p]] * b[[p, j]]).sum())
}

/// Small integers, whose products and sums are exact in any order.
fn check([m, n, k]: [usize; 3]) {
    let (a, b) = (numbers(1, [m, k]), numbers(2, [k, n]));
    let expected = expected(a.view(), b.view());
    for a in layouts(&a) {
        for b in layouts(&b) {
            for mut c in layouts(&Array2::from_elem((m, n), f32::NAN)) {
                product(a.view(), b.view(), c.view_mut(), Write::Replace);
                assert_eq!(c, expected, "{m} {n} {k}");
                product(a.view(), b.view(), c.view_mut(), Write::Add);
                assert_eq!(c, &expected + &expected, "{m} {n} {k}, added");
            }
        }
    }
}

#[test]
fn products_of_all_shapes_and_layouts() {
    // Few under Miri, which runs the same loops without the instructions that it does not know.
    let shapes: &[[usize; 3]] = if cfg!(miri) {
        &[[9, 18, 3], [1, 5, 18], [4, 3, 18], [10, 17, 17]]
    } else {
        &[
            [1, 1, 1],
            [1, 40, 17],
            [40, 1, 17],
            [8, 48, 16],
            [9, 50, 17],
            [33, 130, 300],
            [70, 200, 40],
            [3, 5, 2100],
            [17, 16, 31],
            [40, 7, 13],
            [12, 1600, 20],
            [20, 20, 4],
            [2, 3, 0],
        ]
    };
    for &shape in shapes {
        check(shape);
    }
}

#[test]
fn copies_have_the_stride_that_was_asked_for() {
    for matrix in layouts(&numbers(3, [5, 9])) {
        let mut to = vec![0.5; 5 * 12];
        copy(matrix.view(), &mut to, 12);
        assert!(to.chunks(12).zip(matrix.rows()).all(|(to, row)| to[..9] == row.to_vec() && to[9..] == [0.5; 3]));
    }
}

/// Numbers whose sums depend on the order of their terms.
#[cfg(feature = "rayon")]
#[test]
fn the_number_of_threads_changes_no_bit() {
    let fraction = |i: usize| ((i * 7919) % 1009) as f32 / 1009.0 - 0.5;
    let a = Array2::from_shape_fn((1000, 70), |(i, j)| fraction(i * 70 + j));
    let b = Array2::from_shape_fn((70, 300), |(i, j)| fraction(i * 300 + j));
    let with_threads = |count: usize| {
        let mut c = Array2::zeros((1000, 300));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(count).build().expect("threads can be started");
        pool.install(|| product(a.view(), b.view(), c.view_mut(), Write::Replace));
        c
    };
    let one = with_threads(1);
    for count in [2, 3, 7] {
        assert_eq!(with_threads(count), one, "{count} threads");
    }
}
