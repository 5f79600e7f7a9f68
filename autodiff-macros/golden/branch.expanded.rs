#[allow(dead_code)]
fn leaky(x: f64, slope: f64) -> f64 {
    if x > 0.0 { x.sqrt() } else { slope * x }
}
/// Derivatives of the function [`leaky`](fn@leaky).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum leaky {}
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
    impl leaky {
        /// The value of `leaky`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            x: f64,
            slope: f64,
            x_bar: &mut f64,
            slope_bar: &mut f64,
        ) -> f64 {
            let chosen = if x > 0.0 {
                let sqrt_x = x.sqrt();
                *x_bar += 0.5 / sqrt_x;
                sqrt_x
            } else {
                *slope_bar += x;
                *x_bar += slope;
                slope * x
            };
            chosen
        }
        /// The value of `leaky` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: f64, slope: f64) -> (f64, (f64, f64)) {
            let mut x_bar = 0.0;
            let mut slope_bar = 0.0;
            let value = Self::value_and_grad_into(x, slope, &mut x_bar, &mut slope_bar);
            (value, (x_bar, slope_bar))
        }
        /// The gradients of `leaky`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: f64, slope: f64) -> (f64, f64) {
            Self::value_and_grad(x, slope).1
        }
        /// The value of `leaky` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp(x: f64, slope: f64) -> (f64, impl Fn(f64) -> (f64, f64) + use<>) {
            let (value, pullback) = Self::call_vjp(x, slope);
            let pullback = move |value_bar: f64| {
                let mut x_bar = 0.0;
                let mut slope_bar = 0.0;
                pullback(&value_bar, Some(&mut x_bar), Some(&mut slope_bar));
                (x_bar, slope_bar)
            };
            (value, pullback)
        }
        /// The value of `leaky` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: f64, slope: f64, x_dot: f64, slope_dot: f64) -> (f64, f64) {
            if x > 0.0 {
                let sqrt_x = x.sqrt();
                (sqrt_x, 0.5 / sqrt_x * x_dot)
            } else {
                (slope * x, slope_dot * x + slope * x_dot)
            }
        }
        /// The value of `leaky` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: f64,
            slope: f64,
        ) -> (f64, impl Fn(&f64, Option<&mut f64>, Option<&mut f64>) + use<>) {
            let greater = x > 0.0;
            let mut sqrt_x_saved = 0.0;
            let chosen = if greater {
                let sqrt_x = x.sqrt();
                sqrt_x_saved = sqrt_x;
                sqrt_x
            } else {
                slope * x
            };
            let pullback = move |
                &value_bar: &f64,
                mut x_bar: Option<&mut f64>,
                mut slope_bar: Option<&mut f64>|
            {
                let mut x_bar_2 = 0.0;
                let mut slope_bar_2 = 0.0;
                if greater {
                    x_bar_2 += value_bar * (0.5 / sqrt_x_saved);
                } else {
                    slope_bar_2 += value_bar * x;
                    x_bar_2 += value_bar * slope;
                }
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += x_bar_2;
                }
                if let Some(slope_bar) = slope_bar.as_deref_mut() {
                    *slope_bar += slope_bar_2;
                }
            };
            (chosen, pullback)
        }
        /// The value of `leaky` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: f64,
            slope: f64,
            x_dot: Option<f64>,
            slope_dot: Option<f64>,
        ) -> (f64, f64) {
            let x_dot = x_dot.unwrap_or(0.0);
            let slope_dot = slope_dot.unwrap_or(0.0);
            Self::jvp(x, slope, x_dot, slope_dot)
        }
        /// `call_vjp` of `leaky` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: f64,
            slope: f64,
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
            let (value, pullback) = Self::call_vjp(x, slope);
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
        /// `call_jvp` of `leaky` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: f64,
            slope: f64,
            _: Option<&()>,
            x_dot: Option<f64>,
            slope_dot: Option<f64>,
        ) -> (f64, f64) {
            Self::call_jvp(x, slope, x_dot, slope_dot)
        }
        /// The static graph of `leaky`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "leaky",
            ::core::file!(),
            &[::core::mem::size_of::<bool>(), ::core::mem::size_of::<f64>()],
            &[
                "input differentiated | x | f64 | 2:10",
                "input differentiated | slope | f64 | 2:18",
                "operation gt %0 |  | bool | 3:8 | x > 0.0",
                "keeps #0 | x > 0.0",
                "operation sqrt %0 |  | f64 | 3:20 | x.sqrt()",
                "keeps #1 | x.sqrt()",
                "operation mul %1 %0 |  | f64 | 3:36 | slope * x",
                "control if %2 %3 %4 |  | f64 | 3:5 | x > 0.0",
                "output %5 |  | f64 |  | chosen",
            ],
        );
    }
};
