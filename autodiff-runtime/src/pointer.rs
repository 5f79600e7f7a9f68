//! Values put behind pointers: the tangent of what a pointer holds is that of the value.

use crate::Differentiable;

/// `Box::new`, `Rc::new` and `Arc::new` as functions that have derivatives.
macro_rules! pointers {
    ($($name:ident => $pointer:ty;)*) => {$(
        #[doc = concat!("Puts a value into a `", stringify!($pointer), "`.")]
        #[inline]
        pub fn $name<T>(value: T) -> $pointer {
            <$pointer>::new(value)
        }

        #[doc = concat!("Derivatives of the function [`", stringify!($name), "`](fn@", stringify!($name), ").")]
        #[allow(non_camel_case_types, missing_debug_implementations)]
        pub enum $name {}

        impl crate::TwiceDifferentiable for $name {}

        impl $name {
            /// The pointer and its pullback.
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn call_vjp<T: Differentiable>(
                value: T,
            ) -> ($pointer, impl Fn(&T::Tangent, Option<&mut T::Tangent>) + use<T>) {
                let pullback = |pointer_bar: &T::Tangent, value_bar: Option<&mut T::Tangent>| {
                    if let Some(value_bar) = value_bar {
                        crate::Tangent::accumulate(value_bar, pointer_bar);
                    }
                };
                (<$pointer>::new(value), pullback)
            }

            /// The pointer and its tangent.
            #[inline]
            pub fn call_jvp<T: Differentiable>(value: T, value_dot: Option<T::Tangent>) -> ($pointer, T::Tangent) {
                let pointer_dot = value_dot.unwrap_or_else(|| value.zero_tangent());
                (<$pointer>::new(value), pointer_dot)
            }

            /// The derivative of [`Self::call_jvp`], which is linear.
            #[doc(hidden)]
            #[inline]
            #[allow(clippy::type_complexity)]
            pub fn call_jvp_call_vjp<T: Differentiable>(
                value: T,
                value_dot: Option<T::Tangent>,
            ) -> (
                ($pointer, T::Tangent),
                impl Fn(&(T::Tangent, T::Tangent), Option<&mut T::Tangent>, Option<&mut T::Tangent>) + use<T>,
            ) {
                let pullback = |(pointer_bar, dot_bar): &(T::Tangent, T::Tangent),
                                value_bar: Option<&mut T::Tangent>,
                                value_dot_bar: Option<&mut T::Tangent>| {
                    for (from, to) in [(pointer_bar, value_bar), (dot_bar, value_dot_bar)] {
                        if let Some(to) = to {
                            crate::Tangent::accumulate(to, from);
                        }
                    }
                };
                (Self::call_jvp(value, value_dot), pullback)
            }

            /// The tangent of [`Self::call_jvp`].
            #[doc(hidden)]
            #[inline]
            pub fn call_jvp_call_jvp<T: Differentiable>(
                value: T,
                value_dot: Option<T::Tangent>,
                tangent: Option<T::Tangent>,
                dot_tangent: Option<T::Tangent>,
            ) -> (($pointer, T::Tangent), (T::Tangent, T::Tangent)) {
                let or_zero = |dot: Option<T::Tangent>| dot.unwrap_or_else(|| value.zero_tangent());
                let tangents = (or_zero(tangent), or_zero(dot_tangent));
                (Self::call_jvp(value, value_dot), tangents)
            }
        }
    )*};
}

pointers! {
    boxed => Box<T>;
    counted => std::rc::Rc<T>;
    shared => std::sync::Arc<T>;
}
