//! Second derivatives of the functions of the tables, for derivatives of forward derivatives.

use super::*;

/// A function of one number with its second derivative.
pub trait Curved: Elementwise {
    /// The second derivative at `x`.
    fn curvature<A: Float>(x: A) -> A;

    /// The same where the value `y` is known, from which some functions have it sooner.
    #[inline(always)]
    fn curvature_of<A: Float>(x: A, _y: A) -> A {
        Self::curvature(x)
    }
}

/// A function of two numbers with its second derivatives.
pub trait CurvedPair: Pairwise {
    /// The second derivatives at `(a, b)`: twice by `a`, by `a` and `b`, twice by `b`.
    fn curvature<A: Float>(a: A, b: A) -> [A; 3];
}

/// The logistic function times one minus it, which is its derivative.
#[inline]
fn logistic_slope<A: Float>(x: A) -> A {
    let s = scalar::sigmoid(x);
    s * (A::one() - s)
}

#[inline]
fn mish_curvature<A: Float>(x: A) -> A {
    let (tanh, s) = (scalar::softplus(x).tanh(), scalar::sigmoid(x));
    let sech = A::one() - tanh * tanh;
    // The derivative of `tanh + x sech s`, where `tanh` has the derivative `sech s`.
    let first = sech * s;
    first + first + x * (sech * logistic_slope(x) - A::of(2.0) * tanh * first * s)
}

macro_rules! curvatures {
    ($($Name:ident |$x:ident| $curvature:expr;)*) => {$(
        impl Curved for $Name {
            #[inline(always)]
            fn curvature<A: Float>($x: A) -> A {
                $curvature
            }
        }
    )*};
    // In terms of the value.
    (of $($Name:ident |$y:ident| $curvature:expr;)*) => {$(
        impl Curved for $Name {
            #[inline(always)]
            fn curvature<A: Float>(x: A) -> A {
                Self::curvature_of(x, Self::value(x))
            }

            #[inline(always)]
            fn curvature_of<A: Float>(_x: A, $y: A) -> A {
                $curvature
            }
        }
    )*};
}

curvatures! {
    of
    Tan |y| A::of(2.0) * y * (A::one() + y * y);
    Tanh |y| A::of(-2.0) * y * (A::one() - y) * (A::one() + y);
    Exp |y| y;
    Exp2 |y| y * A::of(std::f64::consts::LN_2 * std::f64::consts::LN_2);
    Sqrt |y| -(A::of(4.0) * y * y * y).recip();
    Recip |y| A::of(2.0) * y * y * y;
    Sigmoid |y| y * (A::one() - y) * (A::one() - A::of(2.0) * y);
}

curvatures! {
    Neg |_x| A::zero();
    Sin |x| -x.sin();
    Cos |x| -x.cos();
    Asin |x| { let c = (A::one() - x) * (A::one() + x); x / (c * c.sqrt()) };
    Acos |x| { let c = (A::one() - x) * (A::one() + x); -x / (c * c.sqrt()) };
    Atan |x| { let c = A::one() + x * x; A::of(-2.0) * x / (c * c) };
    Sinh |x| x.sinh();
    Cosh |x| x.cosh();
    Asinh |x| { let c = A::one() + x * x; -x / (c * c.sqrt()) };
    Acosh |x| { let c = (x - A::one()) * (x + A::one()); -x / (c * c.sqrt()) };
    Atanh |x| { let c = (A::one() - x) * (A::one() + x); A::of(2.0) * x / (c * c) };
    ExpM1 |x| x.exp();
    Ln |x| -(x * x).recip();
    Ln1p |x| { let c = A::one() + x; -(c * c).recip() };
    Log10 |x| -(x * x * A::of(std::f64::consts::LN_10)).recip();
    Log2 |x| -(x * x * A::of(std::f64::consts::LN_2)).recip();
    Cbrt |x| A::of(-2.0) * x.cbrt() / (A::of(9.0) * x * x);
    Abs |_x| A::zero();
    Relu |_x| A::zero();
    Softplus |x| logistic_slope(x);
    Gelu |x| normal_pdf(x) * (A::of(2.0) - x * x);
    GeluTanh |x| {
        let (argument, slope) = gelu_argument(x);
        let tanh = argument.tanh();
        let sech = (A::one() - tanh) * (A::one() + tanh);
        let change = A::of(6.0 * 0.797_884_560_802_865_4 * 0.044_715) * x;
        sech * (slope + A::of(0.5) * x * (change - A::of(2.0) * tanh * slope * slope))
    };
    Silu |x| logistic_slope(x) * (A::of(2.0) + x * (A::one() - A::of(2.0) * scalar::sigmoid(x)));
    Square |_x| A::of(2.0);
    Elu |x| if x > A::zero() { A::zero() } else { x.exp() };
    Selu |x| if x > A::zero() { A::zero() } else { A::of(SELU_SCALE * SELU_ALPHA) * x.exp() };
    Mish |x| mish_curvature(x);
    Hardtanh |_x| A::zero();
    LogSigmoid |x| -logistic_slope(x);
}

macro_rules! pair_curvatures {
    ($($Name:ident |$a:ident, $b:ident| $curvature:expr;)*) => {$(
        impl CurvedPair for $Name {
            #[inline(always)]
            fn curvature<A: Float>($a: A, $b: A) -> [A; 3] {
                $curvature
            }
        }
    )*};
}

pair_curvatures! {
    Add |_a, _b| [A::zero(); 3];
    Sub |_a, _b| [A::zero(); 3];
    Mul |_a, _b| [A::zero(), A::one(), A::zero()];
    Div |a, b| { let c = (b * b).recip(); [A::zero(), -c, A::of(2.0) * c * (a / b)] };
    Rem |_a, _b| [A::zero(); 3];
    Max |_a, _b| [A::zero(); 3];
    Min |_a, _b| [A::zero(); 3];
    Copysign |_a, _b| [A::zero(); 3];
    Atan2 |a, b| {
        let c = a * a + b * b;
        let both = A::of(2.0) * (a / c) * (b / c);
        [-both, (a / c) * (a / c) - (b / c) * (b / c), both]
    };
    Hypot |a, b| {
        let r = a.hypot(b);
        let (c, s) = (a / r, b / r);
        if r == A::zero() { [A::zero(); 3] } else { [s * s / r, -c * s / r, c * c / r] }
    };
    Powf |a, b| {
        let by_exponent = scalar::powf_partial_exponent(a, b);
        let mixed = a.powf(b - A::one()) + b * scalar::powf_partial_exponent(a, b - A::one());
        let twice = if a > A::zero() { by_exponent * a.ln() } else { A::zero() };
        [b * scalar::powf_partial_base(a, b - A::one()), mixed, twice]
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    const H: f64 = 1e-5;

    fn slope<Op: Elementwise>(x: f64) -> f64 {
        Op::pull(if Op::FROM_RESULT { Op::value(x) } else { x }, 1.0)
    }

    fn check<Op: Curved + std::fmt::Debug>(op: Op, points: &[f64]) {
        for &x in points {
            let expected = (slope::<Op>(x + H) - slope::<Op>(x - H)) / (2.0 * H);
            let found = Op::curvature(x);
            assert!((found - expected).abs() < 1e-6 * (1.0 + expected.abs()), "{op:?} at {x}: {found}, not {expected}");
        }
    }

    fn check_pair<Op: CurvedPair + std::fmt::Debug>(op: Op) {
        for (a, b) in [(0.7, 1.3), (1.9, 0.4), (2.5, 2.2)] {
            let of = |pull: fn(f64, f64, f64) -> f64, a_step: f64, b_step: f64| {
                (pull(a + a_step, b + b_step, 1.0) - pull(a - a_step, b - b_step, 1.0)) / (2.0 * H)
            };
            let expected = [of(Op::pull_a, H, 0.0), of(Op::pull_a, 0.0, H), of(Op::pull_b, 0.0, H)];
            let found = Op::curvature(a, b);
            for (found, expected) in found.into_iter().zip(expected) {
                assert!((found - expected).abs() < 1e-6 * (1.0 + expected.abs()), "{op:?}: {found}, not {expected}");
            }
        }
    }

    macro_rules! check_all {
        ($($Op:ident)*; $points:expr) => { $(check($Op, &$points);)* };
    }

    #[test]
    fn curvatures_are_differences_of_slopes() {
        check_all!(Neg Sin Cos Tan Atan Sinh Cosh Tanh Asinh Exp Exp2 ExpM1 Abs Recip Relu Sigmoid Softplus Gelu GeluTanh Silu
            Square Elu Selu Mish Hardtanh LogSigmoid Cbrt; [-1.3, -0.4, 0.6, 1.2]);
        check_all!(Asin Acos Atanh Ln1p; [-0.6, 0.3]);
        check_all!(Ln Log10 Log2 Sqrt; [0.4, 2.5]);
        check_all!(Acosh; [1.4, 3.0]);
        check_pair(Powf);
        check_pair(Atan2);
        check_pair(Hypot);
        check_pair(Div);
        check_pair(Mul);
        check_pair(Add);
        check_pair(Max);
        check_pair(Copysign);
    }
}
