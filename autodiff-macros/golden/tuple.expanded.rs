#[allow(dead_code)]
fn polar(x: f64, y: f64) -> (f64, f64) {
    (x.hypot(y), y.atan2(x))
}
/// Derivatives of the function [`polar`](fn@polar).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum polar {}
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
    impl polar {
        /// The value of `polar` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp(
            x: f64,
            y: f64,
        ) -> ((f64, f64), impl Fn((f64, f64)) -> (f64, f64) + use<>) {
            let (value, pullback) = Self::call_vjp(x, y);
            let pullback = move |value_bar: (f64, f64)| {
                let mut x_bar = 0.0;
                let mut y_bar = 0.0;
                pullback(&value_bar, Some(&mut x_bar), Some(&mut y_bar));
                (x_bar, y_bar)
            };
            (value, pullback)
        }
        /// The value of `polar` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: f64, y: f64, x_dot: f64, y_dot: f64) -> ((f64, f64), (f64, f64)) {
            (
                (x.hypot(y), y.atan2(x)),
                (
                    rt::hypot_partial(x, y) * x_dot + rt::hypot_partial(y, x) * y_dot,
                    rt::atan2_partial_y(y, x) * y_dot + rt::atan2_partial_x(y, x) * x_dot,
                ),
            )
        }
        /// The value of `polar` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: f64,
            y: f64,
        ) -> (
            (f64, f64),
            impl Fn(&(f64, f64), Option<&mut f64>, Option<&mut f64>) + use<>,
        ) {
            let value = (x.hypot(y), y.atan2(x));
            let pullback = move |
                &value_bar: &(f64, f64),
                mut x_bar: Option<&mut f64>,
                mut y_bar: Option<&mut f64>|
            {
                let y_bar_2 = value_bar.1 * rt::atan2_partial_y(y, x)
                    + value_bar.0 * rt::hypot_partial(y, x);
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar
                        += value_bar.1 * rt::atan2_partial_x(y, x)
                            + value_bar.0 * rt::hypot_partial(x, y);
                }
                if let Some(y_bar) = y_bar.as_deref_mut() {
                    *y_bar += y_bar_2;
                }
            };
            (value, pullback)
        }
        /// The value of `polar` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: f64,
            y: f64,
            x_dot: Option<f64>,
            y_dot: Option<f64>,
        ) -> ((f64, f64), (f64, f64)) {
            let x_dot = x_dot.unwrap_or(0.0);
            let y_dot = y_dot.unwrap_or(0.0);
            Self::jvp(x, y, x_dot, y_dot)
        }
        /// `call_vjp` of `polar` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: f64,
            y: f64,
        ) -> (
            (f64, f64),
            impl Fn(
                &(),
                &(f64, f64),
                Option<&mut ()>,
                Option<&mut f64>,
                Option<&mut f64>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(x, y);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &(f64, f64),
                    argument_2: Option<&mut ()>,
                    argument_3: Option<&mut f64>,
                    argument_4: Option<&mut f64>|
                pullback(argument_1, argument_3, argument_4),
            )
        }
        /// `call_jvp` of `polar` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: f64,
            y: f64,
            _: Option<&()>,
            x_dot: Option<f64>,
            y_dot: Option<f64>,
        ) -> ((f64, f64), (f64, f64)) {
            Self::call_jvp(x, y, x_dot, y_dot)
        }
        /// The static graph of `polar`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "polar",
            ::core::file!(),
            &[],
            &[
                "input differentiated | x | f64 | 2:10",
                "input differentiated | y | f64 | 2:18",
                "operation hypot %0 %1 |  | f64 | 3:8 | x.hypot(y)",
                "operation atan2 %1 %0 |  | f64 | 3:20 | y.atan2(x)",
                "operation tuple %2 %3 |  | (f64, f64) | 2:40 | (x.hypot(y), y.atan2(x))",
                "output %4 |  | (f64, f64) |  | (x.hypot(y), y.atan2(x))",
            ],
        );
    }
};
