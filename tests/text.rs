//! Text that is made of differentiable values: it carries no derivative.

#![allow(clippy::all, dead_code)]

mod common;

use common::{assert_near, difference};
use differentiable::differentiable;

#[differentiable]
fn printed(x: f64) -> f64 {
    let y = x * x;
    let text = format!("{y:.3} {}", x + 1.0);
    eprintln!("{text} {y}");
    let kind = if x > 1.0 { format!("large: {x}") } else { String::from("small") };
    assert!(!kind.is_empty(), "{kind} {y}");
    y * x
}

#[differentiable]
fn failing(x: f64) -> Result<f64, String> {
    let text = format!("{x} is negative");
    if x < 0.0 {
        return Err(text);
    }
    Ok(x * x)
}

#[test]
fn text_is_no_number() {
    assert_near("printed", &printed::grad(1.5), &difference(printed, 1.5), 1e-7);
    assert_near("printed", &printed::jvp(1.5, 1.0).1, &difference(printed, 1.5), 1e-7);
    assert_eq!(failing::grad(2.0), Ok(4.0));
    assert_eq!(failing::grad(-2.0), Err("-2 is negative".to_string()));
}
