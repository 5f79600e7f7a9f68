//! Traits with type parameters and associated types, whose implementations say which types stand for them.

mod common;

use common::{assert_near, difference};
use differentiable::{Differentiable, Tangent, differentiable};

/// A density: the type of the argument and that of the result are open.
#[differentiable]
trait Density<K, T> {
    /// The logarithm of the density.
    fn ln_at(&self, x: K) -> T;

    /// The density.
    fn at(&self, x: K) -> T;
}

/// What may not exist.
#[differentiable]
trait Moments<T> {
    fn mean(&self) -> Option<T>;

    fn spread(&self) -> Option<T> {
        None
    }
}

/// A point where the density is largest; there may be none, and it may be a whole number.
#[differentiable]
trait Peak<T> {
    fn peak(&self) -> T;
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Exponential {
    rate: f64,
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Bell {
    mid: f64,
    width: f64,
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Dice {
    bias: f64,
}

#[differentiable]
impl Density<f64, f64> for Exponential {
    fn ln_at(&self, x: f64) -> f64 {
        if x < 0.0 { f64::NEG_INFINITY } else { self.rate.ln() - self.rate * x }
    }

    fn at(&self, x: f64) -> f64 {
        self.ln_at(x).exp()
    }
}

#[differentiable]
impl Density<f64, f64> for Bell {
    fn ln_at(&self, x: f64) -> f64 {
        let z = (x - self.mid) / self.width;
        -0.5 * z * z - self.width.ln()
    }

    fn at(&self, x: f64) -> f64 {
        self.ln_at(x).exp()
    }
}

#[differentiable]
impl Density<u32, f64> for Dice {
    fn ln_at(&self, x: u32) -> f64 {
        f64::from(x) * self.bias.ln()
    }

    fn at(&self, x: u32) -> f64 {
        self.bias.powi(x as i32)
    }
}

#[differentiable]
impl Moments<f64> for Exponential {
    fn mean(&self) -> Option<f64> {
        Some(1.0 / self.rate)
    }

    fn spread(&self) -> Option<f64> {
        if self.rate > 0.0 { Some(1.0 / (self.rate * self.rate)) } else { None }
    }
}

#[differentiable]
impl Moments<f64> for Bell {
    fn mean(&self) -> Option<f64> {
        Some(self.mid)
    }
}

#[differentiable]
impl Peak<Option<f64>> for Exponential {
    fn peak(&self) -> Option<f64> {
        if self.rate > 0.0 { Some(self.rate * self.rate) } else { None }
    }
}

#[differentiable]
impl Peak<f64> for Bell {
    fn peak(&self) -> f64 {
        self.mid
    }
}

#[differentiable]
impl Peak<usize> for Dice {
    fn peak(&self) -> usize {
        if self.bias < 1.0 { 0 } else { 7 }
    }
}

#[differentiable]
fn of_types(v: &[f64]) -> f64 {
    let (bell, exponential) = (Bell { mid: v[0], width: v[1] }, Exponential { rate: v[2] });
    bell.ln_at(v[3]) * exponential.at(v[3]) + exponential.mean().unwrap() * bell.peak()
}

#[differentiable]
fn of_options(v: &[f64]) -> f64 {
    let exponential = Exponential { rate: v[0] };
    exponential.peak().unwrap() * v[1] + exponential.spread().unwrap_or(0.0)
}

#[differentiable]
fn of_whole_numbers(bias: f64, x: f64) -> f64 {
    let dice = Dice { bias };
    let highest = dice.peak();
    dice.at(3) * x + highest as f64
}

/// Of any density.
#[differentiable]
fn of_any<D: Density<f64, f64>>(density: &D, x: f64) -> f64 {
    density.ln_at(x) * x + density.at(2.0 * x)
}

fn check(f: impl Fn(&[f64]) -> f64, derivative: impl Fn(&[f64]) -> Vec<f64>, at: &[f64]) {
    assert_near("gradient", &derivative(at), &common::differences(&f, at), 1e-6);
}

#[test]
fn methods_of_types() {
    let at = [0.4, 1.3, 0.7, 0.9];
    check(of_types, of_types::grad, &at);
    let gradient = of_types::grad(&at);
    let (_, slope) = of_types::jvp(&at, &gradient);
    assert_near("dot product", &slope, &gradient.iter().map(|x| x * x).sum::<f64>(), 1e-12);
    let (_, pullback) = of_types::vjp(&at);
    assert_near("pullback", &pullback(1.0), &gradient, 1e-14);
    assert_near("pullback again", &pullback(1.0), &gradient, 1e-14);
}

#[test]
fn results_that_may_be_missing() {
    check(of_options, of_options::grad, &[0.8, 1.4]);
    let (bar, _) = Exponential { rate: 0.8 }.ln_at_grad(0.3);
    assert_near("rate", &bar.rate, &(1.0 / 0.8 - 0.3), 1e-14);
    let bar = Exponential { rate: 0.8 }.mean_grad().expect("there is a mean");
    assert_near("rate", &bar.rate, &(-1.0 / 0.64), 1e-14);
    assert_eq!(Exponential { rate: -1.0 }.spread_grad(), None);
    assert_eq!(Bell { mid: 0.3, width: 1.0 }.spread_grad(), None);
    let (value, slope) = Exponential { rate: 0.8 }.peak_jvp(&ExponentialTangent { rate: 1.0 });
    let both = (value.expect("a value"), slope.expect("a slope"));
    assert_near("peak", &both, &(0.8 * 0.8, 1.6), 1e-14);
}

#[test]
fn results_without_a_derivative() {
    let (_, (bias_bar, x_bar)) = of_whole_numbers::value_and_grad(0.9, 1.1);
    assert_near("x", &x_bar, &0.9_f64.powi(3), 1e-14);
    assert_near("bias", &bias_bar, &(1.1 * 3.0 * 0.81), 1e-12);
    let (value, slope) = of_whole_numbers::jvp(0.9, 1.1, 1.0, 0.0);
    assert_near("forward", &(value, slope), &(of_whole_numbers(0.9, 1.1), bias_bar), 1e-12);
}

#[test]
fn generic_functions() {
    let bell = Bell { mid: 0.4, width: 1.3 };
    let (value, (bar, x_bar)) = of_any::value_and_grad(&bell, 0.9);
    assert_near("value", &value, &of_any(&bell, 0.9), 1e-15);
    assert_near("mid", &bar.mid, &difference(|mid| of_any(&Bell { mid, ..bell.clone() }, 0.9), 0.4), 1e-8);
    assert_near("width", &bar.width, &difference(|width| of_any(&Bell { width, ..bell.clone() }, 0.9), 1.3), 1e-8);
    assert_near("x", &x_bar, &difference(|x| of_any(&bell, x), 0.9), 1e-8);
    let (_, slope) = of_any::jvp(&bell, 0.9, &bar, x_bar);
    assert_near("dot product", &slope, &(bar.inner_product(&bar) + x_bar * x_bar), 1e-12);
}

/// Something with a state, whose types are those of its parts.
#[differentiable]
trait Stage {
    type Input;
    type Output;
    const NAME: &'static str;

    fn run(&self, input: &Self::Input) -> Self::Output;

    fn run_twice(&self, input: &Self::Input, other: &Self::Input) -> (Self::Output, Self::Output) {
        (self.run(input), self.run(other))
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Gain(f64);

#[derive(Clone, Debug, Differentiable)]
struct Norm {
    weights: Vec<f64>,
}

#[differentiable]
impl Stage for Gain {
    type Input = f64;
    type Output = f64;
    const NAME: &'static str = "gain";

    fn run(&self, input: &f64) -> f64 {
        self.0 * input * input
    }
}

#[differentiable]
impl Stage for Norm {
    type Input = Vec<f64>;
    type Output = f64;
    const NAME: &'static str = "norm";

    fn run(&self, input: &Self::Input) -> Self::Output {
        let mut total = 0.0;
        for (w, x) in self.weights.iter().zip(input) {
            total += w * x * x;
        }
        total.sqrt()
    }
}

#[differentiable]
fn stages(gain: &Gain, norm: &Norm, x: &Vec<f64>) -> f64 {
    let (a, b) = gain.run_twice(&x[0], &x[1]);
    a * b + norm.run(x)
}

#[test]
fn associated_types() {
    let at = [1.2, 0.5, 0.8, 0.3, 1.7];
    let call = |v: &[f64]| stages(&Gain(v[0]), &Norm { weights: v[1..3].to_vec() }, &v[3..5].to_vec());
    let (gain_bar, norm_bar, x_bar) =
        stages::grad(&Gain(at[0]), &Norm { weights: at[1..3].to_vec() }, &at[3..5].to_vec());
    let gradient: Vec<f64> = [gain_bar.0].into_iter().chain(norm_bar.weights).chain(x_bar).collect();
    assert_near("gradient", &gradient, &common::differences(call, &at), 1e-7);
    assert_eq!((Gain::NAME, Norm::NAME), ("gain", "norm"));
}

/// Types made of types that implement the trait.
#[differentiable]
trait Kernel {
    fn between(&self, x: f64, y: f64) -> f64;

    fn at(&self, x: f64) -> f64 {
        self.between(x, 0.0)
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Gauss {
    scale: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Product<A, B> {
    left: A,
    right: B,
}

#[differentiable]
impl Kernel for Gauss {
    fn between(&self, x: f64, y: f64) -> f64 {
        (-self.scale * (x - y) * (x - y)).exp()
    }
}

#[differentiable]
impl<A: Kernel, B> Kernel for Product<A, B>
where
    B: Kernel,
{
    fn between(&self, x: f64, y: f64) -> f64 {
        self.left.between(x, y) * self.right.at(y)
    }
}

#[differentiable]
fn gram<K: Kernel>(kernel: &K, x: f64) -> f64 {
    kernel.between(x, 0.3) + kernel.at(x)
}

#[test]
fn types_made_of_others() {
    let make = |v: &[f64]| {
        let inner = Product { left: Gauss { scale: v[0] }, right: Gauss { scale: v[1] } };
        Product { left: inner, right: Gauss { scale: v[2] } }
    };
    let at = [0.5, 0.8, 1.3, 0.7];
    let (value, (bar, x_bar)) = gram::value_and_grad(&make(&at), at[3]);
    assert_near("value", &value, &gram(&make(&at), at[3]), 1e-15);
    let gradient = vec![bar.left.left.scale, bar.left.right.scale, bar.right.scale, x_bar];
    assert_near("gradient", &gradient, &common::differences(|v| gram(&make(v), v[3]), &at), 1e-7);
    let (_, slope) = gram::jvp(&make(&at), at[3], &bar, x_bar);
    assert_near("dot product", &slope, &gradient.iter().map(|x| x * x).sum::<f64>(), 1e-12);
}

/// A type of numbers that its trait knows nothing of: the derivatives are functions of the type.
#[differentiable]
trait Area {
    fn area(&self, scale: f64) -> f64;
}

#[derive(Clone, Debug, Differentiable)]
struct Square<T> {
    side: T,
}

#[differentiable]
impl<T: num_traits::Float> Area for Square<T> {
    fn area(&self, scale: f64) -> f64 {
        let square: T = self.side * self.side;
        square.to_f64().unwrap() * scale
    }
}

#[differentiable]
fn squares(side: f64, scale: f64) -> f64 {
    let square = Square { side };
    square.area(scale) * square.area(2.0)
}

#[test]
fn numbers_in_a_type() {
    let (side_bar, scale_bar) = squares::grad(1.5, 0.7);
    assert_near("side", &side_bar, &difference(|side| squares(side, 0.7), 1.5), 1e-7);
    assert_near("scale", &scale_bar, &difference(|scale| squares(1.5, scale), 0.7), 1e-7);
}

/// Elements of one list side by side: as a receiver whose type the macro does not know, and as an argument.
mod neighbours {
    use super::*;
    use differentiable::gradcheck;
    use num_traits::Float;

    #[differentiable]
    pub(super) trait Blend<F> {
        fn blend(&self, other: &Self, share: F) -> Self;
    }

    #[differentiable]
    impl Blend<f64> for f64 {
        fn blend(&self, other: &f64, share: f64) -> f64 {
            *self * (1.0 - share) + *other * share
        }
    }

    #[differentiable]
    fn casteljau<T: Blend<F> + Copy, F: Float>(points: &[T], knots: &[F], at: F) -> T {
        let mut left = Vec::with_capacity(points.len());
        for point in points {
            left.push(*point);
        }
        for level in 1..points.len() {
            for j in 0..points.len() - level {
                let share = (at - knots[j]) / (knots[j + level] - knots[j]);
                left[j] = left[j].blend(&left[j + 1], share);
            }
        }
        left[0]
    }

    #[differentiable]
    fn run(v: &[f64], at: f64) -> f64 {
        casteljau(&[v[0], v[1], v[0] * v[1]], &[0.0, v[1], v[2] * 2.0], at)
    }

    #[test]
    fn check() {
        gradcheck!(run(&[3.0, 1.0, 2.0], 0.7)).unwrap();
    }
}
