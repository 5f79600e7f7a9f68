#[allow(dead_code)]
fn weighted(x: &[f64], w: &[f64], floor: f64) -> f64 {
    x.iter().zip(w).skip(1).filter(|(x, _)| **x > floor).map(|(x, w)| w * x.ln()).sum()
}
/// Derivatives of the function [`weighted`](fn@weighted).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum weighted {}
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
    impl weighted {
        /// The value of `weighted`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            x: &[f64],
            w: &[f64],
            floor: f64,
            x_bar: &mut [f64],
            w_bar: &mut [f64],
            floor_bar: &mut f64,
        ) -> f64 {
            rt::check_cotangent("weighted::value_and_grad_into", "x", x, x_bar);
            rt::check_cotangent("weighted::value_and_grad_into", "w", w, w_bar);
            let mut sum = 0.0;
            for ((x, x_bar), (w, w_bar)) in x
                .iter()
                .zip(x_bar.iter_mut())
                .zip(w.iter().zip(w_bar.iter_mut()))
                .skip(1)
            {
                let mut x_item_bar = 0.0;
                if *x > floor {
                    let ln_x = x.ln();
                    sum += *w * ln_x;
                    x_item_bar += *w / *x;
                    *w_bar += ln_x;
                }
                *x_bar += x_item_bar;
            }
            sum
        }
        /// The value of `weighted` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(
            x: &[f64],
            w: &[f64],
            floor: f64,
        ) -> (f64, (Vec<f64>, Vec<f64>, f64)) {
            let mut x_bar = rt::vec![0.0; x.len()];
            let mut w_bar = rt::vec![0.0; w.len()];
            let mut floor_bar = 0.0;
            let value = Self::value_and_grad_into(
                x,
                w,
                floor,
                &mut x_bar,
                &mut w_bar,
                &mut floor_bar,
            );
            (value, (x_bar, w_bar, floor_bar))
        }
        /// The gradients of `weighted`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: &[f64], w: &[f64], floor: f64) -> (Vec<f64>, Vec<f64>, f64) {
            Self::value_and_grad(x, w, floor).1
        }
        /// The value of `weighted` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(
            x: &'a [f64],
            w: &'a [f64],
            floor: f64,
        ) -> (f64, impl Fn(f64) -> (Vec<f64>, Vec<f64>, f64) + use<'a>) {
            let (value, pullback) = Self::call_vjp(x, w, floor);
            let pullback = move |value_bar: f64| {
                let mut x_bar = rt::vec![0.0; x.len()];
                let mut w_bar = rt::vec![0.0; w.len()];
                let mut floor_bar = 0.0;
                pullback(
                    x,
                    w,
                    &value_bar,
                    Some(&mut x_bar),
                    Some(&mut w_bar),
                    Some(&mut floor_bar),
                );
                (x_bar, w_bar, floor_bar)
            };
            (value, pullback)
        }
        /// The value of `weighted` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(
            x: &[f64],
            w: &[f64],
            floor: f64,
            x_dot: &[f64],
            w_dot: &[f64],
            floor_dot: f64,
        ) -> (f64, f64) {
            rt::check_tangent("weighted::jvp", "x", x, x_dot);
            rt::check_tangent("weighted::jvp", "w", w, w_dot);
            let mut sum_dot = 0.0;
            let mut sum = 0.0;
            for ((x, x_dot), (w, w_dot)) in x
                .iter()
                .zip(x_dot.iter())
                .zip(w.iter().zip(w_dot.iter()))
                .skip(1)
            {
                if *x > floor {
                    let ln_x = x.ln();
                    sum_dot += *w_dot * ln_x + *w * (*x_dot / *x);
                    sum += *w * ln_x;
                }
            }
            (sum, sum_dot)
        }
        /// The value of `weighted` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: &[f64],
            w: &[f64],
            floor: f64,
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
            let mut sum = 0.0;
            let mut ln_x_tape = rt::NumberTape::new();
            for (x, w) in x.iter().zip(w.iter()).skip(1) {
                if *x > floor {
                    let ln_x = x.ln();
                    ln_x_tape.push(ln_x);
                    sum += *w * ln_x;
                }
            }
            let pullback = move |
                x: &[f64],
                w: &[f64],
                &value_bar: &f64,
                mut x_bar: Option<&mut [f64]>,
                mut w_bar: Option<&mut [f64]>,
                _: Option<&mut f64>|
            {
                let sum_bar = value_bar;
                let ln_x_saved = &mut ln_x_tape.reader();
                for ((k, x), (k_2, w)) in x
                    .iter()
                    .enumerate()
                    .zip(w.iter().enumerate())
                    .skip(1)
                    .rev()
                {
                    let mut x_item_bar = 0.0;
                    if *x > floor {
                        x_item_bar += sum_bar * *w / *x;
                        let product = sum_bar * *ln_x_saved.pop();
                        if let Some(w_bar) = w_bar.as_deref_mut() {
                            w_bar[k_2] += product;
                        }
                    }
                    if let Some(x_bar) = x_bar.as_deref_mut() {
                        x_bar[k] += x_item_bar;
                    }
                }
            };
            (sum, pullback)
        }
        /// The value of `weighted` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: &[f64],
            w: &[f64],
            floor: f64,
            x_dot: Option<&[f64]>,
            w_dot: Option<&[f64]>,
            floor_dot: Option<f64>,
        ) -> (f64, f64) {
            let x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = rt::vec![0.0; x.len()];
                    &x_zero
                }
            };
            let w_zero;
            let w_dot = match w_dot {
                Some(w_dot) => w_dot,
                None => {
                    w_zero = rt::vec![0.0; w.len()];
                    &w_zero
                }
            };
            let floor_dot = floor_dot.unwrap_or(0.0);
            Self::jvp(x, w, floor, x_dot, w_dot, floor_dot)
        }
        /// `call_vjp` of `weighted` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: &[f64],
            w: &[f64],
            floor: f64,
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
            let (value, pullback) = Self::call_vjp(x, w, floor);
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
        /// `call_jvp` of `weighted` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: &[f64],
            w: &[f64],
            floor: f64,
            _: Option<&()>,
            x_dot: Option<&[f64]>,
            w_dot: Option<&[f64]>,
            floor_dot: Option<f64>,
        ) -> (f64, f64) {
            Self::call_jvp(x, w, floor, x_dot, w_dot, floor_dot)
        }
        /// The static graph of `weighted`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "weighted",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | x | &[f64] | 2:13",
                "input differentiated | w | &[f64] | 2:24",
                "input differentiated | floor | f64 | 2:35",
                "control for %0 %1 %8 |  |  | 3:64 | (x.iter().zip(w.iter())).skip(1)",
                "operation gt %3 %2 again |  | bool | 3:45 | x > floor",
                "operation ln %3 |  | f64 | 3:77 | x.ln()",
                "keeps #0 %3 | x.ln()",
                "operation mul %3 %5 |  | f64 | 3:71 | w * x.ln()",
                "operation add %3 %6 |  | f64 | 3:5 | sum += w * x.ln()",
                "control if %4 %3 %7 |  |  |  | x > floor",
                "output %3 |  | f64 |  | sum",
            ],
        );
    }
};
