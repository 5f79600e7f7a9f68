//! Partial derivatives that need care at a kink or at extreme arguments.
//!
//! The conventions at points where a derivative does not exist are those of PyTorch unless the documentation of the
//! function says otherwise.

use num_traits::Float;

/// The number nearest to `value`.
fn of<A: Float>(value: f64) -> A {
    A::from(value).expect("a float can be made of any `f64`")
}

/// The derivative of `x.abs()`: the sign of `x`, and 0 at zero.
#[inline]
pub fn abs_sign<A: Float>(x: A) -> A {
    if x == A::zero() { A::zero() } else { x.signum() }
}

/// The weight of `x` in `x.max(y)`: 1 if `x` is larger, 0 if `y` is, and ½ in a tie.
#[inline]
pub fn max_weight<A: Float>(x: A, y: A) -> A {
    // Which of the two is larger cannot be foretold: two halves that are there or not are faster than branches.
    let half = |is_there: bool| if is_there { of(0.5) } else { A::zero() };
    let undefined = y.is_nan();
    half((x > y) | undefined) + half((x >= y) | undefined)
}

/// The weight of `x` in `x.min(y)`: 1 if `x` is smaller, 0 if `y` is, and ½ in a tie.
#[inline]
pub fn min_weight<A: Float>(x: A, y: A) -> A {
    max_weight(-x, -y)
}

/// The derivative of `x.clamp(low, high)` with respect to `x`: 1 inside the closed interval and 0 outside.
#[inline]
pub fn clamp_mask<A: Float>(x: A, low: A, high: A) -> A {
    if x < low || x > high { A::zero() } else { A::one() }
}

/// The derivative of `x.hypot(y)` with respect to `x`: `x / hypot(x, y)`, and 0 at the origin.
#[inline]
pub fn hypot_partial<A: Float>(x: A, y: A) -> A {
    let radius = x.hypot(y);
    if radius == A::zero() {
        A::zero()
    } else if radius.is_infinite() && x.is_finite() && y.is_finite() {
        let half = of::<A>(0.5);
        (x * half) / (x * half).hypot(y * half)
    } else {
        x / radius
    }
}

/// The derivative of `y.atan2(x)` with respect to `y`, and 0 at the origin.
#[inline]
pub fn atan2_partial_y<A: Float>(y: A, x: A) -> A {
    let radius = x.hypot(y);
    if radius == A::zero() { A::zero() } else { x / radius / radius }
}

/// The derivative of `y.atan2(x)` with respect to `x`, and 0 at the origin.
#[inline]
pub fn atan2_partial_x<A: Float>(y: A, x: A) -> A {
    let radius = x.hypot(y);
    if radius == A::zero() { A::zero() } else { -y / radius / radius }
}

/// The derivative of `x.powf(p)` with respect to `x`: `p xᵖ⁻¹`, and 0 if `p` is 0, whatever `x` is.
#[inline]
pub fn powf_partial_base<A: Float>(x: A, p: A) -> A {
    if p == A::zero() { A::zero() } else { p * x.powf(p - A::one()) }
}

/// The derivative of `x.powf(p)` with respect to `p`: `xᵖ ln x`, and 0 at `x = 0` if `p ≥ 0`.
#[inline]
pub fn powf_partial_exponent<A: Float>(x: A, p: A) -> A {
    if x == A::zero() && p >= A::zero() { A::zero() } else { x.powf(p) * x.ln() }
}

/// The derivative of `x.powi(n)`: `n xⁿ⁻¹`, and 0 if `n` is 0, whatever `x` is.
#[inline]
pub fn powi_partial<A: Float>(x: A, n: i32) -> A {
    if n == 0 { A::zero() } else { of::<A>(f64::from(n)) * x.powi(n.saturating_sub(1)) }
}

/// The derivative of `x.copysign(sign)` with respect to `x`.
#[inline]
pub fn copysign_factor<A: Float>(x: A, sign: A) -> A {
    abs_sign(x) * sign.signum()
}

/// The derivative of `x % y` with respect to `y`: minus the quotient, rounded towards zero.
#[inline]
pub fn rem_partial_divisor<A: Float>(x: A, y: A) -> A {
    -(x / y).trunc()
}
