#[allow(dead_code)]
pub(crate) fn hypot_rule(x: f64, y: f64) -> (f64, (f64, f64)) {
    let length = libm::hypot(x, y);
    (length, (x / length, y / length))
}
/// Derivatives of the function [`libm::hypot`](fn@libm::hypot), by the rule [`hypot_rule`](fn@hypot_rule).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
pub(crate) enum hypot {}
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
    impl hypot {
        /// The value of `hypot`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            x: f64,
            y: f64,
            x_bar: &mut f64,
            y_bar: &mut f64,
        ) -> f64 {
            let (value, (x_partial, y_partial)) = hypot_rule(x, y);
            *x_bar += x_partial;
            *y_bar += y_partial;
            value
        }
        /// The value of `hypot` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: f64, y: f64) -> (f64, (f64, f64)) {
            let mut x_bar = 0.0;
            let mut y_bar = 0.0;
            let value = Self::value_and_grad_into(x, y, &mut x_bar, &mut y_bar);
            (value, (x_bar, y_bar))
        }
        /// The gradients of `hypot`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: f64, y: f64) -> (f64, f64) {
            Self::value_and_grad(x, y).1
        }
        /// The value of `hypot` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp(x: f64, y: f64) -> (f64, impl Fn(f64) -> (f64, f64) + use<>) {
            let (value, pullback) = Self::call_vjp(x, y);
            let pullback = move |value_bar: f64| {
                let mut x_bar = 0.0;
                let mut y_bar = 0.0;
                pullback(&value_bar, Some(&mut x_bar), Some(&mut y_bar));
                (x_bar, y_bar)
            };
            (value, pullback)
        }
        /// The value of `hypot` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: f64, y: f64, x_dot: f64, y_dot: f64) -> (f64, f64) {
            let (value, (x_partial, y_partial)) = hypot_rule(x, y);
            (value, x_partial * x_dot + y_partial * y_dot)
        }
        /// The value of `hypot` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: f64,
            y: f64,
        ) -> (f64, impl Fn(&f64, Option<&mut f64>, Option<&mut f64>) + use<>) {
            let (value, (x_partial, y_partial)) = hypot_rule(x, y);
            let pullback = move |
                &value_bar: &f64,
                x_bar: Option<&mut f64>,
                y_bar: Option<&mut f64>|
            {
                if let Some(x_bar) = x_bar {
                    *x_bar += value_bar * x_partial;
                }
                if let Some(y_bar) = y_bar {
                    *y_bar += value_bar * y_partial;
                }
            };
            (value, pullback)
        }
        /// The value of `hypot` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: f64,
            y: f64,
            x_dot: Option<f64>,
            y_dot: Option<f64>,
        ) -> (f64, f64) {
            let x_dot = x_dot.unwrap_or(0.0);
            let y_dot = y_dot.unwrap_or(0.0);
            Self::jvp(x, y, x_dot, y_dot)
        }
        /// `call_vjp` of `hypot` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: f64,
            y: f64,
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
            let (value, pullback) = Self::call_vjp(x, y);
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
        /// `call_jvp` of `hypot` as an argument of a function.
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
        ) -> (f64, f64) {
            Self::call_jvp(x, y, x_dot, y_dot)
        }
        /// The static graph of `hypot`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "hypot",
            ::core::file!(),
            &[],
            &[
                "input differentiated | x | f64 | 2:26",
                "input differentiated | y | f64 | 2:34",
                "operation hypot %0 %1 |  | f64 | 1:17 | x.hypot(y)",
                "output %2 |  | f64 |  | x.hypot(y)",
            ],
        );
    }
};
impl ::differentiable::rt::check::GivenByRules for hypot {
    const RULES: &'static str = "`hypot_rule`";
}
const _: fn(f64, f64) -> f64 = libm::hypot;
#[allow(dead_code)]
fn bessel(n: i32, x: f64) -> (f64, f64) {
    (libm::jn(n, x), 0.5 * (libm::jn(n - 1, x) - libm::jn(n + 1, x)))
}
/// Derivatives of the function [`libm::jn`](fn@libm::jn), by the rule [`bessel`](fn@bessel).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum jn {}
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
    impl jn {
        /// The value of `jn`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(n: i32, x: f64, x_bar: &mut f64) -> f64 {
            let (value, x_partial) = bessel(n, x);
            *x_bar += x_partial;
            value
        }
        /// The value of `jn` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(n: i32, x: f64) -> (f64, f64) {
            let mut x_bar = 0.0;
            let value = Self::value_and_grad_into(n, x, &mut x_bar);
            (value, x_bar)
        }
        /// The gradients of `jn`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(n: i32, x: f64) -> f64 {
            Self::value_and_grad(n, x).1
        }
        /// The value of `jn` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp(n: i32, x: f64) -> (f64, impl Fn(f64) -> f64 + use<>) {
            let (value, pullback) = Self::call_vjp(n, x);
            let pullback = move |value_bar: f64| {
                let mut x_bar = 0.0;
                pullback(&value_bar, None, Some(&mut x_bar));
                x_bar
            };
            (value, pullback)
        }
        /// The value of `jn` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(n: i32, x: f64, x_dot: f64) -> (f64, f64) {
            let (value, x_partial) = bessel(n, x);
            (value, x_partial * x_dot)
        }
        /// The value of `jn` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            n: i32,
            x: f64,
        ) -> (f64, impl Fn(&f64, Option<&mut ()>, Option<&mut f64>) + use<>) {
            let (value, x_partial) = bessel(n, x);
            let pullback = move |
                &value_bar: &f64,
                _: Option<&mut ()>,
                x_bar: Option<&mut f64>|
            {
                if let Some(x_bar) = x_bar {
                    *x_bar += value_bar * x_partial;
                }
            };
            (value, pullback)
        }
        /// The value of `jn` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            n: i32,
            x: f64,
            _: Option<()>,
            x_dot: Option<f64>,
        ) -> (f64, f64) {
            let x_dot = x_dot.unwrap_or(0.0);
            Self::jvp(n, x, x_dot)
        }
        /// `call_vjp` of `jn` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            n: i32,
            x: f64,
        ) -> (
            f64,
            impl Fn(
                &(),
                &f64,
                Option<&mut ()>,
                Option<&mut ()>,
                Option<&mut f64>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(n, x);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &f64,
                    argument_2: Option<&mut ()>,
                    argument_3: Option<&mut ()>,
                    argument_4: Option<&mut f64>|
                pullback(argument_1, argument_3, argument_4),
            )
        }
        /// `call_jvp` of `jn` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            n: i32,
            x: f64,
            _: Option<&()>,
            n_dot: Option<()>,
            x_dot: Option<f64>,
        ) -> (f64, f64) {
            Self::call_jvp(n, x, n_dot, x_dot)
        }
        /// The static graph of `jn`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "jn",
            ::core::file!(),
            &[],
            &[
                "input | n | i32 | 8:11",
                "input differentiated | x | f64 | 8:19",
                "operation jn %0 %1 |  | f64 | 7:17 | jn(n, x)",
                "output %2 |  | f64 |  | jn(n, x)",
            ],
        );
    }
};
impl ::differentiable::rt::check::GivenByRules for jn {
    const RULES: &'static str = "`bessel`";
}
const _: fn(i32, f64) -> f64 = libm::jn;
