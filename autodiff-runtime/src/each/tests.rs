//! Loops over arrays of all shapes and layouts against ndarray's operators.

use ndarray::{Array1, Array2, Array3, Ix2, Ix3, ShapeBuilder, s};

use super::{add_each, count_of_two, each, each_mut, map_each, sum_each};

fn filled<D: ndarray::Dimension, S: ShapeBuilder<Dim = D>>(shape: S) -> ndarray::Array<f64, D> {
    let mut next = 0.0;
    ndarray::Array::from_shape_simple_fn(shape, || {
        next += 1.0;
        (next * 0.7_f64).sin()
    })
}

/// Against ndarray's own broadcasting.
fn check(a: ndarray::ArrayViewD<'_, f64>, b: ndarray::ArrayViewD<'_, f64>, k: f64) {
    let expected = &a * &b * k + &a;
    let found: ndarray::ArrayD<f64> = map_each([each(&a), each(&b), each(&k)], |[a, b, k]| a * b * k + a);
    assert_eq!(found, expected);
    let sum = sum_each([each(&a), each(&b), each(&k)], |[a, b, k]| a * b * k + a);
    assert!((sum - expected.sum()).abs() < 1e-12 * (1.0 + expected.len() as f64));
    assert_eq!(count_of_two(&a, &b), expected.len() as f64);
    let mut a_bar = ndarray::ArrayD::<f64>::zeros(a.raw_dim());
    let mut b_bar = ndarray::ArrayD::<f64>::ones(b.raw_dim().f());
    let mut k_bar = 0.5;
    add_each(
        [each_mut(&mut a_bar), each_mut(&mut b_bar), each_mut(&mut k_bar)],
        [each(&a), each(&b), each(&k)],
        |[a_bar, b_bar, k_bar], [a, b, k]| {
            *a_bar += b * k + 1.0;
            *b_bar += a * k;
            *k_bar += a * b;
        },
    );
    let summed = |mut whole: ndarray::ArrayD<f64>, shape: &[usize]| {
        while whole.ndim() > shape.len() {
            whole = whole.sum_axis(ndarray::Axis(0));
        }
        for (axis, &len) in shape.iter().enumerate() {
            if len == 1 {
                whole = whole.sum_axis(ndarray::Axis(axis)).insert_axis(ndarray::Axis(axis));
            }
        }
        whole
    };
    let zeros = ndarray::ArrayD::<f64>::zeros(expected.raw_dim());
    let (of_a, of_b) = (&zeros + &b * k + 1.0, &zeros + &a * k);
    assert!((a_bar - summed(of_a, a.shape())).iter().all(|error| error.abs() < 1e-11));
    assert!((b_bar - 1.0 - summed(of_b, b.shape())).iter().all(|error| error.abs() < 1e-11));
    assert!((k_bar - 0.5 - (&zeros + &a * &b).sum()).abs() < 1e-10);
}

#[test]
fn shapes_and_layouts() {
    let (a, row, column) = (filled((7, 30)), filled(30), filled((7, 1)));
    check(a.view().into_dyn(), row.view().into_dyn(), 2.0);
    check(row.view().into_dyn(), a.view().into_dyn(), 2.0);
    check(a.view().into_dyn(), column.view().into_dyn(), 2.0);
    check(column.view().into_dyn(), row.view().into_dyn(), 2.0);
    check(a.view().into_dyn(), filled((7, 30).f()).view().into_dyn(), 2.0);
    check(filled((7, 30).f()).view().into_dyn(), filled((7, 30).f()).view().into_dyn(), 2.0);
    check(filled((7, 30).f()).view().into_dyn(), row.view().into_dyn(), 2.0);
    check(a.slice(s![..;2, 3..]).into_dyn(), filled((4, 27)).view().into_dyn(), 2.0);
    check(a.view().into_dyn(), a.slice(s![1..2, ..]).into_dyn(), 2.0);
    check(filled((2, 3, 40)).view().into_dyn(), filled((3, 1)).view().into_dyn(), 2.0);
    check(filled((2, 3, 40)).view().into_dyn(), filled((2, 1, 40)).view().into_dyn(), 2.0);
    check(filled((2, 1, 40)).view().into_dyn(), filled((1, 3, 1)).view().into_dyn(), 2.0);
    check(filled(200).view().into_dyn(), filled(1).view().into_dyn(), 2.0);
    check(filled(64).view().into_dyn(), filled(()).view().into_dyn(), 2.0);
    check(filled((0, 5)).view().into_dyn(), filled(5).view().into_dyn(), 2.0);
    check(filled((5, 0)).view().into_dyn(), filled((5, 1)).view().into_dyn(), 2.0);
    check(filled(()).view().into_dyn(), filled(()).view().into_dyn(), 2.0);
}

#[test]
fn ranks_of_results() {
    let (a, b): (Array3<f64>, Array2<f64>) = (filled((2, 3, 4)), filled((3, 4)));
    let c = map_each::<Ix3, _, 2>([each(&a), each(&b)], |[a, b]| a - b);
    assert_eq!(c, &a - &b);
    let columns = filled((3, 4).f());
    let d = map_each::<Ix2, _, 1>([each(&columns)], |[x]| x + 1.0);
    assert_eq!((d.strides(), &d), (columns.strides(), &(&columns + 1.0)));
    let sum: Array1<f32> = map_each([each(&3.0_f32), each(&Array1::ones(3))], |[x, y]| x + y);
    assert_eq!(sum, Array1::from_elem(3, 4.0));
}

#[test]
#[should_panic(expected = "the shapes [[2, 3], [4]] cannot be broadcast together")]
fn shapes_that_do_not_fit() {
    sum_each([each(&filled((2, 3))), each(&filled(4))], |[a, b]| a + b);
}

/// What a loop makes is what it adds to zeros: arrays of the whole's shape and smaller ones, and such that are empty.
#[test]
fn what_is_made_is_what_is_added_to_zeros() {
    fn check<D: ndarray::Dimension, E: ndarray::Dimension>(a: &ndarray::Array<f64, D>, b: &ndarray::Array<f64, E>) {
        let f = |[a_bar, b_bar, total]: [&mut f64; 3], [a, b]: [f64; 2]| {
            *a_bar += 2.0 * a * b;
            *b_bar -= a * a;
            *total += a * a * b;
        };
        let (mut a_bar, mut b_bar) = (ndarray::Array::zeros(a.raw_dim()), ndarray::Array::zeros(b.raw_dim()));
        let (mut total, mut again) = (0.0, 0.0);
        add_each([each_mut(&mut a_bar), each_mut(&mut b_bar), each_mut(&mut total)], [each(a), each(b)], f);
        let (mut a_new, mut b_new) = (super::new_tangent(a), super::new_tangent(b));
        add_each(
            [super::each_new(&mut a_new), super::each_new(&mut b_new), each_mut(&mut again)],
            [each(a), each(b)],
            f,
        );
        assert_eq!((a_new.finish(), b_new.finish(), again), (a_bar, b_bar, total));
    }
    for len in [0, 1, 2, 63, 64, 65, 200] {
        check(&filled(len), &filled(len));
        check(&filled((len, 3)), &filled((1, 3)));
        check(&filled((len, 3)), &filled(1));
        check(&filled((3, len).f()), &filled((3, len).f()));
        check(&filled((3, len)), &filled((3, len).f()));
    }
    check(&filled((2, 1)), &filled((1, 5)));
}
