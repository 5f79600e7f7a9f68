//! The common form of a function of arrays and its companion.

use std::ops::Deref;

use ndarray::{Array, ArrayRef, Dimension};

use crate::buffers::{self, Kept, kept_numbers};
use crate::{Float, zero_tangent};

/// The elements of an array in row-major order.
pub(crate) enum Rows<'a, A> {
    /// The array's own memory.
    Own(&'a [A]),
    Copied(Kept<Vec<A>>),
}

impl<A> Deref for Rows<'_, A> {
    type Target = [A];

    fn deref(&self) -> &[A] {
        match self {
            Self::Own(elements) => elements,
            Self::Copied(elements) => elements,
        }
    }
}

/// The elements of an array in row-major order, copied if they lie in another one.
pub(crate) fn in_rows<A: Float, D: Dimension>(array: &ArrayRef<A, D>) -> Rows<'_, A> {
    array.as_slice().map_or_else(
        || Rows::Copied(kept_numbers(buffers::copy_in_rows(array.view()).into_raw_vec_and_offset().0)),
        Rows::Own,
    )
}

/// Lets `add` add to the elements of a cotangent in row-major order. A cotangent without elements is zero.
pub(crate) fn with_slice<A: Float, D: Dimension>(
    bar: &mut Array<A, D>,
    primal: &ArrayRef<A, D>,
    add: impl FnOnce(&mut [A]),
) {
    if bar.len() != primal.len() {
        *bar = zero_tangent(primal);
    }
    if let Some(places) = bar.as_slice_mut() {
        return add(places);
    }
    let mut added = buffers::zeros(primal.raw_dim());
    add(added.as_slice_mut().expect("a new array is in row-major order"));
    *bar += &added;
    buffers::hand_back_array(added);
}

/// Declares types whose values carry no derivative, whatever is done with them: with or without `#[nograd]`, a field of
/// such a type has the same tangent.
macro_rules! constants {
    ($([$($generics:tt)*] $ty:ty),*) => {$(
        impl<$($generics)*> crate::Differentiable for $ty {
            type Tangent = crate::NoGradField;

            #[inline]
            fn zero_tangent(&self) -> crate::NoGradField {
                crate::NoGradField
            }
        }

        impl<$($generics)*> crate::SameShape<crate::NoGradField> for $ty {
            #[inline]
            fn shape_mismatch(&self, _: &crate::NoGradField) -> Option<crate::ShapeMismatch> {
                None
            }
        }

        impl<$($generics)*> crate::Leaves for $ty {
            #[inline]
            fn visit_leaves<'v, V: crate::LeafVisitor<'v>>(&'v self, _: &crate::LeafPath<'_>, _: &mut V) {}
        }

        impl<$($generics)*> crate::LeavesMut for $ty {
            #[inline]
            fn visit_leaves_mut<V: crate::LeafVisitorMut>(&mut self, _: &crate::LeafPath<'_>, _: &mut V) {}
        }
    )*};
}

pub(crate) use constants;

/// Panics unless there are as many numbers as the second axis is long.
#[track_caller]
pub(crate) fn check_channels(operation: &str, shape: &[usize], numbers: usize) {
    assert!(
        shape.len() >= 2 && shape[1] == numbers,
        "`{operation}`: {numbers} numbers for the channels of an array of shape {shape:?}"
    );
}

/// Defines a function of arrays and its companion from its value, its reverse rule and its forward rule.
///
/// The parameters are, between semicolons: arrays that are differentiated, each with the names of its cotangent and its
/// tangent; what is passed by reference and has no derivative; what is passed by value and has none. A number that has
/// none has the cotangent `NoGradField`: a call with a number that has a derivative then does not compile.
///
/// - `value` computes the value and what the reverse rule needs of it.
/// - `reverse` adds to the cotangents that are wanted.
/// - `forward` is given the value and the same, and computes the tangent; a tangent that is `None` is zero.
/// - `second` says how the function is differentiated twice, if it is: [`twice`](super::twice) has the kinds.
macro_rules! rule {
    (
        $(#[$doc:meta])*
        fn $name:ident[$($generics:tt)*](
            $($x:ident $x_bar:ident $x_dot:ident: $X:ty => $T:ty),+;
            $($r:ident: $R:ty => $RT:ty),*;
            $($o:ident: $O:ty => $OT:ty),*
        ) -> $Y:ty, keeps $K:ty, captures [$($captured:tt)*];
        value $value:block
        reverse |$kept:ident, $y_bar:ident| $reverse:block
        forward |$y:ident, $kept2:ident| $forward:block
        $(second $($kind:tt)*)?
    ) => {
        $(#[$doc])*
        #[track_caller]
        pub fn $name<$($generics)*>($($x: &$X,)+ $($r: &$R,)* $($o: $O,)*) -> $Y {
            let (y, _): ($Y, $K) = $value;
            y
        }

        #[doc = concat!("Derivatives of the function [`", stringify!($name), "`](fn@", stringify!($name), ").")]
        #[allow(non_camel_case_types)]
        pub enum $name {}

        #[allow(clippy::type_complexity, clippy::too_many_arguments, clippy::redundant_closure_call, unused_parens)]
        impl $name {
            /// The value, and a pullback from the cotangent of the value to those of the arrays.
            #[track_caller]
            pub fn vjp<'x, $($generics)*>(
                $($x: &'x $X,)+ $($r: &'x $R,)* $($o: $O,)*
            ) -> ($Y, impl Fn($Y) -> ($($T),+) + use<'x, $($captured)*>) {
                let (y, pullback) = Self::call_vjp($($x,)+ $($r,)* $($o,)*);
                let pullback = move |y_bar: $Y| {
                    $(let mut $x_bar: $T = crate::zero_tangent($x);)+
                    pullback(
                        $($x,)+ $($r,)* &y_bar,
                        $(Some(&mut $x_bar),)+ $(crate::nn::rule::no_cotangent!($r),)* $(crate::nn::rule::no_cotangent!($o),)*
                    );
                    ($($x_bar),+)
                };
                (y, pullback)
            }

            /// The value, and the directional derivative along the tangents.
            #[track_caller]
            pub fn jvp<$($generics)*>(
                $($x: &$X,)+ $($r: &$R,)* $($o: $O,)* $($x_dot: &$T,)+
            ) -> ($Y, $Y) {
                Self::call_jvp(
                    $($x,)+ $($r,)* $($o,)* $(Some($x_dot),)+ $(crate::nn::rule::no_cotangent!($r),)* $(crate::nn::rule::no_cotangent!($o),)*
                )
            }

            #[doc(hidden)]
            #[track_caller]
            pub fn call_vjp<$($generics)*>(
                $($x: &$X,)+ $($r: &$R,)* $($o: $O,)*
            ) -> (
                $Y,
                impl Fn(
                    $(&$X,)+ $(&$R,)* &$Y,
                    $(Option<&mut $T>,)+ $(Option<&mut $RT>,)* $(Option<&mut $OT>,)*
                ) + use<$($captured)*>,
            ) {
                let (y, $kept): ($Y, $K) = $value;
                #[allow(unused_variables)]
                let pullback = move |
                    $($x: &$X,)+ $($r: &$R,)* $y_bar: &$Y,
                    $($x_bar: Option<&mut $T>,)+
                    $(crate::nn::rule::no_cotangent!(@name $r): Option<&mut $RT>,)* $(crate::nn::rule::no_cotangent!(@name $o): Option<&mut $OT>,)*
                | {
                    let $kept = &$kept;
                    $reverse
                };
                (y, pullback)
            }

            #[doc(hidden)]
            #[track_caller]
            #[allow(unused_variables)]
            pub fn call_jvp<$($generics)*>(
                $($x: &$X,)+ $($r: &$R,)* $($o: $O,)*
                $($x_dot: Option<&$T>,)+
                $(crate::nn::rule::no_cotangent!(@name $r): Option<&$RT>,)* $(crate::nn::rule::no_cotangent!(@name $o): Option<$OT>,)*
            ) -> ($Y, $Y) {
                let ($y, $kept2): ($Y, $K) = $value;
                let y_dot: $Y = (|| {
                    let ($y, $kept2) = (&$y, &$kept2);
                    $forward
                })();
                ($y, y_dot)
            }

            /// What `call_vjp` and `call_jvp` give, with one value.
            #[doc(hidden)]
            #[track_caller]
            #[allow(unused_variables)]
            pub fn call_both<$($generics)*>(
                $($x: &$X,)+ $($r: &$R,)* $($o: $O,)*
                $($x_dot: Option<&$T>,)+
            ) -> (
                ($Y, $Y),
                impl Fn(
                    $(&$X,)+ $(&$R,)* &$Y,
                    $(Option<&mut $T>,)+ $(Option<&mut $RT>,)* $(Option<&mut $OT>,)*
                ) + use<$($captured)*>,
            ) {
                let ($y, kept): ($Y, $K) = $value;
                let y_dot: $Y = (|| {
                    let ($y, $kept2) = (&$y, &kept);
                    $forward
                })();
                let pullback = move |
                    $($x: &$X,)+ $($r: &$R,)* $y_bar: &$Y,
                    $($x_bar: Option<&mut $T>,)+
                    $(crate::nn::rule::no_cotangent!(@name $r): Option<&mut $RT>,)* $(crate::nn::rule::no_cotangent!(@name $o): Option<&mut $OT>,)*
                | {
                    let $kept = &kept;
                    $reverse
                };
                (($y, y_dot), pullback)
            }
        }

        crate::nn::twice::twice! {
            [$($($kind)*)?] $name[$($generics)*](
                $($x $x_bar $x_dot: $X => $T),+;
                $($r: $R => $RT),*;
                $($o: $O => $OT),*
            ) -> $Y, captures [$($captured)*]
        }
    };
}

/// What is passed for the cotangent of something that has none, and the name of that parameter.
macro_rules! no_cotangent {
    (@name $name:ident) => {
        _
    };
    ($name:ident) => {
        None
    };
}

pub(crate) use {no_cotangent, rule};
