//! Methods and associated functions.

mod common;

use common::{assert_near, difference};
use differentiable::{
    differentiable,
    rt::{AccumulateFrom, Differentiable, Tangent},
};

#[derive(Clone, Debug, PartialEq)]
struct Spring {
    k: f64,
    x0: f64,
}

macro_rules! tangent {
    ($name:ident $tangent:ident { $($field:ident),* }) => {
        #[derive(Clone, Debug, PartialEq)]
        struct $tangent { $($field: f64),* }
        impl Differentiable for $name {
            type Tangent = $tangent;
            fn zero_tangent(&self) -> $tangent { $tangent { $($field: 0.0),* } }
        }
        impl Tangent for $tangent {
            fn neutral() -> Self { $tangent { $($field: 0.0),* } }
            fn accumulate(&mut self, other: &Self) { $(self.$field += other.$field;)* }
            fn scale(&mut self, factor: f64) { $(self.$field *= factor;)* }
            fn inner_product(&self, other: &Self) -> f64 { 0.0 $(+ self.$field * other.$field)* }
            fn fill_zero(&mut self) { $(self.$field = 0.0;)* }
        }
        impl AccumulateFrom<$tangent> for $tangent { fn accumulate_from(&mut self, c: $tangent) { self.accumulate(&c) } }
        impl<'a> AccumulateFrom<&'a $tangent> for $tangent { fn accumulate_from(&mut self, c: &'a $tangent) { self.accumulate(c) } }
    };
}

tangent!(Spring SpringTangent { k, x0 });

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
