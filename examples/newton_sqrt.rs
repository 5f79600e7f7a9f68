//! Differentiates an algorithm instead of a formula: `cargo run --example newton_sqrt`.
//!
//! The square root is computed by Newton's iteration, in a loop whose trip count depends on the argument; the
//! derivative of that program is the derivative of the square root.

use differentiable::differentiable;

#[differentiable]
fn newton_sqrt(a: f64) -> f64 {
    let mut x = a.max(1.0);
    while (x * x - a).abs() > 1e-13 * a {
        x = 0.5 * (x + a / x);
    }
    x
}

fn main() {
    println!("{:>8} {:>18} {:>18} {:>18}", "a", "√a", "derivative", "1 / (2√a)");
    for a in [0.01, 0.5, 2.0, 9.0, 1234.5] {
        let (root, slope) = newton_sqrt::value_and_grad(a);
        let expected = 0.5 / a.sqrt();
        println!("{a:8} {root:18.12} {slope:18.12} {expected:18.12}");
        assert!((slope - expected).abs() <= 1e-9 * expected, "the derivative at {a} is {slope}, not {expected}");
    }
}
