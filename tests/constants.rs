//! Derivatives at compile time.

use differentiable::differentiable;

#[differentiable]
const fn poly(x: f64) -> f64 {
    let y = 3.0 * x - 1.0;
    y * y * x + 2.0 / x
}

#[differentiable]
const fn bent(x: f32, [a, b]: [f32; 2], turned: bool) -> f32 {
    let mut y = x * a;
    if turned && y > 1.0 {
        y = -y * b;
    } else {
        y += b;
    }
    y * y
}

#[differentiable]
const fn power(x: f64, n: usize) -> f64 {
    let mut y = 1.0;
    let mut i = 0;
    while i < n {
        y *= x;
        i += 1;
    }
    y
}

const SLOPE: f64 = poly::grad(1.25);
const BOTH: (f64, f64) = poly::value_and_grad(1.25);
const TANGENT: (f64, f64) = poly::jvp(1.25, 2.0);
const BENT: (f32, [f32; 2]) = bent::grad(2.0, [1.5, 0.5], true);
const POWER: (f64, f64) = power::jvp(2.0, 5, 1.0);

#[test]
fn gradients_are_constants() {
    let (x, y) = (1.25_f64, 3.0 * 1.25 - 1.0);
    assert_eq!(SLOPE, 6.0 * y * x + y * y - 2.0 / (x * x));
    assert_eq!(BOTH, (poly(x), SLOPE));
    assert_eq!(TANGENT, (poly(x), 2.0 * SLOPE));
    // y = -1.5 at x a = 3.
    assert_eq!(BENT, (2.0 * 1.5 * 0.5 * 1.5, [2.0 * 1.5 * 0.5 * 2.0, 2.0 * 1.5 * 3.0]));
    assert_eq!(POWER, (32.0, 80.0));
    assert_eq!(power::grad(2.0, 5), 80.0);
}
