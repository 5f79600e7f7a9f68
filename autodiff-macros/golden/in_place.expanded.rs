#[allow(dead_code)]
fn scale(x: &mut [f64], factor: f64) {
    for i in 0..x.len() {
        x[i] = x[i] * factor;
    }
}
/// Derivatives of the function [`scale`](fn@scale).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum scale {}
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
    impl scale {
        /// The value of `scale` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp(
            x: &mut [f64],
            factor: f64,
        ) -> ((), impl Fn(Vec<f64>) -> (Vec<f64>, f64) + use<>) {
            let x_length = x.len();
            let (value, pullback) = Self::call_vjp(x, factor);
            let pullback = move |x_bar: Vec<f64>| {
                ::core::assert!(
                    x_bar.len() == x_length,
                    "`scale::vjp`: the cotangent `x_bar` has length {:?}, but `x` has length {:?}",
                    x_bar.len(), x_length
                );
                let mut x_bar = x_bar;
                let mut factor_bar = 0.0;
                pullback(&(), Some(&mut x_bar), Some(&mut factor_bar));
                (x_bar, factor_bar)
            };
            (value, pullback)
        }
        /// The value of `scale` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: &mut [f64], factor: f64, x_dot: &mut [f64], factor_dot: f64) {
            rt::check_tangent("scale::jvp", "x", x, x_dot);
            for i in 0..x.len() {
                x_dot[i] = x_dot[i] * factor + x[i] * factor_dot;
                x[i] *= factor;
            }
        }
        /// The value of `scale` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: &mut [f64],
            factor: f64,
        ) -> ((), impl Fn(&(), Option<&mut [f64]>, Option<&mut f64>) + use<>) {
            let len = x.len();
            let mut x_i_tape = rt::NumberTape::new();
            let x_i_row = x_i_tape.row(len);
            for (i, x_i_saved) in (0..len).zip(x_i_row.iter_mut()) {
                *x_i_saved = x[i];
                x[i] *= factor;
            }
            let pullback = move |
                _: &(),
                mut x_slot: Option<&mut [f64]>,
                mut factor_bar: Option<&mut f64>|
            {
                let x_bar = rt::in_out(x_slot);
                let mut factor_bar_2 = 0.0;
                let x_i_saved = &mut x_i_tape.reader();
                for (i, &x_i) in (0..len).zip(x_i_saved.row(len).iter()) {
                    factor_bar_2 += x_bar[i] * x_i;
                    x_bar[i] *= factor;
                }
                if let Some(factor_bar) = factor_bar.as_deref_mut() {
                    *factor_bar += factor_bar_2;
                }
            };
            ((), pullback)
        }
        /// The value of `scale` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: &mut [f64],
            factor: f64,
            x_dot: Option<&mut [f64]>,
            factor_dot: Option<f64>,
        ) -> ((), ()) {
            let mut x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = rt::vec![0.0; x.len()];
                    &mut x_zero
                }
            };
            let factor_dot = factor_dot.unwrap_or(0.0);
            Self::jvp(x, factor, x_dot, factor_dot);
            ((), ())
        }
        /// `call_vjp` of `scale` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: &mut [f64],
            factor: f64,
        ) -> (
            (),
            impl Fn(
                &(),
                &(),
                Option<&mut ()>,
                Option<&mut [f64]>,
                Option<&mut f64>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(x, factor);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &(),
                    argument_2: Option<&mut ()>,
                    argument_3: Option<&mut [f64]>,
                    argument_4: Option<&mut f64>|
                pullback(argument_1, argument_3, argument_4),
            )
        }
        /// `call_jvp` of `scale` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: &mut [f64],
            factor: f64,
            _: Option<&()>,
            x_dot: Option<&mut [f64]>,
            factor_dot: Option<f64>,
        ) -> ((), ()) {
            Self::call_jvp(x, factor, x_dot, factor_dot)
        }
        /// The static graph of `scale`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "scale",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | x | &mut [f64] | 2:10",
                "input differentiated | factor | f64 | 2:25",
                "control for %0 %5 |  |  | 3:9 | 0..x.len()",
                "operation index %2 |  | f64 | 4:16 | x[i]",
                "keeps #0 %2 | x[i]",
                "operation mul %3 %1 |  | f64 | 4:16 | x[i] * factor",
                "operation store %2 %4 | x | &mut [f64] | 2:10 | x[i] = x[i] * factor",
                "output %2 |  | ()",
            ],
        );
    }
};
