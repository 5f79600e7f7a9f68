//! Scalar functions: every method of `f32` and `f64` in std, in one of three lists: it has partial derivatives, its
//! derivative is zero, or it is refused with a reason.
//!
//! Conventions at kinks are those of PyTorch: `abs'(0) = 0`, ties of `max` and `min` share equally, `clamp` passes the
//! derivative inside the closed interval, `hypot` and `atan2` have derivative 0 at the origin, `sqrt'(0)` is infinite.

use super::{Derivative, Form, Row};

/// The row of a method on `f32`/`f64`, by name.
pub(crate) fn row(name: &str) -> Option<&'static Row> {
    [PARTIALS, ZERO, REFUSED].into_iter().flatten().find(|row| row.name == name)
}

/// One line per function: `name(args) cost => [partial derivative per argument]`; `-` stands for none.
macro_rules! partials {
    ($($name:ident($($arg:ident),+) $cost:literal => [$($partial:tt),+];)*) => {
        &[$(Row {
            name: stringify!($name),
            form: Form::Method,
            args: &[$(stringify!($arg)),+],
            cost: $cost,
            derivative: Derivative::Partials(&[$(partials!(@ $partial)),+]),
        }),*]
    };
    (@ -) => { None };
    (@ $partial:literal) => { Some($partial) };
}

macro_rules! zero {
    ($($name:ident($($arg:ident),+);)*) => {
        &[$(Row {
            name: stringify!($name),
            form: Form::Method,
            args: &[$(stringify!($arg)),+],
            cost: 2,
            derivative: Derivative::Zero,
        }),*]
    };
}

macro_rules! refused {
    ($($name:ident: $reason:literal;)*) => {
        &[$(Row {
            name: stringify!($name),
            form: Form::Method,
            args: &["x"],
            cost: 2,
            derivative: Derivative::Refused($reason),
        }),*]
    };
}

/// Functions with partial derivatives. `y` is the function's value.
static PARTIALS: &[Row] = partials! {
    abs(x) 1 => ["rt::abs_sign(x)"];
    acos(x) 15 => ["-1.0 / (1.0 - x * x).sqrt()"];
    acosh(x) 20 => ["1.0 / (x * x - 1.0).sqrt()"];
    asin(x) 15 => ["1.0 / (1.0 - x * x).sqrt()"];
    asinh(x) 20 => ["1.0 / (x * x + 1.0).sqrt()"];
    atan(x) 15 => ["1.0 / (1.0 + x * x)"];
    atan2(y_, x) 20 => ["rt::atan2_partial_y(y_, x)", "rt::atan2_partial_x(y_, x)"];
    atanh(x) 20 => ["1.0 / (1.0 - x * x)"];
    cbrt(x) 15 => ["1.0 / (3.0 * y * y)"];
    clamp(x, lo, hi) 2 => ["rt::clamp_mask(x, lo, hi)", "if x < lo { 1.0 } else { 0.0 }", "if x > hi { 1.0 } else { 0.0 }"];
    copysign(x, sign) 2 => ["rt::copysign_factor(x, sign)", -];
    cos(x) 12 => ["-x.sin()"];
    cosh(x) 15 => ["x.sinh()"];
    exp(x) 10 => ["y"];
    exp2(x) 10 => ["y * 0.6931471805599453"];
    exp_m1(x) 12 => ["y + 1.0"];
    fract(x) 2 => ["1.0"];
    hypot(x, z) 8 => ["rt::hypot_partial(x, z)", "rt::hypot_partial(z, x)"];
    ln(x) 10 => ["1.0 / x"];
    ln_1p(x) 12 => ["1.0 / (1.0 + x)"];
    log(x, base) 20 => ["1.0 / (x * base.ln())", "-y / (base * base.ln())"];
    log10(x) 12 => ["0.4342944819032518 / x"];
    log2(x) 12 => ["1.4426950408889634 / x"];
    max(x, z) 1 => ["rt::max_weight(x, z)", "1.0 - rt::max_weight(x, z)"];
    midpoint(x, z) 2 => ["0.5", "0.5"];
    min(x, z) 1 => ["rt::min_weight(x, z)", "1.0 - rt::min_weight(x, z)"];
    mul_add(x, a, b) 2 => ["a", "x", "1.0"];
    powf(x, p) 25 => ["rt::powf_partial_base(x, p)", "rt::powf_partial_exponent(x, p)"];
    powi(x, n) 4 => ["rt::powi_partial(x, n)", -];
    recip(x) 4 => ["-y * y"];
    rem_euclid(x, z) 6 => ["1.0", "-x.div_euclid(z)"];
    sin(x) 12 => ["x.cos()"];
    sinh(x) 15 => ["x.cosh()"];
    sqrt(x) 5 => ["0.5 / y"];
    tan(x) 15 => ["1.0 + y * y"];
    tanh(x) 15 => ["1.0 - y * y"];
    to_degrees(x) 1 => ["57.29577951308232"];
    to_radians(x) 1 => ["0.017453292519943295"];
};

/// Partial derivatives that are functions of the runtime, with their own derivatives.
static HELPERS: &[Row] = partials! {
    atan2_partial_x(y_, x) 6 => [
        "(y_ * y_ - x * x) / ((x * x + y_ * y_) * (x * x + y_ * y_))",
        "2.0 * x * y_ / ((x * x + y_ * y_) * (x * x + y_ * y_))"
    ];
    atan2_partial_y(y_, x) 6 => [
        "-2.0 * x * y_ / ((x * x + y_ * y_) * (x * x + y_ * y_))",
        "(y_ * y_ - x * x) / ((x * x + y_ * y_) * (x * x + y_ * y_))"
    ];
    hypot_partial(x, z) 8 => ["(1.0 - y * y) / x.hypot(z)", "-y * rt::hypot_partial(z, x) / x.hypot(z)"];
    powf_partial_base(x, p) 25 => [
        "p * rt::powf_partial_base(x, p - 1.0)",
        "x.powf(p - 1.0) + p * rt::powf_partial_exponent(x, p - 1.0)"
    ];
    powf_partial_exponent(x, p) 35 => [
        "x.powf(p - 1.0) + p * rt::powf_partial_exponent(x, p - 1.0)",
        "if x > 0.0 { y * x.ln() } else { 0.0 }"
    ];
    powi_falling(x, n, k) 6 => ["rt::powi_falling(x, n, k + 1)", -, -];
    powi_partial(x, n) 6 => ["rt::powi_falling(x, n, 2)", -];
    root_slope(root) 4 => ["if root > 0.0 { -y / root } else { 0.0 }"];
};

/// Those of them that are piecewise constant.
static CONSTANT_HELPERS: &[Row] = zero! {
    abs_sign(x); clamp_mask(x, lo, hi); copysign_factor(x, sign); count(a); count_of_four(a, b, c, d);
    count_of_three(a, b, c); count_of_two(a, b); max_weight(x, z); min_weight(x, z);
};

/// The row of a function of the runtime that occurs in the derivatives of others.
pub(crate) fn helper(name: &str) -> Option<&'static Row> {
    [HELPERS, CONSTANT_HELPERS].into_iter().flatten().find(|row| row.name == name)
}

/// Functions that are piecewise constant, and properties: a result without derivative.
static ZERO: &[Row] = zero! {
    ceil(x); classify(x); div_euclid(x, z); eq(x, z); floor(x); ge(x, z); gt(x, z); is_finite(x); is_infinite(x); is_nan(x); is_normal(x);
    is_sign_negative(x); is_sign_positive(x); is_subnormal(x); le(x, z); lt(x, z); ne(x, z); partial_cmp(x, z); round(x);
    round_ties_even(x); signum(x); total_cmp(x, z); trunc(x);
};

/// Functions that a derivative cannot pass through, with what to write instead.
static REFUSED: &[Row] = refused! {
    abs_sub: "is deprecated and ambiguous; write `(x - y).max(0.0)`";
    algebraic_add: "is an unstable arithmetic of std; write `x + y`";
    next_down: "steps to the neighbouring float and has no useful derivative; write `stop_gradient(x).next_down()`";
    next_up: "steps to the neighbouring float and has no useful derivative; write `stop_gradient(x).next_up()`";
    to_be_bytes: "turns the value into bytes, which carry no derivative; write `stop_gradient(x).to_be_bytes()`";
    to_bits: "turns the value into bits, which carry no derivative; write `stop_gradient(x).to_bits()`";
    to_int_unchecked: "turns the value into an integer, which carries no derivative; write `stop_gradient(x).to_int_unchecked()`";
    to_le_bytes: "turns the value into bytes, which carry no derivative; write `stop_gradient(x).to_le_bytes()`";
    to_ne_bytes: "turns the value into bytes, which carry no derivative; write `stop_gradient(x).to_ne_bytes()`";
};
