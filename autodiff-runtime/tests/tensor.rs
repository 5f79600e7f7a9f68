//! Cotangents of products, reductions and means.

use autodiff_runtime::*;
use ndarray::{Array2, Array3, ArrayView2, Axis, array};

#[test]
fn products_of_all_ranks() {
    let (a1, b1) = (array![1.0, 2.0], array![3.0, 4.0]);
    let (a2, b2) = (array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], array![[1.0, 0.0, 2.0], [0.0, 3.0, 1.0]]);
    assert_eq!(dot_lhs_bar(&2.0, &b1), array![6.0, 8.0]);
    assert_eq!(dot_rhs_bar(&a1, &2.0), array![2.0, 4.0]);
    let y_bar = array![1.0, 10.0, 100.0];
    assert_eq!(dot_lhs_bar(&y_bar, &b1), array![[3.0, 4.0], [30.0, 40.0], [300.0, 400.0]]);
    assert_eq!(dot_rhs_bar(&a2, &y_bar), array![531.0, 642.0]);
    assert_eq!(dot_lhs_bar(&y_bar, &b2), array![201.0, 130.0]);
    assert_eq!(dot_rhs_bar(&a1, &y_bar), array![[1.0, 10.0, 100.0], [2.0, 20.0, 200.0]]);
    let y_bar = Array2::from_shape_fn((3, 3), |(i, j)| (i * 3 + j) as f64);
    assert_eq!(dot_lhs_bar(&y_bar, &b2), y_bar.dot(&b2.t()));
    assert_eq!(dot_rhs_bar(&a2, &y_bar), a2.t().dot(&y_bar));
}

#[test]
fn products_accumulate_into_views_of_any_layout() {
    let (a, b) = (array![[1.0_f32, 2.0], [3.0, 4.0]], array![[1.0, 0.5], [0.25, 3.0]]);
    let y_bar = array![[1.0, 2.0], [3.0, 5.0]];
    let (mut a_bar, mut b_bar) = (Array2::ones((2, 2)), Array2::ones((2, 2)));
    accumulate_dot_lhs_bar(&mut a_bar.view_mut().reversed_axes(), &y_bar, &&b.view());
    accumulate_dot_rhs_bar(&mut b_bar, &a.t(), &y_bar);
    assert_eq!(a_bar.t(), 1.0 + dot_lhs_bar(&y_bar, &b));
    assert_eq!(b_bar, 1.0 + dot_rhs_bar(&a.t(), &y_bar));
    let mut vector_bar = array![1.0_f64, 1.0];
    accumulate_dot_rhs_bar(&mut vector_bar, &array![2.0, 3.0], &10.0);
    assert_eq!(vector_bar, array![21.0, 31.0]);
}

#[test]
#[should_panic(expected = "an outer product of shape [2, 1] cannot be added to a cotangent of shape [2, 2]")]
fn outer_products_are_checked() {
    accumulate_dot_rhs_bar(&mut Array2::<f64>::zeros((2, 2)), &array![1.0, 2.0], &array![1.0]);
}

#[test]
fn reductions() {
    let a = Array3::from_shape_fn((2, 3, 4), |(i, j, k)| (i * 12 + j * 4 + k) as f64);
    for axis in 0..3 {
        let y_bar = a.sum_axis(Axis(axis));
        let mut a_bar = Array3::<f64>::zeros(a.raw_dim());
        accumulate(&mut a_bar, expand_axis(&y_bar, Axis(axis)));
        for slice in a_bar.axis_iter(Axis(axis)) {
            assert_eq!(slice, y_bar);
        }
        assert_eq!(mean_axis(&a, Axis(axis)), a.mean_axis(Axis(axis)).unwrap());
    }
    assert_eq!(mean(&a.view()), 11.5);
    let mut vector_bar = array![0.0, 0.0];
    accumulate(&mut vector_bar, expand_axis(&ndarray::arr0(3.0), Axis(0)));
    assert_eq!(vector_bar, array![3.0, 3.0]);
}

#[test]
#[should_panic(expected = "`mean`: an array of shape [0, 2] has no elements to average")]
fn mean_of_nothing() {
    mean(&Array2::<f64>::zeros((0, 2)));
}

#[test]
#[should_panic(expected = "`mean_axis`: an array of shape [0, 2] has no elements to average")]
fn mean_along_an_empty_axis() {
    mean_axis(&ArrayView2::<f32>::from_shape((0, 2), &[]).unwrap(), Axis(0));
}
