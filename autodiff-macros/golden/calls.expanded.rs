#[allow(dead_code)]
fn energy(x: &[f64], k: f64) -> f64 {
    let mut total = 0.0;
    for i in 1..x.len() {
        total += spring(x[i] - x[i - 1], k);
    }
    total
}
/// Derivatives of the function [`energy`](fn@energy).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum energy {}
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
    impl energy {
        /// The value of `energy`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            x: &[f64],
            k: f64,
            x_bar: &mut [f64],
            k_bar: &mut f64,
        ) -> f64 {
            rt::check_cotangent("energy::value_and_grad_into", "x", x, x_bar);
            let mut total = 0.0;
            let mut x_bar_next = 0.0;
            for i in 1..x.len() {
                let difference = i - 1;
                let (spring_value, spring_pullback) = spring::call_vjp(
                    x[i] - x[difference],
                    k,
                );
                total += spring_value;
                let mut difference_bar = 0.0;
                spring_pullback(&1.0, Some(&mut difference_bar), Some(&mut *k_bar));
                x_bar[i - 1] += x_bar_next;
                x_bar[difference] -= difference_bar;
                x_bar_next = difference_bar;
            }
            if x_bar_next != 0.0 {
                x_bar[x.len() - 1] += x_bar_next;
            }
            total
        }
        /// The value of `energy` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: &[f64], k: f64) -> (f64, (Vec<f64>, f64)) {
            let mut x_bar = rt::vec![0.0; x.len()];
            let mut k_bar = 0.0;
            let value = Self::value_and_grad_into(x, k, &mut x_bar, &mut k_bar);
            (value, (x_bar, k_bar))
        }
        /// The gradients of `energy`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: &[f64], k: f64) -> (Vec<f64>, f64) {
            Self::value_and_grad(x, k).1
        }
        /// The value of `energy` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(
            x: &'a [f64],
            k: f64,
        ) -> (f64, impl Fn(f64) -> (Vec<f64>, f64) + use<'a>) {
            let (value, pullback) = Self::call_vjp(x, k);
            let pullback = move |value_bar: f64| {
                let mut x_bar = rt::vec![0.0; x.len()];
                let mut k_bar = 0.0;
                pullback(x, &value_bar, Some(&mut x_bar), Some(&mut k_bar));
                (x_bar, k_bar)
            };
            (value, pullback)
        }
        /// The value of `energy` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: &[f64], k: f64, x_dot: &[f64], k_dot: f64) -> (f64, f64) {
            rt::check_tangent("energy::jvp", "x", x, x_dot);
            let mut total_dot = 0.0;
            let mut total = 0.0;
            for i in 1..x.len() {
                let difference = i - 1;
                let (spring_value, spring_value_dot) = spring::call_jvp(
                    x[i] - x[difference],
                    k,
                    Some(x_dot[i] - x_dot[difference]),
                    Some(k_dot),
                );
                total_dot += spring_value_dot;
                total += spring_value;
            }
            (total, total_dot)
        }
        /// The value of `energy` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: &[f64],
            k: f64,
        ) -> (f64, impl Fn(&[f64], &f64, Option<&mut [f64]>, Option<&mut f64>) + use<>) {
            let mut total = 0.0;
            let mut spring_pullback_tape = rt::Tape::with_capacity(x.len());
            for i in 1..x.len() {
                let (spring_value, spring_pullback) = spring::call_vjp(
                    x[i] - x[i - 1],
                    k,
                );
                spring_pullback_tape.push(spring_pullback);
                total += spring_value;
            }
            let len = x.len();
            let pullback = move |
                _: &[f64],
                &value_bar: &f64,
                mut x_bar: Option<&mut [f64]>,
                mut k_bar: Option<&mut f64>|
            {
                let total_bar = value_bar;
                let mut k_bar_2 = 0.0;
                let spring_pullback_saved = &mut spring_pullback_tape.reader();
                let mut x_bar_next = 0.0;
                for i in (1..len).rev() {
                    let mut difference_bar = 0.0;
                    let spring_pullback = spring_pullback_saved.pop();
                    spring_pullback(
                        &total_bar,
                        Some(&mut difference_bar),
                        Some(&mut k_bar_2),
                    );
                    if let Some(x_bar) = x_bar.as_deref_mut() {
                        x_bar[i] += x_bar_next;
                    }
                    x_bar_next = -difference_bar;
                    if let Some(x_bar) = x_bar.as_deref_mut() {
                        x_bar[i] += difference_bar;
                    }
                }
                if x_bar_next != 0.0 {
                    if let Some(x_bar) = x_bar.as_deref_mut() {
                        x_bar[0] += x_bar_next;
                    }
                }
                if let Some(k_bar) = k_bar.as_deref_mut() {
                    *k_bar += k_bar_2;
                }
            };
            (total, pullback)
        }
        /// The value of `energy` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: &[f64],
            k: f64,
            x_dot: Option<&[f64]>,
            k_dot: Option<f64>,
        ) -> (f64, f64) {
            let x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = rt::vec![0.0; x.len()];
                    &x_zero
                }
            };
            let k_dot = k_dot.unwrap_or(0.0);
            Self::jvp(x, k, x_dot, k_dot)
        }
        /// `call_vjp` of `energy` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: &[f64],
            k: f64,
        ) -> (
            f64,
            impl Fn(
                &(),
                &[f64],
                &f64,
                Option<&mut ()>,
                Option<&mut [f64]>,
                Option<&mut f64>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(x, k);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &[f64],
                    argument_2: &f64,
                    argument_3: Option<&mut ()>,
                    argument_4: Option<&mut [f64]>,
                    argument_5: Option<&mut f64>|
                pullback(argument_1, argument_2, argument_4, argument_5),
            )
        }
        /// `call_jvp` of `energy` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: &[f64],
            k: f64,
            _: Option<&()>,
            x_dot: Option<&[f64]>,
            k_dot: Option<f64>,
        ) -> (f64, f64) {
            Self::call_jvp(x, k, x_dot, k_dot)
        }
        /// The static graph of `energy`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "energy",
            ::core::file!(),
            &[],
            &[
                "input differentiated | x | &[f64] | 2:11",
                "input differentiated | k | f64 | 2:22",
                "control for %8 |  |  | 4:9 | 1..x.len()",
                "keeps %2 | spring_pullback",
                "operation index %2 %0 |  | f64 | 5:25 | x[i]",
                "operation sub %2 again |  | usize | 5:34 | i - 1",
                "operation index %4 %0 |  | f64 | 5:32 | x[i - 1]",
                "operation sub %3 %5 |  | f64 | 5:25 | x[i] - x[i - 1]",
                "operation spring %6 %1 |  | f64 | 5:18 | spring(x[i] - x[i - 1], k)",
                "operation add %2 %7 | total | f64 | 3:13 | total += spring(x[i] - x[i - 1], k)",
                "output %2 |  | f64 |  | total",
            ],
        );
    }
};
