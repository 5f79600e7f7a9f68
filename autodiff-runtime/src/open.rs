//! Methods of numbers and arrays in the form in which the derivatives of users' methods are called.
//!
//! Where the macro does not know the type of a receiver, `x.sin()` may be the sine of a number, the sines of an array, or a
//! method of the user's. Generated code calls `x.sin_call_vjp()` for all of them: a type of the user's has this beside its
//! annotated method, and numbers and arrays have it from the traits of this module.

use ndarray::{ArrayBase, Data, Dimension};

use crate::elementwise::*;
use crate::methods::{self, Powi};
use crate::rules::{
    AssignRule, BinaryCurve, BinaryRule, BinaryTangent, Dot, Mean, Sum, Transpose, UnaryCurve, UnaryRule, UnaryTangent,
};
use crate::{Differentiable, Float, Keep, Scalar, ops};

/// Declares the trait of the methods without an argument.
macro_rules! unary_methods {
    ($($method:ident $call_vjp:ident $call_jvp:ident $twice_vjp:ident $twice_jvp:ident $Op:ty;)*) => {
        /// Methods without an argument.
        pub trait UnaryMethods: Differentiable {
            $(
                #[doc = concat!("The value of `", stringify!($method), "` and its pullback.")]
                #[doc(hidden)]
                #[inline]
                #[track_caller]
                #[allow(clippy::type_complexity)]
                fn $call_vjp(
                    &self,
                ) -> (Self::Output, impl Fn(&Self, &UnaryTangent<Self, $Op>, Option<&mut Self::Tangent>) + use<Self>)
                where
                    Self: UnaryRule<$Op>,
                {
                    methods::$method::call_vjp(self)
                }

                #[doc = concat!("The value of `", stringify!($method), "` and its tangent.")]
                #[doc(hidden)]
                #[inline]
                #[track_caller]
                fn $call_jvp(&self, self_dot: Option<&Self::Tangent>) -> (Self::Output, UnaryTangent<Self, $Op>)
                where
                    Self: UnaryRule<$Op>,
                {
                    methods::$method::call_jvp(self, self_dot)
                }

                #[doc = concat!("The value and the tangent of `", stringify!($method), "`, and their pullback.")]
                #[doc(hidden)]
                #[inline]
                #[track_caller]
                #[allow(clippy::type_complexity)]
                fn $twice_vjp(
                    &self,
                    self_dot: Option<&Self::Tangent>,
                ) -> (
                    (Self::Output, UnaryTangent<Self, $Op>),
                    impl Fn(
                        &Self,
                        Option<&Self::Tangent>,
                        &(UnaryTangent<Self, $Op>, UnaryTangent<Self, $Op>),
                        Option<&mut Self::Tangent>,
                        Option<&mut Self::Tangent>,
                    ) + use<Self>,
                )
                where
                    Self: UnaryCurve<$Op>,
                {
                    methods::$method::call_jvp_call_vjp(self, self_dot)
                }

                #[doc = concat!("The value and the tangent of `", stringify!($method), "`, and their tangents.")]
                #[doc(hidden)]
                #[inline]
                #[track_caller]
                #[allow(clippy::type_complexity)]
                fn $twice_jvp(
                    &self,
                    self_dot: Option<&Self::Tangent>,
                    tangent: Option<&Self::Tangent>,
                    dot_tangent: Option<&Self::Tangent>,
                ) -> ((Self::Output, UnaryTangent<Self, $Op>), (UnaryTangent<Self, $Op>, UnaryTangent<Self, $Op>))
                where
                    Self: UnaryCurve<$Op>,
                {
                    methods::$method::call_jvp_call_jvp(self, self_dot, tangent, dot_tangent)
                }
            )*
        }
    };
}

unary_methods! {
    sin sin_call_vjp sin_call_jvp sin_call_jvp_call_vjp sin_call_jvp_call_jvp Sin;
    cos cos_call_vjp cos_call_jvp cos_call_jvp_call_vjp cos_call_jvp_call_jvp Cos;
    tan tan_call_vjp tan_call_jvp tan_call_jvp_call_vjp tan_call_jvp_call_jvp Tan;
    asin asin_call_vjp asin_call_jvp asin_call_jvp_call_vjp asin_call_jvp_call_jvp Asin;
    acos acos_call_vjp acos_call_jvp acos_call_jvp_call_vjp acos_call_jvp_call_jvp Acos;
    atan atan_call_vjp atan_call_jvp atan_call_jvp_call_vjp atan_call_jvp_call_jvp Atan;
    sinh sinh_call_vjp sinh_call_jvp sinh_call_jvp_call_vjp sinh_call_jvp_call_jvp Sinh;
    cosh cosh_call_vjp cosh_call_jvp cosh_call_jvp_call_vjp cosh_call_jvp_call_jvp Cosh;
    tanh tanh_call_vjp tanh_call_jvp tanh_call_jvp_call_vjp tanh_call_jvp_call_jvp Tanh;
    asinh asinh_call_vjp asinh_call_jvp asinh_call_jvp_call_vjp asinh_call_jvp_call_jvp Asinh;
    acosh acosh_call_vjp acosh_call_jvp acosh_call_jvp_call_vjp acosh_call_jvp_call_jvp Acosh;
    atanh atanh_call_vjp atanh_call_jvp atanh_call_jvp_call_vjp atanh_call_jvp_call_jvp Atanh;
    exp exp_call_vjp exp_call_jvp exp_call_jvp_call_vjp exp_call_jvp_call_jvp Exp;
    exp2 exp2_call_vjp exp2_call_jvp exp2_call_jvp_call_vjp exp2_call_jvp_call_jvp Exp2;
    exp_m1 exp_m1_call_vjp exp_m1_call_jvp exp_m1_call_jvp_call_vjp exp_m1_call_jvp_call_jvp ExpM1;
    ln ln_call_vjp ln_call_jvp ln_call_jvp_call_vjp ln_call_jvp_call_jvp Ln;
    ln_1p ln_1p_call_vjp ln_1p_call_jvp ln_1p_call_jvp_call_vjp ln_1p_call_jvp_call_jvp Ln1p;
    log10 log10_call_vjp log10_call_jvp log10_call_jvp_call_vjp log10_call_jvp_call_jvp Log10;
    log2 log2_call_vjp log2_call_jvp log2_call_jvp_call_vjp log2_call_jvp_call_jvp Log2;
    sqrt sqrt_call_vjp sqrt_call_jvp sqrt_call_jvp_call_vjp sqrt_call_jvp_call_jvp Sqrt;
    cbrt cbrt_call_vjp cbrt_call_jvp cbrt_call_jvp_call_vjp cbrt_call_jvp_call_jvp Cbrt;
    abs abs_call_vjp abs_call_jvp abs_call_jvp_call_vjp abs_call_jvp_call_jvp Abs;
    recip recip_call_vjp recip_call_jvp recip_call_jvp_call_vjp recip_call_jvp_call_jvp Recip;
    pow2 pow2_call_vjp pow2_call_jvp pow2_call_jvp_call_vjp pow2_call_jvp_call_jvp Square;
    sum sum_call_vjp sum_call_jvp sum_call_jvp_call_vjp sum_call_jvp_call_jvp Sum;
    t t_call_vjp t_call_jvp t_call_jvp_call_vjp t_call_jvp_call_jvp Transpose;
}

/// Declares the trait of the methods that take a second number by value.
macro_rules! binary_methods {
    ($($method:ident $call_vjp:ident $call_jvp:ident $twice_vjp:ident $twice_jvp:ident $Op:ty;)*) => {
        /// Methods of two operands.
        pub trait BinaryMethods: Differentiable {
            $(
                #[doc = concat!("The value of `", stringify!($method), "` and its pullback.")]
                #[doc(hidden)]
                #[inline]
                #[track_caller]
                #[allow(clippy::type_complexity)]
                fn $call_vjp<B: Differentiable>(
                    &self,
                    b: B,
                ) -> (
                    Self::Output,
                    impl Fn(&Self, &BinaryTangent<Self, $Op, B>, Option<&mut Self::Tangent>, Option<&mut B::Tangent>)
                        + use<Self, B>,
                )
                where
                    Self: BinaryRule<$Op, B>,
                {
                    let (value, pullback) = methods::$method::call_vjp(self, &b);
                    let with_operand = move |a: &Self,
                                             value_bar: &BinaryTangent<Self, $Op, B>,
                                             a_bar: Option<&mut Self::Tangent>,
                                             b_bar: Option<&mut B::Tangent>| {
                        pullback(a, &b, value_bar, a_bar, b_bar);
                    };
                    (value, with_operand)
                }

                #[doc = concat!("The value of `", stringify!($method), "` and its tangent.")]
                #[doc(hidden)]
                #[inline]
                #[track_caller]
                fn $call_jvp<B: Differentiable>(
                    &self,
                    b: B,
                    self_dot: Option<&Self::Tangent>,
                    b_dot: Option<B::Tangent>,
                ) -> (Self::Output, BinaryTangent<Self, $Op, B>)
                where
                    Self: BinaryRule<$Op, B>,
                {
                    methods::$method::call_jvp(self, &b, self_dot, b_dot.as_ref())
                }

                #[doc = concat!("The value and the tangent of `", stringify!($method), "`, and their pullback.")]
                #[doc(hidden)]
                #[inline]
                #[track_caller]
                #[allow(clippy::type_complexity)]
                fn $twice_vjp<B: Differentiable>(
                    &self,
                    b: B,
                    self_dot: Option<&Self::Tangent>,
                    b_dot: Option<B::Tangent>,
                ) -> (
                    (Self::Output, BinaryTangent<Self, $Op, B>),
                    impl Fn(
                        &Self,
                        Option<&Self::Tangent>,
                        &(BinaryTangent<Self, $Op, B>, BinaryTangent<Self, $Op, B>),
                        Option<&mut Self::Tangent>,
                        Option<&mut B::Tangent>,
                        Option<&mut Self::Tangent>,
                        Option<&mut B::Tangent>,
                    ) + use<Self, B>,
                )
                where
                    Self: BinaryCurve<$Op, B>,
                {
                    let (pair, pullback) = methods::$method::call_jvp_call_vjp(self, &b, self_dot, b_dot.as_ref());
                    let with_operand = move |a: &Self,
                                             a_dot: Option<&Self::Tangent>,
                                             seed: &(BinaryTangent<Self, $Op, B>, BinaryTangent<Self, $Op, B>),
                                             a_bar: Option<&mut Self::Tangent>,
                                             b_bar: Option<&mut B::Tangent>,
                                             a_dot_bar: Option<&mut Self::Tangent>,
                                             b_dot_bar: Option<&mut B::Tangent>| {
                        pullback(a, &b, a_dot, b_dot.as_ref(), seed, a_bar, b_bar, a_dot_bar, b_dot_bar);
                    };
                    (pair, with_operand)
                }

                #[doc = concat!("The value and the tangent of `", stringify!($method), "`, and their tangents.")]
                #[doc(hidden)]
                #[inline]
                #[track_caller]
                #[allow(clippy::type_complexity, clippy::too_many_arguments)]
                fn $twice_jvp<B: Differentiable>(
                    &self,
                    b: B,
                    self_dot: Option<&Self::Tangent>,
                    b_dot: Option<B::Tangent>,
                    tangent: Option<&Self::Tangent>,
                    b_tangent: Option<B::Tangent>,
                    dot_tangent: Option<&Self::Tangent>,
                    b_dot_tangent: Option<B::Tangent>,
                ) -> (
                    (Self::Output, BinaryTangent<Self, $Op, B>),
                    (BinaryTangent<Self, $Op, B>, BinaryTangent<Self, $Op, B>),
                )
                where
                    Self: BinaryCurve<$Op, B>,
                {
                    let of_b = [b_dot.as_ref(), b_tangent.as_ref(), b_dot_tangent.as_ref()];
                    methods::$method::call_jvp_call_jvp(
                        self, &b, self_dot, of_b[0], tangent, of_b[1], dot_tangent, of_b[2],
                    )
                }
            )*

            /// The value of `dot` and its pullback.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            #[allow(clippy::type_complexity)]
            fn dot_call_vjp<B: Differentiable + ?Sized>(
                &self,
                b: &B,
            ) -> (
                Self::Output,
                impl Fn(&Self, &B, &BinaryTangent<Self, Dot, B>, Option<&mut Self::Tangent>, Option<&mut B::Tangent>)
                    + use<Self, B>,
            )
            where
                Self: BinaryRule<Dot, B>,
            {
                methods::dot::call_vjp(self, b)
            }

            /// The value of `dot` and its tangent.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            fn dot_call_jvp<B: Differentiable + ?Sized>(
                &self,
                b: &B,
                self_dot: Option<&Self::Tangent>,
                b_dot: Option<&B::Tangent>,
            ) -> (Self::Output, BinaryTangent<Self, Dot, B>)
            where
                Self: BinaryRule<Dot, B>,
            {
                methods::dot::call_jvp(self, b, self_dot, b_dot)
            }

            /// The value and the tangent of `dot`, and their pullback.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            #[allow(clippy::type_complexity)]
            fn dot_call_jvp_call_vjp<B: Differentiable + ?Sized>(
                &self,
                b: &B,
                self_dot: Option<&Self::Tangent>,
                b_dot: Option<&B::Tangent>,
            ) -> (
                (Self::Output, BinaryTangent<Self, Dot, B>),
                impl Fn(
                    &Self,
                    &B,
                    Option<&Self::Tangent>,
                    Option<&B::Tangent>,
                    &(BinaryTangent<Self, Dot, B>, BinaryTangent<Self, Dot, B>),
                    Option<&mut Self::Tangent>,
                    Option<&mut B::Tangent>,
                    Option<&mut Self::Tangent>,
                    Option<&mut B::Tangent>,
                ) + use<Self, B>,
            )
            where
                Self: BinaryCurve<Dot, B>,
            {
                methods::dot::call_jvp_call_vjp(self, b, self_dot, b_dot)
            }

            /// The value and the tangent of `dot`, and their tangents.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            #[allow(clippy::type_complexity, clippy::too_many_arguments)]
            fn dot_call_jvp_call_jvp<B: Differentiable + ?Sized>(
                &self,
                b: &B,
                self_dot: Option<&Self::Tangent>,
                b_dot: Option<&B::Tangent>,
                tangent: Option<&Self::Tangent>,
                b_tangent: Option<&B::Tangent>,
                dot_tangent: Option<&Self::Tangent>,
                b_dot_tangent: Option<&B::Tangent>,
            ) -> (
                (Self::Output, BinaryTangent<Self, Dot, B>),
                (BinaryTangent<Self, Dot, B>, BinaryTangent<Self, Dot, B>),
            )
            where
                Self: BinaryCurve<Dot, B>,
            {
                methods::dot::call_jvp_call_jvp(
                    self, b, self_dot, b_dot, tangent, b_tangent, dot_tangent, b_dot_tangent,
                )
            }
        }
    };
}

binary_methods! {
    powf powf_call_vjp powf_call_jvp powf_call_jvp_call_vjp powf_call_jvp_call_jvp Powf;
    powi powi_call_vjp powi_call_jvp powi_call_jvp_call_vjp powi_call_jvp_call_jvp Powi;
    max max_call_vjp max_call_jvp max_call_jvp_call_vjp max_call_jvp_call_jvp Max;
    min min_call_vjp min_call_jvp min_call_jvp_call_vjp min_call_jvp_call_jvp Min;
    atan2 atan2_call_vjp atan2_call_jvp atan2_call_jvp_call_vjp atan2_call_jvp_call_jvp Atan2;
    hypot hypot_call_vjp hypot_call_jvp hypot_call_jvp_call_vjp hypot_call_jvp_call_jvp Hypot;
    copysign copysign_call_vjp copysign_call_jvp copysign_call_jvp_call_vjp copysign_call_jvp_call_jvp Copysign;
}

/// The mean of an array, which is `None` if the array is empty.
pub trait MeanMethod: Differentiable {
    /// Whether there is nothing to take the mean of.
    fn has_no_elements(&self) -> bool;

    /// The value of `mean` and its pullback.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(clippy::type_complexity)]
    fn mean_call_vjp(
        &self,
    ) -> (Option<Self::Output>, impl Fn(&Self, &Option<UnaryTangent<Self, Mean>>, Option<&mut Self::Tangent>) + use<Self>)
    where
        Self: UnaryRule<Mean>,
    {
        let (value, pullback) = match self.has_no_elements() {
            true => (None, None),
            false => {
                let (value, pullback) = methods::mean::call_vjp(self);
                (Some(value), Some(pullback))
            }
        };
        let of_some = move |x: &Self, value_bar: &Option<_>, x_bar: Option<&mut Self::Tangent>| {
            if let (Some(pullback), Some(value_bar)) = (&pullback, value_bar) {
                pullback(x, value_bar, x_bar);
            }
        };
        (value, of_some)
    }

    /// The value of `mean` and its tangent.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(clippy::type_complexity)]
    fn mean_call_jvp(
        &self,
        self_dot: Option<&Self::Tangent>,
    ) -> (Option<Self::Output>, Option<UnaryTangent<Self, Mean>>)
    where
        Self: UnaryRule<Mean>,
    {
        (!self.has_no_elements()).then(|| methods::mean::call_jvp(self, self_dot)).unzip()
    }

    /// The value and the tangent of `mean`, and their pullback.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(clippy::type_complexity)]
    fn mean_call_jvp_call_vjp(
        &self,
        self_dot: Option<&Self::Tangent>,
    ) -> (
        (Option<Self::Output>, Option<UnaryTangent<Self, Mean>>),
        impl Fn(
            &Self,
            Option<&Self::Tangent>,
            &(Option<UnaryTangent<Self, Mean>>, Option<UnaryTangent<Self, Mean>>),
            Option<&mut Self::Tangent>,
            Option<&mut Self::Tangent>,
        ) + use<Self>,
    )
    where
        Self: UnaryRule<Mean>,
    {
        let (value, pullback) = self.mean_call_vjp();
        let (_, value_dot) = self.mean_call_jvp(self_dot);
        // The mean is linear.
        let twice = move |x: &Self,
                          _: Option<&Self::Tangent>,
                          (value_bar, dot_bar): &(Option<_>, Option<_>),
                          x_bar: Option<&mut Self::Tangent>,
                          x_dot_bar: Option<&mut Self::Tangent>| {
            pullback(x, value_bar, x_bar);
            pullback(x, dot_bar, x_dot_bar);
        };
        ((value, value_dot), twice)
    }

    /// The value and the tangent of `mean`, and their tangents.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(clippy::type_complexity)]
    fn mean_call_jvp_call_jvp(
        &self,
        self_dot: Option<&Self::Tangent>,
        tangent: Option<&Self::Tangent>,
        dot_tangent: Option<&Self::Tangent>,
    ) -> (
        (Option<Self::Output>, Option<UnaryTangent<Self, Mean>>),
        (Option<UnaryTangent<Self, Mean>>, Option<UnaryTangent<Self, Mean>>),
    )
    where
        Self: UnaryRule<Mean>,
    {
        (self.mean_call_jvp(self_dot), (self.mean_call_jvp(tangent).1, self.mean_call_jvp(dot_tangent).1))
    }
}

impl<A: Float, S: Data<Elem = A>, D: Dimension> MeanMethod for ArrayBase<S, D, A> {
    #[inline]
    fn has_no_elements(&self) -> bool {
        self.is_empty()
    }
}

/// What has the methods of this module: numbers and arrays, and nothing of the user's.
macro_rules! give_methods {
    ($($Methods:ident)*) => {$(
        impl<T: Scalar> $Methods for T {}
        impl<A: Float, S: Data<Elem = A>, D: Dimension> $Methods for ArrayBase<S, D, A> {}
    )*};
}

give_methods!(UnaryMethods BinaryMethods);

/// Declares the traits of operators of two operands, written as methods. Each is there only where there is the operator's
/// rule; the receiver's two references let a method of the user's of the same name be ambiguous instead of unnoticed.
macro_rules! operator_methods {
    ($($Trait:ident $method:ident $call_vjp:ident $call_jvp:ident $call_mut_vjp:ident $call_mut_jvp:ident $Op:ty;)*) => {$(
        #[doc = concat!("The operator `", stringify!($method), "`, written as a method.")]
        pub trait $Trait<B: Differentiable>: BinaryRule<$Op, B> {
            /// The value and its pullback.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            #[allow(clippy::type_complexity)]
            fn $call_vjp(
                self: &&Self,
                b: B,
            ) -> (
                Self::Output,
                impl Fn(&Self, &BinaryTangent<Self, $Op, B>, Option<&mut Self::Tangent>, Option<&mut B::Tangent>)
                    + use<Self, B>,
            ) {
                let value = BinaryRule::<$Op, B>::value(*self, &b);
                let pullback = move |a: &Self,
                                     value_bar: &BinaryTangent<Self, $Op, B>,
                                     a_bar: Option<&mut Self::Tangent>,
                                     b_bar: Option<&mut B::Tangent>| {
                    BinaryRule::<$Op, B>::pull(a, &b, value_bar, a_bar, b_bar);
                };
                (value, pullback)
            }

            /// The value and its tangent.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            fn $call_jvp(
                self: &&Self,
                b: B,
                self_dot: Option<&Self::Tangent>,
                b_dot: Option<B::Tangent>,
            ) -> (Self::Output, BinaryTangent<Self, $Op, B>) {
                ops::$method::call_jvp(*self, &b, self_dot, b_dot.as_ref())
            }

            /// The value and its pullback, for a receiver that may be changed later.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            #[allow(clippy::type_complexity)]
            fn $call_mut_vjp(
                &self,
                b: B,
            ) -> (
                Self::Output,
                impl Fn(&BinaryTangent<Self, $Op, B>, Option<&mut Self::Tangent>, Option<&mut B::Tangent>)
                    + use<Self, B>,
            )
            where
                for<'kept> Self: Keep<'kept>,
            {
                let this = self.keep();
                let (value, pullback) = Self::$call_vjp(&self, b);
                let of_kept = move |value_bar: &BinaryTangent<Self, $Op, B>,
                                    a_bar: Option<&mut Self::Tangent>,
                                    b_bar: Option<&mut B::Tangent>| {
                    pullback(&this, value_bar, a_bar, b_bar);
                };
                (value, of_kept)
            }

            /// The value and its tangent, for a receiver that may be changed later.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            fn $call_mut_jvp(
                &self,
                b: B,
                self_dot: Option<&mut Self::Tangent>,
                b_dot: Option<B::Tangent>,
            ) -> (Self::Output, BinaryTangent<Self, $Op, B>) {
                ops::$method::call_jvp(self, &b, self_dot.map(|dot| &*dot), b_dot.as_ref())
            }
        }

        impl<A: BinaryRule<$Op, B>, B: Differentiable> $Trait<B> for A {}
    )*};
}

operator_methods! {
    AddMethod add add_call_vjp add_call_jvp add_call_mut_vjp add_call_mut_jvp Add;
    SubMethod sub sub_call_vjp sub_call_jvp sub_call_mut_vjp sub_call_mut_jvp Sub;
    MulMethod mul mul_call_vjp mul_call_jvp mul_call_mut_vjp mul_call_mut_jvp Mul;
    DivMethod div div_call_vjp div_call_jvp div_call_mut_vjp div_call_mut_jvp Div;
    RemMethod rem rem_call_vjp rem_call_jvp rem_call_mut_vjp rem_call_mut_jvp Rem;
}

/// The negative, written as a method.
pub trait NegMethod: UnaryRule<Neg> {
    /// The value and its pullback.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(clippy::type_complexity)]
    fn neg_call_vjp(
        self: &&Self,
    ) -> (Self::Output, impl Fn(&Self, &UnaryTangent<Self, Neg>, Option<&mut Self::Tangent>) + use<Self>) {
        ops::neg::call_vjp(*self)
    }

    /// The value and its tangent.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    fn neg_call_jvp(self: &&Self, self_dot: Option<&Self::Tangent>) -> (Self::Output, UnaryTangent<Self, Neg>) {
        ops::neg::call_jvp(*self, self_dot)
    }

    /// The value and its pullback, for a receiver that may be changed later.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    #[allow(clippy::type_complexity)]
    fn neg_call_mut_vjp(
        &self,
    ) -> (Self::Output, impl Fn(&UnaryTangent<Self, Neg>, Option<&mut Self::Tangent>) + use<Self>)
    where
        for<'kept> Self: Keep<'kept>,
    {
        let this = self.keep();
        let (value, pullback) = Self::neg_call_vjp(&self);
        (value, move |value_bar: &_, bar: Option<&mut Self::Tangent>| pullback(&this, value_bar, bar))
    }

    /// The value and its tangent, for a receiver that may be changed later.
    #[doc(hidden)]
    #[inline]
    #[track_caller]
    fn neg_call_mut_jvp(&self, self_dot: Option<&mut Self::Tangent>) -> (Self::Output, UnaryTangent<Self, Neg>) {
        ops::neg::call_jvp(self, self_dot.map(|dot| &*dot))
    }
}

impl<A: UnaryRule<Neg>> NegMethod for A {}

/// Declares the traits of compound assignments, written as methods.
macro_rules! assign_methods {
    ($($Trait:ident $method:ident $call_mut_vjp:ident $call_mut_jvp:ident $Op:ty;)*) => {$(
        #[doc = concat!("The compound assignment `", stringify!($method), "`, written as a method.")]
        pub trait $Trait<B: Differentiable>: AssignRule<$Op, B> {
            /// Assigns, and gives the pullback.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            #[allow(clippy::type_complexity)]
            fn $call_mut_vjp(
                &mut self,
                b: B,
            ) -> ((), impl Fn(&(), Option<&mut Self::Tangent>, Option<&mut B::Tangent>) + use<Self, B>) {
                let ((), pullback) = ops::$method::call_vjp(self, &b);
                let with_operand = move |(): &(), bar: Option<&mut Self::Tangent>, b_bar: Option<&mut B::Tangent>| {
                    pullback(&b, &(), bar, b_bar);
                };
                ((), with_operand)
            }

            /// Assigns, also to the tangent.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            fn $call_mut_jvp(
                &mut self,
                b: B,
                self_dot: Option<&mut Self::Tangent>,
                b_dot: Option<B::Tangent>,
            ) -> ((), ()) {
                ops::$method::call_jvp(self, &b, self_dot, b_dot.as_ref())
            }
        }

        impl<A: AssignRule<$Op, B>, B: Differentiable> $Trait<B> for A {}
    )*};
}

assign_methods! {
    AddAssignMethod add_assign add_assign_call_mut_vjp add_assign_call_mut_jvp Add;
    SubAssignMethod sub_assign sub_assign_call_mut_vjp sub_assign_call_mut_jvp Sub;
    MulAssignMethod mul_assign mul_assign_call_mut_vjp mul_assign_call_mut_jvp Mul;
    DivAssignMethod div_assign div_assign_call_mut_vjp div_assign_call_mut_jvp Div;
    RemAssignMethod rem_assign rem_assign_call_mut_vjp rem_assign_call_mut_jvp Rem;
}
