#[allow(dead_code)]
/// A polynomial whose gradient is known at compile time.
const fn poly(x: f64) -> f64 {
    let square = x * x;
    if x > 0.0 { square * x - 2.0 * square } else { square }
}
/// Derivatives of the function [`poly`](fn@poly).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum poly {}
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
    impl poly {
        /// The value of `poly`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub const fn value_and_grad_into(x: f64, x_bar: &mut f64) -> f64 {
            let square = x * x;
            let greater = x > 0.0;
            /// Reverse sweep.
            let mut square_bar = 0.0;
            if greater {
                square_bar -= 1.0 * 2.0;
                square_bar += x;
                *x_bar += square;
            } else {
                square_bar += 1.0;
            }
            *x_bar += square_bar * (2.0 * x);
            if greater { square * x - 2.0 * square } else { square }
        }
        /// The value of `poly` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub const fn value_and_grad(x: f64) -> (f64, f64) {
            let mut x_bar = 0.0;
            let value = Self::value_and_grad_into(x, &mut x_bar);
            (value, x_bar)
        }
        /// The gradients of `poly`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub const fn grad(x: f64) -> f64 {
            Self::value_and_grad(x).1
        }
        /// The value of `poly` and its pullback, which turns cotangents of the results into gradients as often as it is called.
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
        /// The value of `poly` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub const fn jvp(x: f64, x_dot: f64) -> (f64, f64) {
            let square = x * x;
            let square_dot = x_dot * x + x * x_dot;
            if x > 0.0 {
                (
                    square * x - 2.0 * square,
                    square_dot * x + square * x_dot - 2.0 * square_dot,
                )
            } else {
                (square, square_dot)
            }
        }
        /// The value of `poly` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(x: f64) -> (f64, impl Fn(&f64, Option<&mut f64>) + use<>) {
            let square = x * x;
            let greater = x > 0.0;
            let value = if greater { square * x - 2.0 * square } else { square };
            let pullback = move |&value_bar: &f64, mut x_bar: Option<&mut f64>| {
                let mut square_bar = 0.0;
                let mut x_bar_2 = 0.0;
                if greater {
                    square_bar -= value_bar * 2.0;
                    square_bar += value_bar * x;
                    x_bar_2 += value_bar * square;
                } else {
                    square_bar += value_bar;
                }
                x_bar_2 += square_bar * (2.0 * x);
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += x_bar_2;
                }
            };
            (value, pullback)
        }
        /// The value of `poly` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(x: f64, x_dot: Option<f64>) -> (f64, f64) {
            let x_dot = x_dot.unwrap_or(0.0);
            Self::jvp(x, x_dot)
        }
        /// `call_vjp` of `poly` as an argument of a function.
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
        /// `call_jvp` of `poly` as an argument of a function.
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
        /// The static graph of `poly`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "poly",
            ::core::file!(),
            &[::core::mem::size_of::<f64>(), ::core::mem::size_of::<bool>()],
            &[
                "input differentiated | x | f64 | 3:15",
                "operation mul %0 | square | f64 | 4:9 | x * x",
                "keeps #0 | x * x",
                "operation gt %0 |  | bool | 5:8 | x > 0.0",
                "keeps #1 | x > 0.0",
                "operation mul %1 %0 |  | f64 | 5:18 | square * x",
                "operation mul %1 |  | f64 | 5:31 | 2.0 * square",
                "operation sub %3 %4 |  | f64 | 5:18 | (square * x) - (2.0 * square)",
                "control if %2 %5 %1 |  | f64 | 5:5 | x > 0.0",
                "output %6 |  | f64 |  | chosen",
            ],
        );
    }
};
