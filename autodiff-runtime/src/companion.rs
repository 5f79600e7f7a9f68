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

        impl $crate::TwiceDifferentiable for $name {}

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

            /// The derivative of [`Self::call_jvp`], whose tangent may be left out.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            #[allow(clippy::type_complexity)]
            pub fn call_jvp_call_vjp<X: UnaryCurve<$Op> + ?Sized>(
                x: &X,
                x_dot: Option<&X::Tangent>,
            ) -> (
                (X::Output, UnaryTangent<X, $Op>),
                impl Fn(
                    &X,
                    Option<&X::Tangent>,
                    &(UnaryTangent<X, $Op>, UnaryTangent<X, $Op>),
                    Option<&mut X::Tangent>,
                    Option<&mut X::Tangent>,
                ) + use<X>,
            ) {
                let pair = Self::call_jvp(x, x_dot);
                let kept = X::keep(&pair.0);
                let pullback = move |x: &X,
                                     x_dot: Option<&X::Tangent>,
                                     (value_bar, dot_bar): &(UnaryTangent<X, $Op>, UnaryTangent<X, $Op>),
                                     x_bar: Option<&mut X::Tangent>,
                                     x_dot_bar: Option<&mut X::Tangent>| {
                    if let Some(x_bar) = x_bar {
                        x.pull(&kept, value_bar, x_bar);
                        if let Some(x_dot) = x_dot {
                            x.bend(x_dot, dot_bar, x_bar);
                        }
                    }
                    if let Some(x_dot_bar) = x_dot_bar {
                        x.pull(&kept, dot_bar, x_dot_bar);
                    }
                };
                (pair, pullback)
            }

            /// The tangent of [`Self::call_jvp`].
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            #[allow(clippy::type_complexity)]
            pub fn call_jvp_call_jvp<X: UnaryCurve<$Op> + ?Sized>(
                x: &X,
                x_dot: Option<&X::Tangent>,
                x_tangent: Option<&X::Tangent>,
                x_dot_tangent: Option<&X::Tangent>,
            ) -> ((X::Output, UnaryTangent<X, $Op>), (UnaryTangent<X, $Op>, UnaryTangent<X, $Op>)) {
                let (value, value_dot) = Self::call_jvp(x, x_dot);
                let along = |dot: Option<&X::Tangent>| match dot {
                    Some(dot) => x.push(&value, dot),
                    None => $crate::zero_tangent(&value),
                };
                let (tangent, mut dot_tangent) = (along(x_tangent), along(x_dot_tangent));
                if let (Some(x_dot), Some(x_tangent)) = (x_dot, x_tangent) {
                    dot_tangent = $crate::rules::total(dot_tangent, &x.curve(&value, x_dot, x_tangent));
                }
                ((value, value_dot), (tangent, dot_tangent))
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

        impl $crate::TwiceDifferentiable for $name {}

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

            /// The derivative of [`Self::call_jvp`], whose tangents may be left out.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            #[allow(clippy::type_complexity)]
            pub fn call_jvp_call_vjp<A, B>(
                a: &A,
                b: &B,
                a_dot: Option<&A::Tangent>,
                b_dot: Option<&B::Tangent>,
            ) -> (
                (A::Output, BinaryTangent<A, $Op, B>),
                impl Fn(
                    &A,
                    &B,
                    Option<&A::Tangent>,
                    Option<&B::Tangent>,
                    &(BinaryTangent<A, $Op, B>, BinaryTangent<A, $Op, B>),
                    Option<&mut A::Tangent>,
                    Option<&mut B::Tangent>,
                    Option<&mut A::Tangent>,
                    Option<&mut B::Tangent>,
                ) + use<A, B>,
            )
            where
                A: BinaryCurve<$Op, B> + ?Sized,
                B: Differentiable + ?Sized,
            {
                let pullback = |a: &A,
                                b: &B,
                                a_dot: Option<&A::Tangent>,
                                b_dot: Option<&B::Tangent>,
                                (value_bar, dot_bar): &(BinaryTangent<A, $Op, B>, BinaryTangent<A, $Op, B>),
                                mut a_bar: Option<&mut A::Tangent>,
                                mut b_bar: Option<&mut B::Tangent>,
                                a_dot_bar: Option<&mut A::Tangent>,
                                b_dot_bar: Option<&mut B::Tangent>| {
                    a.pull(b, value_bar, a_bar.as_deref_mut(), b_bar.as_deref_mut());
                    a.bend(b, (a_dot, b_dot), dot_bar, (a_bar, b_bar));
                    a.pull(b, dot_bar, a_dot_bar, b_dot_bar);
                };
                (Self::call_jvp(a, b, a_dot, b_dot), pullback)
            }

            /// The tangent of [`Self::call_jvp`].
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            #[allow(clippy::type_complexity, clippy::too_many_arguments)]
            pub fn call_jvp_call_jvp<A, B>(
                a: &A,
                b: &B,
                a_dot: Option<&A::Tangent>,
                b_dot: Option<&B::Tangent>,
                a_tangent: Option<&A::Tangent>,
                b_tangent: Option<&B::Tangent>,
                a_dot_tangent: Option<&A::Tangent>,
                b_dot_tangent: Option<&B::Tangent>,
            ) -> (
                (A::Output, BinaryTangent<A, $Op, B>),
                (BinaryTangent<A, $Op, B>, BinaryTangent<A, $Op, B>),
            )
            where
                A: BinaryCurve<$Op, B> + ?Sized,
                B: Differentiable + ?Sized,
            {
                let (value, value_dot) = Self::call_jvp(a, b, a_dot, b_dot);
                let tangent = a.push(b, &value, a_tangent, b_tangent);
                let moved = a.curve(b, &value, (a_dot, b_dot), (a_tangent, b_tangent));
                let dot_tangent = $crate::rules::total(a.push(b, &value, a_dot_tangent, b_dot_tangent), &moved);
                ((value, value_dot), (tangent, dot_tangent))
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

        impl $crate::TwiceDifferentiable for $name {}

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

            /// The derivative of [`Self::call_jvp`], whose tangent of the right operand may be left out.
            ///
            /// # Panics
            ///
            /// If there is no tangent to assign to; the pullback, if it is not given the cotangents of what was assigned.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            #[allow(clippy::type_complexity)]
            pub fn call_jvp_call_vjp<A, B>(
                a: &mut A,
                b: &B,
                a_dot: Option<&mut A::Tangent>,
                b_dot: Option<&B::Tangent>,
            ) -> (
                ((), ()),
                impl Fn(
                    &B,
                    Option<&B::Tangent>,
                    &((), ()),
                    Option<&mut A::Tangent>,
                    Option<&mut B::Tangent>,
                    Option<&mut A::Tangent>,
                    Option<&mut B::Tangent>,
                ) + use<A, B>,
            )
            where
                A: AssignCurve<$Op, B> + ?Sized,
                B: Differentiable + ?Sized,
            {
                let a_dot = $crate::in_out(a_dot);
                let (kept, kept_dot) = (a.keep(), a_dot.clone());
                a.push(b, a_dot, b_dot);
                let pullback = move |b: &B,
                                     b_dot: Option<&B::Tangent>,
                                     ((), ()): &((), ()),
                                     bar: Option<&mut A::Tangent>,
                                     mut b_bar: Option<&mut B::Tangent>,
                                     dot_bar: Option<&mut A::Tangent>,
                                     b_dot_bar: Option<&mut B::Tangent>| {
                    let (bar, dot_bar) = ($crate::in_out(bar), $crate::in_out(dot_bar));
                    A::pull(&kept, b, bar, b_bar.as_deref_mut());
                    A::bend(&kept, b, (&kept_dot, b_dot), dot_bar, (bar, b_bar));
                    A::pull(&kept, b, dot_bar, b_dot_bar);
                };
                (((), ()), pullback)
            }

            /// The tangent of [`Self::call_jvp`].
            ///
            /// # Panics
            ///
            /// If there are no tangents to assign to.
            #[doc(hidden)]
            #[inline]
            #[track_caller]
            #[allow(clippy::too_many_arguments)]
            pub fn call_jvp_call_jvp<A, B>(
                a: &mut A,
                b: &B,
                a_dot: Option<&mut A::Tangent>,
                b_dot: Option<&B::Tangent>,
                a_tangent: Option<&mut A::Tangent>,
                b_tangent: Option<&B::Tangent>,
                a_dot_tangent: Option<&mut A::Tangent>,
                b_dot_tangent: Option<&B::Tangent>,
            ) -> (((), ()), ((), ()))
            where
                A: AssignCurve<$Op, B> + Clone,
                B: Differentiable + ?Sized,
            {
                let (a_dot, a_tangent) = ($crate::in_out(a_dot), $crate::in_out(a_tangent));
                let a_dot_tangent = $crate::in_out(a_dot_tangent);
                let (kept, kept_dot, kept_tangent) = (a.keep(), a_dot.clone(), a_tangent.clone());
                a.clone().push(b, a_tangent, b_tangent);
                a.clone().push(b, a_dot_tangent, b_dot_tangent);
                A::curve(&kept, b, (&kept_dot, b_dot), (&kept_tangent, b_tangent), a_dot_tangent);
                a.push(b, a_dot, b_dot);
                (((), ()), ((), ()))
            }
        }
    )*};
}

pub(crate) use {assign_companion, binary_companion, unary_companion};
