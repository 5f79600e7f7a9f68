//! Conversions: the derivatives of `From`, by the type that is converted and the type that it becomes.
//!
//! A type has any number of implementations of `From`, whose derivatives cannot all be functions of the type. They are
//! implementations of a trait here, and what is called `into` anywhere finds them by its types.

use crate::Differentiable;
use crate::tangent::Tangent;

/// The derivatives of `From<A> for Self`.
#[diagnostic::on_unimplemented(
    message = "the conversion of `{A}` into `{Self}` has no derivative",
    note = "write `#[differentiable]` before the `impl From<{A}> for {Self}`"
)]
pub trait FromRule<A: Differentiable>: Differentiable + Sized {
    /// The converted value and its pullback.
    #[doc(hidden)]
    #[allow(clippy::type_complexity)]
    fn from_call_vjp(value: A) -> (Self, impl Fn(&Self::Tangent, Option<&mut A::Tangent>));

    /// The converted value and its tangent.
    #[doc(hidden)]
    fn from_call_jvp(value: A, value_dot: Option<A::Tangent>) -> (Self, Self::Tangent);
}

/// The derivatives of `From<&A> for Self`: what is converted stays where it is, and a pullback is given it again.
#[diagnostic::on_unimplemented(
    message = "the conversion of `&{A}` into `{Self}` has no derivative",
    note = "write `#[differentiable]` before the `impl From<&{A}> for {Self}`"
)]
pub trait FromRefRule<A: ?Sized>: Differentiable + Sized {
    /// What tangents and cotangents of `A` are borrowed as.
    #[doc(hidden)]
    type Part: ?Sized;

    /// The converted value.
    #[doc(hidden)]
    #[inline]
    fn from_ref<'a>(value: &'a A) -> Self
    where
        Self: From<&'a A>,
    {
        Self::from(value)
    }

    /// The converted value and its pullback.
    #[doc(hidden)]
    #[allow(clippy::type_complexity)]
    fn from_ref_call_vjp(value: &A) -> (Self, impl Fn(&A, &Self::Tangent, Option<&mut Self::Part>) + use<Self, A>);

    /// The converted value and its tangent.
    #[doc(hidden)]
    fn from_ref_call_jvp(value: &A, value_dot: Option<&Self::Part>) -> (Self, Self::Tangent);
}

impl<T: Differentiable> FromRule<T> for T {
    #[inline]
    fn from_call_vjp(value: T) -> (T, impl Fn(&T::Tangent, Option<&mut T::Tangent>)) {
        (value, add::<T>)
    }

    #[inline]
    fn from_call_jvp(value: T, value_dot: Option<T::Tangent>) -> (T, T::Tangent) {
        let value_dot = value_dot.unwrap_or_else(|| value.zero_tangent());
        (value, value_dot)
    }
}

impl<T: Differentiable> FromRule<T> for Option<T> {
    #[inline]
    fn from_call_vjp(value: T) -> (Self, impl Fn(&Option<T::Tangent>, Option<&mut T::Tangent>)) {
        let pullback = |bar: &Option<T::Tangent>, value_bar: Option<&mut T::Tangent>| {
            if let Some(bar) = bar {
                add::<T>(bar, value_bar);
            }
        };
        (Some(value), pullback)
    }

    #[inline]
    fn from_call_jvp(value: T, value_dot: Option<T::Tangent>) -> (Self, Option<T::Tangent>) {
        let value_dot = value_dot.unwrap_or_else(|| value.zero_tangent());
        (Some(value), Some(value_dot))
    }
}

impl FromRule<f32> for f64 {
    #[inline]
    fn from_call_vjp(value: f32) -> (f64, impl Fn(&f64, Option<&mut f32>)) {
        #[allow(clippy::cast_possible_truncation)]
        let pullback = |bar: &f64, value_bar: Option<&mut f32>| add::<f32>(&(*bar as f32), value_bar);
        (f64::from(value), pullback)
    }

    #[inline]
    fn from_call_jvp(value: f32, value_dot: Option<f32>) -> (f64, f64) {
        (f64::from(value), value_dot.map_or(0.0, f64::from))
    }
}

/// The conversions between tuples and arrays.
macro_rules! tuples {
    ($($len:literal: $($name:ident $Tuple:ident)+;)*) => {$(
        impl<T: Differentiable> FromRule<($($Tuple,)+)> for [T; $len] {
            #[inline]
            fn from_call_vjp(
                value: ($($Tuple,)+),
            ) -> (Self, impl Fn(&[T::Tangent; $len], Option<&mut ($(<$Tuple as Differentiable>::Tangent,)+)>)) {
                let pullback = |[$($name),+]: &[T::Tangent; $len], value_bar: Option<&mut ($(<$Tuple as Differentiable>::Tangent,)+)>| {
                    if let Some(value_bar) = value_bar {
                        value_bar.accumulate(&($($name.clone(),)+));
                    }
                };
                (value.into(), pullback)
            }

            #[inline]
            fn from_call_jvp(
                value: ($($Tuple,)+),
                value_dot: Option<($(<$Tuple as Differentiable>::Tangent,)+)>,
            ) -> (Self, [T::Tangent; $len]) {
                let value_dot = value_dot.unwrap_or_else(|| value.zero_tangent());
                (value.into(), value_dot.into())
            }
        }

        impl<T: Differentiable> FromRule<[T; $len]> for ($($Tuple,)+) {
            #[inline]
            fn from_call_vjp(
                value: [T; $len],
            ) -> (Self, impl Fn(&($(<$Tuple as Differentiable>::Tangent,)+), Option<&mut [T::Tangent; $len]>)) {
                let pullback = |($($name,)+): &($(<$Tuple as Differentiable>::Tangent,)+), value_bar: Option<&mut [T::Tangent; $len]>| {
                    if let Some(value_bar) = value_bar {
                        value_bar.accumulate(&[$($name.clone()),+]);
                    }
                };
                (value.into(), pullback)
            }

            #[inline]
            fn from_call_jvp(
                value: [T; $len],
                value_dot: Option<[T::Tangent; $len]>,
            ) -> (Self, ($(<$Tuple as Differentiable>::Tangent,)+)) {
                let value_dot = value_dot.unwrap_or_else(|| value.zero_tangent());
                (value.into(), value_dot.into())
            }
        }
    )*};
}

tuples! {
    2: a T b T;
    3: a T b T c T;
    4: a T b T c T d T;
}

fn add<T: Differentiable>(bar: &T::Tangent, value_bar: Option<&mut T::Tangent>) {
    if let Some(value_bar) = value_bar {
        value_bar.accumulate(bar);
    }
}

/// `value.into()`.
#[inline]
pub fn into<A, B: From<A>>(value: A) -> B {
    B::from(value)
}

/// Derivatives of the function [`into`](fn@into).
#[allow(non_camel_case_types, missing_debug_implementations)]
pub enum into {}

impl into {
    /// The converted value and its pullback.
    #[inline]
    #[allow(clippy::type_complexity)]
    pub fn call_vjp<A: Differentiable, B: FromRule<A>>(value: A) -> (B, impl Fn(&B::Tangent, Option<&mut A::Tangent>)) {
        B::from_call_vjp(value)
    }

    /// The converted value and its tangent.
    #[inline]
    pub fn call_jvp<A: Differentiable, B: FromRule<A>>(value: A, value_dot: Option<A::Tangent>) -> (B, B::Tangent) {
        B::from_call_jvp(value, value_dot)
    }
}

/// `value.into()` of a reference.
#[inline]
pub fn into_ref<'a, A: ?Sized, B: From<&'a A>>(value: &'a A) -> B {
    B::from(value)
}

/// Derivatives of the function [`into_ref`](fn@into_ref).
#[allow(non_camel_case_types, missing_debug_implementations)]
pub enum into_ref {}

impl into_ref {
    /// The converted value and its pullback.
    #[inline]
    #[allow(clippy::type_complexity)]
    pub fn call_vjp<A: ?Sized, B: FromRefRule<A>>(
        value: &A,
    ) -> (B, impl Fn(&A, &B::Tangent, Option<&mut B::Part>) + use<A, B>) {
        B::from_ref_call_vjp(value)
    }

    /// The converted value and its tangent.
    #[inline]
    pub fn call_jvp<A: ?Sized, B: FromRefRule<A>>(value: &A, value_dot: Option<&B::Part>) -> (B, B::Tangent) {
        B::from_ref_call_jvp(value, value_dot)
    }
}
