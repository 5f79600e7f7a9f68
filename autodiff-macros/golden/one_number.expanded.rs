#[allow(dead_code)]
fn pull(x: f64, places: &[f64]) -> f64 {
    let mut sum = 0.0;
    for place in places {
        sum -= (x - place).sin();
    }
    sum
}
/// Derivatives of the function [`pull`](fn@pull).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum pull {}
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
    impl pull {
        /// The value of `pull`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            x: f64,
            places: &[f64],
            x_bar: &mut f64,
            places_bar: &mut [f64],
        ) -> f64 {
            rt::check_cotangent(
                "pull::value_and_grad_into",
                "places",
                places,
                places_bar,
            );
            Self::call_joint(x, places, x_bar, places_bar, 1.0)
        }
        /// The value of `pull`; its gradients, times a cotangent of the value, are added to the given buffers.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_joint(
            x: f64,
            places: &[f64],
            x_bar: &mut f64,
            places_bar: &mut [f64],
            value_bar: f64,
        ) -> f64 {
            let mut sum = 0.0;
            let sum_bar = value_bar;
            let mut x_bar_sum = 0.0;
            for (place, place_bar) in places.iter().zip(places_bar.iter_mut()) {
                let difference = x - *place;
                sum -= difference.sin();
                let product = -sum_bar * difference.cos();
                x_bar_sum += product;
                *place_bar -= product;
            }
            *x_bar += x_bar_sum;
            sum
        }
        /// The value of `pull` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: f64, places: &[f64]) -> (f64, (f64, Vec<f64>)) {
            let mut x_bar = 0.0;
            let mut places_bar = rt::vec![0.0; places.len()];
            let value = Self::value_and_grad_into(
                x,
                places,
                &mut x_bar,
                &mut places_bar,
            );
            (value, (x_bar, places_bar))
        }
        /// The gradients of `pull`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: f64, places: &[f64]) -> (f64, Vec<f64>) {
            Self::value_and_grad(x, places).1
        }
        /// The value of `pull` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(
            x: f64,
            places: &'a [f64],
        ) -> (f64, impl Fn(f64) -> (f64, Vec<f64>) + use<'a>) {
            let (value, pullback) = Self::call_vjp(x, places);
            let pullback = move |value_bar: f64| {
                let mut x_bar = 0.0;
                let mut places_bar = rt::vec![0.0; places.len()];
                pullback(places, &value_bar, Some(&mut x_bar), Some(&mut places_bar));
                (x_bar, places_bar)
            };
            (value, pullback)
        }
        /// The value of `pull` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(
            x: f64,
            places: &[f64],
            x_dot: f64,
            places_dot: &[f64],
        ) -> (f64, f64) {
            rt::check_tangent("pull::jvp", "places", places, places_dot);
            let mut sum_dot = 0.0;
            let mut sum = 0.0;
            for (place, place_dot) in places.iter().zip(places_dot.iter()) {
                let difference = x - *place;
                sum_dot -= difference.cos() * (x_dot - *place_dot);
                sum -= difference.sin();
            }
            (sum, sum_dot)
        }
        /// The value of `pull` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: f64,
            places: &[f64],
        ) -> (f64, impl Fn(&[f64], &f64, Option<&mut f64>, Option<&mut [f64]>) + use<>) {
            let mut sum = 0.0;
            for place in places.iter() {
                sum -= (x - *place).sin();
            }
            let pullback = move |
                places: &[f64],
                &value_bar: &f64,
                mut x_bar: Option<&mut f64>,
                mut places_bar: Option<&mut [f64]>|
            {
                let sum_bar = value_bar;
                let mut x_bar_2 = 0.0;
                for (k, place) in places.iter().enumerate() {
                    let product = -sum_bar * (x - *place).cos();
                    x_bar_2 += product;
                    if let Some(places_bar) = places_bar.as_deref_mut() {
                        places_bar[k] -= product;
                    }
                }
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += x_bar_2;
                }
            };
            (sum, pullback)
        }
        /// The value of `pull` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: f64,
            places: &[f64],
            x_dot: Option<f64>,
            places_dot: Option<&[f64]>,
        ) -> (f64, f64) {
            let x_dot = x_dot.unwrap_or(0.0);
            let places_zero;
            let places_dot = match places_dot {
                Some(places_dot) => places_dot,
                None => {
                    places_zero = rt::vec![0.0; places.len()];
                    &places_zero
                }
            };
            Self::jvp(x, places, x_dot, places_dot)
        }
        /// `call_vjp` of `pull` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: f64,
            places: &[f64],
        ) -> (
            f64,
            impl Fn(
                &(),
                &[f64],
                &f64,
                Option<&mut ()>,
                Option<&mut f64>,
                Option<&mut [f64]>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(x, places);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &[f64],
                    argument_2: &f64,
                    argument_3: Option<&mut ()>,
                    argument_4: Option<&mut f64>,
                    argument_5: Option<&mut [f64]>|
                pullback(argument_1, argument_2, argument_4, argument_5),
            )
        }
        /// `call_jvp` of `pull` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: f64,
            places: &[f64],
            _: Option<&()>,
            x_dot: Option<f64>,
            places_dot: Option<&[f64]>,
        ) -> (f64, f64) {
            Self::call_jvp(x, places, x_dot, places_dot)
        }
        /// The static graph of `pull`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "pull",
            ::core::file!(),
            &[],
            &[
                "input differentiated | x | f64 | 2:9",
                "input differentiated | places | &[f64] | 2:17",
                "control for %1 %5 |  |  | 4:9 | places.iter()",
                "operation sub %0 %2 again |  | f64 | 5:17 | x - place",
                "operation sin %3 |  | f64 | 5:28 | (x - place).sin()",
                "operation sub %2 %4 | sum | f64 | 3:13 | sum -= (x - place).sin()",
                "output %2 |  | f64 |  | sum",
            ],
        );
    }
};
#[allow(dead_code)]
/// The state depends on one number: its gradient needs no tape.
fn fallen(start: f64, places: &[f64], h: f64) -> f64 {
    let (mut at, mut speed) = (start, 0.0);
    while speed.abs() < 1.0 {
        speed += h * pull(at, places);
        at += h * speed;
    }
    at
}
/// Derivatives of the function [`fallen`](fn@fallen).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum fallen {}
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
    impl fallen {
        /// The value of `fallen`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            start: f64,
            places: &[f64],
            h: f64,
            start_bar: &mut f64,
        ) -> f64 {
            let (value, value_dot) = Self::jvp(start, places, h, 1.0);
            *start_bar += value_dot;
            value
        }
        /// The value of `fallen` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(start: f64, places: &[f64], h: f64) -> (f64, f64) {
            let mut start_bar = 0.0;
            let value = Self::value_and_grad_into(start, places, h, &mut start_bar);
            (value, start_bar)
        }
        /// The gradients of `fallen`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(start: f64, places: &[f64], h: f64) -> f64 {
            Self::value_and_grad(start, places, h).1
        }
        /// The value of `fallen` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(
            start: f64,
            places: &'a [f64],
            h: f64,
        ) -> (f64, impl Fn(f64) -> f64 + use<'a>) {
            let (value, pullback) = Self::call_vjp(start, places, h);
            let pullback = move |value_bar: f64| {
                let mut start_bar = 0.0;
                pullback(places, &value_bar, Some(&mut start_bar), None, None);
                start_bar
            };
            (value, pullback)
        }
        /// The value of `fallen` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(start: f64, places: &[f64], h: f64, start_dot: f64) -> (f64, f64) {
            let mut at_dot = start_dot;
            let mut at = start;
            let mut speed_dot = 0.0;
            let mut speed = 0.0;
            while speed.abs() < 1.0 {
                let (pull_value, pull_value_dot) = pull::call_jvp(
                    at,
                    places,
                    Some(at_dot),
                    None,
                );
                speed_dot += h * pull_value_dot;
                speed += h * pull_value;
                at_dot += h * speed_dot;
                at += h * speed;
            }
            (at, at_dot)
        }
        /// The value of `fallen` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            start: f64,
            places: &[f64],
            h: f64,
        ) -> (
            f64,
            impl Fn(
                &[f64],
                &f64,
                Option<&mut f64>,
                Option<&mut rt::Frozen>,
                Option<&mut rt::Frozen>,
            ) + use<>,
        ) {
            let mut at = start;
            let mut speed = 0.0;
            let mut trips = 0_usize;
            let mut pull_pullback_tape = rt::Tape::new();
            while speed.abs() < 1.0 {
                trips += 1;
                let (pull_value, pull_pullback) = pull::call_vjp(at, places);
                pull_pullback_tape.push(pull_pullback);
                speed += h * pull_value;
                at += h * speed;
            }
            let pullback = move |
                places: &[f64],
                &at_bar: &f64,
                mut start_bar: Option<&mut f64>,
                _: Option<&mut rt::Frozen>,
                _: Option<&mut rt::Frozen>|
            {
                let mut at_bar = at_bar;
                let mut speed_bar = 0.0;
                let pull_pullback_saved = &mut pull_pullback_tape.reader();
                for _ in 0..trips {
                    speed_bar += at_bar * h;
                    let mut at_bar_2 = 0.0;
                    let pull_pullback = pull_pullback_saved.pop();
                    pull_pullback(places, &(speed_bar * h), Some(&mut at_bar_2), None);
                    at_bar += at_bar_2;
                }
                if let Some(start_bar) = start_bar.as_deref_mut() {
                    *start_bar += at_bar;
                }
            };
            (at, pullback)
        }
        /// The value of `fallen` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            start: f64,
            places: &[f64],
            h: f64,
            start_dot: Option<f64>,
            _: Option<rt::Frozen>,
            _: Option<rt::Frozen>,
        ) -> (f64, f64) {
            let start_dot = start_dot.unwrap_or(0.0);
            Self::jvp(start, places, h, start_dot)
        }
        /// `call_vjp` of `fallen` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            start: f64,
            places: &[f64],
            h: f64,
        ) -> (
            f64,
            impl Fn(
                &(),
                &[f64],
                &f64,
                Option<&mut ()>,
                Option<&mut f64>,
                Option<&mut rt::Frozen>,
                Option<&mut rt::Frozen>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(start, places, h);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &[f64],
                    argument_2: &f64,
                    argument_3: Option<&mut ()>,
                    argument_4: Option<&mut f64>,
                    argument_5: Option<&mut rt::Frozen>,
                    argument_6: Option<&mut rt::Frozen>|
                pullback(argument_1, argument_2, argument_4, argument_5, argument_6),
            )
        }
        /// `call_jvp` of `fallen` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            start: f64,
            places: &[f64],
            h: f64,
            _: Option<&()>,
            start_dot: Option<f64>,
            places_dot: Option<rt::Frozen>,
            h_dot: Option<rt::Frozen>,
        ) -> (f64, f64) {
            Self::call_jvp(start, places, h, start_dot, places_dot, h_dot)
        }
        /// The static graph of `fallen`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "fallen",
            ::core::file!(),
            &[],
            &[
                "input differentiated | start | f64 | 12:11",
                "input | places | &[f64] | 12:23",
                "input | h | f64 | 12:39",
                "control while %0 %5 %10 %8 |  |  |  | while",
                "keeps %3 | pull_pullback",
                "operation abs %3 |  | f64 | 14:17 | speed.abs()",
                "operation lt %4 |  | bool | 14:11 | speed.abs() < 1.0",
                "operation pull %3 %1 |  | f64 | 15:22 | pull(at, places)",
                "operation mul %2 %6 |  | f64 | 15:18 | h * pull(at, places)",
                "operation add %3 %7 | speed | f64 | 13:22 | speed += h * pull(at, places)",
                "operation mul %2 %8 |  | f64 | 16:15 | h * speed",
                "operation add %3 %9 | at | f64 | 13:14 | at += h * speed",
                "output %3 |  | f64 |  | at",
            ],
        );
    }
};
