#[allow(dead_code)]
fn fibonacci(x: f64, n: usize) -> f64 {
    let mut a = 0.0;
    let mut b = x;
    for _ in 0..n {
        let t = a;
        a = b;
        b = t + a * x;
    }
    a
}
/// Derivatives of the function [`fibonacci`](fn@fibonacci).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum fibonacci {}
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
    impl fibonacci {
        /// The value of `fibonacci`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(x: f64, n: usize, x_bar: &mut f64) -> f64 {
            let mut a = 0.0;
            let mut b = x;
            let mut a_tape = rt::NumberTape::new();
            let a_row = a_tape.row(n);
            for (_, a_saved) in (0..n).zip(a_row.iter_mut()) {
                let t = a;
                a = b;
                *a_saved = a;
                b = t + a * x;
            }
            /// Reverse sweep.
            let mut b_bar = 0.0;
            let mut a_bar = 1.0;
            let a_saved = &mut a_tape.reader();
            let mut x_bar_sum = 0.0;
            for (_, &a_2) in (0..n).zip(a_saved.row(n).iter()).rev() {
                x_bar_sum += b_bar * a_2;
                a_bar += b_bar * x;
                let b_bar_2 = b_bar;
                b_bar = a_bar;
                a_bar = b_bar_2;
            }
            *x_bar += x_bar_sum;
            *x_bar += b_bar;
            a
        }
        /// The value of `fibonacci` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: f64, n: usize) -> (f64, f64) {
            let mut x_bar = 0.0;
            let value = Self::value_and_grad_into(x, n, &mut x_bar);
            (value, x_bar)
        }
        /// The gradients of `fibonacci`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: f64, n: usize) -> f64 {
            Self::value_and_grad(x, n).1
        }
        /// The value of `fibonacci` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp(x: f64, n: usize) -> (f64, impl Fn(f64) -> f64 + use<>) {
            let (value, pullback) = Self::call_vjp(x, n);
            let pullback = move |value_bar: f64| {
                let mut x_bar = 0.0;
                pullback(&value_bar, Some(&mut x_bar), None);
                x_bar
            };
            (value, pullback)
        }
        /// The value of `fibonacci` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: f64, n: usize, x_dot: f64) -> (f64, f64) {
            let mut a_dot = 0.0;
            let mut a = 0.0;
            let mut b_dot = x_dot;
            let mut b = x;
            for _ in 0..n {
                let t = a;
                let t_dot = a_dot;
                a_dot = b_dot;
                a = b;
                b_dot = t_dot + (a_dot * x + a * x_dot);
                b = t + a * x;
            }
            (a, a_dot)
        }
        /// The value of `fibonacci` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: f64,
            n: usize,
        ) -> (f64, impl Fn(&f64, Option<&mut f64>, Option<&mut ()>) + use<>) {
            let mut a = 0.0;
            let mut b = x;
            let mut a_tape = rt::NumberTape::new();
            let a_row = a_tape.row(n);
            for (_, a_saved) in (0..n).zip(a_row.iter_mut()) {
                let t = a;
                a = b;
                *a_saved = a;
                b = t + a * x;
            }
            let pullback = move |
                &a_bar: &f64,
                mut x_bar: Option<&mut f64>,
                _: Option<&mut ()>|
            {
                let mut b_bar = 0.0;
                let mut x_bar_2 = 0.0;
                let mut a_bar = a_bar;
                let a_saved = &mut a_tape.reader();
                for (_, &a_2) in (0..n).zip(a_saved.row(n).iter()).rev() {
                    x_bar_2 += b_bar * a_2;
                    a_bar += b_bar * x;
                    let b_bar_2 = b_bar;
                    b_bar = a_bar;
                    a_bar = b_bar_2;
                }
                x_bar_2 += b_bar;
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += x_bar_2;
                }
            };
            (a, pullback)
        }
        /// The value of `fibonacci` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: f64,
            n: usize,
            x_dot: Option<f64>,
            _: Option<()>,
        ) -> (f64, f64) {
            let x_dot = x_dot.unwrap_or(0.0);
            Self::jvp(x, n, x_dot)
        }
        /// `call_vjp` of `fibonacci` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: f64,
            n: usize,
        ) -> (
            f64,
            impl Fn(
                &(),
                &f64,
                Option<&mut ()>,
                Option<&mut f64>,
                Option<&mut ()>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(x, n);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &f64,
                    argument_2: Option<&mut ()>,
                    argument_3: Option<&mut f64>,
                    argument_4: Option<&mut ()>|
                pullback(argument_1, argument_3, argument_4),
            )
        }
        /// `call_jvp` of `fibonacci` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: f64,
            n: usize,
            _: Option<&()>,
            x_dot: Option<f64>,
            n_dot: Option<()>,
        ) -> (f64, f64) {
            Self::call_jvp(x, n, x_dot, n_dot)
        }
        /// The static graph of `fibonacci`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "fibonacci",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | x | f64 | 2:14",
                "input | n | usize | 2:22",
                "control for %1 %0 %4 | t |  | 5:14 | 0..n",
                "keeps #0 %2 | a",
                "operation mul %2 %0 |  | f64 | 8:17 | a * x",
                "operation add %2 %3 | b | f64 | 8:13 | t + (a * x)",
                "output %2 |  | f64 |  | a",
            ],
        );
    }
};
