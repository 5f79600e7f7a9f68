//! Methods and associated functions.

mod common;

use common::{assert_near, difference, differences};
use differentiable::{Differentiable, Tangent, differentiable};

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Spring {
    k: f64,
    x0: f64,
}

impl Spring {
    const HALF: f64 = 0.5;

    #[differentiable]
    fn new(k: f64) -> Self {
        Self { k: 2.0 * k, x0: k.sin() }
    }

    #[differentiable]
    fn stretch(&self, x: f64) -> f64 {
        x - self.x0
    }

    #[differentiable]
    fn energy(&self, x: f64) -> f64 {
        let d = self.stretch(x);
        Self::HALF * self.k * d * d
    }

    #[differentiable]
    fn consumed(self, x: f64) -> f64 {
        self.k * self.energy(x)
    }

    #[differentiable]
    fn step(&mut self, dt: f64) {
        self.k += dt * self.x0;
        self.x0 *= self.k;
    }

    #[differentiable]
    fn stepped(mut self, dt: f64) -> f64 {
        self.step(dt);
        self.step(dt);
        self.energy(dt)
    }
}

#[differentiable]
fn through_a_call(s: &Spring, x: f64) -> f64 {
    let mut other = Spring::new(x);
    other.step(s.k);
    s.energy(x) + Spring::stretch(s, x) + other.energy(x)
}

fn spring() -> Spring {
    Spring { k: 3.0, x0: 0.5 }
}

#[test]
fn a_method() {
    let (value, (s, x)) = spring().energy_value_and_grad(2.0);
    assert_near("value", &value, &spring().energy(2.0), 1e-15);
    assert_near("gradient", &(s.k, s.x0, x), &(1.125, -4.5, 4.5), 1e-14);
}

#[test]
fn all_against_differences() {
    let numbers = |s: &SpringTangent, x: f64| vec![s.k, s.x0, x];
    let at = |v: &[f64]| (Spring { k: v[0], x0: v[1] }, v[2]);
    let point = [1.3, 0.7, 0.9];
    let check = |what: &str, f: &dyn Fn(&[f64]) -> f64, gradient: Vec<f64>| {
        for i in 0..3 {
            let expected = difference(
                |value| {
                    let mut p = point;
                    p[i] = value;
                    f(&p)
                },
                point[i],
            );
            assert_near(what, &gradient[i], &expected, 1e-7);
        }
    };
    let (s, x) = at(&point);
    let (bar, x_bar) = s.energy_grad(x);
    check("energy", &|v| at(v).0.energy(v[2]), numbers(&bar, x_bar));
    let (bar, x_bar) = s.consumed_grad(x);
    check("consumed", &|v| at(v).0.consumed(v[2]), numbers(&bar, x_bar));
    let (bar, x_bar) = s.stepped_grad(x);
    check("stepped", &|v| at(v).0.stepped(v[2]), numbers(&bar, x_bar));
    let (bar, x_bar) = through_a_call::grad(&s, x);
    check("through_a_call", &|v| through_a_call(&at(v).0, v[2]), numbers(&bar, x_bar));
    let (value, pullback) = s.consumed_vjp(x);
    assert_near("value", &value, &s.clone().consumed(x), 1e-15);
    let (bar, x_bar) = pullback(1.0);
    check("consumed_vjp", &|v| at(v).0.consumed(v[2]), numbers(&bar, x_bar));
    let dot = SpringTangent { k: 0.3, x0: -0.4 };
    let (_, forward) = s.stepped_jvp(x, &dot, 0.9);
    let (bar, x_bar) = s.stepped_grad(x);
    assert_near("dot product", &forward, &(bar.inner_product(&dot) + 0.9 * x_bar), 1e-12);
}

/// A polynomial with a state: everything that an `impl` block can hold.
#[derive(Clone, Debug, PartialEq, Differentiable)]
pub struct Filter<const N: usize> {
    weights: [f64; N],
    state: f64,
    count: usize,
}

#[differentiable]
impl<const N: usize> Filter<N> {
    /// How strongly the state decays.
    pub const DECAY: f64 = 0.9;
    const START: usize = 1;

    /// A filter of equal weights.
    #[must_use]
    pub fn uniform(weight: f64) -> Self {
        Self { weights: [weight; N], state: 0.0, count: Self::START }
    }

    fn len(&self) -> usize {
        N
    }

    fn weight(&self, i: usize) -> f64 {
        self.weights[i % self.len()]
    }

    #[inline]
    fn push(&mut self, x: f64) -> f64 {
        self.state = self.state * Self::DECAY + self.weight(self.count) * x;
        self.count += 1;
        self.state
    }

    fn reset(&mut self) {
        self.state = 0.0;
        self.count = Self::START;
    }

    /// The response to a signal.
    #[must_use]
    pub fn response(&mut self, signal: &[f64]) -> f64 {
        self.reset();
        let mut total = 0.0;
        for x in signal {
            total += self.push(*x).powi(2);
        }
        total
    }

    fn name(&self) -> &str {
        "filter"
    }

    #[nograd]
    fn debug(&self) -> f64 {
        println!("{}", self.name());
        self.state
    }

    fn factorial(&self, x: f64) -> f64 {
        if x <= 1.0 { self.weights[0] } else { x * self.factorial(x - 1.0) }
    }
}

#[test]
fn a_whole_impl() {
    let filter = |w: &[f64]| Filter::<3> { weights: [w[0], w[1], w[2]], state: w[3], count: 3 };
    let at = [0.5, -1.0, 2.0, 7.0, 0.3, -0.2, 0.5, 0.9, 0.1];
    let (value, (bar, signal_bar)) = filter(&at).response_value_and_grad(&at[4..]);
    assert_near("value", &value, &filter(&at).response(&at[4..]), 1e-15);
    let gradient: Vec<f64> = bar.weights.iter().copied().chain([bar.state]).chain(signal_bar).collect();
    let expected = differences(|w| filter(w).response(&w[4..]), &at);
    assert_near("response", &gradient, &expected, 1e-7);
    assert_eq!((filter(&at).name(), filter(&at).debug()), ("filter", 7.0));

    let dot = FilterTangent { weights: [0.1, -0.2, 0.3], state: 0.7 };
    let (_, slope) = filter(&at).response_jvp(&at[4..], &mut dot.clone(), &[0.5; 5]);
    let signal_slope: f64 = gradient[4..].iter().sum::<f64>() * 0.5;
    assert_near("forward", &slope, &(bar.inner_product(&dot) + signal_slope), 1e-12);
}

#[test]
fn recursion_in_a_method() {
    let filter = Filter::<1> { weights: [2.0], state: 0.0, count: 0 };
    let (value, (bar, x_bar)) = filter.factorial_value_and_grad(5.0);
    assert_near("value and gradients", &(value, bar.weights[0], x_bar), &(240.0, 120.0, 308.0), 1e-12);
}

#[test]
fn a_constructor() {
    let (filter, pullback) = Filter::<3>::uniform_vjp(0.25);
    assert_eq!(filter, Filter::uniform(0.25));
    let mut bar = filter.zero_tangent();
    bar.weights = [1.0, 2.0, 3.0];
    assert_near("weight", &pullback(bar), &6.0, 1e-15);
}

/// A field that is left out of the tangent may be read in both modes.
#[derive(Clone, Debug, differentiable::Differentiable)]
struct Damped {
    k: f64,
    #[nograd]
    damping: f64,
}

impl Damped {
    #[differentiable]
    fn force(&self, x: f64, v: f64) -> f64 {
        let mut loss = self.damping;
        loss += v * v;
        -self.k * x - self.damping * v - loss
    }
}

#[test]
fn fields_that_are_left_out_are_constants() {
    let damped = Damped { k: 2.0, damping: 0.3 };
    let (bar, x_bar, v_bar) = damped.force_grad(1.5, 0.7);
    assert_eq!(bar, DampedTangent { k: -1.5 });
    assert_eq!((x_bar, v_bar), (-2.0, -0.3 - 1.4));
    let (_, dot) = damped.force_jvp(1.5, 0.7, &DampedTangent { k: 1.0 }, 2.0, 0.5);
    assert!((dot - (-1.5 - 4.0 - 0.15 - 0.7)).abs() < 1e-12);
}

/// A pair of anything: the attribute on the method learns the parameters of the `impl` from the file.
#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Ring<const N: usize> {
    values: [f64; N],
}

impl<const N: usize> Ring<N> {
    #[differentiable]
    fn turn(&self, x: f64) -> f64 {
        let mut total = 0.0;
        for k in 0..N {
            total += self.values[k] * self.values[Self::next(k)] * Self::weight(x);
        }
        total
    }

    // Neither `self` nor `Self` occurs here.
    #[differentiable]
    fn weight(x: f64) -> f64 {
        x * x
    }

    fn next(k: usize) -> usize {
        (k + 1) % N
    }
}

#[test]
fn a_method_of_a_generic_type() {
    let ring = Ring { values: [1.0, 2.0, 4.0] };
    let (value, (bar, x_bar)) = ring.turn_value_and_grad(3.0);
    assert_near("value", &(value, x_bar), &(126.0, 84.0), 1e-14);
    assert_near("values", &bar.values, &[54.0, 45.0, 27.0], 1e-14);
    assert_near("weight", &Ring::<3>::weight_grad(3.0), &6.0, 1e-15);
}

/// A trait without any attribute: the derivatives are functions of the type.
trait Plain {
    fn plain(&self, x: f64) -> f64;
}

#[differentiable]
impl Plain for Spring {
    fn plain(&self, x: f64) -> f64 {
        self.k * x
    }
}

#[differentiable]
impl From<f64> for Spring {
    fn from(k: f64) -> Self {
        Spring { k, x0: k * k }
    }
}

#[differentiable]
fn converted(x: f64) -> f64 {
    let spring = Spring::from(x);
    spring.plain(spring.x0)
}

#[test]
fn traits_of_others() {
    assert_near("plain", &spring().plain_grad(2.0).1, &3.0, 1e-15);
    common::check!(converted(1.5), 6.75);
}

/// Methods in inner blocks, and of the same name in different ones.
#[differentiable]
fn inner_functions(x: f64) -> f64 {
    let first = {
        #[differentiable]
        fn helper(x: f64) -> f64 {
            x * x
        }
        helper(x)
    };
    let second = {
        #[differentiable]
        fn helper(x: f64) -> f64 {
            x.sin()
        }
        helper(x)
    };
    first * second
}

#[test]
fn functions_in_blocks() {
    common::check!(inner_functions(0.7), 2.0 * 0.7 * 0.7_f64.sin() + 0.49 * 0.7_f64.cos());
}

/// Receivers that stay as they are: nothing about these calls is differentiable.
#[differentiable]
fn inactive(x: f64, name: &str, names: &[String]) -> f64 {
    let kinds = std::collections::HashSet::<String>::from_iter(names.iter().cloned());
    let spring = Spring { k: 2.0, x0: 0.0 };
    x * name.len() as f64 + if kinds.contains(name) { x } else { spring.energy(x) }
}

#[test]
fn inactive_calls() {
    common::check_gradient!(inactive(1.5, "ab", &["ab".to_owned()]), 3.0);
    common::check_gradient!(inactive(1.5, "ab", &[]), 2.0 + 2.0 * 1.5);
}
