//! Functions over the rules, each with its companion.

/// Defines a function of one operand of any type that has the rule, and its companion.
macro_rules! unary_companion {
    ($($(#[$doc:meta])* $name:ident, $Op:ty;)*) => {$(
        $(#[$doc])*
        #[inline]
        #[track_caller]
        pub fn $name<X: UnaryRule<$Op> + ?Sized>(x: &X) -> X::Output {
            x.value()
        }

        #[doc = concat!("Derivatives of the function [`", stringify!($name), "`](fn@", stringify!($name), ").")]
        #[allow(non_camel_case_types)]
        pub enum $name {}

        impl $name {
            /// The value, and a pullback that is given the operand again, the cotangent of the value, and the place
            /// to add the cotangent of the operand to.
            #[inline]
            #[track_caller]
            #[allow(clippy::type_complexity)]
            pub fn call_vjp<X: UnaryRule<$Op> + ?Sized>(
                x: &X,
            ) -> (X::Output, impl Fn(&X, &UnaryTangent<X, $Op>, Option<&mut X::Tangent>) + use<X>) {
                let value = x.value();
                let kept = X::keep(&value);
                let pullback = move |x: &X, value_bar: &UnaryTangent<X, $Op>, x_bar: Option<&mut X::Tangent>| {
                    if let Some(x_bar) = x_bar {
                        x.pull(&kept, value_bar, x_bar);
                    }
                };
                (value, pullback)
            }

            /// The value and its tangent; `None` stands for a zero tangent of the operand.
            #[inline]
            #[track_caller]
            pub fn call_jvp<X: UnaryRule<$Op> + ?Sized>(
                x: &X,
                x_dot: Option<&X::Tangent>,
            ) -> (X::Output, UnaryTangent<X, $Op>) {
                let value = x.value();
                let value_dot = match x_dot {
                    Some(x_dot) => x.push(&value, x_dot),
                    None => $crate::zero_tangent(&value),
                };
                (value, value_dot)
            }
        }
    )*};
}

/// Defines a function of two operands of any types that have the rule, and its companion.
macro_rules! binary_companion {
    ($($(#[$doc:meta])* $name:ident, $Op:ty;)*) => {$(
        $(#[$doc])*
        #[inline]
        #[track_caller]
        pub fn $name<A, B>(a: &A, b: &B) -> A::Output
        where
            A: BinaryRule<$Op, B> + ?Sized,
            B: Differentiable + ?Sized,
        {
            a.value(b)
        }

        #[doc = concat!("Derivatives of the function [`", stringify!($name), "`](fn@", stringify!($name), ").")]
        #[allow(non_camel_case_types)]
        pub enum $name {}

        impl $name {
            /// The value, and a pullback that is given the operands again, the cotangent of the value, and the places
            /// to add the cotangents of the operands to.
            #[inline]
            #[track_caller]
            #[allow(clippy::type_complexity)]
            pub fn call_vjp<A, B>(
                a: &A,
                b: &B,
            ) -> (
                A::Output,
                impl Fn(&A, &B, &BinaryTangent<A, $Op, B>, Option<&mut A::Tangent>, Option<&mut B::Tangent>)
                    + use<A, B>,
            )
            where
                A: BinaryRule<$Op, B> + ?Sized,
                B: Differentiable + ?Sized,
            {
                let pullback = |a: &A,
                                b: &B,
                                value_bar: &BinaryTangent<A, $Op, B>,
                                a_bar: Option<&mut A::Tangent>,
                                b_bar: Option<&mut B::Tangent>| {
                    a.pull(b, value_bar, a_bar, b_bar);
                };
                (a.value(b), pullback)
            }

            /// The value and its tangent; `None` stands for a zero tangent of an operand.
            #[inline]
            #[track_caller]
            pub fn call_jvp<A, B>(
                a: &A,
                b: &B,
                a_dot: Option<&A::Tangent>,
                b_dot: Option<&B::Tangent>,
            ) -> (A::Output, BinaryTangent<A, $Op, B>)
            where
                A: BinaryRule<$Op, B> + ?Sized,
                B: Differentiable + ?Sized,
            {
                let value = a.value(b);
                let value_dot = a.push(b, &value, a_dot, b_dot);
                (value, value_dot)
            }
        }
    )*};
}

/// Defines a compound assignment to a value of any type that has the rule, and its companion.
macro_rules! assign_companion {
    ($($(#[$doc:meta])* $name:ident, $Op:ty;)*) => {$(
        $(#[$doc])*
        #[inline]
        #[track_caller]
        pub fn $name<A, B>(a: &mut A, b: &B)
        where
            A: AssignRule<$Op, B> + ?Sized,
            B: Differentiable + ?Sized,
        {
            a.assign(b);
        }

        #[doc = concat!("Derivatives of the function [`", stringify!($name), "`](fn@", stringify!($name), ").")]
        #[allow(non_camel_case_types)]
        pub enum $name {}

        impl $name {
            /// Assigns, and gives a pullback that is given the right operand again, turns the cotangent of what was
            /// assigned into that of what was there before, and adds the cotangent of the right operand.
            ///
            /// # Panics
            ///
            /// The pullback panics if it is not given the cotangent of what was assigned.
            #[inline]
            #[track_caller]
            #[allow(clippy::type_complexity)]
            pub fn call_vjp<A, B>(
                a: &mut A,
                b: &B,
            ) -> ((), impl Fn(&B, &(), Option<&mut A::Tangent>, Option<&mut B::Tangent>) + use<A, B>)
            where
                A: AssignRule<$Op, B> + ?Sized,
                B: Differentiable + ?Sized,
            {
                let kept = a.keep();
                a.assign(b);
                let pullback = move |b: &B, (): &(), bar: Option<&mut A::Tangent>, b_bar: Option<&mut B::Tangent>| {
                    A::pull(&kept, b, $crate::in_out(bar), b_bar);
                };
                ((), pullback)
            }

            /// Assigns, also to the tangent; `None` stands for a zero tangent of the right operand.
            ///
            /// # Panics
            ///
            /// If there is no tangent to assign to.
            #[inline]
            #[track_caller]
            pub fn call_jvp<A, B>(
                a: &mut A,
                b: &B,
                a_dot: Option<&mut A::Tangent>,
                b_dot: Option<&B::Tangent>,
            ) -> ((), ())
            where
                A: AssignRule<$Op, B> + ?Sized,
                B: Differentiable + ?Sized,
            {
                a.push(b, $crate::in_out(a_dot), b_dot);
                ((), ())
            }
        }
    )*};
}

pub(crate) use {assign_companion, binary_companion, unary_companion};
