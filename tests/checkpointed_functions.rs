//! A checkpointed function has the derivatives of a plain one; its pullback holds its arguments only.

#[macro_use]
mod common;

use common::{assert_same, dot};
use differentiable::ndarray::{Array1, Array2};
use differentiable::{Differentiable, differentiable};

/// Every function as it is, and checkpointed.
macro_rules! plain_and_again {
    (@ $way:ident $option:tt $($(#[$meta:meta])* fn $name:ident $([$generic:ident: $bound:path])? $args:tt $(-> $result:ty)? $body:block)*) => {
        mod $way {
            #[allow(unused_imports)]
            use super::*;
            $(
                #[differentiable $option]
                $(#[$meta])*
                pub(crate) fn $name $(<$generic: $bound>)? $args $(-> $result)? $body
            )*
        }
    };
    ($($body:tt)*) => {
        plain_and_again! { @ plain () $($body)* }
        plain_and_again! { @ again (checkpoint) $($body)* }
        plain_and_again! { @ again_without_analyses (checkpoint, analyses = off) $($body)* }
    };
}

#[derive(Differentiable, Clone, Debug)]
struct Spring {
    stiffness: f64,
    rest: Vec<f64>,
}

plain_and_again! {
    fn scalar(x: f64, y: f64) -> f64 {
        let z = x.sin() * y;
        z * z.exp()
    }

    fn mutable(mut x: f64, n: usize) -> f64 {
        let mut s = 1.0;
        while x < n as f64 {
            x = x * x + 0.5;
            s *= x.sin();
        }
        s + x
    }

    fn moved(list: Vec<f64>, k: f64) -> f64 {
        let mut other = list;
        for v in other.iter_mut() {
            *v = (*v * k).cos();
        }
        other.push(k);
        other.iter().map(|v| v * v).sum()
    }

    fn leaving(x: &[f64], limit: f64) -> f64 {
        let mut s = 0.0;
        for v in x {
            if *v > limit {
                return s * v;
            }
            s += v * v * limit;
        }
        s.sqrt()
    }

    fn of_struct(spring: &Spring, owned: Spring) -> f64 {
        let mut total = spring.stiffness;
        for (a, b) in spring.rest.iter().zip(&owned.rest) {
            total = total * owned.stiffness + a * b;
        }
        total
    }

    fn layer(w: &Array2<f64>, x: &Array1<f64>) -> Array1<f64> {
        let z = w.dot(x);
        let y = z.mapv(|z| z.tanh());
        &y * &z
    }

    fn in_place(a: &mut [f64], k: &mut f64, x: f64) -> f64 {
        for i in 1..a.len() {
            a[i] = a[i] * a[i - 1] + x;
            *k *= a[i];
        }
        *k * x
    }

    fn several(x: f64, list: [f64; 3]) -> (f64, Vec<f64>, usize) {
        let scaled: Vec<f64> = list.iter().map(|v| v * x).collect();
        (scaled[0] * scaled[1], scaled, 3)
    }

    fn fallible(x: f64) -> Option<f64> {
        if x < 0.0 {
            return None;
        }
        Some(x.sqrt() * x)
    }

    fn recursive(x: f64, n: usize) -> f64 {
        if n == 0 {
            return x;
        }
        x * (recursive(x, n - 1) + n as f64).sin()
    }
}

macro_rules! same {
    ($name:ident($($arg:expr),*), $seed:expr) => {{
        let (value, pullback) = plain::$name::vjp($($arg),*);
        let expected = (value, pullback($seed));
        let (value, pullback) = again::$name::vjp($($arg),*);
        let bars = pullback($seed);
        assert_same("once more", &pullback($seed), &bars);
        assert_same("checkpointed", &(value, bars), &expected);
        let (value, pullback) = again_without_analyses::$name::vjp($($arg),*);
        common::assert_near("without analyses", &(value, pullback($seed)), &expected, 1e-13);
    }};
}

impl common::Floats for SpringTangent {
    fn append_to(&self, out: &mut Vec<f64>) {
        self.stiffness.append_to(out);
        self.rest.append_to(out);
    }
}

#[test]
fn gradients_are_the_same() {
    same!(scalar(0.3, 1.7), 1.0);
    same!(mutable(1.3, 40), 0.5);
    same!(moved(vec![0.3, 0.9], 1.2), 1.0);
    same!(leaving(&[0.3, 0.9, 2.0], 1.2), 1.0);
    same!(leaving(&[0.3, 0.9, 2.0], 10.2), 1.0);
    let spring = Spring { stiffness: 0.7, rest: vec![1.0, 2.0] };
    same!(of_struct(&spring, spring.clone()), 2.0);
    let w = Array2::from_shape_fn((3, 3), |(i, j)| (i as f64 - 1.5 * j as f64).sin());
    let x = Array1::from(vec![0.1, 0.5, -0.3]);
    same!(layer(&w, &x), Array1::from(vec![1.0, -1.0, 0.5]));
    same!(several(0.3, [1.0, 2.0, 3.0]), (1.0, vec![1.0, 0.5, -1.0], ()));
    same!(recursive(0.7, 4), 1.0);
}

#[test]
fn results_that_may_be_missing() {
    assert_eq!(again::fallible::grad(2.0), plain::fallible::grad(2.0));
    let (value, pullback) = again::fallible::vjp(2.0).unwrap();
    assert_same("square root", &(value, pullback(1.0)), &(8f64.sqrt(), 1.5 * 2f64.sqrt()));
    assert!(again::fallible::vjp(-2.0).is_none());
}

#[test]
fn what_is_written_through_parameters() {
    macro_rules! run {
        ($way:ident) => {{
            let (mut a, mut k) = ([0.5, -1.0, 0.25], 0.7);
            let (value, bars) = {
                let (value, pullback) = $way::in_place::vjp(&mut a, &mut k, 0.4);
                let bars = pullback(1.0, vec![1.0, -2.0, 0.5], 0.3);
                assert_same("once more", &pullback(1.0, vec![1.0, -2.0, 0.5], 0.3), &bars);
                (value, bars)
            };
            (value, a, k, bars)
        }};
    }
    assert_same("in place", &run!(again), &run!(plain));
}

#[differentiable]
fn network(weights: &[Array2<f64>], x: &Array1<f64>) -> f64 {
    let mut h = x.clone();
    for w in weights {
        h = again::layer(w, &h);
    }
    h.sum() * again::scalar(h[0], 0.3)
}

#[test]
fn as_callees() {
    let w = |k: f64| Array2::from_shape_fn((3, 3), |(i, j)| (k * i as f64 - 1.5 * j as f64).sin());
    let (weights, x) = (vec![w(1.0), w(2.0), w(0.3)], Array1::from(vec![0.1, 0.5, -0.3]));
    let (w_bar, x_bar) = network::grad(&weights, &x);
    let (w_dot, x_dot) = (vec![w(0.1), w(0.5), w(0.9)], Array1::from(vec![0.7, -0.5, 0.3]));
    let (_, tangent) = network::jvp(&weights, &x, &w_dot, &x_dot);
    let product = dot(&w_bar, &w_dot) + dot(&x_bar, &x_dot);
    assert!((tangent - product).abs() < 1e-12, "{tangent} {product}");
}

#[derive(Differentiable)]
struct Decay(f64);

impl Decay {
    #[differentiable(checkpoint)]
    fn after(&self, x: f64, n: usize) -> f64 {
        let mut y = x;
        for _ in 0..n {
            y -= self.0 * y * y;
        }
        y
    }
}

#[differentiable]
fn decayed(rate: &Decay, x: f64) -> f64 {
    rate.after(x, 20) * rate.after(2.0 * x, 3)
}

#[test]
fn methods() {
    let rate = Decay(0.1);
    let (rate_bar, x_bar) = decayed::grad(&rate, 0.8);
    let (_, tangent) = decayed::jvp(&rate, 0.8, &DecayTangent(0.3), 0.7);
    let product = rate_bar.0 * 0.3 + x_bar * 0.7;
    assert!((tangent - product).abs() < 1e-14, "{tangent} {product}");
    let ((rate_again, x_again), (rate_bar, x_bar)) = (rate.after_grad(0.8, 20), {
        let (_, pullback) = rate.after_vjp(0.8, 20);
        pullback(1.0)
    });
    assert_eq!((rate_again.0, x_again), (rate_bar.0, x_bar));
}
