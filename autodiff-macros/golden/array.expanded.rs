#[allow(dead_code)]
fn smooth(mut a: [f64; 8], x: f64) -> f64 {
    for i in 1..8 {
        a[i] = a[i] + a[i - 1] * x;
    }
    a[7] * a[3]
}
/// Derivatives of the function [`smooth`](fn@smooth).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum smooth {}
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
    impl smooth {
        /// The value of `smooth`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            mut a: [f64; 8],
            x: f64,
            a_bar: &mut [f64; 8],
            x_bar: &mut f64,
        ) -> f64 {
            for i in 1..8 {
                a[i] += a[i - 1] * x;
            }
            /// Reverse sweep.
            let mut a_bar_2 = [0.0_f64; 8];
            a_bar_2[3] += a[7];
            a_bar_2[7] += a[3];
            let mut x_bar_sum = 0.0;
            let mut a_bar_next = 0.0;
            for i in (1..8).rev() {
                a_bar_2[i] += a_bar_next;
                x_bar_sum += a_bar_2[i] * a[i - 1];
                a_bar_next = a_bar_2[i] * x;
            }
            *x_bar += x_bar_sum;
            if a_bar_next != 0.0 {
                a_bar_2[0] += a_bar_next;
            }
            rt::accumulate(a_bar, a_bar_2);
            a[7] * a[3]
        }
        /// The value of `smooth` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(a: [f64; 8], x: f64) -> (f64, ([f64; 8], f64)) {
            let mut a_bar = [0.0; 8];
            let mut x_bar = 0.0;
            let value = Self::value_and_grad_into(a, x, &mut a_bar, &mut x_bar);
            (value, (a_bar, x_bar))
        }
        /// The gradients of `smooth`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(a: [f64; 8], x: f64) -> ([f64; 8], f64) {
            Self::value_and_grad(a, x).1
        }
        /// The value of `smooth` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp(
            a: [f64; 8],
            x: f64,
        ) -> (f64, impl Fn(f64) -> ([f64; 8], f64) + use<>) {
            let (value, pullback) = Self::call_vjp(a, x);
            let pullback = move |value_bar: f64| {
                let mut a_bar = [0.0; 8];
                let mut x_bar = 0.0;
                pullback(&value_bar, Some(&mut a_bar), Some(&mut x_bar));
                (a_bar, x_bar)
            };
            (value, pullback)
        }
        /// The value of `smooth` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(
            mut a: [f64; 8],
            x: f64,
            mut a_dot: [f64; 8],
            x_dot: f64,
        ) -> (f64, f64) {
            for i in 1..8 {
                let difference = i - 1;
                a_dot[i] += a_dot[difference] * x + a[difference] * x_dot;
                a[i] += a[difference] * x;
            }
            (a[7] * a[3], a_dot[7] * a[3] + a[7] * a_dot[3])
        }
        /// The value of `smooth` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            mut a: [f64; 8],
            x: f64,
        ) -> (f64, impl Fn(&f64, Option<&mut [f64; 8]>, Option<&mut f64>) + use<>) {
            for i in 1..8 {
                a[i] += a[i - 1] * x;
            }
            let a_7 = a[7];
            let a_3 = a[3];
            let value = a[7] * a[3];
            let pullback = move |
                &value_bar: &f64,
                mut a_bar: Option<&mut [f64; 8]>,
                mut x_bar: Option<&mut f64>|
            {
                let mut a_bar_2 = [0.0_f64; 8];
                a_bar_2[3] += value_bar * a_7;
                a_bar_2[7] += value_bar * a_3;
                let mut x_bar_2 = 0.0;
                let mut a_bar_next = 0.0;
                for i in (1..8).rev() {
                    a_bar_2[i] += a_bar_next;
                    x_bar_2 += a_bar_2[i] * a[i - 1];
                    a_bar_next = a_bar_2[i] * x;
                }
                if a_bar_next != 0.0 {
                    a_bar_2[0] += a_bar_next;
                }
                if let Some(a_bar) = a_bar.as_deref_mut() {
                    rt::accumulate(a_bar, a_bar_2);
                }
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += x_bar_2;
                }
            };
            (value, pullback)
        }
        /// The value of `smooth` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            a: [f64; 8],
            x: f64,
            a_dot: Option<[f64; 8]>,
            x_dot: Option<f64>,
        ) -> (f64, f64) {
            let a_dot = a_dot.unwrap_or([0.0; 8]);
            let x_dot = x_dot.unwrap_or(0.0);
            Self::jvp(a, x, a_dot, x_dot)
        }
        /// `call_vjp` of `smooth` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            a: [f64; 8],
            x: f64,
        ) -> (
            f64,
            impl Fn(
                &(),
                &[f64; 8],
                &f64,
                Option<&mut ()>,
                Option<&mut [f64; 8]>,
                Option<&mut f64>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(a, x);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &[f64; 8],
                    argument_2: &f64,
                    argument_3: Option<&mut ()>,
                    argument_4: Option<&mut [f64; 8]>,
                    argument_5: Option<&mut f64>|
                pullback(argument_2, argument_4, argument_5),
            )
        }
        /// `call_jvp` of `smooth` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            a: [f64; 8],
            x: f64,
            _: Option<&()>,
            a_dot: Option<&[f64; 8]>,
            x_dot: Option<f64>,
        ) -> (f64, f64) {
            Self::call_jvp(a, x, a_dot.cloned(), x_dot)
        }
        /// The static graph of `smooth`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "smooth",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | a | [f64; 8] | 2:11",
                "input differentiated | x | f64 | 2:28",
                "control for %0 %8 |  |  | 3:9 | 1..8",
                "operation index %2 |  | f64 | 4:16 | a[i]",
                "operation sub %2 again |  | usize | 4:25 | i - 1",
                "operation index %4 %2 |  | f64 | 4:23 | a[i - 1]",
                "operation mul %5 %1 |  | f64 | 4:23 | a[i - 1] * x",
                "operation add %3 %6 |  | f64 | 4:16 | a[i] + (a[i - 1] * x)",
                "operation store %2 %7 | a | [f64; 8] | 2:11 | a[i] = a[i] + (a[i - 1] * x)",
                "operation index %2 |  | f64 | 6:5 | a[7]",
                "keeps #0 | a[7]",
                "operation index %2 |  | f64 | 6:12 | a[3]",
                "keeps #0 | a[3]",
                "operation mul %9 %10 |  | f64 | 6:5 | a[7] * a[3]",
                "output %11 |  | f64 |  | a[7] * a[3]",
            ],
        );
    }
};
