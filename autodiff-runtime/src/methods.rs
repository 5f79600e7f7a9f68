//! Methods on values whose type is known to the compiler only.
//!
//! Each function stands for the method of the same name on `f32`, `f64`, or, element by element, on an array.
//! All operands are passed by reference, also exponents.
//!
//! ```
//! use autodiff_runtime::methods;
//!
//! let (y, pullback) = methods::sqrt::call_vjp(&16.0);
//! let mut x_bar = 0.0;
//! pullback(&16.0, &1.0, Some(&mut x_bar));
//! assert_eq!((y, x_bar), (4.0, 0.125));
//! ```

use ndarray::{Array, ArrayBase, Data, Dimension, Zip};

use crate::companion::{binary_companion, unary_companion};
use crate::elementwise::*;
use crate::rules::{
    BinaryCurve, BinaryRule, BinaryTangent, Dot, Mean, Sum, Transpose, UnaryCurve, UnaryRule, UnaryTangent,
};
use crate::{Differentiable, Float, powi_partial, zero_tangent};

unary_companion! {
    /// The sine.
    sin, Sin;
    /// The cosine.
    cos, Cos;
    /// The tangent.
    tan, Tan;
    /// The inverse sine.
    asin, Asin;
    /// The inverse cosine.
    acos, Acos;
    /// The inverse tangent.
    atan, Atan;
    /// The hyperbolic sine.
    sinh, Sinh;
    /// The hyperbolic cosine.
    cosh, Cosh;
    /// The hyperbolic tangent.
    tanh, Tanh;
    /// The inverse hyperbolic sine.
    asinh, Asinh;
    /// The inverse hyperbolic cosine.
    acosh, Acosh;
    /// The inverse hyperbolic tangent.
    atanh, Atanh;
    /// The exponential function.
    exp, Exp;
    /// The power of two.
    exp2, Exp2;
    /// The exponential function minus one, exact near zero.
    exp_m1, ExpM1;
    /// The natural logarithm.
    ln, Ln;
    /// The natural logarithm of one plus the operand, exact near zero.
    ln_1p, Ln1p;
    /// The logarithm to base 10.
    log10, Log10;
    /// The logarithm to base 2.
    log2, Log2;
    /// The square root. Its derivative at 0 is infinite.
    sqrt, Sqrt;
    /// The cube root. Its derivative at 0 is infinite.
    cbrt, Cbrt;
    /// The absolute value. Its derivative at 0 is 0.
    abs, Abs;
    /// The reciprocal `1 / x`.
    recip, Recip;
    /// The square `x * x`.
    pow2, Square;
    /// The sum of all elements of an array.
    sum, Sum;
    /// The mean of all elements of an array, which must not be empty.
    mean, Mean;
    /// The array with its axes in the opposite order, as an owned array.
    t, Transpose;
}

binary_companion! {
    /// The power with a floating-point exponent, `a.powf(b)`.
    powf, Powf;
    /// The power with an integer exponent, `a.powi(b)`.
    powi, Powi;
    /// The larger of two numbers; the derivative is shared equally in a tie.
    max, Max;
    /// The smaller of two numbers; the derivative is shared equally in a tie.
    min, Min;
    /// The angle of the point `(b, a)`, `a.atan2(b)`.
    atan2, Atan2;
    /// The length of the hypotenuse, `a.hypot(b)`. Its derivatives at the origin are 0.
    hypot, Hypot;
    /// The number with the magnitude of `a` and the sign of `b`.
    copysign, Copysign;
    /// The product of vectors and matrices, `a.dot(&b)`.
    dot, Dot;
}

/// The power with an integer exponent.
#[derive(Clone, Copy, Debug)]
pub struct Powi;

macro_rules! impl_powi {
    ($($float:ident)*) => {$(
        impl BinaryRule<Powi, i32> for $float {
            type Output = $float;

            #[inline]
            fn value(&self, n: &i32) -> $float {
                self.powi(*n)
            }

            #[inline]
            fn pull(
                &self,
                n: &i32,
                value_bar: &$float,
                a_bar: Option<&mut $float>,
                _: Option<&mut ()>,
            ) {
                if let Some(bar) = a_bar {
                    *bar += value_bar * powi_partial(*self, *n);
                }
            }

            #[inline]
            fn push(&self, n: &i32, _: &$float, dot: Option<&$float>, _: Option<&()>) -> $float {
                dot.map_or(0.0, |dot| dot * powi_partial(*self, *n))
            }
        }
    )*};
}

impl_powi!(f32 f64);

impl<A: Float, S: Data<Elem = A>, D: Dimension> BinaryRule<Powi, i32> for ArrayBase<S, D, A> {
    type Output = Array<A, D>;

    #[inline]
    fn value(&self, n: &i32) -> Array<A, D> {
        self.mapv(|x| x.powi(*n))
    }

    #[inline]
    fn pull(&self, n: &i32, value_bar: &Array<A, D>, a_bar: Option<&mut Array<A, D>>, _: Option<&mut ()>) {
        if let Some(bar) = a_bar {
            Zip::from(bar).and(value_bar).and(self).for_each(|acc, &g, &x| *acc += g * powi_partial(x, *n));
        }
    }

    #[inline]
    fn push(&self, n: &i32, value: &Array<A, D>, dot: Option<&Array<A, D>>, _: Option<&()>) -> Array<A, D> {
        let mut value_dot = zero_tangent(value);
        if let Some(dot) = dot {
            BinaryRule::<Powi, i32>::pull(self, n, dot, Some(&mut value_dot), None);
        }
        value_dot
    }
}
