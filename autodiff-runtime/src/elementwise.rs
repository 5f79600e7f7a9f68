//! The table of elementwise functions, one row each, and the kernels that read it.
//!
//! A row gives the value and the product of the derivative with an incoming number. That product serves both modes: in
//! reverse it maps the cotangent of the result to the cotangent of the argument, forwards it maps tangents the same way.
//! Writing the product instead of the derivative lets a masked branch select 0 instead of multiplying by it, so that an
//! infinite cotangent does not become NaN.
//!
//! A row in terms of `y` reads the result, which the pullback then keeps; a row in terms of `x` reads the argument,
//! which the caller passes again.

mod curvature;

pub use curvature::{Curved, CurvedPair};

use ndarray::{Array, ArrayView, Dimension, Zip};

use crate::{Float, Kept, buffers, kept, scalar};

/// A function of one number, from the table of this module.
pub trait Elementwise {
    /// Whether [`Self::pull`] reads the result and not the argument.
    const FROM_RESULT: bool;

    /// The value at `x`.
    fn value<A: Float>(x: A) -> A;

    /// Replaces each number by the value at it.
    #[inline(always)]
    fn value_each<A: Float>(numbers: &mut [A]) {
        numbers.iter_mut().for_each(|number| *number = Self::value(*number));
    }

    /// The derivative times `g`; `v` is the result or the argument, according to [`Self::FROM_RESULT`].
    fn pull<A: Float>(v: A, g: A) -> A;
}

/// A function of two numbers, from the table of this module.
pub trait Pairwise {
    /// The value at `(a, b)`.
    fn value<A: Float>(a: A, b: A) -> A;

    /// The derivative with respect to `a`, times `g`.
    fn pull_a<A: Float>(a: A, b: A, g: A) -> A;

    /// The derivative with respect to `b`, times `g`.
    fn pull_b<A: Float>(a: A, b: A, g: A) -> A;
}

macro_rules! elementwise {
    ($($Name:ident $source:tt $($each:ident)? ($x:ident) = $value:expr; |$v:ident, $g:ident| $pull:expr;)*) => {$(
        #[doc = concat!("The function `", stringify!($value), "`.")]
        #[derive(Clone, Copy, Debug)]
        pub struct $Name;

        impl Elementwise for $Name {
            const FROM_RESULT: bool = elementwise!(@$source);

            #[inline(always)]
            fn value<A: Float>($x: A) -> A {
                $value
            }

            $(
                #[inline(always)]
                fn value_each<A: Float>(numbers: &mut [A]) {
                    A::$each(numbers);
                }
            )?

            #[inline(always)]
            fn pull<A: Float>($v: A, $g: A) -> A {
                $pull
            }
        }
    )*};
    (@from_x) => { false };
    (@from_y) => { true };
}

elementwise! {
    Neg     from_x (x) = -x;                    |_x, g| -g;
    Sin     from_x (x) = x.sin();               |x, g| g * x.cos();
    Cos     from_x (x) = x.cos();               |x, g| -g * x.sin();
    Tan     from_y (x) = x.tan();               |y, g| g * (A::one() + y * y);
    Asin    from_x (x) = x.asin();              |x, g| g / ((A::one() - x) * (A::one() + x)).sqrt();
    Acos    from_x (x) = x.acos();              |x, g| -g / ((A::one() - x) * (A::one() + x)).sqrt();
    Atan    from_x (x) = x.atan();              |x, g| g / (A::one() + x * x);
    Sinh    from_x (x) = x.sinh();              |x, g| g * x.cosh();
    Cosh    from_x (x) = x.cosh();              |x, g| g * x.sinh();
    Tanh    from_y tanh_each (x) = x.tanh();              |y, g| g * (A::one() - y) * (A::one() + y);
    Asinh   from_x (x) = x.asinh();             |x, g| g / A::one().hypot(x);
    Acosh   from_x (x) = x.acosh();             |x, g| g / ((x - A::one()).sqrt() * (x + A::one()).sqrt());
    Atanh   from_x (x) = x.atanh();             |x, g| g / ((A::one() - x) * (A::one() + x));
    Exp     from_y exp_each (x) = x.exp();               |y, g| g * y;
    Exp2    from_y (x) = x.exp2();              |y, g| g * y * A::of(std::f64::consts::LN_2);
    ExpM1   from_x (x) = x.exp_m1();            |x, g| g * x.exp();
    Ln      from_x (x) = x.ln();                |x, g| g / x;
    Ln1p    from_x (x) = x.ln_1p();             |x, g| g / (A::one() + x);
    Log10   from_x (x) = x.log10();             |x, g| g / (x * A::of(std::f64::consts::LN_10));
    Log2    from_x (x) = x.log2();              |x, g| g / (x * A::of(std::f64::consts::LN_2));
    Sqrt    from_y (x) = x.sqrt();              |y, g| g / (y + y);
    Cbrt    from_y (x) = x.cbrt();              |y, g| g / (A::of(3.0) * y * y);
    Abs     from_x (x) = x.abs();               |x, g| g * scalar::abs_sign(x);
    Recip   from_y (x) = x.recip();             |y, g| -g * y * y;
    Relu    from_x (x) = if x < A::zero() { A::zero() } else { x };
                                                |x, g| if x > A::zero() { g } else { A::zero() };
    Sigmoid from_y sigmoid_each (x) = scalar::sigmoid(x);    |y, g| g * y * (A::one() - y);
    Softplus from_x (x) = scalar::softplus(x);  |x, g| g * scalar::sigmoid(x);
    Gelu    from_x (x) = x * normal_cdf(x);     |x, g| g * (normal_cdf(x) + x * normal_pdf(x));
    GeluTanh from_x (x) = A::of(0.5) * x * (A::one() + gelu_argument(x).0.tanh());
                                                |x, g| g * gelu_tanh_slope(x);
    Silu    from_x (x) = x * scalar::sigmoid(x);
                                                |x, g| g * silu_slope(x);
    Square  from_x (x) = x * x;                 |x, g| g * (x + x);
    Elu     from_x (x) = if x > A::zero() { x } else { x.exp_m1() };
                                                |x, g| if x > A::zero() { g } else { g * x.exp() };
    Selu    from_x (x) = A::of(SELU_SCALE) * if x > A::zero() { x } else { A::of(SELU_ALPHA) * x.exp_m1() };
                                                |x, g| g * A::of(SELU_SCALE) * if x > A::zero() { A::one() } else { A::of(SELU_ALPHA) * x.exp() };
    Mish    from_x (x) = x * scalar::softplus(x).tanh();
                                                |x, g| g * mish_slope(x);
    Hardtanh from_x (x) = x.max(-A::one()).min(A::one());
                                                |x, g| if x > -A::one() && x < A::one() { g } else { A::zero() };
    LogSigmoid from_x (x) = -scalar::softplus(-x);
                                                |x, g| g * scalar::sigmoid(-x);
}

/// The constants of SELU, with which activations keep mean 0 and variance 1.
const SELU_SCALE: f64 = 1.050_700_987_355_480_5;
const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;

#[inline]
fn mish_slope<A: Float>(x: A) -> A {
    let tanh = scalar::softplus(x).tanh();
    tanh + x * (A::one() - tanh * tanh) * scalar::sigmoid(x)
}

/// The slope of Huber's function: the error, cut off at 1.
#[inline]
fn huber_slope<A: Float>(error: A) -> A {
    error.max(-A::one()).min(A::one())
}

/// `t ln t`, which is 0 at 0.
#[inline]
fn entropy<A: Float>(t: A) -> A {
    if t > A::zero() { t * t.ln() } else { A::zero() }
}

/// `1 - t x` where that is positive.
#[inline]
fn hinge_active<A: Float>(x: A, t: A) -> A {
    if t * x < A::one() { A::one() } else { A::zero() }
}

/// The logarithm of a probability, at least -100, so that a certain error costs a finite amount.
#[inline]
fn bounded_ln<A: Float>(p: A) -> A {
    p.ln().max(A::of(-100.0))
}

/// The derivative of [`bounded_ln`], with a bound as well.
#[inline]
fn bounded_recip<A: Float>(p: A) -> A {
    p.max(A::of(1e-12)).recip()
}

/// The distribution function of the standard normal distribution.
#[inline]
fn normal_cdf<A: Float>(x: A) -> A {
    A::of(0.5) * (A::one() + (x * A::of(std::f64::consts::FRAC_1_SQRT_2)).erf())
}

/// The density of the standard normal distribution.
#[inline]
fn normal_pdf<A: Float>(x: A) -> A {
    (A::of(-0.5) * x * x).exp() * A::of(0.398_942_280_401_432_7)
}

/// What the hyperbolic tangent is taken of in the approximation of [`Gelu`], and its derivative.
#[inline]
fn gelu_argument<A: Float>(x: A) -> (A, A) {
    let (scale, cubic) = (A::of(0.797_884_560_802_865_4), A::of(0.044_715));
    (scale * x * (A::one() + cubic * x * x), scale * (A::one() + A::of(3.0) * cubic * x * x))
}

#[inline]
fn gelu_tanh_slope<A: Float>(x: A) -> A {
    let (argument, slope) = gelu_argument(x);
    let tanh = argument.tanh();
    A::of(0.5) * (A::one() + tanh + x * (A::one() - tanh) * (A::one() + tanh) * slope)
}

#[inline]
fn silu_slope<A: Float>(x: A) -> A {
    let weight = scalar::sigmoid(x);
    weight + x * weight * (A::one() - weight)
}

macro_rules! pairwise {
    ($($Name:ident ($a:ident, $b:ident) = $value:expr; a |$a1:ident, $b1:ident, $g1:ident| $pull_a:expr;
       b |$a2:ident, $b2:ident, $g2:ident| $pull_b:expr;)*) => {$(
        #[doc = concat!("The function `", stringify!($value), "`.")]
        #[derive(Clone, Copy, Debug)]
        pub struct $Name;

        impl Pairwise for $Name {
            #[inline(always)]
            fn value<A: Float>($a: A, $b: A) -> A {
                $value
            }

            #[inline(always)]
            fn pull_a<A: Float>($a1: A, $b1: A, $g1: A) -> A {
                $pull_a
            }

            #[inline(always)]
            fn pull_b<A: Float>($a2: A, $b2: A, $g2: A) -> A {
                $pull_b
            }
        }
    )*};
}

pairwise! {
    Add (a, b) = a + b;        a |_a, _b, g| g;       b |_a, _b, g| g;
    Sub (a, b) = a - b;        a |_a, _b, g| g;       b |_a, _b, g| -g;
    Mul (a, b) = a * b;        a |_a, b, g| g * b;    b |a, _b, g| g * a;
    Div (a, b) = a / b;        a |_a, b, g| g / b;    b |a, b, g| -g * (a / b) / b;
    Rem (a, b) = a % b;        a |_a, _b, g| g;       b |a, b, g| g * scalar::rem_partial_divisor(a, b);
    Max (a, b) = a.max(b);     a |a, b, g| g * scalar::max_weight(a, b);
                               b |a, b, g| g * (A::one() - scalar::max_weight(a, b));
    Min (a, b) = a.min(b);     a |a, b, g| g * scalar::min_weight(a, b);
                               b |a, b, g| g * (A::one() - scalar::min_weight(a, b));
    Atan2 (a, b) = a.atan2(b); a |a, b, g| g * scalar::atan2_partial_y(a, b);
                               b |a, b, g| g * scalar::atan2_partial_x(a, b);
    Hypot (a, b) = a.hypot(b); a |a, b, g| g * scalar::hypot_partial(a, b);
                               b |a, b, g| g * scalar::hypot_partial(b, a);
    Powf (a, b) = a.powf(b);   a |a, b, g| g * scalar::powf_partial_base(a, b);
                               b |a, b, g| g * scalar::powf_partial_exponent(a, b);
    SquaredDifference (a, b) = (a - b) * (a - b);
                               a |a, b, g| g * (a - b) * A::of(2.0);
                               b |a, b, g| g * (b - a) * A::of(2.0);
    WithLogits (z, t) = z.max(A::zero()) - z * t + (-z.abs()).exp().ln_1p();
                               a |z, t, g| g * (scalar::sigmoid(z) - t);
                               b |z, _t, g| -g * z;
    AbsoluteDifference (a, b) = (a - b).abs();
                               a |a, b, g| g * scalar::abs_sign(a - b);
                               b |a, b, g| -g * scalar::abs_sign(a - b);
    Huber (a, b) = { let error = (a - b).abs(); if error < A::one() { error * error * A::of(0.5) } else { error - A::of(0.5) } };
                               a |a, b, g| g * huber_slope(a - b);
                               b |a, b, g| -g * huber_slope(a - b);
    Divergence (x, t) = entropy(t) - t * x;
                               a |_x, t, g| -g * t;
                               b |x, t, g| g * (t.ln() + A::one() - x);
    Hinge (x, t) = (A::one() - t * x).max(A::zero());
                               a |x, t, g| -g * t * hinge_active(x, t);
                               b |x, t, g| -g * x * hinge_active(x, t);
    BinaryEntropy (p, t) = -(t * bounded_ln(p) + (A::one() - t) * bounded_ln(A::one() - p));
                               a |p, t, g| g * (p - t) * bounded_recip(p * (A::one() - p));
                               b |p, _t, g| g * (bounded_ln(A::one() - p) - bounded_ln(p));
    Copysign (a, b) = a.copysign(b); a |a, b, g| g * scalar::copysign_factor(a, b);
                               b |_a, _b, _g| A::zero();
}

/// The value of every element.
#[inline]
pub(crate) fn map<Op: Elementwise, A: Float, D: Dimension>(x: ArrayView<'_, A, D>) -> Array<A, D> {
    buffers::map(x, Op::value_each)
}

/// What the pullback keeps of the result: a copy, or nothing.
#[inline]
pub(crate) fn keep<Op: Elementwise, A: Float, D: Dimension>(y: &Array<A, D>) -> Option<Kept<Array<A, D>>> {
    Op::FROM_RESULT.then(|| kept(buffers::copy(y.view())))
}

/// Adds the cotangent of the argument to `x_bar`.
#[inline]
#[track_caller]
pub(crate) fn pull_into<Op: Elementwise, A: Float, D: Dimension>(
    x: ArrayView<'_, A, D>,
    kept: Option<&Kept<Array<A, D>>>,
    y_bar: &Array<A, D>,
    x_bar: &mut Array<A, D>,
) {
    let source = kept.map_or(x, |kept| kept.view());
    Zip::from(x_bar).and(y_bar).and(source).for_each(|acc, &g, &v| *acc += Op::pull(v, g));
}

/// The tangent of the result.
#[inline]
#[track_caller]
pub(crate) fn push<Op: Elementwise, A: Float, D: Dimension>(
    x: ArrayView<'_, A, D>,
    y: &Array<A, D>,
    x_dot: &Array<A, D>,
) -> Array<A, D> {
    let source = if Op::FROM_RESULT { y.view() } else { x };
    Zip::from(source).and(x_dot).map_collect(|&v, &dot| Op::pull(v, dot))
}
