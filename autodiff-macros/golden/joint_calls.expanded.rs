#[allow(dead_code)]
fn path(x: &[f64], at: usize, steps: usize) -> f64 {
    if steps == 0 {
        return 1.0;
    }
    let mut sum = 0.0;
    for i in at..x.len() {
        sum += x[i] * path(x, i, steps - 1);
    }
    sum
}
/// Derivatives of the function [`path`](fn@path).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum path {}
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
    impl path {
        /// The value of `path`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            x: &[f64],
            at: usize,
            steps: usize,
            x_bar: &mut [f64],
        ) -> f64 {
            rt::check_cotangent("path::value_and_grad_into", "x", x, x_bar);
            Self::call_joint(x, at, steps, x_bar, 1.0)
        }
        /// The value of `path`; its gradients, times a cotangent of the value, are added to the given buffers.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_joint(
            x: &[f64],
            at: usize,
            steps: usize,
            x_bar: &mut [f64],
            value_bar: f64,
        ) -> f64 {
            let value = if steps == 0 {
                1.0
            } else {
                let mut sum = 0.0;
                let sum_bar = value_bar;
                for i in at..x.len() {
                    let path_value = Self::call_joint(
                        x,
                        i,
                        steps - 1,
                        x_bar,
                        sum_bar * x[i],
                    );
                    sum += x[i] * path_value;
                    x_bar[i] += sum_bar * path_value;
                }
                sum
            };
            value
        }
        /// The value of `path` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: &[f64], at: usize, steps: usize) -> (f64, Vec<f64>) {
            let mut x_bar = rt::vec![0.0; x.len()];
            let value = Self::value_and_grad_into(x, at, steps, &mut x_bar);
            (value, x_bar)
        }
        /// The gradients of `path`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: &[f64], at: usize, steps: usize) -> Vec<f64> {
            Self::value_and_grad(x, at, steps).1
        }
        /// The value of `path` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(
            x: &'a [f64],
            at: usize,
            steps: usize,
        ) -> (f64, impl Fn(f64) -> Vec<f64> + use<'a>) {
            let (value, pullback) = Self::call_vjp(x, at, steps);
            let pullback = move |value_bar: f64| {
                let mut x_bar = rt::vec![0.0; x.len()];
                pullback(x, &value_bar, Some(&mut x_bar), None, None);
                x_bar
            };
            (value, pullback)
        }
        /// The value of `path` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: &[f64], at: usize, steps: usize, x_dot: &[f64]) -> (f64, f64) {
            rt::check_tangent("path::jvp", "x", x, x_dot);
            if steps == 0 {
                return (1.0, 0.0);
            }
            let mut sum_dot = 0.0;
            let mut sum = 0.0;
            for i in at..x.len() {
                let (path_value, path_value_dot) = Self::call_jvp(
                    x,
                    i,
                    steps - 1,
                    Some(x_dot),
                    None,
                    None,
                );
                sum_dot += x_dot[i] * path_value + x[i] * path_value_dot;
                sum += x[i] * path_value;
            }
            (sum, sum_dot)
        }
        /// The value of `path` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: &[f64],
            at: usize,
            steps: usize,
        ) -> (
            f64,
            Box<
                dyn Fn(
                    &[f64],
                    &f64,
                    Option<&mut [f64]>,
                    Option<&mut ()>,
                    Option<&mut ()>,
                ),
            >,
        ) {
            let equal = steps == 0;
            let mut path_value_tape = rt::NumberTape::new();
            let mut path_pullback_tape = rt::Tape::new();
            let value = if equal {
                1.0
            } else {
                let mut sum = 0.0;
                let path_value_row = path_value_tape
                    .row(::core::primitive::usize::saturating_sub(x.len(), at));
                for (i, path_value_saved) in (at..x.len()).zip(path_value_row.iter_mut())
                {
                    let (path_value, path_pullback) = Self::call_vjp(x, i, steps - 1);
                    path_pullback_tape.push(path_pullback);
                    *path_value_saved = path_value;
                    sum += x[i] * path_value;
                }
                sum
            };
            let pullback = Box::new(move |
                x: &[f64],
                &value_bar: &f64,
                mut x_bar: Option<&mut [f64]>,
                _: Option<&mut ()>,
                _: Option<&mut ()>|
            {
                let path_value_saved = &mut path_value_tape.reader();
                let path_pullback_saved = &mut path_pullback_tape.reader();
                if !equal {
                    let sum_bar = value_bar;
                    for (i, path_value_saved) in (at..x.len())
                        .zip(
                            path_value_saved
                                .row(::core::primitive::usize::saturating_sub(x.len(), at))
                                .iter(),
                        )
                        .rev()
                    {
                        let path_pullback = path_pullback_saved.pop();
                        path_pullback(
                            x,
                            &(sum_bar * x[i]),
                            x_bar.as_deref_mut(),
                            None,
                            None,
                        );
                        if let Some(x_bar) = x_bar.as_deref_mut() {
                            x_bar[i] += sum_bar * *path_value_saved;
                        }
                    }
                }
            });
            (value, pullback)
        }
        /// The value of `path` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: &[f64],
            at: usize,
            steps: usize,
            x_dot: Option<&[f64]>,
            _: Option<()>,
            _: Option<()>,
        ) -> (f64, f64) {
            let x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = rt::vec![0.0; x.len()];
                    &x_zero
                }
            };
            Self::jvp(x, at, steps, x_dot)
        }
        /// `call_vjp` of `path` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: &[f64],
            at: usize,
            steps: usize,
        ) -> (
            f64,
            impl Fn(
                &(),
                &[f64],
                &f64,
                Option<&mut ()>,
                Option<&mut [f64]>,
                Option<&mut ()>,
                Option<&mut ()>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(x, at, steps);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &[f64],
                    argument_2: &f64,
                    argument_3: Option<&mut ()>,
                    argument_4: Option<&mut [f64]>,
                    argument_5: Option<&mut ()>,
                    argument_6: Option<&mut ()>|
                pullback(argument_1, argument_2, argument_4, argument_5, argument_6),
            )
        }
        /// `call_jvp` of `path` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: &[f64],
            at: usize,
            steps: usize,
            _: Option<&()>,
            x_dot: Option<&[f64]>,
            at_dot: Option<()>,
            steps_dot: Option<()>,
        ) -> (f64, f64) {
            Self::call_jvp(x, at, steps, x_dot, at_dot, steps_dot)
        }
        /// The static graph of `path`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "path",
            ::core::file!(),
            &[::core::mem::size_of::<bool>(), ::core::mem::size_of::<f64>()],
            &[
                "input differentiated | x | &[f64] | 2:9",
                "input | at | usize | 2:20",
                "input | steps | usize | 2:31",
                "operation eq %2 |  | bool | 3:8 | steps == 0",
                "keeps #0 | steps == 0",
                "control if %3 |  |  |  | steps == 0",
                "control for %1 %10 |  |  | 7:9 | at..x.len()",
                "keeps %5 | path_pullback",
                "operation index %5 %0 |  | f64 | 8:16 | x[i]",
                "operation sub %2 |  | usize | 8:34 | steps - 1",
                "operation path %0 %5 %7 |  | f64 | 8:23 | path(x, i, steps - 1)",
                "keeps #1 %5 | path(x, i, steps - 1)",
                "operation mul %6 %8 |  | f64 | 8:16 | x[i] * path(x, i, steps - 1)",
                "operation add %5 %9 | sum | f64 | 6:13 | sum += x[i] * path(x, i, steps - 1)",
                "output %5 |  | f64 |  | sum",
            ],
        );
    }
};
#[allow(dead_code)]
fn half(x: &[f64]) -> f64 {
    0.5 * path(x, 0, 2)
}
/// Derivatives of the function [`half`](fn@half).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum half {}
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
    impl half {
        /// The value of `half`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(x: &[f64], x_bar: &mut [f64]) -> f64 {
            rt::check_cotangent("half::value_and_grad_into", "x", x, x_bar);
            0.5 * path::call_joint(x, 0, 2, x_bar, 0.5)
        }
        /// The value of `half` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: &[f64]) -> (f64, Vec<f64>) {
            let mut x_bar = rt::vec![0.0; x.len()];
            let value = Self::value_and_grad_into(x, &mut x_bar);
            (value, x_bar)
        }
        /// The gradients of `half`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: &[f64]) -> Vec<f64> {
            Self::value_and_grad(x).1
        }
        /// The value of `half` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(x: &'a [f64]) -> (f64, impl Fn(f64) -> Vec<f64> + use<'a>) {
            let (value, pullback) = Self::call_vjp(x);
            let pullback = move |value_bar: f64| {
                let mut x_bar = rt::vec![0.0; x.len()];
                pullback(x, &value_bar, Some(&mut x_bar));
                x_bar
            };
            (value, pullback)
        }
        /// The value of `half` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: &[f64], x_dot: &[f64]) -> (f64, f64) {
            rt::check_tangent("half::jvp", "x", x, x_dot);
            let (path_value, path_value_dot) = path::call_jvp(
                x,
                0,
                2,
                Some(x_dot),
                None,
                None,
            );
            (0.5 * path_value, 0.5 * path_value_dot)
        }
        /// The value of `half` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: &[f64],
        ) -> (f64, impl Fn(&[f64], &f64, Option<&mut [f64]>) + use<>) {
            let (path_value, path_pullback) = path::call_vjp(x, 0, 2);
            let value = 0.5 * path_value;
            let pullback = move |
                x: &[f64],
                &value_bar: &f64,
                mut x_bar: Option<&mut [f64]>|
            {
                path_pullback(x, &(value_bar * 0.5), x_bar.as_deref_mut(), None, None);
            };
            (value, pullback)
        }
        /// The value of `half` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(x: &[f64], x_dot: Option<&[f64]>) -> (f64, f64) {
            let x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = rt::vec![0.0; x.len()];
                    &x_zero
                }
            };
            Self::jvp(x, x_dot)
        }
        /// `call_vjp` of `half` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: &[f64],
        ) -> (
            f64,
            impl Fn(&(), &[f64], &f64, Option<&mut ()>, Option<&mut [f64]>) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(x);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &[f64],
                    argument_2: &f64,
                    argument_3: Option<&mut ()>,
                    argument_4: Option<&mut [f64]>|
                pullback(argument_1, argument_2, argument_4),
            )
        }
        /// `call_jvp` of `half` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: &[f64],
            _: Option<&()>,
            x_dot: Option<&[f64]>,
        ) -> (f64, f64) {
            Self::call_jvp(x, x_dot)
        }
        /// The static graph of `half`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "half",
            ::core::file!(),
            &[],
            &[
                "input differentiated | x | &[f64] | 14:9",
                "operation path %0 |  | f64 | 15:11 | path(x, 0, 2)",
                "operation mul %1 |  | f64 | 15:5 | 0.5 * path(x, 0, 2)",
                "output %2 |  | f64 |  | 0.5 * path(x, 0, 2)",
            ],
        );
    }
};
