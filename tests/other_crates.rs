//! Functions of another crate: one that denies all warnings, forbids unsafe code and has the previous edition.

mod common;
use common::{assert_near, check, check_vjp};
use differentiable::ndarray::{Array1, Array2, array};
use differentiable::{Differentiable, differentiable};
use differentiable_test_library as library;
use differentiable_test_library::curves::{Curve, Line};
use differentiable_test_library::layers::*;
use differentiable_test_library::shown as renamed;

#[differentiable]
fn composed(x: f64, c: &[f64]) -> f64 {
    let y = library::square(x) + renamed(x);
    let mut v = [x, y];
    let first = library::scale_in_place(&mut v, y);
    let (small, trips) = library::halved(first);
    small * trips as f64 + ::differentiable_test_library::polynomial(c, x) * v[1]
}

#[differentiable]
fn two_layers(w: &Array2<f64>, b: &Array1<f64>, x: &Array1<f64>) -> f64 {
    let h = dense(w, b, x);
    let y = library::layers::dense(w, b, &h);
    y.sum() + spread(w)
}

#[test]
fn functions_of_another_crate() {
    check!(library::square(3.0), 6.0);
    check!(library::polynomial(&[2.0, 3.0, 5.0][..], 0.5), (vec![0.25, 0.5, 1.0], 5.0));
    check!(library::shown(1.5), 3.0 * 2.25f64.cos());
    check!(library::longest(&[2.0, 1.0][..], &[3.0][..]), (vec![3.0, 0.0], vec![2.0]));
    // One trip, x / (2 + x).
    check_vjp!(library::halved(3.0), (1.0, ()), 2.0 / 25.0);
    let mut v = [2.0, 3.0];
    let (value, pullback) = library::scale_in_place::vjp(&mut v, 5.0);
    assert_eq!((value, v), (10.0, [10.0, 15.0]));
    assert_eq!(pullback(1.0, vec![0.0, 1.0]), (vec![5.0, 5.0], 5.0));
}

#[test]
fn calls_into_another_crate() {
    let c = [0.5, -1.0, 2.0];
    let flat = |z: &[f64]| composed(z[0], &z[1..]);
    let gradient = composed::grad(1.3, &c);
    assert_near("composed", &gradient, &common::differences(flat, &[1.3, 0.5, -1.0, 2.0]), 1e-6);
    check!(composed(1.3, &c[..]), gradient);

    let (w, b, x) = (array![[0.5, -1.0], [0.75, 0.25]], array![0.1, -0.2], array![0.3, 0.7]);
    let flat = |z: &[f64]| two_layers(&array![[z[0], z[1]], [z[2], z[3]]], &array![z[4], z[5]], &array![z[6], z[7]]);
    let gradient = two_layers::grad(&w, &b, &x);
    let at = [0.5, -1.0, 0.75, 0.25, 0.1, -0.2, 0.3, 0.7];
    assert_near("layers", &gradient, &common::differences(flat, &at), 1e-7);
    check!(two_layers(&w, &b, &x), gradient);
}

#[test]
fn a_module_without_the_prelude() {
    for (x, n) in [(1.5, 9), (1.5, 1), (2.9, 5), (11.0, 0)] {
        let v = [0.5, -1.5, 2.0];
        let flat = |z: &[f64]| library::bare::without_prelude(z[0], &z[1..], n);
        let gradient = library::bare::without_prelude::grad(x, &v, n);
        let expected = common::differences(flat, &[x, 0.5, -1.5, 2.0]);
        let scale = expected.iter().fold(1.0, |m: f64, v| m.max(v.abs()));
        assert_near("gradient", &gradient, &expected, 1e-6 * scale);
    }
    let (w, x) = (array![[0.5, -1.0], [0.75, 0.25]], array![0.3, 0.7]);
    let y = w.dot(&x);
    let factor = 4.0 * y.dot(&y);
    check!(
        library::bare::product_without_prelude(&w, &x),
        (Array2::from_shape_fn((2, 2), |(i, j)| factor * y[i] * x[j]), w.t().dot(&y) * factor)
    );
}

/// A curve of this crate: the trait has its derivatives in the other one.
#[derive(Clone, Debug, Differentiable)]
struct Parabola {
    steepness: f64,
}

#[differentiable(trait)]
impl Curve<f64> for Parabola {
    fn at(&self, x: f64) -> f64 {
        self.steepness * x * x
    }
}

/// The derivatives are functions of the type where nothing tells that the trait has them.
#[derive(Clone, Debug, Differentiable)]
struct Root {
    scale: f64,
}

#[differentiable]
impl Curve<f64> for Root {
    fn at(&self, x: f64) -> f64 {
        self.scale * x.sqrt()
    }

    fn rise(&self, x: f64, step: f64) -> f64 {
        self.at(x + step) - self.at(x)
    }
}

#[differentiable]
fn rise_of<C: Curve<f64>>(curve: &C, x: f64) -> f64 {
    curve.rise(x, 0.5) * curve.at(x)
}

#[differentiable]
fn of_own(steepness: f64, scale: f64, x: f64) -> f64 {
    let (parabola, root) = (Parabola { steepness }, Root { scale });
    parabola.rise(x, 0.25) * root.rise(x, 1.0)
}

#[test]
fn traits_of_another_crate() {
    // (s (x + 1/2)^2 - s x^2) s x^2 = s^2 (x + 1/4) x^2
    let (value, (bar, x_bar)) = rise_of::value_and_grad(&Parabola { steepness: 3.0 }, 2.0);
    assert_near("value", &value, &(9.0 * 2.25 * 4.0), 1e-12);
    assert_near("gradient", &(bar.steepness, x_bar), &(6.0 * 9.0, 9.0 * (4.0 + 2.0 * 2.0 * 2.25)), 1e-12);
    let (value, (bar, _)) = rise_of::value_and_grad(&Line { slope: 3.0, name: "line".into() }, 2.0);
    assert_near("of the library", &(value, bar.slope), &(9.0, 6.0), 1e-12);
    let expected = common::differences(|v| of_own(v[0], v[1], v[2]), &[1.5, 0.7, 2.0]);
    let (a, b, c) = of_own::grad(1.5, 0.7, 2.0);
    assert_near("of this crate", &vec![a, b, c], &expected, 1e-8);
}
