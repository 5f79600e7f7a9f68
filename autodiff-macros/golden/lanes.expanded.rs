#[allow(dead_code)]
fn polar(x: [f64; 2], k: f64) -> [f64; 2] {
    let mut s = 0.0;
    for i in 0..2 {
        s += x[i] * k;
    }
    [(x[0] * x[0] + x[1] * x[1]).sqrt(), s]
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
            x: [f64; 2],
            k: f64,
        ) -> ([f64; 2], impl Fn([f64; 2]) -> ([f64; 2], f64) + use<>) {
            let (value, pullback) = Self::call_vjp(x, k);
            let pullback = move |value_bar: [f64; 2]| {
                let mut x_bar = [0.0; 2];
                let mut k_bar = 0.0;
                pullback(&value_bar, Some(&mut x_bar), Some(&mut k_bar));
                (x_bar, k_bar)
            };
            (value, pullback)
        }
        /// The value of `polar` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(
            x: [f64; 2],
            k: f64,
            x_dot: [f64; 2],
            k_dot: f64,
        ) -> ([f64; 2], [f64; 2]) {
            let mut s_dot = 0.0;
            let mut s = 0.0;
            for i in 0..2 {
                s_dot += x_dot[i] * k + x[i] * k_dot;
                s += x[i] * k;
            }
            let sqrt_sum = (x[0] * x[0] + x[1] * x[1]).sqrt();
            (
                [sqrt_sum, s],
                [
                    0.5 / sqrt_sum
                        * (x_dot[0] * x[0] + x[0] * x_dot[0]
                            + (x_dot[1] * x[1] + x[1] * x_dot[1])),
                    s_dot,
                ],
            )
        }
        /// The value of `polar` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: [f64; 2],
            k: f64,
        ) -> (
            [f64; 2],
            impl Fn(&[f64; 2], Option<&mut [f64; 2]>, Option<&mut f64>) + use<>,
        ) {
            let mut s = 0.0;
            for i in 0..2 {
                s += x[i] * k;
            }
            let sqrt_sum = (x[0] * x[0] + x[1] * x[1]).sqrt();
            let x_0 = x[0];
            let x_1 = x[1];
            let value = [sqrt_sum, s];
            let pullback = move |
                &value_bar: &[f64; 2],
                mut x_bar: Option<&mut [f64; 2]>,
                mut k_bar: Option<&mut f64>|
            {
                let product = value_bar[0] * (0.5 / sqrt_sum);
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    x_bar[1] += product * (2.0 * x_1);
                    x_bar[0] += product * (2.0 * x_0);
                }
                let s_bar = value_bar[1];
                let mut k_bar_2 = 0.0;
                for i in 0..2 {
                    k_bar_2 += s_bar * x[i];
                    if let Some(x_bar) = x_bar.as_deref_mut() {
                        x_bar[i] += s_bar * k;
                    }
                }
                if let Some(k_bar) = k_bar.as_deref_mut() {
                    *k_bar += k_bar_2;
                }
            };
            (value, pullback)
        }
        /// The value of `polar` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: [f64; 2],
            k: f64,
            x_dot: Option<[f64; 2]>,
            k_dot: Option<f64>,
        ) -> ([f64; 2], [f64; 2]) {
            let x_dot = x_dot.unwrap_or([0.0; 2]);
            let k_dot = k_dot.unwrap_or(0.0);
            Self::jvp(x, k, x_dot, k_dot)
        }
        /// `call_vjp` of `polar` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: [f64; 2],
            k: f64,
        ) -> (
            [f64; 2],
            impl Fn(
                &(),
                &[f64; 2],
                &[f64; 2],
                Option<&mut ()>,
                Option<&mut [f64; 2]>,
                Option<&mut f64>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(x, k);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &[f64; 2],
                    argument_2: &[f64; 2],
                    argument_3: Option<&mut ()>,
                    argument_4: Option<&mut [f64; 2]>,
                    argument_5: Option<&mut f64>|
                pullback(argument_2, argument_4, argument_5),
            )
        }
        /// `call_jvp` of `polar` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: [f64; 2],
            k: f64,
            _: Option<&()>,
            x_dot: Option<&[f64; 2]>,
            k_dot: Option<f64>,
        ) -> ([f64; 2], [f64; 2]) {
            Self::call_jvp(x, k, x_dot.cloned(), k_dot)
        }
        /// The value of `polar` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn lanes_vjp<Lane: rt::Lane<f64>>(
            x: [f64; 2],
            k: f64,
        ) -> ([f64; 2], impl Fn([Lane; 2]) -> ([Lane; 2], Lane) + use<Lane>)
        where
            f64: rt::SameShape<Lane>,
        {
            let (value, pullback) = Self::lanes_call_vjp::<Lane>(x, k);
            let pullback = move |value_bar: [Lane; 2]| {
                let mut x_bar = [rt::no_direction::<Lane, _>(); 2];
                let mut k_bar = rt::no_direction::<Lane, _>();
                pullback(&value_bar, Some(&mut x_bar), Some(&mut k_bar));
                (x_bar, k_bar)
            };
            (value, pullback)
        }
        /// The value of `polar` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn lanes_jvp<Lane: rt::Lane<f64>>(
            x: [f64; 2],
            k: f64,
            x_dot: [Lane; 2],
            k_dot: Lane,
        ) -> ([f64; 2], [Lane; 2])
        where
            f64: rt::SameShape<Lane>,
        {
            let mut s_dot = rt::no_direction::<Lane, _>();
            let mut s = 0.0;
            for i in 0..2 {
                s_dot += x_dot[i] * k + k_dot * x[i];
                s += x[i] * k;
            }
            let sqrt_sum = (x[0] * x[0] + x[1] * x[1]).sqrt();
            (
                [sqrt_sum, s],
                [
                    (x_dot[0] * x[0] + x_dot[0] * x[0]
                        + (x_dot[1] * x[1] + x_dot[1] * x[1])) * (0.5 / sqrt_sum),
                    s_dot,
                ],
            )
        }
        /// The value of `polar` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn lanes_call_vjp<Lane: rt::Lane<f64>>(
            x: [f64; 2],
            k: f64,
        ) -> (
            [f64; 2],
            impl Fn(&[Lane; 2], Option<&mut [Lane; 2]>, Option<&mut Lane>) + use<Lane>,
        )
        where
            f64: rt::SameShape<Lane>,
        {
            let mut s = 0.0;
            for i in 0..2 {
                s += x[i] * k;
            }
            let sqrt_sum = (x[0] * x[0] + x[1] * x[1]).sqrt();
            let x_0 = x[0];
            let x_1 = x[1];
            let value = [sqrt_sum, s];
            let pullback = move |
                &value_bar: &[Lane; 2],
                mut x_bar: Option<&mut [Lane; 2]>,
                mut k_bar: Option<&mut Lane>|
            {
                let product = value_bar[0] * (0.5 / sqrt_sum);
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    x_bar[1] += product * (2.0 * x_1);
                    x_bar[0] += product * (2.0 * x_0);
                }
                let s_bar = value_bar[1];
                let mut k_bar_2 = rt::no_direction::<Lane, _>();
                for i in 0..2 {
                    k_bar_2 += s_bar * x[i];
                    if let Some(x_bar) = x_bar.as_deref_mut() {
                        x_bar[i] += s_bar * k;
                    }
                }
                if let Some(k_bar) = k_bar.as_deref_mut() {
                    *k_bar += k_bar_2;
                }
            };
            (value, pullback)
        }
        /// The value of `polar` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn lanes_call_jvp<Lane: rt::Lane<f64>>(
            x: [f64; 2],
            k: f64,
            x_dot: Option<[Lane; 2]>,
            k_dot: Option<Lane>,
        ) -> ([f64; 2], [Lane; 2])
        where
            f64: rt::SameShape<Lane>,
        {
            let x_dot = x_dot.unwrap_or([rt::no_direction::<Lane, _>(); 2]);
            let k_dot = k_dot.unwrap_or(rt::no_direction::<Lane, _>());
            Self::lanes_jvp::<Lane>(x, k, x_dot, k_dot)
        }
        /// The static graph of `polar`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "polar",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | x | [f64; 2] | 2:10",
                "input differentiated | k | f64 | 2:23",
                "control for %5 |  |  | 4:9 | 0..2",
                "operation index %2 %0 |  | f64 | 5:14 | x[i]",
                "operation mul %3 %1 |  | f64 | 5:14 | x[i] * k",
                "operation add %2 %4 | s | f64 | 3:13 | s += x[i] * k",
                "operation index %0 |  | f64 | 7:7 | x[0]",
                "keeps #0 | x[0]",
                "operation index %0 |  | f64 | 7:14 | x[0]",
                "operation mul %6 %7 |  | f64 | 7:7 | x[0] * x[0]",
                "operation index %0 |  | f64 | 7:21 | x[1]",
                "keeps #0 | x[1]",
                "operation index %0 |  | f64 | 7:28 | x[1]",
                "operation mul %9 %10 |  | f64 | 7:21 | x[1] * x[1]",
                "operation add %8 %11 |  | f64 | 7:7 | (x[0] * x[0]) + (x[1] * x[1])",
                "operation sqrt %12 |  | f64 | 7:34 | ((x[0] * x[0]) + (x[1] * x[1])).sqrt()",
                "keeps #0 | ((x[0] * x[0]) + (x[1] * x[1])).sqrt()",
                "operation array %13 %2 |  | [f64; 2] | 7:5 | [((x[0] * x[0]) + (x[1] * x[1])).sqrt(), s]",
                "output %14 |  | [f64; 2] |  | [((x[0] * x[0]) + (x[1] * x[1])).sqrt(), s]",
            ],
        );
    }
};
