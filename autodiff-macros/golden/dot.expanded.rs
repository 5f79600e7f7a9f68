#[allow(dead_code)]
pub fn dot(w: &[f64], x: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..w.len() {
        s += w[i] * x[i];
    }
    s
}
/// Derivatives of the function [`dot`](fn@dot).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
pub enum dot {}
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
    impl dot {
        /// The value of `dot`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            w: &[f64],
            x: &[f64],
            w_bar: &mut [f64],
            x_bar: &mut [f64],
        ) -> f64 {
            rt::check_cotangent("dot::value_and_grad_into", "w", w, w_bar);
            rt::check_cotangent("dot::value_and_grad_into", "x", x, x_bar);
            let mut s = 0.0;
            for i in 0..w.len() {
                s += w[i] * x[i];
                x_bar[i] += w[i];
                w_bar[i] += x[i];
            }
            s
        }
        /// The value of `dot` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(w: &[f64], x: &[f64]) -> (f64, (Vec<f64>, Vec<f64>)) {
            let mut w_bar = rt::vec![0.0; w.len()];
            let mut x_bar = rt::vec![0.0; x.len()];
            let value = Self::value_and_grad_into(w, x, &mut w_bar, &mut x_bar);
            (value, (w_bar, x_bar))
        }
        /// The gradients of `dot`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(w: &[f64], x: &[f64]) -> (Vec<f64>, Vec<f64>) {
            Self::value_and_grad(w, x).1
        }
        /// The value of `dot` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(
            w: &'a [f64],
            x: &'a [f64],
        ) -> (f64, impl Fn(f64) -> (Vec<f64>, Vec<f64>) + use<'a>) {
            let (value, pullback) = Self::call_vjp(w, x);
            let pullback = move |value_bar: f64| {
                let mut w_bar = rt::vec![0.0; w.len()];
                let mut x_bar = rt::vec![0.0; x.len()];
                pullback(w, x, &value_bar, Some(&mut w_bar), Some(&mut x_bar));
                (w_bar, x_bar)
            };
            (value, pullback)
        }
        /// The value of `dot` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(w: &[f64], x: &[f64], w_dot: &[f64], x_dot: &[f64]) -> (f64, f64) {
            rt::check_tangent("dot::jvp", "w", w, w_dot);
            rt::check_tangent("dot::jvp", "x", x, x_dot);
            let mut s_dot = 0.0;
            let mut s = 0.0;
            for i in 0..w.len() {
                s_dot += w_dot[i] * x[i] + w[i] * x_dot[i];
                s += w[i] * x[i];
            }
            (s, s_dot)
        }
        /// The value of `dot` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            w: &[f64],
            x: &[f64],
        ) -> (
            f64,
            impl Fn(&[f64], &[f64], &f64, Option<&mut [f64]>, Option<&mut [f64]>) + use<>,
        ) {
            let mut s = 0.0;
            for i in 0..w.len() {
                s += w[i] * x[i];
            }
            let len = w.len();
            let pullback = move |
                w: &[f64],
                x: &[f64],
                &s_bar: &f64,
                mut w_bar: Option<&mut [f64]>,
                mut x_bar: Option<&mut [f64]>|
            {
                let s_bar = s_bar;
                for i in 0..len {
                    if let Some(x_bar) = x_bar.as_deref_mut() {
                        x_bar[i] += s_bar * w[i];
                    }
                    if let Some(w_bar) = w_bar.as_deref_mut() {
                        w_bar[i] += s_bar * x[i];
                    }
                }
            };
            (s, pullback)
        }
        /// The value of `dot` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            w: &[f64],
            x: &[f64],
            w_dot: Option<&[f64]>,
            x_dot: Option<&[f64]>,
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
            Self::jvp(w, x, w_dot, x_dot)
        }
        /// `call_vjp` of `dot` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            w: &[f64],
            x: &[f64],
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
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(w, x);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &[f64],
                    argument_2: &[f64],
                    argument_3: &f64,
                    argument_4: Option<&mut ()>,
                    argument_5: Option<&mut [f64]>,
                    argument_6: Option<&mut [f64]>|
                pullback(argument_1, argument_2, argument_3, argument_5, argument_6),
            )
        }
        /// `call_jvp` of `dot` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            w: &[f64],
            x: &[f64],
            _: Option<&()>,
            w_dot: Option<&[f64]>,
            x_dot: Option<&[f64]>,
        ) -> (f64, f64) {
            Self::call_jvp(w, x, w_dot, x_dot)
        }
        /// The static graph of `dot`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "dot",
            ::core::file!(),
            &[],
            &[
                "input differentiated | w | &[f64] | 2:12",
                "input differentiated | x | &[f64] | 2:23",
                "control for %6 |  |  | 4:9 | 0..w.len()",
                "operation index %2 %0 |  | f64 | 5:14 | w[i]",
                "operation index %2 %1 |  | f64 | 5:21 | x[i]",
                "operation mul %3 %4 |  | f64 | 5:14 | w[i] * x[i]",
                "operation add %2 %5 | s | f64 | 3:13 | s += w[i] * x[i]",
                "output %2 |  | f64 |  | s",
            ],
        );
    }
};
