#[allow(dead_code)]
fn until(x: &[f64], limit: f64) -> f64 {
    if x.is_empty() {
        return limit;
    }
    let mut s = 0.0;
    for v in x {
        if *v < 0.0 {
            continue;
        }
        s += v.sqrt();
        if s > limit {
            break;
        }
    }
    s * s
}
/// Derivatives of the function [`until`](fn@until).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum until {}
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
    impl until {
        /// The value of `until`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            x: &[f64],
            limit: f64,
            x_bar: &mut [f64],
            limit_bar: &mut f64,
        ) -> f64 {
            rt::check_cotangent("until::value_and_grad_into", "x", x, x_bar);
            let value = if x.is_empty() {
                *limit_bar += 1.0;
                limit
            } else {
                let mut s = 0.0;
                let mut trips = 0_usize;
                for v in x.iter() {
                    trips += 1;
                    if !(*v < 0.0) {
                        s += v.sqrt();
                        if s > limit {
                            break;
                        }
                    }
                }
                let s_bar = 2.0 * s;
                for (v, v_bar) in x.iter().zip(x_bar.iter_mut()).take(trips) {
                    let mut v_bar_2 = 0.0;
                    if !(*v < 0.0) {
                        v_bar_2 += s_bar * (0.5 / v.sqrt());
                    }
                    *v_bar += v_bar_2;
                }
                s * s
            };
            value
        }
        /// The value of `until` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: &[f64], limit: f64) -> (f64, (Vec<f64>, f64)) {
            let mut x_bar = rt::vec![0.0; x.len()];
            let mut limit_bar = 0.0;
            let value = Self::value_and_grad_into(x, limit, &mut x_bar, &mut limit_bar);
            (value, (x_bar, limit_bar))
        }
        /// The gradients of `until`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: &[f64], limit: f64) -> (Vec<f64>, f64) {
            Self::value_and_grad(x, limit).1
        }
        /// The value of `until` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(
            x: &'a [f64],
            limit: f64,
        ) -> (f64, impl Fn(f64) -> (Vec<f64>, f64) + use<'a>) {
            let (value, pullback) = Self::call_vjp(x, limit);
            let pullback = move |value_bar: f64| {
                let mut x_bar = rt::vec![0.0; x.len()];
                let mut limit_bar = 0.0;
                pullback(x, &value_bar, Some(&mut x_bar), Some(&mut limit_bar));
                (x_bar, limit_bar)
            };
            (value, pullback)
        }
        /// The value of `until` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: &[f64], limit: f64, x_dot: &[f64], limit_dot: f64) -> (f64, f64) {
            rt::check_tangent("until::jvp", "x", x, x_dot);
            if x.is_empty() {
                return (limit, limit_dot);
            }
            let mut s_dot = 0.0;
            let mut s = 0.0;
            for (v, v_dot) in x.iter().zip(x_dot.iter()) {
                if *v < 0.0 {
                    continue;
                }
                let sqrt_v = v.sqrt();
                s_dot += 0.5 / sqrt_v * *v_dot;
                s += sqrt_v;
                if s > limit {
                    break;
                }
            }
            (s * s, s_dot * s + s * s_dot)
        }
        /// The value of `until` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: &[f64],
            limit: f64,
        ) -> (f64, impl Fn(&[f64], &f64, Option<&mut [f64]>, Option<&mut f64>) + use<>) {
            let is_empty = x.is_empty();
            let mut trips_saved = 0;
            let mut s_saved = 0.0;
            let value = if is_empty {
                limit
            } else {
                let mut s = 0.0;
                let mut trips = 0_usize;
                for v in x.iter() {
                    trips += 1;
                    if !(*v < 0.0) {
                        s += v.sqrt();
                        if s > limit {
                            break;
                        }
                    }
                }
                trips_saved = trips;
                s_saved = s;
                s * s
            };
            let pullback = move |
                x: &[f64],
                &value_bar: &f64,
                mut x_bar: Option<&mut [f64]>,
                mut limit_bar: Option<&mut f64>|
            {
                let mut limit_bar_2 = 0.0;
                if is_empty {
                    limit_bar_2 += value_bar;
                } else {
                    let s_bar = value_bar * (2.0 * s_saved);
                    for (k, v) in x.iter().enumerate().take(trips_saved) {
                        let mut v_bar = 0.0;
                        if !(*v < 0.0) {
                            v_bar += s_bar * (0.5 / v.sqrt());
                        }
                        if let Some(x_bar) = x_bar.as_deref_mut() {
                            x_bar[k] += v_bar;
                        }
                    }
                }
                if let Some(limit_bar) = limit_bar.as_deref_mut() {
                    *limit_bar += limit_bar_2;
                }
            };
            (value, pullback)
        }
        /// The value of `until` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: &[f64],
            limit: f64,
            x_dot: Option<&[f64]>,
            limit_dot: Option<f64>,
        ) -> (f64, f64) {
            let x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = rt::vec![0.0; x.len()];
                    &x_zero
                }
            };
            let limit_dot = limit_dot.unwrap_or(0.0);
            Self::jvp(x, limit, x_dot, limit_dot)
        }
        /// `call_vjp` of `until` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: &[f64],
            limit: f64,
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
            let (value, pullback) = Self::call_vjp(x, limit);
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
        /// `call_jvp` of `until` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: &[f64],
            limit: f64,
            _: Option<&()>,
            x_dot: Option<&[f64]>,
            limit_dot: Option<f64>,
        ) -> (f64, f64) {
            Self::call_jvp(x, limit, x_dot, limit_dot)
        }
        /// The static graph of `until`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "until",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | x | &[f64] | 2:10",
                "input differentiated | limit | f64 | 2:21",
                "control if |  |  |  | x.is_empty()",
                "control for %0 %7 |  |  | 7:9 | x.iter()",
                "keeps #0 | s",
                "operation lt %3 again |  | bool | 8:12 | v < 0.0",
                "control if %4 |  |  |  | v < 0.0",
                "operation sqrt %3 again |  | f64 | 11:16 | v.sqrt()",
                "operation add %3 %6 | s | f64 | 6:13 | s += v.sqrt()",
                "operation gt %7 %1 |  | bool | 12:12 | s > limit",
                "control if %8 |  |  |  | s > limit",
                "operation mul %3 |  | f64 | 16:5 | s * s",
                "output %1 %10 |  | f64 |  | s * s",
            ],
        );
    }
};
