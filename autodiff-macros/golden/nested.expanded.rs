#[allow(dead_code)]
fn penalised(x: f64, y: f64) -> f64 {
    let (of_x, of_y) = energy::grad(x, y);
    of_x * of_x + of_y
}
/// Derivatives of the function [`penalised`](fn@penalised).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum penalised {}
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
    impl penalised {
        /// The value of `penalised`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            x: f64,
            y: f64,
            x_bar: &mut f64,
            y_bar: &mut f64,
        ) -> f64 {
            let (energy_grad, grad_pullback) = energy::grad_call_vjp(x, y);
            let of_x = energy_grad.0;
            let of_y = energy_grad.1;
            /// Reverse sweep.
            let mut energy_grad_bar = rt::zero_tangent(&energy_grad);
            energy_grad_bar.1 += 1.0;
            energy_grad_bar.0 += 2.0 * of_x;
            grad_pullback(&energy_grad_bar, Some(&mut *x_bar), Some(&mut *y_bar));
            of_x * of_x + of_y
        }
        /// The value of `penalised` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: f64, y: f64) -> (f64, (f64, f64)) {
            let mut x_bar = 0.0;
            let mut y_bar = 0.0;
            let value = Self::value_and_grad_into(x, y, &mut x_bar, &mut y_bar);
            (value, (x_bar, y_bar))
        }
        /// The gradients of `penalised`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: f64, y: f64) -> (f64, f64) {
            Self::value_and_grad(x, y).1
        }
        /// The value of `penalised` and its pullback, which turns cotangents of the results into gradients as often as it is called.
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
        /// The value of `penalised` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: f64, y: f64, x_dot: f64, y_dot: f64) -> (f64, f64) {
            let (energy_grad, energy_grad_dot) = energy::grad_call_jvp(
                x,
                y,
                Some(x_dot),
                Some(y_dot),
            );
            let of_x = energy_grad.0;
            let of_x_dot = rt::tangent_of(&energy_grad.0, &energy_grad_dot.0);
            let of_y = energy_grad.1;
            (
                of_x * of_x + of_y,
                of_x_dot * of_x + of_x * of_x_dot
                    + rt::tangent_of(&energy_grad.1, &energy_grad_dot.1),
            )
        }
        /// The value of `penalised` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: f64,
            y: f64,
        ) -> (f64, impl Fn(&f64, Option<&mut f64>, Option<&mut f64>) + use<>) {
            let (energy_grad, grad_pullback) = energy::grad_call_vjp(x, y);
            let of_x = energy_grad.0;
            let of_y = energy_grad.1;
            let value = of_x * of_x + of_y;
            let pullback = move |
                &value_bar: &f64,
                mut x_bar: Option<&mut f64>,
                mut y_bar: Option<&mut f64>|
            {
                let mut energy_grad_bar = rt::zero_tangent(&energy_grad);
                energy_grad_bar.1 += value_bar;
                energy_grad_bar.0 += value_bar * (2.0 * of_x);
                let mut x_bar_2 = 0.0;
                let mut y_bar_2 = 0.0;
                grad_pullback(&energy_grad_bar, Some(&mut x_bar_2), Some(&mut y_bar_2));
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += x_bar_2;
                }
                if let Some(y_bar) = y_bar.as_deref_mut() {
                    *y_bar += y_bar_2;
                }
            };
            (value, pullback)
        }
        /// The value of `penalised` and its tangent, as other derivatives call it.
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
        /// `call_vjp` of `penalised` as an argument of a function.
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
        /// `call_jvp` of `penalised` as an argument of a function.
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
        #[doc(hidden)]
        #[allow(dead_code)]
        const DIFFERENTIATED: () = {
            ::differentiable::rt::twice_differentiable::<energy>();
        };
        /// The static graph of `penalised`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "penalised",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | x | f64 | 2:14",
                "input differentiated | y | f64 | 2:22",
                "operation grad %0 %1 | of_x |  | 3:24 | grad(x, y)",
                "keeps | grad(x, y)",
                "keeps #0 | grad(x, y).0",
                "operation mul %2 |  | f64 | 4:5 | of_x * of_x",
                "operation add %3 %2 |  | f64 | 4:5 | (of_x * of_x) + of_y",
                "output %4 |  | f64 |  | (of_x * of_x) + of_y",
            ],
        );
    }
};
