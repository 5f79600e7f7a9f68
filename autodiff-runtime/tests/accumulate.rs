//! Adding contributions of all shapes to cotangents of all shapes.

use autodiff_runtime::{accumulate, zero};
use ndarray::{Array, Array1, Array2, Array3, ArrayD, Axis, IxDyn, array};

/// The sum that the definition gives: both arrays repeated to the common shape, then summed back.
fn by_definition(acc: &ArrayD<f64>, contribution: &ArrayD<f64>) -> ArrayD<f64> {
    let mut expected = acc.clone();
    let common = &(acc * 0.0) + &(contribution * 0.0);
    let ones = ArrayD::<f64>::ones(common.raw_dim());
    let repeated = &ones * contribution;
    let offset = common.ndim() - acc.ndim();
    for (index, value) in repeated.indexed_iter() {
        let place: Vec<usize> =
            (0..acc.ndim()).map(|axis| if acc.shape()[axis] == 1 { 0 } else { index[offset + axis] }).collect();
        expected[IxDyn(&place)] += value;
    }
    expected
}

fn counting(shape: &[usize]) -> ArrayD<f64> {
    let count = shape.iter().product::<usize>();
    ArrayD::from_shape_vec(IxDyn(shape), (1..=count).map(|x| x as f64).collect()).unwrap()
}

#[test]
fn all_pairs_of_shapes_that_broadcast() {
    let shapes: &[&[usize]] = &[
        &[],
        &[1],
        &[3],
        &[1, 1],
        &[2, 1],
        &[1, 3],
        &[2, 3],
        &[4, 2, 3],
        &[4, 1, 3],
        &[4, 2, 1],
        &[1, 2, 1],
        &[4, 1, 1],
        &[0],
        &[0, 1],
        &[5, 4, 2, 3],
    ];
    let mut compared = 0;
    for acc in shapes {
        for contribution in shapes {
            let (acc, contribution) = (counting(acc), counting(contribution));
            let fits = acc
                .shape()
                .iter()
                .rev()
                .zip(contribution.shape().iter().rev())
                .all(|(&a, &b)| a == b || a == 1 || b == 1);
            // An array without elements takes the shape of what is added to it; see below.
            let takes_shape = acc.shape() == [0] && contribution.shape() == [1];
            if fits && !takes_shape {
                let mut sum = acc.clone();
                accumulate(&mut sum, &contribution);
                assert_eq!(sum, by_definition(&acc, &contribution), "{:?} += {:?}", acc.shape(), contribution.shape());
                compared += 1;
            }
        }
    }
    assert!(compared > 120, "{compared}");
}

#[test]
fn static_dimensions_views_and_layouts() {
    let mut bias = Array1::<f32>::zeros(3);
    accumulate(&mut bias, Array2::ones((4, 3)));
    accumulate(&mut bias, Array2::<f32>::ones((3, 4)).t());
    accumulate(&mut bias, &Array3::ones((2, 2, 3)).view());
    accumulate(&mut bias, 1.0_f32);
    assert_eq!(bias, array![13.0, 13.0, 13.0]);

    let mut column = Array2::<f64>::zeros((2, 1));
    accumulate(&mut column, &array![[1.0, 2.0], [3.0, 4.0]]);
    accumulate(&mut column.view_mut(), array![[1.0, 2.0], [3.0, 4.0]].t());
    assert_eq!(column, array![[7.0], [13.0]]);

    let mut dynamic = ArrayD::<f64>::zeros(vec![2, 2]);
    accumulate(&mut dynamic, &array![1.0, 2.0]);
    accumulate(&mut dynamic.index_axis_mut(Axis(0), 1), &array![10.0, 10.0]);
    assert_eq!(dynamic, array![[1.0, 2.0], [11.0, 12.0]].into_dyn());
}

#[test]
fn scalars() {
    let mut sum = 1.0_f64;
    accumulate(&mut sum, 2.0_f64);
    accumulate(&mut sum, &3.0_f64);
    accumulate(&mut sum, array![[1.0, 2.0]]);
    accumulate(&mut sum, &array![4.0].view());
    accumulate(&mut sum, &ndarray::arr0(5.0));
    assert_eq!(sum, 18.0);
}

#[test]
fn structures() {
    let mut value = (vec![1.0_f64, 2.0], [Array::zeros(2), array![1.0, 1.0]], (), 3.0_f32);
    let copy = value.clone();
    accumulate(&mut value, &copy);
    accumulate(&mut value, copy);
    assert_eq!(value, (vec![3.0, 6.0], [Array::zeros(2), array![3.0, 3.0]], (), 9.0));

    let slice: &mut [f64] = &mut value.0;
    accumulate(slice, &[1.0, 1.0]);
    accumulate(slice, &vec![1.0, 1.0]);
    assert_eq!(slice, [5.0, 8.0]);

    let mut missing: Option<f64> = None;
    accumulate(&mut missing, &Some(2.0));
    accumulate(&mut missing, Some(3.0));
    assert_eq!(missing, Some(5.0));

    let mut nested = vec![vec![1.0_f64], vec![2.0, 3.0]];
    accumulate(&mut nested, &vec![vec![1.0], vec![1.0, 1.0]]);
    zero(&mut nested[0]);
    assert_eq!(nested, [vec![0.0], vec![3.0, 4.0]]);
}

#[test]
#[should_panic(expected = "a contribution of shape [4] cannot be broadcast against a cotangent of shape [3]")]
fn shapes_that_do_not_fit() {
    accumulate(&mut Array1::<f64>::zeros(3), &Array1::ones(4));
}

#[test]
#[should_panic(expected = "a tangent of length 1 does not fit one of length 2")]
fn lengths_that_do_not_fit() {
    accumulate(&mut vec![1.0, 2.0], &vec![1.0]);
}
