#[allow(dead_code)]
fn loss(a: &Array1<f64>, b: &Array1<f64>) -> f64 {
    (3.0 * a * a * a - b * b).sum()
}
/// Derivatives of the function [`loss`](fn@loss).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum loss {}
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
    impl loss {
        /// The value of `loss`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            a: &Array1<f64>,
            b: &Array1<f64>,
            a_bar: &mut Array1<f64>,
            b_bar: &mut Array1<f64>,
        ) -> f64 {
            rt::check_cotangent("loss::value_and_grad_into", "a", a, a_bar);
            rt::check_cotangent("loss::value_and_grad_into", "b", b, b_bar);
            let mut sum_difference = 0.0;
            rt::add_each(
                [
                    rt::each_mut(a_bar),
                    rt::each_mut(b_bar),
                    rt::each_mut::<f64>(&mut sum_difference),
                ],
                [rt::each(a), rt::each(b)],
                |[a_i_bar, b_i_bar, sum_difference_i], [a_i, b_i]| {
                    *sum_difference_i += 3.0 * a_i * a_i * a_i - b_i * b_i;
                    let product = 3.0 * a_i;
                    *b_i_bar -= 1.0 * (2.0 * b_i);
                    *a_i_bar += product * a_i;
                    *a_i_bar += a_i * product;
                    *a_i_bar += a_i * a_i * 3.0;
                },
            );
            sum_difference
        }
        /// The value of `loss` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(
            a: &Array1<f64>,
            b: &Array1<f64>,
        ) -> (f64, (Array1<f64>, Array1<f64>)) {
            let mut a_bar = rt::new_tangent(a);
            let mut b_bar = rt::new_tangent(b);
            let value = {
                let a_bar = &mut a_bar;
                let b_bar = &mut b_bar;
                let mut sum_difference = 0.0;
                rt::add_each(
                    [
                        rt::each_new(a_bar),
                        rt::each_new(b_bar),
                        rt::each_mut::<f64>(&mut sum_difference),
                    ],
                    [rt::each(a), rt::each(b)],
                    |[a_i_bar, b_i_bar, sum_difference_i], [a_i, b_i]| {
                        *sum_difference_i += 3.0 * a_i * a_i * a_i - b_i * b_i;
                        let product = 3.0 * a_i;
                        *b_i_bar -= 1.0 * (2.0 * b_i);
                        *a_i_bar += product * a_i;
                        *a_i_bar += a_i * product;
                        *a_i_bar += a_i * a_i * 3.0;
                    },
                );
                sum_difference
            };
            (value, (a_bar.finish(), b_bar.finish()))
        }
        /// The gradients of `loss`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(a: &Array1<f64>, b: &Array1<f64>) -> (Array1<f64>, Array1<f64>) {
            Self::value_and_grad(a, b).1
        }
        /// The value of `loss` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(
            a: &'a Array1<f64>,
            b: &'a Array1<f64>,
        ) -> (f64, impl Fn(f64) -> (Array1<f64>, Array1<f64>) + use<'a>) {
            let (value, pullback) = Self::call_vjp(a, b);
            let pullback = move |value_bar: f64| {
                let mut a_bar = rt::zero_tangent(a);
                let mut b_bar = rt::zero_tangent(b);
                pullback(a, b, &value_bar, Some(&mut a_bar), Some(&mut b_bar));
                (a_bar, b_bar)
            };
            (value, pullback)
        }
        /// The value of `loss` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(
            a: &Array1<f64>,
            b: &Array1<f64>,
            a_dot: &Array1<f64>,
            b_dot: &Array1<f64>,
        ) -> (f64, f64) {
            rt::check_tangent("loss::jvp", "a", a, a_dot);
            rt::check_tangent("loss::jvp", "b", b, b_dot);
            let sum_difference = rt::sum_each(
                [rt::each(a), rt::each(b)],
                |[a_i, b_i]| 3.0 * a_i * a_i * a_i - b_i * b_i,
            );
            let sum_difference_dot = rt::sum_each(
                [rt::each(a), rt::each(b), rt::each(a_dot), rt::each(b_dot)],
                |[a_i, b_i, a_i_dot, b_i_dot]| {
                    let product = 3.0 * a_i;
                    (3.0 * a_i_dot * a_i + product * a_i_dot) * a_i
                        + product * a_i * a_i_dot - (b_i_dot * b_i + b_i * b_i_dot)
                },
            );
            (sum_difference, sum_difference_dot)
        }
        /// The value of `loss` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            a: &Array1<f64>,
            b: &Array1<f64>,
        ) -> (
            f64,
            impl Fn(
                &Array1<f64>,
                &Array1<f64>,
                &f64,
                Option<&mut Array1<f64>>,
                Option<&mut Array1<f64>>,
            ) + use<>,
        ) {
            let sum_difference = rt::sum_each(
                [rt::each(a), rt::each(b)],
                |[a_i, b_i]| 3.0 * a_i * a_i * a_i - b_i * b_i,
            );
            let pullback = move |
                a: &Array1<f64>,
                b: &Array1<f64>,
                &value_bar: &f64,
                mut a_bar: Option<&mut Array1<f64>>,
                mut b_bar: Option<&mut Array1<f64>>|
            {
                let mut a_bar_2 = rt::kept(rt::zeros_like(&a));
                let mut b_bar_2 = rt::kept(rt::zeros_like(&b));
                rt::add_each(
                    [rt::each_mut(&mut *a_bar_2), rt::each_mut(&mut *b_bar_2)],
                    [rt::each(a), rt::each(b)],
                    |[a_i_bar, b_i_bar], [a_i, b_i]| {
                        let product = 3.0 * a_i;
                        *b_i_bar -= value_bar * (2.0 * b_i);
                        let product_2 = value_bar * a_i;
                        *a_i_bar += value_bar * (product * a_i);
                        *a_i_bar += product_2 * product;
                        *a_i_bar += product_2 * a_i * 3.0;
                    },
                );
                if let Some(a_bar) = a_bar.as_deref_mut() {
                    rt::accumulate(a_bar, &*a_bar_2);
                }
                if let Some(b_bar) = b_bar.as_deref_mut() {
                    rt::accumulate(b_bar, &*b_bar_2);
                }
            };
            (sum_difference, pullback)
        }
        /// The value of `loss` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            a: &Array1<f64>,
            b: &Array1<f64>,
            a_dot: Option<&Array1<f64>>,
            b_dot: Option<&Array1<f64>>,
        ) -> (f64, f64) {
            let a_zero;
            let a_dot = match a_dot {
                Some(a_dot) => a_dot,
                None => {
                    a_zero = rt::zero_tangent(a);
                    &a_zero
                }
            };
            let b_zero;
            let b_dot = match b_dot {
                Some(b_dot) => b_dot,
                None => {
                    b_zero = rt::zero_tangent(b);
                    &b_zero
                }
            };
            Self::jvp(a, b, a_dot, b_dot)
        }
        /// `call_vjp` of `loss` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            a: &Array1<f64>,
            b: &Array1<f64>,
        ) -> (
            f64,
            impl Fn(
                &(),
                &Array1<f64>,
                &Array1<f64>,
                &f64,
                Option<&mut ()>,
                Option<&mut Array1<f64>>,
                Option<&mut Array1<f64>>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(a, b);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &Array1<f64>,
                    argument_2: &Array1<f64>,
                    argument_3: &f64,
                    argument_4: Option<&mut ()>,
                    argument_5: Option<&mut Array1<f64>>,
                    argument_6: Option<&mut Array1<f64>>|
                pullback(argument_1, argument_2, argument_3, argument_5, argument_6),
            )
        }
        /// `call_jvp` of `loss` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            a: &Array1<f64>,
            b: &Array1<f64>,
            _: Option<&()>,
            a_dot: Option<&Array1<f64>>,
            b_dot: Option<&Array1<f64>>,
        ) -> (f64, f64) {
            Self::call_jvp(a, b, a_dot, b_dot)
        }
        /// The static graph of `loss`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "loss",
            ::core::file!(),
            &[],
            &[
                "input differentiated | a | &Array1<f64> | 2:9",
                "input differentiated | b | &Array1<f64> | 2:26",
                "operation mul %0 |  | Array1<f64> | 3:6 | 3.0 * a",
                "operation mul %2 %0 |  | Array1<f64> | 3:6 | (3.0 * a) * a",
                "operation mul %3 %0 |  | Array1<f64> | 3:6 | ((3.0 * a) * a) * a",
                "operation mul %1 |  | Array1<f64> | 3:24 | b * b",
                "operation sub %4 %5 |  | Array1<f64> | 3:6 | (((3.0 * a) * a) * a) - (b * b)",
                "operation sum %6 |  | f64 | 3:31 | ((((3.0 * a) * a) * a) - (b * b)).sum()",
                "output %7 |  | f64 |  | ((((3.0 * a) * a) * a) - (b * b)).sum()",
            ],
        );
    }
};
