#[allow(dead_code)]
fn newton_sqrt(x: f64) -> f64 {
    let mut y = x;
    while (y * y - x).abs() > 1e-12 {
        y = 0.5 * (y + x / y);
    }
    y
}
/// Derivatives of the function [`newton_sqrt`](fn@newton_sqrt).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum newton_sqrt {}
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
    impl newton_sqrt {
        /// The value of `newton_sqrt`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(x: f64, x_bar: &mut f64) -> f64 {
            let mut y = x;
            let mut trips = 0_usize;
            let mut y_tape = rt::NumberTape::new();
            while (y * y - x).abs() > 1e-12 {
                trips += 1;
                y_tape.push(y);
                y = 0.5 * (y + x / y);
            }
            /// Reverse sweep.
            let mut y_bar = 1.0;
            let y_saved = &mut y_tape.reader();
            let mut x_bar_sum = 0.0;
            for _ in 0..trips {
                let y_2 = *y_saved.pop();
                let product = y_bar * 0.5;
                let quotient = product / y_2;
                x_bar_sum += quotient;
                y_bar = product - quotient * (x / y_2);
            }
            *x_bar += x_bar_sum;
            *x_bar += y_bar;
            y
        }
        /// The value of `newton_sqrt` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: f64) -> (f64, f64) {
            let mut x_bar = 0.0;
            let value = Self::value_and_grad_into(x, &mut x_bar);
            (value, x_bar)
        }
        /// The gradients of `newton_sqrt`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: f64) -> f64 {
            Self::value_and_grad(x).1
        }
        /// The value of `newton_sqrt` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp(x: f64) -> (f64, impl Fn(f64) -> f64 + use<>) {
            let (value, pullback) = Self::call_vjp(x);
            let pullback = move |value_bar: f64| {
                let mut x_bar = 0.0;
                pullback(&value_bar, Some(&mut x_bar));
                x_bar
            };
            (value, pullback)
        }
        /// The value of `newton_sqrt` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: f64, x_dot: f64) -> (f64, f64) {
            let mut y_dot = x_dot;
            let mut y = x;
            while (y * y - x).abs() > 1e-12 {
                let quotient = x / y;
                y_dot = 0.5 * (y_dot + (x_dot - quotient * y_dot) / y);
                y = 0.5 * (y + quotient);
            }
            (y, y_dot)
        }
        /// The value of `newton_sqrt` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(x: f64) -> (f64, impl Fn(&f64, Option<&mut f64>) + use<>) {
            let mut y = x;
            let mut trips = 0_usize;
            let mut y_tape = rt::NumberTape::new();
            while (y * y - x).abs() > 1e-12 {
                trips += 1;
                y_tape.push(y);
                y = 0.5 * (y + x / y);
            }
            let pullback = move |&y_bar: &f64, mut x_bar: Option<&mut f64>| {
                let mut y_bar = y_bar;
                let mut x_bar_2 = 0.0;
                let y_saved = &mut y_tape.reader();
                for _ in 0..trips {
                    let y_2 = *y_saved.pop();
                    let product = y_bar * 0.5;
                    let quotient = product / y_2;
                    x_bar_2 += quotient;
                    y_bar = product - quotient * (x / y_2);
                }
                x_bar_2 += y_bar;
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += x_bar_2;
                }
            };
            (y, pullback)
        }
        /// The value of `newton_sqrt` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(x: f64, x_dot: Option<f64>) -> (f64, f64) {
            let x_dot = x_dot.unwrap_or(0.0);
            Self::jvp(x, x_dot)
        }
        /// `call_vjp` of `newton_sqrt` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: f64,
        ) -> (f64, impl Fn(&(), &f64, Option<&mut ()>, Option<&mut f64>) + use<>) {
            let (value, pullback) = Self::call_vjp(x);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &f64,
                    argument_2: Option<&mut ()>,
                    argument_3: Option<&mut f64>|
                pullback(argument_1, argument_3),
            )
        }
        /// `call_jvp` of `newton_sqrt` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: f64,
            _: Option<&()>,
            x_dot: Option<f64>,
        ) -> (f64, f64) {
            Self::call_jvp(x, x_dot)
        }
        /// The static graph of `newton_sqrt`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "newton_sqrt",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | x | f64 | 2:16",
                "control while %0 %5 %8 |  |  |  | while",
                "keeps #0 %1 | y",
                "operation mul %1 |  | f64 | 4:12 | y * y",
                "operation sub %2 %0 |  | f64 | 4:12 | (y * y) - x",
                "operation abs %3 |  | f64 | 4:23 | ((y * y) - x).abs()",
                "operation gt %4 |  | bool | 4:11 | ((y * y) - x).abs() > 1e-12",
                "operation div %0 %1 again |  | f64 | 5:24 | x / y",
                "operation add %1 %6 |  | f64 | 5:20 | y + (x / y)",
                "operation mul %7 | y | f64 | 5:13 | 0.5 * (y + (x / y))",
                "output %1 |  | f64 |  | y",
            ],
        );
    }
};
