//! `Result`: functions that fail, and `?`.

#![allow(clippy::all)]

use differentiable::differentiable;

#[derive(Debug, PartialEq)]
enum Failure {
    Negative(f64),
    Zero,
}

#[differentiable]
fn root(x: f64) -> Result<f64, Failure> {
    if x < 0.0 {
        return Err(Failure::Negative(x));
    }
    if x == 0.0 { Err(Failure::Zero) } else { Ok(x.sqrt()) }
}

#[test]
fn failures_are_results() {
    assert_eq!(root::grad(4.0), Ok(0.25));
    assert_eq!(root::grad(-1.0), Err(Failure::Negative(-1.0)));
    assert_eq!(root::value_and_grad(0.0), Err(Failure::Zero));
    assert_eq!(root::jvp(4.0, 2.0), Ok((2.0, 0.5)));
    let (value, pullback) = root::vjp(4.0).unwrap();
    assert_eq!((value, pullback(3.0), pullback(1.0)), (2.0, 0.75, 0.25));
    assert!(root::vjp(-4.0).is_err());
}
