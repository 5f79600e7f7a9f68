#[allow(dead_code)]
fn square(x: f64) -> f64 {
    x * x
}
/// Derivatives of the function [`square`](fn@square).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum square {}
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
    impl square {
        /// The value of `square`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(x: f64, x_bar: &mut f64) -> f64 {
            *x_bar += 2.0 * x;
            x * x
        }
        /// The value of `square` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: f64) -> (f64, f64) {
            let mut x_bar = 0.0;
            let value = Self::value_and_grad_into(x, &mut x_bar);
            (value, x_bar)
        }
        /// The gradients of `square`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: f64) -> f64 {
            Self::value_and_grad(x).1
        }
        /// The value of `square` and its pullback, which turns cotangents of the results into gradients as often as it is called.
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
        /// The value of `square` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: f64, x_dot: f64) -> (f64, f64) {
            (x * x, x_dot * x + x * x_dot)
        }
        /// The value of `square` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(x: f64) -> (f64, impl Fn(&f64, Option<&mut f64>) + use<>) {
            let value = x * x;
            let pullback = move |&value_bar: &f64, mut x_bar: Option<&mut f64>| {
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += value_bar * (2.0 * x);
                }
            };
            (value, pullback)
        }
        /// The value of `square` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(x: f64, x_dot: Option<f64>) -> (f64, f64) {
            let x_dot = x_dot.unwrap_or(0.0);
            Self::jvp(x, x_dot)
        }
        /// `call_vjp` of `square` as an argument of a function.
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
        /// `call_jvp` of `square` as an argument of a function.
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
        /// The static graph of `square`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "square",
            ::core::file!(),
            &[],
            &[
                "input differentiated | x | f64 | 2:11",
                "operation mul %0 |  | f64 | 3:5 | x * x",
                "output %1 |  | f64 |  | x * x",
            ],
        );
    }
};
