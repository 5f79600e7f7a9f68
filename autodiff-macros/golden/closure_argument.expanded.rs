#[allow(dead_code)]
fn twice<F: Fn(f64) -> f64>(f: F, x: f64) -> f64 {
    f(f(x))
}
/// Derivatives of the function [`twice`](fn@twice).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum twice {}
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
    impl twice {
        /// The value of `twice`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into<FCaptured, FVjp, FPullback, FJvp>(
            f: (FCaptured, FVjp, FJvp),
            x: f64,
            x_bar: &mut f64,
        ) -> f64
        where
            FCaptured: rt::Differentiable + Clone,
            <FCaptured as rt::Differentiable>::Tangent: rt::AccumulateFrom<
                    <FCaptured as rt::Differentiable>::Tangent,
                >
                + for<'t> rt::AccumulateFrom<
                    &'t <FCaptured as rt::Differentiable>::Tangent,
                >,
            FVjp: Fn(&FCaptured, f64) -> (f64, FPullback) + Copy,
            FPullback: Fn(
                &FCaptured,
                &f64,
                Option<&mut <FCaptured as rt::Differentiable>::Tangent>,
                Option<&mut f64>,
            ),
            FJvp: Fn(
                    &FCaptured,
                    f64,
                    Option<&<FCaptured as rt::Differentiable>::Tangent>,
                    Option<f64>,
                ) -> (f64, f64) + Copy,
        {
            let (f, f_vjp, f_jvp) = f;
            let f_bar = &mut rt::zero_tangent(&f);
            let (f_value, f_pullback) = f_vjp(&f, x);
            let (f_value, f_pullback_2) = f_vjp(&f, f_value);
            /// Reverse sweep.
            let mut f_value_bar = 0.0;
            f_pullback_2(&f, &1.0, Some(&mut *f_bar), Some(&mut f_value_bar));
            f_pullback(&f, &f_value_bar, Some(&mut *f_bar), Some(&mut *x_bar));
            f_value
        }
        /// The value of `twice` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad<FCaptured, FVjp, FPullback, FJvp>(
            f: (FCaptured, FVjp, FJvp),
            x: f64,
        ) -> (f64, f64)
        where
            FCaptured: rt::Differentiable + Clone,
            <FCaptured as rt::Differentiable>::Tangent: rt::AccumulateFrom<
                    <FCaptured as rt::Differentiable>::Tangent,
                >
                + for<'t> rt::AccumulateFrom<
                    &'t <FCaptured as rt::Differentiable>::Tangent,
                >,
            FVjp: Fn(&FCaptured, f64) -> (f64, FPullback) + Copy,
            FPullback: Fn(
                &FCaptured,
                &f64,
                Option<&mut <FCaptured as rt::Differentiable>::Tangent>,
                Option<&mut f64>,
            ),
            FJvp: Fn(
                    &FCaptured,
                    f64,
                    Option<&<FCaptured as rt::Differentiable>::Tangent>,
                    Option<f64>,
                ) -> (f64, f64) + Copy,
        {
            let mut x_bar = 0.0;
            let value = Self::value_and_grad_into::<
                FCaptured,
                FVjp,
                FPullback,
                FJvp,
            >(f, x, &mut x_bar);
            (value, x_bar)
        }
        /// The gradients of `twice`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad<FCaptured, FVjp, FPullback, FJvp>(
            f: (FCaptured, FVjp, FJvp),
            x: f64,
        ) -> f64
        where
            FCaptured: rt::Differentiable + Clone,
            <FCaptured as rt::Differentiable>::Tangent: rt::AccumulateFrom<
                    <FCaptured as rt::Differentiable>::Tangent,
                >
                + for<'t> rt::AccumulateFrom<
                    &'t <FCaptured as rt::Differentiable>::Tangent,
                >,
            FVjp: Fn(&FCaptured, f64) -> (f64, FPullback) + Copy,
            FPullback: Fn(
                &FCaptured,
                &f64,
                Option<&mut <FCaptured as rt::Differentiable>::Tangent>,
                Option<&mut f64>,
            ),
            FJvp: Fn(
                    &FCaptured,
                    f64,
                    Option<&<FCaptured as rt::Differentiable>::Tangent>,
                    Option<f64>,
                ) -> (f64, f64) + Copy,
        {
            Self::value_and_grad::<FCaptured, FVjp, FPullback, FJvp>(f, x).1
        }
        /// The value of `twice` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<FCaptured, FVjp, FPullback, FJvp>(
            f: (FCaptured, FVjp, FJvp),
            x: f64,
        ) -> (f64, impl Fn(f64) -> f64 + use<FCaptured, FVjp, FPullback, FJvp>)
        where
            FCaptured: rt::Differentiable + Clone,
            <FCaptured as rt::Differentiable>::Tangent: rt::AccumulateFrom<
                    <FCaptured as rt::Differentiable>::Tangent,
                >
                + for<'t> rt::AccumulateFrom<
                    &'t <FCaptured as rt::Differentiable>::Tangent,
                >,
            FVjp: Fn(&FCaptured, f64) -> (f64, FPullback) + Copy,
            FPullback: Fn(
                &FCaptured,
                &f64,
                Option<&mut <FCaptured as rt::Differentiable>::Tangent>,
                Option<&mut f64>,
            ),
            FJvp: Fn(
                    &FCaptured,
                    f64,
                    Option<&<FCaptured as rt::Differentiable>::Tangent>,
                    Option<f64>,
                ) -> (f64, f64) + Copy,
        {
            let (value, pullback) = Self::call_vjp::<
                FCaptured,
                FVjp,
                FPullback,
                FJvp,
            >(f, x);
            let pullback = move |value_bar: f64| {
                let mut x_bar = 0.0;
                pullback(&value_bar, None, Some(&mut x_bar));
                x_bar
            };
            (value, pullback)
        }
        /// The value of `twice` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp<FCaptured, FVjp, FPullback, FJvp>(
            f: (FCaptured, FVjp, FJvp),
            x: f64,
            x_dot: f64,
        ) -> (f64, f64)
        where
            FCaptured: rt::Differentiable + Clone,
            <FCaptured as rt::Differentiable>::Tangent: rt::AccumulateFrom<
                    <FCaptured as rt::Differentiable>::Tangent,
                >
                + for<'t> rt::AccumulateFrom<
                    &'t <FCaptured as rt::Differentiable>::Tangent,
                >,
            FVjp: Fn(&FCaptured, f64) -> (f64, FPullback) + Copy,
            FPullback: Fn(
                &FCaptured,
                &f64,
                Option<&mut <FCaptured as rt::Differentiable>::Tangent>,
                Option<&mut f64>,
            ),
            FJvp: Fn(
                    &FCaptured,
                    f64,
                    Option<&<FCaptured as rt::Differentiable>::Tangent>,
                    Option<f64>,
                ) -> (f64, f64) + Copy,
        {
            let (f, f_vjp, f_jvp) = f;
            let f_dot = rt::zero_tangent(&f);
            let (f_value, f_value_dot) = f_jvp(&f, x, Some(&f_dot), Some(x_dot));
            f_jvp(&f, f_value, Some(&f_dot), Some(f_value_dot))
        }
        /// The value of `twice` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp<FCaptured, FVjp, FPullback, FJvp>(
            f: (FCaptured, FVjp, FJvp),
            x: f64,
        ) -> (
            f64,
            impl Fn(
                &f64,
                Option<&mut <FCaptured as rt::Differentiable>::Tangent>,
                Option<&mut f64>,
            ) + use<FCaptured, FVjp, FPullback, FJvp>,
        )
        where
            FCaptured: rt::Differentiable + Clone,
            <FCaptured as rt::Differentiable>::Tangent: rt::AccumulateFrom<
                    <FCaptured as rt::Differentiable>::Tangent,
                >
                + for<'t> rt::AccumulateFrom<
                    &'t <FCaptured as rt::Differentiable>::Tangent,
                >,
            FVjp: Fn(&FCaptured, f64) -> (f64, FPullback) + Copy,
            FPullback: Fn(
                &FCaptured,
                &f64,
                Option<&mut <FCaptured as rt::Differentiable>::Tangent>,
                Option<&mut f64>,
            ),
            FJvp: Fn(
                    &FCaptured,
                    f64,
                    Option<&<FCaptured as rt::Differentiable>::Tangent>,
                    Option<f64>,
                ) -> (f64, f64) + Copy,
        {
            let (f, f_vjp, f_jvp) = f;
            let (f_value, f_pullback) = f_vjp(&f, x);
            let (f_value, f_pullback_2) = f_vjp(&f, f_value);
            let pullback = move |
                &value_bar: &f64,
                mut f_bar: Option<&mut <FCaptured as rt::Differentiable>::Tangent>,
                mut x_bar: Option<&mut f64>|
            {
                let mut f_value_bar = 0.0;
                f_pullback_2(
                    &f,
                    &value_bar,
                    f_bar.as_deref_mut(),
                    Some(&mut f_value_bar),
                );
                let mut x_bar_2 = 0.0;
                f_pullback(&f, &f_value_bar, f_bar.as_deref_mut(), Some(&mut x_bar_2));
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += x_bar_2;
                }
            };
            (f_value, pullback)
        }
        /// The value of `twice` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp<FCaptured, FVjp, FPullback, FJvp>(
            f: (FCaptured, FVjp, FJvp),
            x: f64,
            f_dot: Option<<FCaptured as rt::Differentiable>::Tangent>,
            x_dot: Option<f64>,
        ) -> (f64, f64)
        where
            FCaptured: rt::Differentiable + Clone,
            <FCaptured as rt::Differentiable>::Tangent: rt::AccumulateFrom<
                    <FCaptured as rt::Differentiable>::Tangent,
                >
                + for<'t> rt::AccumulateFrom<
                    &'t <FCaptured as rt::Differentiable>::Tangent,
                >,
            FVjp: Fn(&FCaptured, f64) -> (f64, FPullback) + Copy,
            FPullback: Fn(
                &FCaptured,
                &f64,
                Option<&mut <FCaptured as rt::Differentiable>::Tangent>,
                Option<&mut f64>,
            ),
            FJvp: Fn(
                    &FCaptured,
                    f64,
                    Option<&<FCaptured as rt::Differentiable>::Tangent>,
                    Option<f64>,
                ) -> (f64, f64) + Copy,
        {
            let f_dot = match f_dot {
                Some(f_dot) => f_dot,
                None => rt::zero_tangent(&f.0),
            };
            let x_dot = x_dot.unwrap_or(0.0);
            let (f, f_vjp, f_jvp) = f;
            let (f_value, f_value_dot) = f_jvp(&f, x, Some(&f_dot), Some(x_dot));
            f_jvp(&f, f_value, Some(&f_dot), Some(f_value_dot))
        }
        /// The static graph of `twice`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "twice",
            ::core::file!(),
            &[],
            &[
                "input differentiated | f | F | 2:29",
                "input differentiated | x | f64 | 2:35",
                "operation f %0 %1 |  | f64 | 3:7 | f(f, x)",
                "operation f %0 %2 |  | f64 | 3:5 | f(f, f(f, x))",
                "output %3 |  | f64 |  | f(f, f(f, x))",
            ],
        );
    }
};
#[allow(dead_code)]
fn scaled(x: f64, k: f64) -> f64 {
    twice(|t| k * t.sin(), x)
}
/// Derivatives of the function [`scaled`](fn@scaled).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum scaled {}
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
    impl scaled {
        /// The value of `scaled`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            x: f64,
            k: f64,
            x_bar: &mut f64,
            k_bar: &mut f64,
        ) -> f64 {
            let captures_2 = (k,);
            let (twice_value, twice_pullback) = twice::call_vjp(
                (
                    captures_2,
                    move |captures: &_, t| {
                        let sin_t = t.sin();
                        let captures_0 = captures.0;
                        let value = captures.0 * sin_t;
                        (
                            value,
                            move |
                                _: &_,
                                &value_bar: &_,
                                mut captures_bar: Option<&mut _>,
                                mut t_bar: Option<&mut _>|
                            {
                                if let Some(captures_bar) = captures_bar.as_deref_mut() {
                                    captures_bar.0 += value_bar * sin_t;
                                }
                                if let Some(t_bar) = t_bar.as_deref_mut() {
                                    *t_bar += value_bar * captures_0 * t.cos();
                                }
                            },
                        )
                    },
                    move |captures: &_, t, captures_dot: Option<&_>, t_dot: Option<_>| {
                        let captures_dot_zero;
                        let captures_dot = match captures_dot {
                            Some(captures_dot) => captures_dot,
                            None => {
                                captures_dot_zero = rt::zero_tangent(&captures);
                                &captures_dot_zero
                            }
                        };
                        let t_dot = t_dot.unwrap_or_else(|| rt::zero_tangent(&t));
                        let sin_t = t.sin();
                        (
                            captures.0 * sin_t,
                            captures_dot.0 * sin_t + captures.0 * (t.cos() * t_dot),
                        )
                    },
                ),
                x,
            );
            /// Reverse sweep.
            let mut captures_bar_2 = (0.0_f64,);
            twice_pullback(&1.0, Some(&mut captures_bar_2), Some(&mut *x_bar));
            *k_bar += captures_bar_2.0;
            twice_value
        }
        /// The value of `scaled` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: f64, k: f64) -> (f64, (f64, f64)) {
            let mut x_bar = 0.0;
            let mut k_bar = 0.0;
            let value = Self::value_and_grad_into(x, k, &mut x_bar, &mut k_bar);
            (value, (x_bar, k_bar))
        }
        /// The gradients of `scaled`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: f64, k: f64) -> (f64, f64) {
            Self::value_and_grad(x, k).1
        }
        /// The value of `scaled` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp(x: f64, k: f64) -> (f64, impl Fn(f64) -> (f64, f64) + use<>) {
            let (value, pullback) = Self::call_vjp(x, k);
            let pullback = move |value_bar: f64| {
                let mut x_bar = 0.0;
                let mut k_bar = 0.0;
                pullback(&value_bar, Some(&mut x_bar), Some(&mut k_bar));
                (x_bar, k_bar)
            };
            (value, pullback)
        }
        /// The value of `scaled` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: f64, k: f64, x_dot: f64, k_dot: f64) -> (f64, f64) {
            twice::call_jvp(
                (
                    (k,),
                    move |captures: &_, t| {
                        let sin_t = t.sin();
                        let captures_0 = captures.0;
                        let value = captures.0 * sin_t;
                        (
                            value,
                            move |
                                _: &_,
                                &value_bar: &_,
                                mut captures_bar: Option<&mut _>,
                                mut t_bar: Option<&mut _>|
                            {
                                if let Some(captures_bar) = captures_bar.as_deref_mut() {
                                    captures_bar.0 += value_bar * sin_t;
                                }
                                if let Some(t_bar) = t_bar.as_deref_mut() {
                                    *t_bar += value_bar * captures_0 * t.cos();
                                }
                            },
                        )
                    },
                    move |captures: &_, t, captures_dot: Option<&_>, t_dot: Option<_>| {
                        let captures_dot_zero;
                        let captures_dot = match captures_dot {
                            Some(captures_dot) => captures_dot,
                            None => {
                                captures_dot_zero = rt::zero_tangent(&captures);
                                &captures_dot_zero
                            }
                        };
                        let t_dot = t_dot.unwrap_or_else(|| rt::zero_tangent(&t));
                        let sin_t = t.sin();
                        (
                            captures.0 * sin_t,
                            captures_dot.0 * sin_t + captures.0 * (t.cos() * t_dot),
                        )
                    },
                ),
                x,
                Some((k_dot,)),
                Some(x_dot),
            )
        }
        /// The value of `scaled` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: f64,
            k: f64,
        ) -> (f64, impl Fn(&f64, Option<&mut f64>, Option<&mut f64>) + use<>) {
            let captures_2 = (k,);
            let (twice_value, twice_pullback) = twice::call_vjp(
                (
                    captures_2,
                    move |captures: &_, t| {
                        let sin_t = t.sin();
                        let captures_0 = captures.0;
                        let value = captures.0 * sin_t;
                        (
                            value,
                            move |
                                _: &_,
                                &value_bar: &_,
                                mut captures_bar: Option<&mut _>,
                                mut t_bar: Option<&mut _>|
                            {
                                if let Some(captures_bar) = captures_bar.as_deref_mut() {
                                    captures_bar.0 += value_bar * sin_t;
                                }
                                if let Some(t_bar) = t_bar.as_deref_mut() {
                                    *t_bar += value_bar * captures_0 * t.cos();
                                }
                            },
                        )
                    },
                    move |captures: &_, t, captures_dot: Option<&_>, t_dot: Option<_>| {
                        let captures_dot_zero;
                        let captures_dot = match captures_dot {
                            Some(captures_dot) => captures_dot,
                            None => {
                                captures_dot_zero = rt::zero_tangent(&captures);
                                &captures_dot_zero
                            }
                        };
                        let t_dot = t_dot.unwrap_or_else(|| rt::zero_tangent(&t));
                        let sin_t = t.sin();
                        (
                            captures.0 * sin_t,
                            captures_dot.0 * sin_t + captures.0 * (t.cos() * t_dot),
                        )
                    },
                ),
                x,
            );
            let pullback = move |
                &value_bar_2: &f64,
                mut x_bar: Option<&mut f64>,
                mut k_bar: Option<&mut f64>|
            {
                let mut captures_bar_2 = (0.0_f64,);
                let mut x_bar_2 = 0.0;
                twice_pullback(
                    &value_bar_2,
                    Some(&mut captures_bar_2),
                    Some(&mut x_bar_2),
                );
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += x_bar_2;
                }
                if let Some(k_bar) = k_bar.as_deref_mut() {
                    *k_bar += captures_bar_2.0;
                }
            };
            (twice_value, pullback)
        }
        /// The value of `scaled` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: f64,
            k: f64,
            x_dot: Option<f64>,
            k_dot: Option<f64>,
        ) -> (f64, f64) {
            let x_dot = x_dot.unwrap_or(0.0);
            let k_dot = k_dot.unwrap_or(0.0);
            Self::jvp(x, k, x_dot, k_dot)
        }
        /// `call_vjp` of `scaled` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: f64,
            k: f64,
        ) -> (
            f64,
            impl Fn(
                &(),
                &f64,
                Option<&mut ()>,
                Option<&mut f64>,
                Option<&mut f64>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(x, k);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &f64,
                    argument_2: Option<&mut ()>,
                    argument_3: Option<&mut f64>,
                    argument_4: Option<&mut f64>|
                pullback(argument_1, argument_3, argument_4),
            )
        }
        /// `call_jvp` of `scaled` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: f64,
            k: f64,
            _: Option<&()>,
            x_dot: Option<f64>,
            k_dot: Option<f64>,
        ) -> (f64, f64) {
            Self::call_jvp(x, k, x_dot, k_dot)
        }
        /// The static graph of `scaled`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "scaled",
            ::core::file!(),
            &[::core::mem::size_of::<(f64,)>()],
            &[
                "input differentiated | x | f64 | 7:11",
                "input differentiated | k | f64 | 7:19",
                "operation tuple %1 |  | (f64) | 8:11 | (k)",
                "keeps #0 | (k)",
                "operation twice %2 %0 |  | f64 | 8:5 | twice((k), x)",
                "output %3 |  | f64 |  | twice((k), x)",
            ],
        );
    }
};
