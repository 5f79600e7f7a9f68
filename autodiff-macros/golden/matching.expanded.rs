#[allow(dead_code)]
fn select(n: i32, x: f64) -> f64 {
    match n {
        0 => x,
        1 | 2 => x * x,
        k if k > 10 => 3.0 * x,
        _ => 0.0,
    }
}
/// Derivatives of the function [`select`](fn@select).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum select {}
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
    impl select {
        /// The value of `select`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(n: i32, x: f64, x_bar: &mut f64) -> f64 {
            let mut arm = 0_usize;
            let chosen = match n {
                0 => x,
                1 | 2 => {
                    arm = 1;
                    x * x
                }
                k if k > 10 => {
                    arm = 2;
                    3.0 * x
                }
                _ => {
                    arm = 3;
                    0.0
                }
            };
            /// Reverse sweep.
            match arm {
                0 => {
                    *x_bar += 1.0;
                }
                1 => {
                    *x_bar += 2.0 * x;
                }
                2 => {
                    *x_bar += 3.0;
                }
                _ => {}
            }
            chosen
        }
        /// The value of `select` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(n: i32, x: f64) -> (f64, f64) {
            let mut x_bar = 0.0;
            let value = Self::value_and_grad_into(n, x, &mut x_bar);
            (value, x_bar)
        }
        /// The gradients of `select`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(n: i32, x: f64) -> f64 {
            Self::value_and_grad(n, x).1
        }
        /// The value of `select` and its pullback, which turns cotangents of the results into gradients as often as it is called.
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
        /// The value of `select` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(n: i32, x: f64, x_dot: f64) -> (f64, f64) {
            match n {
                0 => (x, x_dot),
                1 | 2 => (x * x, x_dot * x + x * x_dot),
                k if k > 10 => (3.0 * x, 3.0 * x_dot),
                _ => (0.0, 0.0),
            }
        }
        /// The value of `select` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            n: i32,
            x: f64,
        ) -> (f64, impl Fn(&f64, Option<&mut ()>, Option<&mut f64>) + use<>) {
            let mut arm = 0_usize;
            let chosen = match n {
                0 => x,
                1 | 2 => {
                    arm = 1;
                    x * x
                }
                k if k > 10 => {
                    arm = 2;
                    3.0 * x
                }
                _ => {
                    arm = 3;
                    0.0
                }
            };
            let pullback = move |
                &value_bar: &f64,
                _: Option<&mut ()>,
                mut x_bar: Option<&mut f64>|
            {
                let mut x_bar_2 = 0.0;
                match arm {
                    0 => {
                        x_bar_2 += value_bar;
                    }
                    1 => {
                        x_bar_2 += value_bar * (2.0 * x);
                    }
                    2 => {
                        x_bar_2 += value_bar * 3.0;
                    }
                    _ => {}
                }
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += x_bar_2;
                }
            };
            (chosen, pullback)
        }
        /// The value of `select` and its tangent, as other derivatives call it.
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
        /// `call_vjp` of `select` as an argument of a function.
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
        /// `call_jvp` of `select` as an argument of a function.
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
        /// The static graph of `select`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "select",
            ::core::file!(),
            &[],
            &[
                "input | n | i32 | 2:11",
                "input differentiated | x | f64 | 2:19",
                "operation mul %1 |  | f64 | 5:18 | x * x",
                "operation gt %0 |  | bool | 6:14 | k > 10",
                "operation mul %1 |  | f64 | 6:24 | 3.0 * x",
                "control match %0 %1 %2 %3 %4 |  | f64 | 3:5 | n",
                "output %5 |  | f64 |  | chosen",
            ],
        );
    }
};
