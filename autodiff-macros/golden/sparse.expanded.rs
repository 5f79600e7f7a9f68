#[allow(dead_code)]
fn stencil(x: &[f64], speed: &[f64]) -> Vec<f64> {
    let n = x.len();
    let mut out = vec![0.0; n];
    for i in 1..n - 1 {
        let upwind = if speed[i] > 0.0 { x[i] - x[i - 1] } else { x[i + 1] - x[i] };
        out[i] = upwind * x[i];
    }
    out[0] = x[0] * x[0];
    out
}
/// Derivatives of the function [`stencil`](fn@stencil).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum stencil {}
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
    impl stencil {
        /// The value of `stencil` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(
            x: &'a [f64],
            speed: &'a [f64],
        ) -> (Vec<f64>, impl Fn(Vec<f64>) -> Vec<f64> + use<'a>) {
            let (value, pullback) = Self::call_vjp(x, speed);
            let value_length = value.len();
            let pullback = move |value_bar: Vec<f64>| {
                ::core::assert!(
                    value_bar.len() == value_length,
                    "`stencil::vjp`: the cotangent `value_bar` has length {:?}, but `value` has length {:?}",
                    value_bar.len(), value_length
                );
                let mut x_bar = vec![0.0; x.len()];
                pullback(x, speed, &value_bar, Some(&mut x_bar), None);
                x_bar
            };
            (value, pullback)
        }
        /// The value of `stencil` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: &[f64], speed: &[f64], x_dot: &[f64]) -> (Vec<f64>, Vec<f64>) {
            rt::check_tangent("stencil::jvp", "x", x, x_dot);
            let n = x.len();
            let vector = vec![0.0; n];
            let mut out_dot = vec![0.0_f64; vector.len()];
            let mut out = vector;
            for i in 1..n - 1 {
                let (upwind, upwind_dot) = if speed[i] > 0.0 {
                    let difference = i - 1;
                    (x[i] - x[difference], x_dot[i] - x_dot[difference])
                } else {
                    let sum = i + 1;
                    (x[sum] - x[i], x_dot[sum] - x_dot[i])
                };
                out_dot[i] = upwind_dot * x[i] + upwind * x_dot[i];
                out[i] = upwind * x[i];
            }
            out_dot[0] = x_dot[0] * x[0] + x[0] * x_dot[0];
            out[0] = x[0] * x[0];
            (out, out_dot)
        }
        /// The value of `stencil` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: &[f64],
            speed: &[f64],
        ) -> (
            Vec<f64>,
            impl Fn(
                &[f64],
                &[f64],
                &Vec<f64>,
                Option<&mut [f64]>,
                Option<&mut rt::Frozen>,
            ) + use<>,
        ) {
            let n = x.len();
            let mut out = vec![0.0; n];
            let difference = n - 1;
            let mut upwind_tape = rt::NumberTape::new();
            let upwind_row = upwind_tape
                .row(::core::primitive::usize::saturating_sub(difference, 1));
            for (i, upwind_saved) in (1..difference).zip(upwind_row.iter_mut()) {
                let upwind = if speed[i] > 0.0 {
                    x[i] - x[i - 1]
                } else {
                    x[i + 1] - x[i]
                };
                *upwind_saved = upwind;
                out[i] = upwind * x[i];
            }
            out[0] = x[0] * x[0];
            let x_0 = x[0];
            let pullback = move |
                x: &[f64],
                speed: &[f64],
                value_bar: &Vec<f64>,
                mut x_bar: Option<&mut [f64]>,
                _: Option<&mut rt::Frozen>|
            {
                let mut out_bar = value_bar.clone();
                let out_bar_2 = out_bar[0];
                out_bar[0] = 0.0;
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    x_bar[0] += out_bar_2 * (2.0 * x_0);
                }
                let upwind_saved = &mut upwind_tape.reader();
                for (i, upwind_saved) in (1..difference)
                    .zip(
                        upwind_saved
                            .row(::core::primitive::usize::saturating_sub(difference, 1))
                            .iter(),
                    )
                {
                    let out_bar_2 = out_bar[i];
                    out_bar[i] = 0.0;
                    let product = out_bar_2 * x[i];
                    if let Some(x_bar) = x_bar.as_deref_mut() {
                        x_bar[i] += out_bar_2 * *upwind_saved;
                    }
                    if speed[i] > 0.0 {
                        if let Some(x_bar) = x_bar.as_deref_mut() {
                            x_bar[i - 1] -= product;
                            x_bar[i] += product;
                        }
                    } else {
                        if let Some(x_bar) = x_bar.as_deref_mut() {
                            x_bar[i] -= product;
                            x_bar[i + 1] += product;
                        }
                    }
                }
            };
            (out, pullback)
        }
        /// The value of `stencil` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: &[f64],
            speed: &[f64],
            x_dot: Option<&[f64]>,
            _: Option<rt::Frozen>,
        ) -> (Vec<f64>, Vec<f64>) {
            let x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = vec![0.0; x.len()];
                    &x_zero
                }
            };
            Self::jvp(x, speed, x_dot)
        }
        /// `call_vjp` of `stencil` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: &[f64],
            speed: &[f64],
        ) -> (
            Vec<f64>,
            impl Fn(
                &(),
                &[f64],
                &[f64],
                &Vec<f64>,
                Option<&mut ()>,
                Option<&mut [f64]>,
                Option<&mut rt::Frozen>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(x, speed);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &[f64],
                    argument_2: &[f64],
                    argument_3: &Vec<f64>,
                    argument_4: Option<&mut ()>,
                    argument_5: Option<&mut [f64]>,
                    argument_6: Option<&mut rt::Frozen>|
                pullback(argument_1, argument_2, argument_3, argument_5, argument_6),
            )
        }
        /// `call_jvp` of `stencil` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: &[f64],
            speed: &[f64],
            _: Option<&()>,
            x_dot: Option<&[f64]>,
            speed_dot: Option<rt::Frozen>,
        ) -> (Vec<f64>, Vec<f64>) {
            Self::call_jvp(x, speed, x_dot, speed_dot)
        }
        /// The value of `stencil` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn lanes_jvp<Lane: rt::Lane<f64>>(
            x: &[f64],
            speed: &[f64],
            x_dot: &[Lane],
        ) -> (Vec<f64>, Vec<Lane>)
        where
            f64: rt::SameShape<Lane>,
        {
            rt::check_tangent("stencil::jvp", "x", x, x_dot);
            let n = x.len();
            let vector = vec![0.0; n];
            let mut out_dot = vec![rt::no_direction:: < Lane, _ > (); vector.len()];
            let mut out = vector;
            for i in 1..n - 1 {
                let (upwind, upwind_dot) = if speed[i] > 0.0 {
                    let difference = i - 1;
                    (x[i] - x[difference], x_dot[i] - x_dot[difference])
                } else {
                    let sum = i + 1;
                    (x[sum] - x[i], x_dot[sum] - x_dot[i])
                };
                out_dot[i] = upwind_dot * x[i] + x_dot[i] * upwind;
                out[i] = upwind * x[i];
            }
            out_dot[0] = x_dot[0] * x[0] + x_dot[0] * x[0];
            out[0] = x[0] * x[0];
            (out, out_dot)
        }
        /// The value of `stencil` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn lanes_call_jvp<Lane: rt::Lane<f64>>(
            x: &[f64],
            speed: &[f64],
            x_dot: Option<&[Lane]>,
            _: Option<rt::Frozen>,
        ) -> (Vec<f64>, Vec<Lane>)
        where
            f64: rt::SameShape<Lane>,
        {
            let x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = vec![rt::no_direction:: < Lane, _ > (); x.len()];
                    &x_zero
                }
            };
            Self::lanes_jvp::<Lane>(x, speed, x_dot)
        }
        /// The entries of the Jacobian of `stencil` that may differ from zero, whatever the numbers are, as its index expressions tell.
        #[inline]
        #[track_caller]
        pub fn sparsity(x: &[f64], speed: &[f64]) -> rt::sparse::Pattern {
            let mut entries: ::std::vec::Vec<(usize, usize)> = ::std::vec::Vec::new();
            let n = x.len();
            for i in 1..n - 1 {
                entries.push((i, i));
                entries.push((i, i - 1));
                entries.push((i, i + 1));
            }
            entries.push((0, 0));
            rt::jacobian_pattern(n, x.len(), entries)
        }
        /// The matrix of the first derivatives of `stencil`, of which the pattern is known: eight colours in each sweep.
        #[inline]
        #[track_caller]
        pub fn sparse_jacobian(
            x: &[f64],
            speed: &[f64],
            pattern: &rt::sparse::Pattern,
        ) -> rt::sparse::Csr<f64> {
            type Lane = rt::Lanes<f64, { rt::sparse::LANES }>;
            let zero = vec![rt::no_direction:: < Lane, _ > (); x.len()];
            rt::sparse::jacobian(
                "stencil::sparse_jacobian",
                zero,
                pattern,
                |x_dot| Self::lanes_jvp(x, speed, x_dot).1,
            )
        }
        /// The static graph of `stencil`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "stencil",
            ::core::file!(),
            &[::core::mem::size_of::<usize>(), ::core::mem::size_of::<f64>()],
            &[
                "input differentiated | x | &[f64] | 2:12",
                "input | speed | &[f64] | 2:23",
                "constant | n | usize | 3:9 | x.len()",
                "operation repeat %2 | out | Vec<f64> | 4:24 | vec![0.0; n]",
                "operation sub %2 |  | usize | 5:17 | n - 1",
                "keeps #0 | n - 1",
                "control for %4 %3 %19 |  |  | 5:9 | 1..n - 1",
                "operation index %5 %1 |  | f64 | 6:25 | speed[i]",
                "operation gt %6 again |  | bool | 6:25 | speed[i] > 0.0",
                "operation index %5 %0 |  | f64 | 6:42 | x[i]",
                "operation sub %5 again |  | usize | 6:51 | i - 1",
                "operation index %9 %0 |  | f64 | 6:49 | x[i - 1]",
                "operation sub %8 %10 |  | f64 | 6:42 | x[i] - x[i - 1]",
                "operation add %5 again |  | usize | 6:69 | i + 1",
                "operation index %12 %0 |  | f64 | 6:67 | x[i + 1]",
                "operation index %5 %0 |  | f64 | 6:78 | x[i]",
                "operation sub %13 %14 |  | f64 | 6:67 | x[i + 1] - x[i]",
                "control if %7 %11 %15 | upwind | f64 | 6:13 | speed[i] > 0.0",
                "keeps #1 %5 | upwind",
                "operation index %5 %0 |  | f64 | 7:27 | x[i]",
                "operation mul %16 %17 |  | f64 | 7:18 | upwind * x[i]",
                "operation store %5 %18 | out | Vec<f64> | 4:13 | out[i] = upwind * x[i]",
                "operation index %0 |  | f64 | 9:14 | x[0]",
                "keeps #1 | x[0]",
                "operation index %0 |  | f64 | 9:21 | x[0]",
                "operation mul %20 %21 |  | f64 | 9:14 | x[0] * x[0]",
                "operation store %5 %22 | out | Vec<f64> | 4:13 | out[0] = x[0] * x[0]",
                "output %23 |  | Vec<f64> |  | out",
            ],
        );
    }
};
#[allow(dead_code)]
fn rosenbrock(x: &[f64]) -> f64 {
    (0..x.len() - 1)
        .map(|i| 100.0 * (x[i + 1] - x[i] * x[i]).powi(2) + (1.0 - x[i]).powi(2))
        .sum()
}
/// Derivatives of the function [`rosenbrock`](fn@rosenbrock).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum rosenbrock {}
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
    impl rosenbrock {
        /// The value of `rosenbrock`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(x: &[f64], x_bar: &mut [f64]) -> f64 {
            rt::check_cotangent("rosenbrock::value_and_grad_into", "x", x, x_bar);
            let difference = x.len() - 1;
            let mut sum = 0.0;
            let mut x_bar_next = 0.0;
            for i in 0..difference {
                let x_i = x[i];
                let difference = x[i + 1] - x_i * x_i;
                let difference_2 = 1.0 - x_i;
                sum += 100.0 * difference.powi(2) + difference_2.powi(2);
                let product = 100.0 * (2.0 * difference);
                x_bar[i] += x_bar_next;
                x_bar[i] += -(2.0 * difference_2) + -product * (2.0 * x_i);
                x_bar_next = product;
            }
            if x_bar_next != 0.0 {
                x_bar[difference] += x_bar_next;
            }
            sum
        }
        /// The value of `rosenbrock` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: &[f64]) -> (f64, Vec<f64>) {
            let mut x_bar = rt::vec![0.0; x.len()];
            let value = Self::value_and_grad_into(x, &mut x_bar);
            (value, x_bar)
        }
        /// The gradients of `rosenbrock`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: &[f64]) -> Vec<f64> {
            Self::value_and_grad(x).1
        }
        /// The value of `rosenbrock` and its pullback, which turns cotangents of the results into gradients as often as it is called.
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
        /// The value of `rosenbrock` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: &[f64], x_dot: &[f64]) -> (f64, f64) {
            rt::check_tangent("rosenbrock::jvp", "x", x, x_dot);
            let mut sum_dot = 0.0;
            let mut sum = 0.0;
            for i in 0..x.len() - 1 {
                let sum_2 = i + 1;
                let difference = x[sum_2] - x[i] * x[i];
                let difference_2 = 1.0 - x[i];
                sum_dot
                    += 100.0
                        * (2.0 * difference
                            * (x_dot[sum_2] - (x_dot[i] * x[i] + x[i] * x_dot[i])))
                        + 2.0 * difference_2 * -x_dot[i];
                sum += 100.0 * difference.powi(2) + difference_2.powi(2);
            }
            (sum, sum_dot)
        }
        /// The value of `rosenbrock` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: &[f64],
        ) -> (f64, impl Fn(&[f64], &f64, Option<&mut [f64]>) + use<>) {
            let difference = x.len() - 1;
            let mut sum = 0.0;
            for i in 0..difference {
                sum += 100.0 * (x[i + 1] - x[i] * x[i]).powi(2) + (1.0 - x[i]).powi(2);
            }
            let pullback = move |
                x: &[f64],
                &value_bar: &f64,
                mut x_bar: Option<&mut [f64]>|
            {
                let sum_bar = value_bar;
                let mut x_bar_next = 0.0;
                for i in 0..difference {
                    let x_i = x[i];
                    let product = sum_bar * 100.0 * (2.0 * (x[i + 1] - x_i * x_i));
                    if let Some(x_bar) = x_bar.as_deref_mut() {
                        x_bar[i] += x_bar_next;
                        x_bar[i]
                            += -(sum_bar * (2.0 * (1.0 - x_i))) + -product * (2.0 * x_i);
                    }
                    x_bar_next = product;
                }
                if x_bar_next != 0.0 {
                    if let Some(x_bar) = x_bar.as_deref_mut() {
                        x_bar[difference] += x_bar_next;
                    }
                }
            };
            (sum, pullback)
        }
        /// The value of `rosenbrock` and its tangent, as other derivatives call it.
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
        /// `call_vjp` of `rosenbrock` as an argument of a function.
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
        /// `call_jvp` of `rosenbrock` as an argument of a function.
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
        /// The derivative of `rosenbrock` in the direction of the given tangents; the product of its Hessian and the tangents is added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn hvp_into(x: &[f64], x_dot: &[f64], x_bar: &mut [f64]) -> f64 {
            rt::check_tangent("rosenbrock::hvp_into", "x", x, x_dot);
            let difference = x.len() - 1;
            let mut sum_dot = 0.0;
            let mut sum = 0.0;
            let mut x_bar_next = 0.0;
            for i in 0..difference {
                let sum_2 = i + 1;
                let x_i = x[i];
                let difference = x[sum_2] - x_i * x_i;
                let difference_dot = x_dot[sum_2] - (x_dot[i] * x_i + x_i * x_dot[i]);
                let product = 2.0 * difference;
                let difference_2 = 1.0 - x_i;
                let difference_dot_2 = -x_dot[i];
                sum_dot
                    += 100.0 * (product * difference_dot)
                        + 2.0 * difference_2 * difference_dot_2;
                sum += 100.0 * difference.powi(2) + difference_2.powi(2);
                let product_2 = 100.0 * difference_dot * 2.0;
                let negated = -(100.0 * product);
                let mut x_i_bar = -(difference_dot_2 * 2.0) + negated * x_dot[i]
                    + negated * x_dot[i];
                x_i_bar -= product_2 * (2.0 * x_i);
                x_bar[i] += x_bar_next;
                x_bar[i] += x_i_bar;
                x_bar_next = product_2;
            }
            if x_bar_next != 0.0 {
                x_bar[difference] += x_bar_next;
            }
            sum_dot
        }
        /// The product of the Hessian of `rosenbrock` and the given tangents, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn hvp(x: &[f64], x_dot: &[f64]) -> Vec<f64> {
            let mut x_bar = rt::vec![0.0; x.len()];
            Self::hvp_into(x, x_dot, &mut x_bar);
            x_bar
        }
        /// The entries of the Hessian of `rosenbrock` that may differ from zero, whatever the numbers are, as its index expressions tell.
        #[inline]
        #[track_caller]
        pub fn hessian_sparsity(x: &[f64]) -> rt::sparse::Pattern {
            let mut entries: ::std::vec::Vec<(usize, usize)> = ::std::vec::Vec::new();
            for i in 0..x.len() - 1 {
                let sum = i + 1;
                entries.push((i, i));
                entries.push((sum, sum));
                entries.push((sum, i));
            }
            rt::symmetric_pattern(x.len(), entries)
        }
        /// The matrix of the second derivatives of `rosenbrock`, of which the pattern is known: one product with a vector for each colour.
        #[inline]
        #[track_caller]
        pub fn sparse_hessian(
            x: &[f64],
            pattern: &rt::sparse::Pattern,
        ) -> rt::sparse::Csr<f64> {
            rt::sparse::hessian(
                "rosenbrock::sparse_hessian",
                &rt::vec![0.0; x.len()],
                pattern,
                |x_dot, x_bar| {
                    Self::hvp_into(x, x_dot, x_bar);
                },
            )
        }
        /// The value of `rosenbrock` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp_jvp(
            x: &[f64],
            x_dot: &[f64],
            x_dot_2: &[f64],
            x_dot_dot: &[f64],
        ) -> ((f64, f64), (f64, f64)) {
            rt::check_tangent("rosenbrock::jvp", "x", x, x_dot_2);
            rt::check_tangent("rosenbrock::jvp", "x_dot", x_dot, x_dot_dot);
            let mut sum_dot_dot = 0.0;
            let mut sum_dot = 0.0;
            let mut sum_dot_2 = 0.0;
            let mut sum = 0.0;
            for i in 0..x.len() - 1 {
                let sum_2 = i + 1;
                let x_i = x[i];
                let x_i_2 = x[i];
                let difference = x[sum_2] - x_i * x_i_2;
                let difference_dot = x_dot_2[sum_2]
                    - (x_dot_2[i] * x_i_2 + x_i * x_dot_2[i]);
                let difference_dot_2 = x_dot[sum_2]
                    - (x_dot[i] * x_i_2 + x_i * x_dot[i]);
                let product = 2.0 * difference;
                let product_dot = 100.0
                    * (2.0 * difference_dot * difference_dot_2
                        + product
                            * (x_dot_dot[sum_2]
                                - (x_dot_dot[i] * x_i_2 + x_dot[i] * x_dot_2[i]
                                    + (x_dot_2[i] * x_dot[i] + x_i * x_dot_dot[i]))));
                let difference_2 = 1.0 - x[i];
                let difference_dot_3 = -x_dot_2[i];
                let difference_dot_4 = -x_dot[i];
                let product_2 = 2.0 * difference_2;
                sum_dot_dot
                    += product_dot
                        + (2.0 * difference_dot_3 * difference_dot_4
                            + product_2 * -x_dot_dot[i]);
                sum_dot
                    += 100.0 * (product * difference_dot_2)
                        + product_2 * difference_dot_4;
                sum_dot_2
                    += 100.0 * (2.0 * difference * difference_dot)
                        + 2.0 * difference_2 * difference_dot_3;
                sum += 100.0 * difference.powi(2) + difference_2.powi(2);
            }
            ((sum, sum_dot), (sum_dot_2, sum_dot_dot))
        }
        /// The value of `rosenbrock` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn jvp_call_vjp(
            x: &[f64],
            x_dot: &[f64],
        ) -> (
            (f64, f64),
            impl Fn(
                &[f64],
                &[f64],
                &(f64, f64),
                Option<&mut [f64]>,
                Option<&mut [f64]>,
            ) + use<>,
        ) {
            let difference = x.len() - 1;
            let mut sum_dot = 0.0;
            let mut sum = 0.0;
            for i in 0..difference {
                let sum_2 = i + 1;
                let x_i = x[i];
                let difference = x[sum_2] - x_i * x_i;
                let difference_2 = 1.0 - x_i;
                sum_dot
                    += 100.0
                        * (2.0 * difference
                            * (x_dot[sum_2] - (x_dot[i] * x_i + x_i * x_dot[i])))
                        + 2.0 * difference_2 * -x_dot[i];
                sum += 100.0 * difference.powi(2) + difference_2.powi(2);
            }
            let value = (sum, sum_dot);
            let pullback = move |
                x: &[f64],
                x_dot: &[f64],
                &value_bar: &(f64, f64),
                mut x_bar: Option<&mut [f64]>,
                mut x_dot_bar: Option<&mut [f64]>|
            {
                let sum_bar = value_bar.0;
                let sum_dot_bar = value_bar.1;
                let mut x_bar_next = 0.0;
                let mut x_dot_bar_next = 0.0;
                for i in 0..difference {
                    let sum = i + 1;
                    let x_i = x[i];
                    let difference = x[sum] - x_i * x_i;
                    let difference_2 = 1.0 - x_i;
                    if let Some(x_dot_bar) = x_dot_bar.as_deref_mut() {
                        x_dot_bar[i] += x_dot_bar_next;
                        x_dot_bar[i] -= sum_dot_bar * (2.0 * difference_2);
                    }
                    let product = sum_dot_bar * 100.0;
                    let product_2 = product * (2.0 * difference);
                    let difference_bar = product
                        * (x_dot[sum] - (x_dot[i] * x_i + x_i * x_dot[i])) * 2.0
                        + sum_bar * 100.0 * (2.0 * difference);
                    let negated = -product_2;
                    let mut x_i_bar = -(sum_dot_bar * -x_dot[i] * 2.0
                        + sum_bar * (2.0 * difference_2)) + negated * x_dot[i]
                        + negated * x_dot[i];
                    x_i_bar -= difference_bar * (2.0 * x_i);
                    if let Some(x_dot_bar) = x_dot_bar.as_deref_mut() {
                        x_dot_bar[i] += negated * x_i;
                        x_dot_bar[i] += negated * x_i;
                    }
                    if let Some(x_bar) = x_bar.as_deref_mut() {
                        x_bar[i] += x_bar_next;
                        x_bar[i] += x_i_bar;
                    }
                    x_dot_bar_next = product_2;
                    x_bar_next = difference_bar;
                }
                if x_bar_next != 0.0 {
                    if let Some(x_bar) = x_bar.as_deref_mut() {
                        x_bar[difference] += x_bar_next;
                    }
                }
                if x_dot_bar_next != 0.0 {
                    if let Some(x_dot_bar) = x_dot_bar.as_deref_mut() {
                        x_dot_bar[difference] += x_dot_bar_next;
                    }
                }
            };
            (value, pullback)
        }
        /// The value of `rosenbrock` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn jvp_call_jvp(
            x: &[f64],
            x_dot: &[f64],
            x_dot_2: Option<&[f64]>,
            x_dot_dot: Option<&[f64]>,
        ) -> ((f64, f64), (f64, f64)) {
            let x_zero;
            let x_dot_2 = match x_dot_2 {
                Some(x_dot_2) => x_dot_2,
                None => {
                    x_zero = rt::vec![0.0; x.len()];
                    &x_zero
                }
            };
            let x_dot_zero;
            let x_dot_dot = match x_dot_dot {
                Some(x_dot_dot) => x_dot_dot,
                None => {
                    x_dot_zero = rt::vec![0.0; x_dot.len()];
                    &x_dot_zero
                }
            };
            Self::jvp_jvp(x, x_dot, x_dot_2, x_dot_dot)
        }
        /// A derivative of `rosenbrock::call_jvp`, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp_call_vjp(
            x: &[f64],
            x_dot: Option<&[f64]>,
        ) -> (
            (f64, f64),
            impl Fn(
                &[f64],
                Option<&[f64]>,
                &(f64, f64),
                Option<&mut [f64]>,
                Option<&mut [f64]>,
            ) + use<>,
        ) {
            let x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = rt::vec![0.0; x.len()];
                    &x_zero
                }
            };
            let (value, pullback) = Self::jvp_call_vjp(x, x_dot);
            (
                value,
                move |
                    x: &[f64],
                    x_dot: Option<&[f64]>,
                    value_bar: &(f64, f64),
                    x_bar: Option<&mut [f64]>,
                    x_dot_bar: Option<&mut [f64]>|
                {
                    let x_zero;
                    let x_dot = match x_dot {
                        Some(x_dot) => x_dot,
                        None => {
                            x_zero = rt::vec![0.0; x.len()];
                            &x_zero
                        }
                    };
                    pullback(x, x_dot, value_bar, x_bar, x_dot_bar)
                },
            )
        }
        /// A derivative of `rosenbrock::call_jvp`, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp_call_jvp(
            x: &[f64],
            x_dot: Option<&[f64]>,
            x_bar: Option<&[f64]>,
            x_dot_bar: Option<&[f64]>,
        ) -> ((f64, f64), (f64, f64)) {
            let x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = rt::vec![0.0; x.len()];
                    &x_zero
                }
            };
            Self::jvp_call_jvp(x, x_dot, x_bar, x_dot_bar)
        }
        /// The value and its tangent; the derivatives of the tangent are added to the given buffers.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn jvp_joint(
            x: &[f64],
            x_dot: &[f64],
            x_bar: &mut [f64],
            x_dot_bar: &mut [f64],
        ) -> (f64, f64) {
            let difference = x.len() - 1;
            let mut sum_dot = 0.0;
            let mut sum = 0.0;
            let mut x_bar_next = 0.0;
            let mut x_dot_bar_next = 0.0;
            for i in 0..difference {
                let sum_2 = i + 1;
                let x_i = x[i];
                let difference = x[sum_2] - x_i * x_i;
                let difference_dot = x_dot[sum_2] - (x_dot[i] * x_i + x_i * x_dot[i]);
                let product = 2.0 * difference;
                let difference_2 = 1.0 - x_i;
                let difference_dot_2 = -x_dot[i];
                let product_2 = 2.0 * difference_2;
                sum_dot
                    += 100.0 * (product * difference_dot) + product_2 * difference_dot_2;
                sum += 100.0 * difference.powi(2) + difference_2.powi(2);
                x_dot_bar[i] += x_dot_bar_next;
                x_dot_bar[i] -= product_2;
                let product = 100.0 * product;
                let product_2 = 100.0 * difference_dot * 2.0;
                let negated = -product;
                let mut x_i_bar = -(difference_dot_2 * 2.0) + negated * x_dot[i]
                    + negated * x_dot[i];
                x_i_bar -= product_2 * (2.0 * x_i);
                x_dot_bar[i] += negated * x_i;
                x_dot_bar[i] += negated * x_i;
                x_bar[i] += x_bar_next;
                x_bar[i] += x_i_bar;
                x_dot_bar_next = product;
                x_bar_next = product_2;
            }
            if x_bar_next != 0.0 {
                x_bar[difference] += x_bar_next;
            }
            if x_dot_bar_next != 0.0 {
                x_dot_bar[difference] += x_dot_bar_next;
            }
            (sum, sum_dot)
        }
        /// What the pullback of `rosenbrock::vjp` gives.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn pulled(x: &[f64], value_bar: f64) -> Vec<f64> {
            let (_, pullback) = Self::vjp(x);
            pullback(value_bar)
        }
        /// The value of `rosenbrock::grad` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn grad_call_vjp(
            x: &[f64],
        ) -> (Vec<f64>, impl Fn(&[f64], &Vec<f64>, Option<&mut [f64]>) + use<>) {
            let value = Self::grad(x);
            let pullback = move |x: &[f64], seed: &Vec<f64>, x_bar: Option<&mut [f64]>| {
                let x_dot = &(*seed);
                let mut x_dot_bar;
                let x_bar = match x_bar {
                    Some(x_bar) => x_bar,
                    None => {
                        x_dot_bar = rt::vec![0.0; x.len()];
                        &mut x_dot_bar
                    }
                };
                Self::hvp_into(x, x_dot, x_bar);
            };
            (value, pullback)
        }
        /// The value of `rosenbrock::grad` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn grad_jvp(x: &[f64], x_dot: &[f64]) -> (Vec<f64>, Vec<f64>) {
            rt::check_tangent("rosenbrock::grad::jvp", "x", x, x_dot);
            let mut x_bar = rt::vec![0.0; x.len()];
            let mut x_dot_bar = rt::vec![0.0; x.len()];
            let (value, value_dot) = Self::jvp_joint(
                x,
                x_dot,
                &mut x_bar,
                &mut x_dot_bar,
            );
            (x_dot_bar, x_bar)
        }
        /// The value of `rosenbrock::grad` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn grad_call_jvp(x: &[f64], x_dot: Option<&[f64]>) -> (Vec<f64>, Vec<f64>) {
            let x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = rt::vec![0.0; x.len()];
                    &x_zero
                }
            };
            Self::grad_jvp(x, x_dot)
        }
        /// The value of `rosenbrock::value_and_grad` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn value_and_grad_call_vjp(
            x: &[f64],
        ) -> (
            (f64, Vec<f64>),
            impl Fn(&[f64], &(f64, Vec<f64>), Option<&mut [f64]>) + use<>,
        ) {
            let value = Self::value_and_grad(x);
            let pullback = move |
                x: &[f64],
                seed: &(f64, Vec<f64>),
                x_bar: Option<&mut [f64]>|
            {
                let x_dot = &seed.1;
                let ((value, value_dot), of_jvp) = Self::jvp_call_vjp(x, x_dot);
                of_jvp(x, x_dot, &(seed.0.clone(), 1.0), x_bar, None);
            };
            (value, pullback)
        }
        /// The value of `rosenbrock::value_and_grad` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_jvp(
            x: &[f64],
            x_dot: &[f64],
        ) -> ((f64, Vec<f64>), (f64, Vec<f64>)) {
            rt::check_tangent("rosenbrock::value_and_grad::jvp", "x", x, x_dot);
            let mut x_bar = rt::vec![0.0; x.len()];
            let mut x_dot_bar = rt::vec![0.0; x.len()];
            let (value, value_dot) = Self::jvp_joint(
                x,
                x_dot,
                &mut x_bar,
                &mut x_dot_bar,
            );
            ((value, x_dot_bar), (value_dot, x_bar))
        }
        /// The value of `rosenbrock::value_and_grad` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn value_and_grad_call_jvp(
            x: &[f64],
            x_dot: Option<&[f64]>,
        ) -> ((f64, Vec<f64>), (f64, Vec<f64>)) {
            let x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = rt::vec![0.0; x.len()];
                    &x_zero
                }
            };
            Self::value_and_grad_jvp(x, x_dot)
        }
        /// The value of `rosenbrock::pulled` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn pulled_call_vjp(
            x: &[f64],
            value_bar: f64,
        ) -> (
            Vec<f64>,
            impl Fn(&[f64], &Vec<f64>, Option<&mut [f64]>, Option<&mut f64>) + use<>,
        ) {
            let value = Self::pulled(x, value_bar);
            let pullback = move |
                x: &[f64],
                seed: &Vec<f64>,
                x_bar: Option<&mut [f64]>,
                value_bar_bar: Option<&mut f64>|
            {
                let x_dot = &(*seed);
                let ((value, value_dot), of_jvp) = Self::jvp_call_vjp(x, x_dot);
                if let Some(value_bar_bar) = value_bar_bar {
                    rt::accumulate(value_bar_bar, &value_dot);
                }
                of_jvp(x, x_dot, &(0.0, value_bar.clone()), x_bar, None);
            };
            (value, pullback)
        }
        /// The value of `rosenbrock::pulled` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn pulled_jvp(
            x: &[f64],
            value_bar: f64,
            x_dot: &[f64],
            value_bar_dot: f64,
        ) -> (Vec<f64>, Vec<f64>) {
            rt::check_tangent("rosenbrock::pulled::jvp", "x", x, x_dot);
            let mut x_bar = rt::vec![0.0; x.len()];
            let mut x_dot_bar = rt::vec![0.0; x.len()];
            let ((value, value_dot), of_jvp) = Self::jvp_call_vjp(x, x_dot);
            of_jvp(
                x,
                x_dot,
                &(value_bar_dot, value_bar),
                Some(&mut x_bar),
                Some(&mut x_dot_bar),
            );
            (x_dot_bar, x_bar)
        }
        /// The value of `rosenbrock::pulled` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn pulled_call_jvp(
            x: &[f64],
            value_bar: f64,
            x_dot: Option<&[f64]>,
            value_bar_dot: Option<f64>,
        ) -> (Vec<f64>, Vec<f64>) {
            let x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = rt::vec![0.0; x.len()];
                    &x_zero
                }
            };
            let value_bar_dot = value_bar_dot.unwrap_or(0.0);
            Self::pulled_jvp(x, value_bar, x_dot, value_bar_dot)
        }
        /// The static graph of `rosenbrock`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "rosenbrock",
            ::core::file!(),
            &[],
            &[
                "input differentiated | x | &[f64] | 14:15",
                "control for %14 |  |  | 15:27 | 0..x.len() - 1",
                "operation add %1 again |  | usize | 15:41 | i + 1",
                "operation index %2 %0 |  | f64 | 15:39 | x[i + 1]",
                "operation index %1 %0 |  | f64 | 15:50 | x[i]",
                "operation index %1 %0 |  | f64 | 15:57 | x[i]",
                "operation mul %4 %5 again |  | f64 | 15:50 | x[i] * x[i]",
                "operation sub %3 %6 again |  | f64 | 15:39 | x[i + 1] - (x[i] * x[i])",
                "operation powi %7 |  | f64 | 15:63 | (x[i + 1] - (x[i] * x[i])).powi(2)",
                "operation mul %8 |  | f64 | 15:30 | 100.0 * (x[i + 1] - (x[i] * x[i])).powi(2)",
                "operation index %1 %0 |  | f64 | 15:80 | x[i]",
                "operation sub %10 again |  | f64 | 15:74 | 1.0 - x[i]",
                "operation powi %11 |  | f64 | 15:86 | (1.0 - x[i]).powi(2)",
                "operation add %9 %12 |  | f64 | 15:30 | (100.0 * (x[i + 1] - (x[i] * x[i])).powi(2)) + (1.0 - x[i]).powi(2)",
                "operation add %1 %13 |  | f64 | 15:5 | sum += (100.0 * (x[i + 1] - (x[i] * x[i])).powi(2)) + (1.0 - x[i]).powi…",
                "output %1 |  | f64 |  | sum",
            ],
        );
    }
    impl rt::TwiceDifferentiable for rosenbrock {}
};
