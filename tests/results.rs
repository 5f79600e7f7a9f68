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

#[derive(Debug, PartialEq)]
struct Wrapped(String);

impl From<Failure> for Wrapped {
    fn from(failure: Failure) -> Self {
        Wrapped(format!("{failure:?}"))
    }
}

#[differentiable]
fn square_of_root(x: f64, y: f64) -> Result<f64, Wrapped> {
    let a = root(x)?;
    let b = root(a * y)?;
    Ok(a * b)
}

#[test]
fn question_marks_convert_the_error() {
    let f = |x: f64, y: f64| x.powf(0.75) * y.sqrt();
    let (x, y) = (2.0, 3.0);
    let (value, (by_x, by_y)) = square_of_root::value_and_grad(x, y).unwrap();
    let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    near(value, f(x, y));
    near(by_x, 0.75 * f(x, y) / x);
    near(by_y, 0.5 * f(x, y) / y);
    near(square_of_root::jvp(x, y, 1.0, 0.5).unwrap().1, by_x + 0.5 * by_y);
    let (_, pullback) = square_of_root::vjp(x, y).unwrap();
    near(pullback(2.0).0, 2.0 * by_x);
    near(pullback(1.0).0, by_x);
    assert_eq!(square_of_root::grad(-1.0, 1.0), Err(Wrapped("Negative(-1.0)".into())));
    assert_eq!(square_of_root::grad(1.0, 0.0), Err(Wrapped("Zero".into())));
}

#[differentiable]
fn recovered(x: f64) -> f64 {
    let a = match root(x) {
        Ok(v) => v * x,
        Err(Failure::Zero) => 1.0 + x,
        Err(_) => -x,
    };
    let b = root(x - 1.0).unwrap_or(x * x);
    let c = root(x - 2.0).ok().map(|v| v * 2.0).unwrap_or_else(|| x);
    a + b * c
}

#[test]
fn failures_can_be_recovered_from() {
    for (x, slope) in [(-1.5, -1.0 + 3.0 * 2.25), (1.5, 1.5 * 1.5_f64.sqrt() + 0.5_f64.sqrt() + 0.75 / 0.5_f64.sqrt())]
    {
        assert!((recovered::grad(x) - slope).abs() < 1e-12, "{}", recovered::grad(x));
        assert!((recovered::jvp(x, 1.0).1 - slope).abs() < 1e-12);
    }
}

#[differentiable]
fn all_of(xs: &[f64]) -> Result<f64, Failure> {
    let mut total = 0.0;
    for x in xs {
        total += root(*x)?;
    }
    Ok(total * total)
}

#[test]
fn a_loop_that_may_fail() {
    let gradient = all_of::grad(&[1.0, 4.0]).unwrap();
    assert_eq!(gradient, vec![3.0, 1.5]);
    assert_eq!(all_of::grad(&[1.0, -4.0]), Err(Failure::Negative(-4.0)));
}

#[differentiable]
fn pair(x: f64) -> Result<(f64, f64), Failure> {
    let r = root(x)?;
    Ok((r, x * r))
}

#[differentiable]
fn of_a_pair(x: f64) -> Result<f64, Failure> {
    let (a, b) = pair(x)?;
    Ok(a * b)
}

#[test]
fn tuples_inside() {
    assert_eq!(of_a_pair::value_and_grad(3.0).map(|(v, g)| ((v * 1e6).round(), (g * 1e6).round())), Ok((9e6, 6e6)));
    let (_, pullback) = pair::vjp(4.0).unwrap();
    assert_eq!(pullback((1.0, 0.0)), 0.25);
}

#[differentiable]
fn checked(x: f64, low: f64) -> Result<f64, String> {
    if x < low {
        return Err(format!("{x} is below {low}"));
    }
    let y = (x > 2.0).then(|| x * x).ok_or("too small")?;
    let z = Some(y).filter(|y| *y < 100.0).ok_or_else(|| "too large".to_string())?;
    Ok(z - low)
}

#[test]
fn errors_of_text() {
    assert_eq!(checked::grad(3.0, 1.0), Ok((6.0, -1.0)));
    assert_eq!(checked::grad(0.5, 1.0), Err("0.5 is below 1".to_string()));
    assert_eq!(checked::grad(1.5, 1.0), Err("too small".to_string()));
    assert_eq!(checked::grad(15.0, 1.0), Err("too large".to_string()));
}
