//! Second derivatives through functions that return a `Result` or an `Option`, against differences of the gradient.
#![allow(clippy::all, clippy::pedantic)]

#[macro_use]
mod common;

use differentiable::differentiable;
use differentiable::ndarray::{Array1, array};

/// Has no copies.

#[derive(Debug)]
struct Bad {
    why: f64,
    code: std::cell::Cell<u8>,
}

#[differentiable(order = 2)]
fn root(x: f64) -> Result<f64, Bad> {
    if x < 0.0 {
        return Err(Bad { why: 1.0, code: std::cell::Cell::new(1) });
    }
    Ok(x.sqrt())
}

#[differentiable(order = 2)]
fn roots(x: &[f64]) -> Result<f64, Bad> {
    let mut s = 0.0;
    for v in x {
        s += root(v * v)?.powi(3);
    }
    let t = root(s)?;
    Ok(s * t)
}

#[differentiable(hvp)]
fn by_match(x: &[f64]) -> f64 {
    match roots(x) {
        Ok(v) => v * x[0],
        Err(bad) => bad.why + f64::from(bad.code.get()),
    }
}

#[differentiable(hvp)]
fn by_ok(x: &[f64]) -> f64 {
    let mut t = 0.0;
    for i in 0..2 {
        t += root(x[i] + 0.1).ok().unwrap_or(x[0]);
        if let Ok(v) = root(x[1] * x[0]) {
            t *= v;
        }
    }
    t + root(x[0]).unwrap() * root(-x[0] * x[1]).unwrap_or_else(|_| x[1].exp())
}

#[derive(Debug, Clone, PartialEq)]
enum MyErr {
    Neg(i32),
    Zero,
}
impl From<std::num::ParseIntError> for MyErr {
    fn from(_: std::num::ParseIntError) -> Self {
        MyErr::Zero
    }
}

#[differentiable(order = 2)]
fn vec_of(x: &[f64], n: &str) -> Result<Vec<f64>, MyErr> {
    let n: i32 = n.parse()?;
    if n < 0 {
        return Err(MyErr::Neg(n));
    }
    let mut v = vec![];
    for a in x {
        v.push(a * a * n as f64);
    }
    Ok(v)
}

#[differentiable(order = 2)]
fn array_of(x: &[f64]) -> Result<Array1<f64>, MyErr> {
    if x.is_empty() { Err(MyErr::Zero) } else { Ok(array![x[0] * x[1], x[1].sin()]) }
}

#[differentiable(order = 2)]
fn opt_of(x: &[f64], i: usize) -> Option<f64> {
    let v = x.get(i)?;
    if *v > 0.0 { Some(v * v * v) } else { None }
}

#[differentiable(hvp)]
fn lists(x: &[f64]) -> f64 {
    let a = match vec_of(x, "3") {
        Ok(v) => v[0] * v[1],
        Err(MyErr::Neg(n)) => n as f64,
        Err(MyErr::Zero) => 0.0,
    };
    let b = array_of(x).map(|a| a.dot(&a)).unwrap_or(0.0);
    let c = opt_of(x, 0).zip(opt_of(x, 1)).map(|(a, b)| a * b).unwrap_or_default();
    a * b + c + opt_of(x, 9).or(opt_of(x, 1)).unwrap()
}

#[differentiable(hvp, order = 3)]
fn fallible(x: f64) -> Result<f64, MyErr> {
    if x < 0.0 {
        return Err(MyErr::Zero);
    }
    Ok(x.powi(3))
}

#[differentiable(hessian)]
fn maybe(x: &[f64]) -> Option<f64> {
    if x[0] < 0.0 {
        return None;
    }
    Some(x[0].powi(3) * x[1])
}

#[differentiable(hvp)]
fn unwrapped(x: &[f64]) -> f64 {
    fallible(x[0]).expect("positive") * fallible(x[1]).unwrap_or(1.0)
}
#[test]
fn against_differences_of_the_gradient() {
    check_slice! {
        by_match at [0.4, 0.6];
        by_ok at [0.4, 0.6];
        lists at [0.4, 0.6];
        unwrapped at [0.4, 0.6];
    }
}

#[test]
fn what_failed_has_no_products() {
    assert_eq!(fallible::hvp(-1.0, 1.0), Err(MyErr::Zero));
    assert_eq!(fallible::hvp(2.0, 1.0), Ok(12.0));
    assert_eq!(maybe::hvp(&[-1.0, 1.0], &[1.0, 0.0]), None);
    assert_eq!(maybe::hvp(&[2.0, 1.0], &[1.0, 0.0]), Some(vec![12.0, 12.0]));
    assert_eq!(maybe::hessian(&[2.0, 1.0]), Some(array![[12.0, 12.0], [12.0, 0.0]]));
    assert_eq!(maybe::hessian(&[-2.0, 1.0]), None);
}
