//! Operators on values whose type is known to the compiler only.
//!
//! Where the types are visible in the source, generated code writes the arithmetic out. Where they are not, it calls
//! these functions and their companions, and the compiler selects the [rule](crate::rules): numbers, arrays with
//! broadcasting by NumPy's rules, numbers with arrays, integers (whose tangent is `()`), and references to all of these.
//!
//! ```
//! use autodiff_runtime::ops;
//! use ndarray::array;
//!
//! let (w, x) = (array![[1.0, 2.0], [3.0, 4.0]], array![10.0, 100.0]);
//! let (y, pullback) = ops::mul::call_vjp(&w, &x);
//! assert_eq!(y, array![[10.0, 200.0], [30.0, 400.0]]);
//!
//! let mut x_bar = array![0.0, 0.0];
//! pullback(&w, &x, &array![[1.0, 1.0], [1.0, 1.0]], None, Some(&mut x_bar));
//! assert_eq!(x_bar, array![4.0, 6.0]);
//! ```

use crate::Differentiable;
use crate::companion::{assign_companion, binary_companion, unary_companion};
use crate::elementwise::{Add, Div, Mul, Neg, Rem, Sub};
use crate::rules::{
    AssignCurve, AssignRule, BinaryCurve, BinaryRule, BinaryTangent, UnaryCurve, UnaryRule, UnaryTangent,
};

binary_companion! {
    /// The sum `a + b`.
    add, Add;
    /// The difference `a - b`.
    sub, Sub;
    /// The product `a * b`, element by element for arrays.
    mul, Mul;
    /// The quotient `a / b`, element by element for arrays.
    div, Div;
    /// The remainder `a % b` of the division rounded towards zero; its derivative by `b` is minus the quotient.
    rem, Rem;
}

unary_companion! {
    /// The negative `-x`.
    neg, Neg;
}

assign_companion! {
    /// The assignment `a += b`.
    add_assign, Add;
    /// The assignment `a -= b`.
    sub_assign, Sub;
    /// The assignment `a *= b`, element by element for arrays.
    mul_assign, Mul;
    /// The assignment `a /= b`, element by element for arrays.
    div_assign, Div;
    /// The assignment `a %= b`.
    rem_assign, Rem;
}
