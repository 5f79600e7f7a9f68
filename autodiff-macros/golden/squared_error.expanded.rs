#[allow(dead_code)]
fn squared_error(w: &[f64], x: &[f64], y: f64) -> f64 {
    let mut z = 0.0;
    for i in 0..w.len() {
        z += w[i] * x[i];
    }
    (z - y).powi(2)
}
/// Derivatives of the function [`squared_error`](fn@squared_error).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum squared_error {}
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
    impl squared_error {
        /// The value of `squared_error`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            w: &[f64],
            x: &[f64],
            y: f64,
            w_bar: &mut [f64],
            x_bar: &mut [f64],
            y_bar: &mut f64,
        ) -> f64 {
            rt::check_cotangent("squared_error::value_and_grad_into", "w", w, w_bar);
            rt::check_cotangent("squared_error::value_and_grad_into", "x", x, x_bar);
            let mut z = 0.0;
            for i in 0..w.len() {
                z += w[i] * x[i];
            }
            let difference = z - y;
            /// Reverse sweep.
            let product = 2.0 * difference;
            *y_bar -= product;
            let z_bar = product;
            for i in 0..w.len() {
                x_bar[i] += z_bar * w[i];
                w_bar[i] += z_bar * x[i];
            }
            difference.powi(2)
        }
        /// The value of `squared_error` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(
            w: &[f64],
            x: &[f64],
            y: f64,
        ) -> (f64, (Vec<f64>, Vec<f64>, f64)) {
            let mut w_bar = rt::vec![0.0; w.len()];
            let mut x_bar = rt::vec![0.0; x.len()];
            let mut y_bar = 0.0;
            let value = Self::value_and_grad_into(
                w,
                x,
                y,
                &mut w_bar,
                &mut x_bar,
                &mut y_bar,
            );
            (value, (w_bar, x_bar, y_bar))
        }
        /// The gradients of `squared_error`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(w: &[f64], x: &[f64], y: f64) -> (Vec<f64>, Vec<f64>, f64) {
            Self::value_and_grad(w, x, y).1
        }
        /// The value of `squared_error` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(
            w: &'a [f64],
            x: &'a [f64],
            y: f64,
        ) -> (f64, impl Fn(f64) -> (Vec<f64>, Vec<f64>, f64) + use<'a>) {
            let (value, pullback) = Self::call_vjp(w, x, y);
            let pullback = move |value_bar: f64| {
                let mut w_bar = rt::vec![0.0; w.len()];
                let mut x_bar = rt::vec![0.0; x.len()];
                let mut y_bar = 0.0;
                pullback(
                    w,
                    x,
                    &value_bar,
                    Some(&mut w_bar),
                    Some(&mut x_bar),
                    Some(&mut y_bar),
                );
                (w_bar, x_bar, y_bar)
            };
            (value, pullback)
        }
        /// The value of `squared_error` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(
            w: &[f64],
            x: &[f64],
            y: f64,
            w_dot: &[f64],
            x_dot: &[f64],
            y_dot: f64,
        ) -> (f64, f64) {
            rt::check_tangent("squared_error::jvp", "w", w, w_dot);
            rt::check_tangent("squared_error::jvp", "x", x, x_dot);
            let mut z_dot = 0.0;
            let mut z = 0.0;
            for i in 0..w.len() {
                z_dot += w_dot[i] * x[i] + w[i] * x_dot[i];
                z += w[i] * x[i];
            }
            let difference = z - y;
            (difference.powi(2), 2.0 * difference * (z_dot - y_dot))
        }
        /// The value of `squared_error` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            w: &[f64],
            x: &[f64],
            y: f64,
        ) -> (
            f64,
            impl Fn(
                &[f64],
                &[f64],
                &f64,
                Option<&mut [f64]>,
                Option<&mut [f64]>,
                Option<&mut f64>,
            ) + use<>,
        ) {
            let mut z = 0.0;
            for i in 0..w.len() {
                z += w[i] * x[i];
            }
            let difference = z - y;
            let len = w.len();
            let value = difference.powi(2);
            let pullback = move |
                w: &[f64],
                x: &[f64],
                &value_bar: &f64,
                mut w_bar: Option<&mut [f64]>,
                mut x_bar: Option<&mut [f64]>,
                mut y_bar: Option<&mut f64>|
            {
                let product = value_bar * (2.0 * difference);
                let z_bar = product;
                for i in 0..len {
                    if let Some(x_bar) = x_bar.as_deref_mut() {
                        x_bar[i] += z_bar * w[i];
                    }
                    if let Some(w_bar) = w_bar.as_deref_mut() {
                        w_bar[i] += z_bar * x[i];
                    }
                }
                if let Some(y_bar) = y_bar.as_deref_mut() {
                    *y_bar -= product;
                }
            };
            (value, pullback)
        }
        /// The value of `squared_error` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            w: &[f64],
            x: &[f64],
            y: f64,
            w_dot: Option<&[f64]>,
            x_dot: Option<&[f64]>,
            y_dot: Option<f64>,
        ) -> (f64, f64) {
            let w_zero;
            let w_dot = match w_dot {
                Some(w_dot) => w_dot,
                None => {
                    w_zero = rt::vec![0.0; w.len()];
                    &w_zero
                }
            };
            let x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = rt::vec![0.0; x.len()];
                    &x_zero
                }
            };
            let y_dot = y_dot.unwrap_or(0.0);
            Self::jvp(w, x, y, w_dot, x_dot, y_dot)
        }
        /// `call_vjp` of `squared_error` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            w: &[f64],
            x: &[f64],
            y: f64,
        ) -> (
            f64,
            impl Fn(
                &(),
                &[f64],
                &[f64],
                &f64,
                Option<&mut ()>,
                Option<&mut [f64]>,
                Option<&mut [f64]>,
                Option<&mut f64>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(w, x, y);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &[f64],
                    argument_2: &[f64],
                    argument_3: &f64,
                    argument_4: Option<&mut ()>,
                    argument_5: Option<&mut [f64]>,
                    argument_6: Option<&mut [f64]>,
                    argument_7: Option<&mut f64>|
                pullback(
                    argument_1,
                    argument_2,
                    argument_3,
                    argument_5,
                    argument_6,
                    argument_7,
                ),
            )
        }
        /// `call_jvp` of `squared_error` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            w: &[f64],
            x: &[f64],
            y: f64,
            _: Option<&()>,
            w_dot: Option<&[f64]>,
            x_dot: Option<&[f64]>,
            y_dot: Option<f64>,
        ) -> (f64, f64) {
            Self::call_jvp(w, x, y, w_dot, x_dot, y_dot)
        }
        /// The static graph of `squared_error`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "squared_error",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | w | &[f64] | 2:18",
                "input differentiated | x | &[f64] | 2:29",
                "input differentiated | y | f64 | 2:40",
                "control for %7 |  |  | 4:9 | 0..w.len()",
                "operation index %3 %0 |  | f64 | 5:14 | w[i]",
                "operation index %3 %1 |  | f64 | 5:21 | x[i]",
                "operation mul %4 %5 |  | f64 | 5:14 | w[i] * x[i]",
                "operation add %3 %6 | z | f64 | 3:13 | z += w[i] * x[i]",
                "operation sub %3 %2 |  | f64 | 7:6 | z - y",
                "keeps #0 | z - y",
                "operation powi %8 |  | f64 | 7:13 | (z - y).powi(2)",
                "output %9 |  | f64 |  | (z - y).powi(2)",
            ],
        );
    }
};
