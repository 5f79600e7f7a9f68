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

/// What a place is called, which moves with the numbers.
fn label(height: f64) -> String {
    if height > 1.0 { "high".to_string() } else { "low".to_string() }
}

#[differentiable]
fn surveyed(height: f64, scale: f64) -> (f64, f64, String) {
    let scaled = height * scale;
    let kind = label(scaled);
    let corrected = if kind == "low" { scaled * scaled } else { scaled };
    return (corrected, height * scaled, kind);
}

#[differentiable]
fn flagged(height: f64) -> (u32, f64, String) {
    let doubled = height * 2.0;
    let flag = if doubled < 1.0 { "warning" } else { "fine" };
    (3, doubled * doubled, flag.to_string())
}

#[differentiable]
fn used(height: f64) -> f64 {
    let (corrected, product, kind) = surveyed(height, 3.0);
    if kind != "low" {
        return -99.0 * product;
    }
    let (_, doubled, _flag) = flagged(corrected);
    corrected * product + doubled
}

#[test]
fn text_that_is_moved_beside_numbers() {
    for height in [0.2, 0.7] {
        let expected = difference(used, height);
        assert_near("used", &used::grad(height), &expected, 1e-6);
        assert_near("used", &used::jvp(height, 1.0).1, &expected, 1e-6);
        let (value, pullback) = surveyed::vjp(height, 3.0);
        assert_eq!(value, surveyed(height, 3.0));
        let slope = |height: f64| surveyed(height, 3.0).0 + 2.0 * surveyed(height, 3.0).1;
        let (height_bar, _) = pullback((1.0, 2.0, ()));
        assert_near("surveyed", &height_bar, &difference(slope, height), 1e-6);
        let (_, (corrected, product, ())) = surveyed::jvp(height, 3.0, 1.0, 0.0);
        assert_near("surveyed", &(corrected + 2.0 * product), &height_bar, 1e-12);
    }
}

/// Constants that nothing copies: a name and numbers.
struct Body {
    name: String,
    period: f64,
    tilt: f64,
}

fn body(number: usize) -> (Body, String) {
    (Body { name: "a".to_string(), period: 2.0, tilt: number as f64 }, "found".to_string())
}

#[differentiable]
fn orbit(time: f64, number: usize) -> f64 {
    let (body, status) = body(number);
    let phase = if status == "found" { time / body.period - body.tilt } else { time };
    assert!(!body.name.is_empty());
    phase * body.period * phase.sin()
}

#[test]
fn parts_of_a_tuple_that_are_not_cloned() {
    assert_near("orbit", &orbit::grad(0.3, 1), &difference(|time| orbit(time, 1), 0.3), 1e-7);
    assert_near("orbit", &orbit::jvp(0.3, 1, 1.0).1, &orbit::grad(0.3, 1), 1e-12);
}
