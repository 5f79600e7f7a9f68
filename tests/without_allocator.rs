//! `no_alloc`: loops whose number of trips is known keep values of any type on the stack, pullbacks among them.
#![allow(clippy::all)]
use differentiable::*;
use num_traits::Float;
#[differentiable(no_alloc)]
fn gloop<T: Float>(x: T) -> T {
    let mut y = x;
    for _ in 0..8 {
        y = y * y.sin() + x;
    }
    y
}
#[differentiable]
fn callee(x: f64, k: f64) -> f64 {
    let mut y = x;
    for _ in 0..3 {
        y = y * k.sin() * y;
    }
    y
}
#[differentiable(no_alloc)]
fn calls_in_loop(x: f64, k: f64) -> f64 {
    let mut y = x;
    for _ in 0..4 {
        y = callee(y, k) * y;
    }
    y
}
#[differentiable(no_alloc)]
fn array_state(x: [f64; 3]) -> f64 {
    let mut s = x;
    for i in 0..5 {
        s = [s[1] * s[0], s[2].sin(), s[0] * x[i % 3]];
    }
    s[0] + s[1]
}
#[differentiable(no_alloc)]
fn tuple_loop<const N: usize>(x: [f64; N]) -> (f64, f64) {
    let mut p = (1.0, 0.5);
    for v in x {
        p = (p.0 * v, p.1 + p.0 * p.1);
    }
    p
}
#[derive(Differentiable, Clone, Copy)]
struct S<T> {
    a: T,
    b: T,
}
impl<T: Float> S<T> {
    #[differentiable(no_alloc)]
    fn go(self, k: T) -> T {
        let mut s = self.a;
        for _ in 0..4 {
            s = s * k + self.b * s * s;
        }
        s
    }
}
#[differentiable(no_alloc)]
fn mutated(x: &mut [f64; 4], k: f64) {
    for i in 1..4 {
        x[i] = x[i] * x[i - 1] * k;
    }
}
#[test]
fn numbers_and_pullbacks() {
    gradcheck!(gloop(0.4)).unwrap();
    gradcheck!(calls_in_loop(0.4, 0.8)).unwrap();
    gradcheck!(array_state([0.4, 0.5, 0.6])).unwrap();
    gradcheck!(tuple_loop([0.4, 0.5, 0.6])).unwrap();
}
#[differentiable(no_alloc)]
fn branch_call<T: Float>(x: T, up: bool) -> T {
    let y = if up { gloop(x) } else { x * x };
    y * y
}
#[test]
fn type_parameters_branches_and_arrays_in_place() {
    gradcheck!(branch_call(0.4, true)).unwrap();
    gradcheck!(branch_call(0.4, false)).unwrap();
    let s = S { a: 0.3, b: 0.2 };
    let (g, k) = s.go_grad(0.7);
    let d = |f: &dyn Fn(f64) -> f64, x: f64| (f(x + 1e-6) - f(x - 1e-6)) / 2e-6;
    assert!((g.a - d(&|a| S { a, ..s }.go(0.7), 0.3)).abs() < 1e-8);
    assert!((k - d(&|k| s.go(k), 0.7)).abs() < 1e-8);
    let mut x = [0.3, 0.4, 0.5, 0.6];
    let (_, pb) = mutated::vjp(&mut x, 1.2);
    let (x_bar, k_bar) = pb([0.0, 0.0, 0.0, 1.0]);
    let last = |x: [f64; 4], k: f64| {
        let mut x = x;
        mutated(&mut x, k);
        x[3]
    };
    assert!((k_bar - d(&|k| last([0.3, 0.4, 0.5, 0.6], k), 1.2)).abs() < 1e-8);
    assert!((x_bar[1] - d(&|v| last([0.3, v, 0.5, 0.6], 1.2), 0.4)).abs() < 1e-8);
}
