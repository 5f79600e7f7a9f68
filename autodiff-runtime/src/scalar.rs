//! Scalar functions that `std` lacks, and partial derivatives that need care at a kink or at extreme arguments.
//!
//! Those that crates without the standard library need as well are defined in `autodiff-core`, so that both have the same
//! conventions. These, at points where a derivative does not exist, are those of PyTorch unless the
//! documentation of the function says otherwise.

use crate::generic::lifted;

lifted! {
    /// The derivative of `x.abs()`: the sign of `x`, and 0 at zero.
    ///
    /// ```
    /// assert_eq!(autodiff_runtime::abs_sign(-3.0), -1.0);
    /// assert_eq!(autodiff_runtime::abs_sign(0.0), 0.0);
    /// ```
    pub fn abs_sign(x) {
        autodiff_core::abs_sign(x)
    }

    /// The weight of `x` in `x.max(y)`: 1 if `x` is larger, 0 if `y` is, and ½ in a tie.
    ///
    /// A NaN loses against a number, as it does in `f64::max`.
    pub fn max_weight(x, y) {
        autodiff_core::max_weight(x, y)
    }

    /// The weight of `x` in `x.min(y)`: 1 if `x` is smaller, 0 if `y` is, and ½ in a tie.
    ///
    /// A NaN loses against a number, as it does in `f64::min`.
    pub fn min_weight(x, y) {
        autodiff_core::min_weight(x, y)
    }

    /// The derivative of `x.clamp(low, high)` with respect to `x`: 1 inside the closed interval and 0 outside.
    ///
    /// At a NaN it is 1, because `clamp` lets NaN pass.
    pub fn clamp_mask(x, low, high) {
        autodiff_core::clamp_mask(x, low, high)
    }

    /// The derivative of `x.hypot(y)` with respect to `x`: `x / hypot(x, y)`, and 0 at the origin.
    pub fn hypot_partial(x, y) {
        autodiff_core::hypot_partial(x, y)
    }

    /// The derivative of `y.atan2(x)` with respect to `y`: `x / (x² + y²)`, and 0 at the origin.
    ///
    /// It is computed without squares, so that nothing overflows or underflows on the way.
    pub fn atan2_partial_y(y, x) {
        autodiff_core::atan2_partial_y(y, x)
    }

    /// The derivative of `y.atan2(x)` with respect to `x`: `-y / (x² + y²)`, and 0 at the origin.
    ///
    /// It is computed without squares, so that nothing overflows or underflows on the way.
    pub fn atan2_partial_x(y, x) {
        autodiff_core::atan2_partial_x(y, x)
    }

    /// The derivative of `x.powf(p)` with respect to `x`: `p xᵖ⁻¹`, and 0 if `p` is 0, whatever `x` is.
    pub fn powf_partial_base(x, p) {
        autodiff_core::powf_partial_base(x, p)
    }

    /// The derivative of `x.powf(p)` with respect to `p`: `xᵖ ln x`, and 0 at `x = 0` if `p ≥ 0`.
    pub fn powf_partial_exponent(x, p) {
        autodiff_core::powf_partial_exponent(x, p)
    }

    /// The derivative of `x.powi(n)`: `n xⁿ⁻¹`, and 0 if `n` is 0, whatever `x` is.
    ///
    /// ```
    /// assert_eq!(autodiff_runtime::powi_partial(3.0, 2), 6.0);
    /// assert_eq!(autodiff_runtime::powi_partial(0.0, 0), 0.0);
    /// ```
    pub fn powi_partial(x; n: i32) {
        autodiff_core::powi_partial(x, n)
    }

    /// The derivative of order `k` of `x.powi(n)`: `n (n - 1) .. (n - k + 1) xⁿ⁻ᵏ`, and 0 if one of the factors is 0.
    ///
    /// ```
    /// assert_eq!(autodiff_runtime::powi_falling(3.0, 4, 2), 108.0);
    /// assert_eq!(autodiff_runtime::powi_falling(0.0, 2, 3), 0.0);
    /// ```
    pub fn powi_falling(x; n: i32, k: i32) {
        let factor: f64 = (0..k).map(|step| f64::from(n) - f64::from(step)).product();
        if factor == 0.0 { A::zero() } else { A::of(factor) * x.powi(n.saturating_sub(k)) }
    }

    /// The derivative of `x.copysign(sign)` with respect to `x`: 1 if both have the same sign, -1 otherwise, 0 at `x = 0`.
    pub fn copysign_factor(x, sign) {
        autodiff_core::copysign_factor(x, sign)
    }

    /// The derivative of `x % y` with respect to `y`: minus the quotient, rounded towards zero.
    ///
    /// ```
    /// assert_eq!(autodiff_runtime::rem_partial_divisor(5.5, 2.0), -2.0);
    /// ```
    pub fn rem_partial_divisor(x, y) {
        autodiff_core::rem_partial_divisor(x, y)
    }

    /// The derivative of `x.rem_euclid(y)` with respect to `y`: minus the Euclidean quotient.
    pub fn rem_euclid_partial_divisor(x, y) {
        let quotient = (x / y).trunc();
        if x % y >= A::zero() {
            -quotient
        } else if y > A::zero() {
            A::one() - quotient
        } else {
            -A::one() - quotient
        }
    }

    /// The logistic function `1 / (1 + exp(-x))`, without overflow for any `x`.
    ///
    /// ```
    /// assert_eq!(autodiff_runtime::sigmoid(0.0), 0.5);
    /// assert_eq!(autodiff_runtime::sigmoid(-1000.0), 0.0);
    /// ```
    pub fn sigmoid(x) {
        let decayed = (-x.abs()).exp();
        let numerator = if x < A::zero() { decayed } else { A::one() };
        numerator / (A::one() + decayed)
    }

    /// The function `ln(1 + exp(x))`, without overflow for any `x`. Its derivative is [`sigmoid`].
    pub fn softplus(x) {
        x.max(A::zero()) + (-x.abs()).exp().ln_1p()
    }
}
