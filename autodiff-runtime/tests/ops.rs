//! Operators and methods on values of any type.

use autodiff_runtime::{gradcheck, methods, ops};
use ndarray::{Array1, Array2, ArrayD, array};

fn matrix() -> Array2<f64> {
    array![[0.5, -1.25, 2.0], [1.5, 0.75, -0.4]]
}

macro_rules! check_operators {
    ($($operator:ident)*) => {$(
        gradcheck!(ops::$operator(&1.5, &0.7)).unwrap();
        gradcheck!(ops::$operator(&matrix(), &0.7)).unwrap();
        gradcheck!(ops::$operator(&0.7, &matrix())).unwrap();
        gradcheck!(ops::$operator(&matrix(), &matrix().mapv(|x| x * 0.7))).unwrap();
        gradcheck!(ops::$operator(&matrix(), &array![0.32, 0.87, -0.77])).unwrap();
        gradcheck!(ops::$operator(&array![0.32, 0.87, -0.77], &matrix())).unwrap();
        gradcheck!(ops::$operator(&array![[0.3], [0.9]], &array![[0.7, -1.1, 1.9]])).unwrap();
        gradcheck!(ops::$operator(&matrix().into_dyn(), &array![[0.3], [0.9]])).unwrap();
    )*};
}

#[test]
fn operators() {
    check_operators!(add sub mul div rem);
    gradcheck!(ops::neg(&matrix())).unwrap();
    gradcheck!(ops::neg(&2.0_f32)).unwrap();
}

#[test]
fn operators_in_single_precision_and_through_references() {
    let (a, b) = (array![1.0_f32, 2.0], 3.0_f32);
    gradcheck!(ops::div(&a, &b)).unwrap();
    assert_eq!(ops::mul(&&a, &&b), array![3.0, 6.0]);
    let (view, reference) = (a.view(), &b);
    let (view, reference) = (&view, &reference);
    let (y, pullback) = ops::sub::call_vjp(&view, &reference);
    let (mut a_bar, mut b_bar) = (Array1::zeros(2), 0.0);
    pullback(&view, &reference, &array![1.0, 10.0], Some(&mut a_bar), Some(&mut b_bar));
    assert_eq!((y, a_bar, b_bar), (array![-2.0, -1.0], array![1.0, 10.0], -11.0));
    let dynamic: ArrayD<f32> = ops::add(&a, &ArrayD::ones(vec![3, 1]));
    assert_eq!(dynamic.shape(), [3, 2]);
}

#[test]
fn integers_have_no_derivative() {
    let (y, pullback) = ops::mul::call_vjp(&3_usize, &4);
    pullback(&3, &4, &(), Some(&mut ()), None);
    assert_eq!(y, 12);
    assert_eq!(ops::rem(&7_i64, &4), 3);
    assert_eq!(ops::neg(&7_i64), -7);
}

#[test]
#[should_panic(expected = "arrays of shapes [2] and [3] cannot be broadcast against each other")]
fn shapes_that_do_not_fit() {
    ops::mul(&Array1::<f64>::zeros(2), &Array1::zeros(3));
}

macro_rules! check_methods {
    ($($method:ident at $x:expr;)*) => {$(
        let x: f64 = $x;
        assert_eq!(methods::$method(&x), x.$method());
        gradcheck!(methods::$method(&x)).unwrap();
        gradcheck!(methods::$method(&(x as f32))).unwrap();
        let array = array![[x, x * 1.01], [x * 0.97, x * 1.02]];
        // Many at once are not computed as one alone is.
        let apart = methods::$method(&array) - array.mapv(f64::$method);
        assert!(apart.iter().all(|apart| apart.abs() < 1e-15), "{apart}");
        gradcheck!(methods::$method(&array.t().to_owned())).unwrap();
    )*};
}

#[test]
fn methods_of_one_number() {
    check_methods! {
        sin at 0.8; cos at 0.8; tan at 0.8; asin at 0.4; acos at -0.4; atan at 1.3;
        sinh at 0.8; cosh at 0.8; tanh at -0.3; asinh at 0.7; acosh at 1.6; atanh at 0.3;
        exp at 1.1; exp2 at 1.2; exp_m1 at 0.3; ln at 2.3; ln_1p at 0.4; log10 at 3.1; log2 at 3.2;
        sqrt at 2.1; cbrt at -1.9; abs at -1.4; recip at 1.7;
    }
    gradcheck!(methods::pow2(&matrix())).unwrap();
    let mut x_bar = 0.0;
    methods::sqrt::call_vjp(&0.0).1(&0.0, &1.0, Some(&mut x_bar));
    assert_eq!(x_bar, f64::INFINITY);
}

#[test]
fn methods_of_two_numbers() {
    gradcheck!(methods::powi(&1.3, &3)).unwrap();
    gradcheck!(methods::powi(&matrix(), &-2)).unwrap();
    gradcheck!(methods::powf(&1.3, &2.5)).unwrap();
    gradcheck!(methods::powf(&matrix().mapv(f64::abs), &1.5)).unwrap();
    gradcheck!(methods::max(&1.3, &1.4)).unwrap();
    gradcheck!(methods::min(&matrix(), &0.1)).unwrap();
    gradcheck!(methods::atan2(&0.3, &-1.2)).unwrap();
    gradcheck!(methods::hypot(&0.3, &-1.2)).unwrap();
    gradcheck!(methods::copysign(&0.3, &-1.2)).unwrap();
}

#[test]
fn reductions_and_products() {
    gradcheck!(methods::sum(&matrix())).unwrap();
    gradcheck!(methods::mean(&matrix())).unwrap();
    gradcheck!(methods::t(&matrix())).unwrap();
    gradcheck!(methods::dot(&matrix(), &matrix().t().to_owned())).unwrap();
    gradcheck!(methods::dot(&matrix(), &array![1.0, 2.0, 3.0])).unwrap();
    gradcheck!(methods::dot(&array![1.0, 2.0], &matrix())).unwrap();
    gradcheck!(methods::dot(&array![1.0, 2.0], &array![0.5, 0.25])).unwrap();
}

#[test]
fn compound_assignments() {
    let mut a = matrix();
    let before = a.clone();
    let b = array![0.5, -2.0, 4.0];
    let ((), pullback) = ops::mul_assign::call_vjp(&mut a, &b);
    assert_eq!(a, &before * &b);
    let (mut a_bar, mut b_bar) = (matrix(), Array1::zeros(3));
    pullback(&b, &(), Some(&mut a_bar), Some(&mut b_bar));
    assert_eq!(a_bar, &before * &b);
    assert_eq!(b_bar, (&before * &before).sum_axis(ndarray::Axis(0)));

    let mut a = before.clone();
    let (mut a_dot, b_dot) = (Array2::ones((2, 3)), array![1.0, 10.0, 100.0]);
    ops::mul_assign::call_jvp(&mut a, &&b, Some(&mut a_dot), Some(&b_dot));
    assert_eq!(a_dot, &before * &b_dot + &b);

    let mut x = 3.0;
    let ((), pullback) = ops::div_assign::call_vjp(&mut x, &2.0);
    let (mut x_bar, mut y_bar) = (1.0, 0.0);
    pullback(&2.0, &(), Some(&mut x_bar), Some(&mut y_bar));
    assert_eq!((x, x_bar, y_bar), (1.5, 0.5, -0.75));
    ops::sub_assign(&mut a, &1.0);
    assert_eq!(a, &before * &b - 1.0);
}
