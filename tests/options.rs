//! `Option`: parameters, locals, results, and everything that takes one apart.

#![allow(clippy::all, dead_code)]

mod common;

use common::{assert_near, difference};
use differentiable::differentiable;

#[differentiable]
fn if_let(opt: Option<f64>, x: f64) -> f64 {
    if let Some(k) = opt { x * k } else { x }
}

#[test]
fn if_let_on_a_parameter() {
    assert_eq!(if_let::grad(Some(3.0), 2.0), (Some(2.0), 3.0));
    assert_eq!(if_let::grad(None, 2.0), (None, 1.0));
    assert_eq!(if_let::jvp(Some(3.0), 2.0, Some(0.5), 0.25), (6.0, 1.75));
    assert_eq!(if_let::jvp(None, 2.0, None, 0.25), (2.0, 0.25));
    let (value, pullback) = if_let::vjp(Some(3.0), 2.0);
    assert_eq!(value, 6.0);
    assert_eq!(pullback(2.0), (Some(4.0), 6.0));
    assert_eq!(pullback(2.0), (Some(4.0), 6.0));
}

#[differentiable]
fn matched(opt: Option<f64>, x: f64) -> f64 {
    match opt {
        Some(k) if k > 1.0 => (x * k).sin(),
        Some(k) => k * k * x,
        None => 2.0 * x,
    }
}

#[test]
fn match_with_a_guard() {
    for k in [0.5, 1.5] {
        let (by_k, by_x) = matched::grad(Some(k), 0.7);
        assert_near("k", &by_k.unwrap(), &difference(|k| matched(Some(k), 0.7), k), 1e-8);
        assert_near("x", &by_x, &difference(|x| matched(Some(k), x), 0.7), 1e-8);
    }
    assert_eq!(matched::grad(None, 0.7), (None, 2.0));
}

#[differentiable]
fn by_reference(opt: &Option<f64>, x: f64) -> f64 {
    match opt {
        Some(k) => x * *k + k.sin(),
        None => x,
    }
}

#[differentiable]
fn as_a_result(x: f64, y: f64) -> Option<f64> {
    if y == 0.0 {
        return None;
    }
    Some(x / y)
}

#[test]
fn a_result_that_may_be_missing() {
    assert_eq!(as_a_result::grad(3.0, 2.0), Some((0.5, -0.75)));
    assert_eq!(as_a_result::grad(3.0, 0.0), None);
    assert_eq!(as_a_result::value_and_grad(3.0, 2.0), Some((1.5, (0.5, -0.75))));
    assert_eq!(as_a_result::jvp(3.0, 2.0, 1.0, 0.0), Some((1.5, 0.5)));
    assert!(as_a_result::jvp(3.0, 0.0, 1.0, 0.0).is_none());
    let (value, pullback) = as_a_result::vjp(3.0, 2.0).unwrap();
    assert_eq!((value, pullback(2.0)), (1.5, (1.0, -1.5)));
    assert!(as_a_result::vjp(3.0, 0.0).is_none());
}

#[differentiable]
fn local(x: f64, c: bool) -> f64 {
    let o = if c { Some(x * x) } else { None };
    match o {
        Some(v) => v * x,
        None => x,
    }
}

#[test]
fn a_local() {
    assert_near("some", &local::grad(2.0, true), &12.0, 1e-12);
    assert_near("none", &local::grad(2.0, false), &1.0, 1e-12);
    assert_near("jvp", &local::jvp(2.0, true, 1.0).1, &12.0, 1e-12);
}

#[differentiable]
fn pairs(a: Option<f64>, b: Option<f64>) -> f64 {
    match (a, b) {
        (Some(a), Some(b)) => a * b,
        (Some(a), None) => a.sin(),
        (None, Some(b)) => b.cos(),
        (None, None) => 0.0,
    }
}

#[test]
fn two_at_once() {
    assert_eq!(pairs::grad(Some(2.0), Some(3.0)), (Some(3.0), Some(2.0)));
    assert_near("a", &pairs::grad(Some(2.0), None).0.unwrap(), &2.0_f64.cos(), 1e-12);
    assert_near("b", &pairs::grad(None, Some(2.0)).1.unwrap(), &-2.0_f64.sin(), 1e-12);
    assert_eq!(pairs::jvp(Some(2.0), Some(3.0), Some(1.0), Some(10.0)), (6.0, 23.0));
}

#[differentiable]
fn in_a_loop(xs: &[Option<f64>], x: f64) -> f64 {
    let mut s = 0.0;
    for o in xs.iter() {
        match o {
            Some(v) => s += v * x,
            None => s *= x,
        }
    }
    s
}

#[test]
fn elements_of_a_slice() {
    let xs = [Some(1.0), None, Some(3.0), Some(2.0), None];
    let (by_xs, by_x) = in_a_loop::grad(&xs, 1.5);
    assert_near("x", &by_x, &difference(|x| in_a_loop(&xs, x), 1.5), 1e-8);
    for i in [0, 2, 3] {
        let f = |v| {
            let mut xs = xs;
            xs[i] = Some(v);
            in_a_loop(&xs, 1.5)
        };
        assert_near("element", &by_xs[i].unwrap(), &difference(f, xs[i].unwrap()), 1e-8);
    }
    assert_eq!(by_xs[1], None);
}

#[differentiable]
fn let_else(o: Option<f64>, x: f64) -> f64 {
    let Some(v) = o else { return x };
    v * v * x
}

#[test]
fn let_else_returns() {
    assert_eq!(let_else::grad(Some(3.0), 2.0), (Some(12.0), 9.0));
    assert_eq!(let_else::grad(None, 2.0), (None, 1.0));
}

macro_rules! gradients {
    ($($test:ident: $f:ident($($arg:expr),*) at $x:expr;)*) => {$(
        #[test]
        fn $test() {
            let f = |x: f64| $f(x, $($arg),*);
            let slope = difference(f, $x);
            assert_near("reverse", &$f::grad($x, $($arg),*), &slope, 1e-7);
            let (value, dot) = $f::jvp($x, $($arg),*, 1.0);
            assert_near("value", &value, &f($x), 1e-12);
            assert_near("forward", &dot, &slope, 1e-7);
            let (value, pullback) = $f::vjp($x, $($arg),*);
            assert_near("value", &value, &f($x), 1e-12);
            assert_near("twice", &pullback(2.0), &(2.0 * slope), 1e-7);
            assert_near("twice", &pullback(1.0), &slope, 1e-7);
        }
    )*};
}

#[differentiable]
fn combined(x: f64, n: usize) -> f64 {
    let o = if n > 0 { Some(x * x) } else { None };
    let a = o.unwrap_or(x);
    let b = o.map(|v| v.sin()).unwrap_or_else(|| x.cos());
    let c = o.map_or(2.0 * x, |v| v * x);
    let d = o.and_then(|v| if v > 1.0 { Some(v * 3.0) } else { None }).unwrap_or_default();
    let e = o.filter(|v| *v < 2.0).or(Some(x)).unwrap();
    let f = (n > 1).then(|| x * 5.0).map_or_else(|| x.exp(), |v| v * v);
    let g = (n > 1).then_some(x).zip(o).map(|(p, q)| p * q).unwrap_or(0.0);
    a * b + c * d + e * f + g
}

#[differentiable]
fn questions(x: f64, n: usize) -> f64 {
    fn_of(x, n).unwrap_or(x)
}

#[differentiable]
fn fn_of(x: f64, n: usize) -> Option<f64> {
    let a = as_a_result(x, n as f64)?;
    let mut total = a;
    for i in 0..n {
        if i == 4 {
            return None;
        }
        total += as_a_result(a, i as f64 + x)? * x;
    }
    Some(total.sin())
}

#[differentiable]
fn chains(x: f64, n: usize) -> f64 {
    let o = if n > 0 { Some(x * x) } else { None };
    let p = if n > 1 { Some(x.sin()) } else { None };
    if let Some(a) = o
        && a > 1.0
        && let Some(b) = p
    {
        a * b
    } else if let Some(a) = o {
        a * x
    } else {
        x
    }
}

#[differentiable]
fn tested(x: f64, n: usize) -> f64 {
    let o = if n > 0 { Some(x * n as f64) } else { None };
    let mut y = x;
    if o.is_some() {
        y *= 2.0;
    }
    if matches!(o, Some(v) if v > 2.0) {
        y *= y;
    }
    if o.is_some_and(|v| v > 1.0) {
        y += x * x;
    }
    while let Some(v) = o {
        if y > 10.0 {
            break;
        }
        y += v * x;
    }
    y
}

#[differentiable]
fn remembered(x: f64, n: usize) -> f64 {
    let mut best: Option<f64> = None;
    for i in 0..n {
        let v = (x * i as f64).sin();
        best = match best {
            Some(b) if b >= v => Some(b),
            _ => Some(v * x),
        };
    }
    let last = best.take();
    let again = best.is_none();
    best.replace(x);
    last.unwrap_or(0.0) * best.unwrap() + if again { x } else { 0.0 }
}

gradients! {
    combined_none: combined(0) at 0.7;
    combined_one: combined(1) at 0.7;
    combined_two: combined(2) at 1.3;
    questions_two: questions(2) at 0.7;
    questions_zero: questions(0) at 0.7;
    questions_many: questions(7) at 0.7;
    chains_none: chains(0) at 1.7;
    chains_one: chains(1) at 1.7;
    chains_two: chains(2) at 1.7;
    chains_small: chains(2) at 0.7;
    tested_none: tested(0) at 0.9;
    tested_one: tested(1) at 0.9;
    tested_three: tested(3) at 0.9;
    remembered_none: remembered(0) at 0.9;
    remembered_four: remembered(4) at 0.9;
}

struct Limits {
    low: Option<f64>,
}

#[differentiable]
fn by_reference_of_any(o: &Option<Vec<f64>>, x: f64) -> f64 {
    match o {
        Some(v) => v[0] * x + v[1],
        None => x,
    }
}

#[test]
fn a_vector_inside() {
    let o = Some(vec![2.0, 3.0]);
    assert_eq!(by_reference_of_any::grad(&o, 5.0), (Some(vec![5.0, 1.0]), 2.0));
    assert_eq!(by_reference_of_any::grad(&None, 5.0), (None, 1.0));
}
