#[allow(dead_code)]
fn penalty<T: Float + FromPrimitive, const N: usize>(x: &[T; N], strength: T) -> T {
    let half = T::from_f64(0.5).unwrap();
    let mut s = T::zero();
    for i in 0..N {
        s = s + half * x[i].powi(2) + x[i].sqrt();
    }
    s * T::max(strength, T::one())
}
/// Derivatives of the function [`penalty`](fn@penalty).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum penalty {}
#[allow(
    warnings,
    unused,
    nonstandard_style,
    unreachable_pub,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction
)]
const _: () = {
    use ::differentiable::rt::{self, prelude::*};
    impl penalty {
        /// The value of `penalty`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into<T: Float + FromPrimitive, const N: usize>(
            x: &[T; N],
            strength: T,
            x_bar: &mut [T; N],
            strength_bar: &mut T,
        ) -> T
        where
            T: rt::Scalar,
        {
            let half = T::from_f64(0.5).unwrap();
            let mut s = T::zero();
            for i in 0..N {
                s = s + half * x[i].powi(2) + x[i].sqrt();
            }
            let one = T::one();
            let max_strength = T::max(strength, one);
            *strength_bar += s * rt::max_weight(strength, one);
            let mut s_bar = max_strength;
            for i in (0..N).rev() {
                x_bar[i]
                    += s_bar * (rt::of::<T>(0.5) / x[i].sqrt())
                        + s_bar * half * (rt::of::<T>(2.0) * x[i]);
            }
            s * max_strength
        }
        /// The value of `penalty` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad<T: Float + FromPrimitive, const N: usize>(
            x: &[T; N],
            strength: T,
        ) -> (T, ([T; N], T))
        where
            T: rt::Scalar,
        {
            let mut x_bar = [rt::of::<T>(0.0); N];
            let mut strength_bar = rt::of::<T>(0.0);
            let value = Self::value_and_grad_into::<
                T,
                N,
            >(x, strength, &mut x_bar, &mut strength_bar);
            (value, (x_bar, strength_bar))
        }
        /// The gradients of `penalty`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad<T: Float + FromPrimitive, const N: usize>(
            x: &[T; N],
            strength: T,
        ) -> ([T; N], T)
        where
            T: rt::Scalar,
        {
            Self::value_and_grad::<T, N>(x, strength).1
        }
        /// The value of `penalty` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a, T: Float + FromPrimitive, const N: usize>(
            x: &'a [T; N],
            strength: T,
        ) -> (T, impl Fn(T) -> ([T; N], T) + use<'a, T, N>)
        where
            T: rt::Scalar,
        {
            let (value, pullback) = Self::call_vjp::<T, N>(x, strength);
            let pullback = move |value_bar: T| {
                let mut x_bar = [rt::of::<T>(0.0); N];
                let mut strength_bar = rt::of::<T>(0.0);
                pullback(x, &value_bar, Some(&mut x_bar), Some(&mut strength_bar));
                (x_bar, strength_bar)
            };
            (value, pullback)
        }
        /// The value of `penalty` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp<T: Float + FromPrimitive, const N: usize>(
            x: &[T; N],
            strength: T,
            x_dot: &[T; N],
            strength_dot: T,
        ) -> (T, T)
        where
            T: rt::Scalar,
        {
            let half = T::from_f64(0.5).unwrap();
            let mut s_dot = rt::of::<T>(0.0);
            let mut s = T::zero();
            for i in 0..N {
                let sqrt_x_i = x[i].sqrt();
                s_dot = s_dot + half * (rt::of::<T>(2.0) * x[i] * x_dot[i])
                    + rt::of::<T>(0.5) / sqrt_x_i * x_dot[i];
                s = s + half * x[i].powi(2) + sqrt_x_i;
            }
            let one = T::one();
            let max_strength = T::max(strength, one);
            (
                s * max_strength,
                s_dot * max_strength + s * (rt::max_weight(strength, one) * strength_dot),
            )
        }
        /// The value of `penalty` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp<T: Float + FromPrimitive, const N: usize>(
            x: &[T; N],
            strength: T,
        ) -> (T, impl Fn(&[T; N], &T, Option<&mut [T; N]>, Option<&mut T>) + use<T, N>)
        where
            T: rt::Scalar,
        {
            let half = T::from_f64(0.5).unwrap();
            let mut s = T::zero();
            for i in 0..N {
                s = s + half * x[i].powi(2) + x[i].sqrt();
            }
            let one = T::one();
            let max_strength = T::max(strength, one);
            let value = s * max_strength;
            let pullback = move |
                x: &[T; N],
                &value_bar: &T,
                mut x_bar: Option<&mut [T; N]>,
                mut strength_bar: Option<&mut T>|
            {
                let mut s_bar = value_bar * max_strength;
                let product = value_bar * s * rt::max_weight(strength, one);
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    for i in (0..N).rev() {
                        x_bar[i]
                            += s_bar * (rt::of::<T>(0.5) / x[i].sqrt())
                                + s_bar * half * (rt::of::<T>(2.0) * x[i]);
                    }
                }
                if let Some(strength_bar) = strength_bar.as_deref_mut() {
                    *strength_bar += product;
                }
            };
            (value, pullback)
        }
        /// The value of `penalty` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp<T: Float + FromPrimitive, const N: usize>(
            x: &[T; N],
            strength: T,
            x_dot: Option<&[T; N]>,
            strength_dot: Option<T>,
        ) -> (T, T)
        where
            T: rt::Scalar,
        {
            let x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = [rt::of::<T>(0.0); N];
                    &x_zero
                }
            };
            let strength_dot = strength_dot.unwrap_or(rt::of::<T>(0.0));
            Self::jvp::<T, N>(x, strength, x_dot, strength_dot)
        }
        /// `call_vjp` of `penalty` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp<T: Float + FromPrimitive, const N: usize>(
            _: &(),
            x: &[T; N],
            strength: T,
        ) -> (
            T,
            impl Fn(
                &(),
                &[T; N],
                &T,
                Option<&mut ()>,
                Option<&mut [T; N]>,
                Option<&mut T>,
            ) + use<T, N>,
        )
        where
            T: rt::Scalar,
        {
            let (value, pullback) = Self::call_vjp::<T, N>(x, strength);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &[T; N],
                    argument_2: &T,
                    argument_3: Option<&mut ()>,
                    argument_4: Option<&mut [T; N]>,
                    argument_5: Option<&mut T>|
                pullback(argument_1, argument_2, argument_4, argument_5),
            )
        }
        /// `call_jvp` of `penalty` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp<T: Float + FromPrimitive, const N: usize>(
            _: &(),
            x: &[T; N],
            strength: T,
            _: Option<&()>,
            x_dot: Option<&[T; N]>,
            strength_dot: Option<T>,
        ) -> (T, T)
        where
            T: rt::Scalar,
        {
            Self::call_jvp::<T, N>(x, strength, x_dot, strength_dot)
        }
        /// The static graph of `penalty`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "penalty",
            ::core::file!(),
            &[],
            &[
                "input differentiated | x | &[T; N] | 2:54",
                "input differentiated | strength | T | 2:66",
                "constant | half | T | 3:9 | T::from_f64(0.5).unwrap()",
                "keeps | T::from_f64(0.5).unwrap()",
                "control for %10 |  |  | 5:9 | 0..N",
                "keeps | s",
                "operation index %3 %0 |  | T | 6:29 | x[i]",
                "operation powi %4 |  | T | 6:29 | x[i].powi(2)",
                "operation mul %2 %5 |  | T | 6:17 | half * x[i].powi(2)",
                "operation add %3 %6 |  | T | 6:13 | s + (half * x[i].powi(2))",
                "operation index %3 %0 |  | T | 6:44 | x[i]",
                "operation sqrt %8 again |  | T | 6:44 | x[i].sqrt()",
                "operation add %7 %9 | s | T | 6:13 | (s + (half * x[i].powi(2))) + x[i].sqrt()",
                "operation max %1 |  | T | 8:12 | strength.max(T::one())",
                "keeps | strength.max(T::one())",
                "operation mul %3 %11 |  | T | 8:5 | s * strength.max(T::one())",
                "output %12 |  | T |  | s * strength.max(T::one())",
            ],
        );
    }
};
