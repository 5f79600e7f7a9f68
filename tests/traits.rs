//! Traits: their methods, default methods, generic dispatch and trait objects.

mod common;

use common::{assert_near, difference};
use differentiable::ndarray::{Array1, Array2, array};
use differentiable::{Differentiable, Tangent, differentiable};

/// A function with parameters.
#[differentiable]
trait Shape {
    /// The area, scaled.
    fn area(&self, scale: f64) -> f64;

    fn sides(&self) -> usize {
        4
    }

    fn double(&self, scale: f64) -> f64 {
        let area = self.area(scale * scale);
        area * self.sides() as f64
    }

    fn unit(scale: f64) -> f64
    where
        Self: Sized;
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Circle {
    r: f64,
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Rect {
    w: f64,
    h: f64,
    name: String,
}

#[differentiable]
impl Shape for Circle {
    fn area(&self, scale: f64) -> f64 {
        std::f64::consts::PI * self.r * self.r * scale
    }

    fn sides(&self) -> usize {
        1
    }

    fn unit(scale: f64) -> f64 {
        Circle { r: scale }.area(scale)
    }
}

#[differentiable]
impl Shape for Rect {
    fn area(&self, scale: f64) -> f64 {
        self.w * self.h * scale.sin()
    }

    fn unit(scale: f64) -> f64 {
        scale * scale
    }
}

#[differentiable]
fn of_objects(shapes: &[Box<dyn Shape>], scale: f64) -> f64 {
    let mut total = 0.0;
    for shape in shapes {
        total += shape.area(scale) * shape.double(scale);
    }
    total
}

#[differentiable]
fn of_an_object(shape: &dyn Shape, scale: f64) -> f64 {
    shape.area(scale).sqrt()
}

#[differentiable]
fn by_paths(shape: &Rect, scale: f64) -> f64 {
    <Circle as Shape>::unit(scale) * Shape::area(shape, scale) + Rect::double(shape, scale)
}

fn rect() -> Rect {
    Rect { w: 2.0, h: 3.0, name: "r".into() }
}

#[test]
fn a_method_of_a_type() {
    let (value, (bar, scale_bar)) = rect().area_value_and_grad(0.5);
    let (sin, cos) = 0.5_f64.sin_cos();
    assert_near("area", &(value, bar.w, bar.h, scale_bar), &(6.0 * sin, 3.0 * sin, 2.0 * sin, 6.0 * cos), 1e-14);
}

#[test]
fn a_default_method() {
    let (_, (bar, scale_bar)) = rect().double_value_and_grad(0.5);
    assert_near("scale", &scale_bar, &difference(|scale| rect().double(scale), 0.5), 1e-8);
    assert_near("w", &bar.w, &difference(|w| Rect { w, ..rect() }.double(0.5), 2.0), 1e-8);
    let (_, slope) = rect().double_jvp(0.5, &bar, 2.0);
    assert_near("dot product", &slope, &(bar.inner_product(&bar) + 2.0 * scale_bar), 1e-12);
}

#[test]
fn objects() {
    let make = |v: &[f64]| -> Vec<Box<dyn Shape>> {
        vec![Box::new(Circle { r: v[0] }), Box::new(Rect { w: v[1], h: v[2], name: String::new() })]
    };
    let at = [0.7, 1.1, 0.4, 0.9];
    let (value, (bars, scale_bar)) = of_objects::value_and_grad(&make(&at), at[3]);
    assert_near("value", &value, &of_objects(&make(&at), at[3]), 1e-15);
    let circle: &CircleTangent = bars[0].downcast_ref().expect("a circle's tangent");
    let rect: &RectTangent = bars[1].downcast_ref().expect("a rectangle's tangent");
    let expected = common::differences(|v| of_objects(&make(v), v[3]), &at);
    assert_near("gradient", &vec![circle.r, rect.w, rect.h, scale_bar], &expected, 1e-7);
    let (_, slope) = of_objects::jvp(&make(&at), at[3], &bars, 2.0);
    let dot = bars.inner_product(&bars) + 2.0 * scale_bar;
    assert_near("dot product", &slope, &dot, 1e-11);
}

#[test]
fn one_object() {
    let (value, (bar, scale_bar)) = of_an_object::value_and_grad(&rect(), 0.5);
    assert_near("value", &value, &rect().area(0.5).sqrt(), 1e-15);
    let bar: &RectTangent = bar.downcast_ref().expect("a rectangle's tangent");
    assert_near("w", &bar.w, &difference(|w| Rect { w, ..rect() }.area(0.5).sqrt(), 2.0), 1e-8);
    assert_near("scale", &scale_bar, &difference(|scale| rect().area(scale).sqrt(), 0.5), 1e-8);
}

#[test]
fn paths() {
    let (value, (bar, scale_bar)) = by_paths::value_and_grad(&rect(), 0.5);
    assert_near("value", &value, &by_paths(&rect(), 0.5), 1e-15);
    assert_near("h", &bar.h, &difference(|h| by_paths(&Rect { h, ..rect() }, 0.5), 3.0), 1e-8);
    assert_near("scale", &scale_bar, &difference(|scale| by_paths(&rect(), scale), 0.5), 1e-7);
}

/// A layer of a network.
#[differentiable]
trait Layer {
    fn forward(&self, x: &Array1<f64>) -> Array1<f64>;
}

#[derive(Clone, Debug, Differentiable)]
struct Dense {
    w: Array2<f64>,
    b: Array1<f64>,
}

#[derive(Clone, Debug, Differentiable)]
struct Relu;

#[differentiable]
impl Layer for Dense {
    fn forward(&self, x: &Array1<f64>) -> Array1<f64> {
        self.w.dot(x) + &self.b
    }
}

#[differentiable]
impl Layer for Relu {
    fn forward(&self, x: &Array1<f64>) -> Array1<f64> {
        x.mapv(|x| x.max(0.0))
    }
}

/// Layers one after another.
#[derive(Differentiable)]
struct Sequential {
    layers: Vec<Box<dyn Layer>>,
}

#[differentiable]
impl Layer for Sequential {
    fn forward(&self, x: &Array1<f64>) -> Array1<f64> {
        let mut y = x.clone();
        for layer in &self.layers {
            y = layer.forward(&y);
        }
        y
    }
}

#[differentiable]
fn loss(model: &Sequential, x: &Array1<f64>) -> f64 {
    let y = model.forward(x);
    (&y * &y).sum()
}

fn model(v: &[f64]) -> Sequential {
    let dense = |v: &[f64]| Dense { w: array![[v[0], v[1]], [v[2], v[3]]], b: array![v[4], v[5]] };
    Sequential { layers: vec![Box::new(dense(&v[..6])), Box::new(Relu), Box::new(dense(&v[6..12]))] }
}

#[test]
fn a_sequential_model() {
    let at = common::noise(7, 14);
    let input = |v: &[f64]| array![v[12], v[13]];
    let (value, (bar, x_bar)) = loss::value_and_grad(&model(&at), &input(&at));
    assert_near("value", &value, &loss(&model(&at), &input(&at)), 1e-15);
    let mut gradient = Vec::new();
    for layer in [0, 2] {
        let dense: &DenseTangent = bar.layers[layer].downcast_ref().expect("the tangent of a dense layer");
        gradient.extend(dense.w.iter().chain(&dense.b).copied());
    }
    gradient.extend(x_bar.iter().copied());
    let expected = common::differences(|v| loss(&model(v), &input(v)), &at);
    assert_near("gradient", &gradient, &expected, 1e-6);
    let (_, slope) = loss::jvp(&model(&at), &input(&at), &bar, &x_bar);
    assert_near("dot product", &slope, &gradient.iter().map(|x| x * x).sum::<f64>(), 1e-10);
    let model = model(&at);
    let x = input(&at);
    let (_, pullback) = loss::vjp(&model, &x);
    let (_, again) = (pullback(1.0), pullback(2.0));
    assert_near("pullback again", &again.1, &(&x_bar * 2.0), 1e-12);
}

/// The attribute on single methods of a trait, and of its implementation.
trait Kernel {
    #[differentiable]
    fn eval(&self, a: f64, b: f64) -> f64;

    #[differentiable]
    fn twice(&self, a: f64) -> f64 {
        2.0 * self.eval(a, a * a)
    }

    fn name(&self) -> String {
        "kernel".into()
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Rbf {
    gamma: f64,
}

impl Kernel for Rbf {
    #[differentiable]
    fn eval(&self, a: f64, b: f64) -> f64 {
        let d = a - b;
        (-self.gamma * d * d).exp()
    }
}

#[differentiable]
fn gram<K: Kernel>(kernel: &K, a: f64, b: f64) -> f64 {
    kernel.eval(a, b) * kernel.twice(a)
}

#[test]
fn single_methods() {
    let kernel = |gamma| Rbf { gamma };
    let (value, (bar, a_bar, b_bar)) = gram::value_and_grad(&kernel(0.8), 0.3, 0.9);
    assert_near("value", &value, &gram(&kernel(0.8), 0.3, 0.9), 1e-15);
    assert_near("gamma", &bar.gamma, &difference(|gamma| gram(&kernel(gamma), 0.3, 0.9), 0.8), 1e-8);
    assert_near("a", &a_bar, &difference(|a| gram(&kernel(0.8), a, 0.9), 0.3), 1e-8);
    assert_near("b", &b_bar, &difference(|b| gram(&kernel(0.8), 0.3, b), 0.9), 1e-8);
    assert_eq!(kernel(1.0).name(), "kernel");
}

/// Functions of a trait that carry the names of the free functions that they call, and types of unknown size.
mod named_like_functions {
    use differentiable::{differentiable, gradcheck};

    mod special {
        use super::Special;

        #[differentiable::differentiable]
        pub(super) fn inverse(x: f64) -> f64 {
            x * x + x.sin()
        }

        #[differentiable::differentiable]
        pub(super) fn upper<S: Special + ?Sized>(x: f64) -> f64 {
            0.5 * S::lower(-x)
        }
    }

    use special::inverse;

    #[differentiable]
    trait Special {
        fn lower(x: f64) -> f64 {
            x.exp()
        }
        fn inverse(x: f64) -> f64 {
            inverse(x)
        }
        fn upper(x: f64) -> f64 {
            special::upper::<Self>(x)
        }
    }

    struct Usual;

    #[differentiable]
    impl Special for Usual {}

    struct Doubled;

    #[differentiable]
    impl Special for Doubled {
        fn lower(x: f64) -> f64 {
            2.0 * x.exp()
        }
        fn inverse(x: f64) -> f64 {
            3.0 * inverse(x)
        }
    }

    #[differentiable]
    fn both<S: Special>(x: f64) -> f64 {
        S::inverse(x) + S::upper(x)
    }

    #[differentiable]
    fn all(x: f64) -> f64 {
        both::<Usual>(x) * both::<Doubled>(x)
    }

    #[test]
    fn check() {
        gradcheck!(all(0.3)).unwrap();
        let (slope, tail) = (0.6 + 0.3_f64.cos(), -0.5 * (-0.3_f64).exp());
        assert!((both::jvp::<Usual>(0.3, 1.0).1 - (slope + tail)).abs() < 1e-12);
    }
}
