#[allow(dead_code)]
fn powers(x: f64, n: usize) -> f64 {
    let mut v = vec![1.0];
    for i in 0..n {
        v.push(v[i] * x);
    }
    let last = v.pop().unwrap();
    last * v.iter().sum::<f64>()
}
/// Derivatives of the function [`powers`](fn@powers).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum powers {}
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
    impl powers {
        /// The value of `powers`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(x: f64, n: usize, x_bar: &mut f64) -> f64 {
            let mut v = vec![1.0];
            let mut v_i_tape = rt::NumberTape::new();
            let v_i_row = v_i_tape.row(n);
            for (i, v_i_saved) in (0..n).zip(v_i_row.iter_mut()) {
                *v_i_saved = v[i];
                let product = v[i] * x;
                v.push(product);
            }
            let last = v.pop().unwrap();
            let mut sum = 0.0;
            let sum_bar = last;
            let mut v_bar = vec![0.0; v.len()];
            for (&v_item, v_item_bar) in v.iter().zip(v_bar.iter_mut()) {
                sum += v_item;
                *v_item_bar += sum_bar;
            }
            v_bar.push(sum);
            let v_i_saved = &mut v_i_tape.reader();
            let mut x_bar_sum = 0.0;
            for (i, &v_i) in (0..n).zip(v_i_saved.row(n).iter()).rev() {
                let product_bar = v_bar.pop().unwrap();
                x_bar_sum += product_bar * v_i;
                v_bar[i] += product_bar * x;
            }
            *x_bar += x_bar_sum;
            last * sum
        }
        /// The value of `powers` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: f64, n: usize) -> (f64, f64) {
            let mut x_bar = 0.0;
            let value = Self::value_and_grad_into(x, n, &mut x_bar);
            (value, x_bar)
        }
        /// The gradients of `powers`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: f64, n: usize) -> f64 {
            Self::value_and_grad(x, n).1
        }
        /// The value of `powers` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp(x: f64, n: usize) -> (f64, impl Fn(f64) -> f64 + use<>) {
            let (value, pullback) = Self::call_vjp(x, n);
            let pullback = move |value_bar: f64| {
                let mut x_bar = 0.0;
                pullback(&value_bar, Some(&mut x_bar), None);
                x_bar
            };
            (value, pullback)
        }
        /// The value of `powers` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: f64, n: usize, x_dot: f64) -> (f64, f64) {
            let vector = vec![1.0];
            let mut v_dot = vec![0.0_f64; vector.len()];
            let mut v = vector;
            for i in 0..n {
                let product_dot = v_dot[i] * x + v[i] * x_dot;
                v_dot.push(product_dot);
                let product = v[i] * x;
                v.push(product);
            }
            let last_dot = v_dot.pop().unwrap();
            let last = v.pop().unwrap();
            let mut sum_dot = 0.0;
            let mut sum = 0.0;
            for (&v_item, &v_item_dot) in v.iter().zip(v_dot.iter()) {
                sum_dot += v_item_dot;
                sum += v_item;
            }
            (last * sum, last_dot * sum + last * sum_dot)
        }
        /// The value of `powers` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: f64,
            n: usize,
        ) -> (f64, impl Fn(&f64, Option<&mut f64>, Option<&mut ()>) + use<>) {
            let mut v = vec![1.0];
            let mut v_i_tape = rt::NumberTape::new();
            let v_i_row = v_i_tape.row(n);
            for (i, v_i_saved) in (0..n).zip(v_i_row.iter_mut()) {
                *v_i_saved = v[i];
                let product = v[i] * x;
                v.push(product);
            }
            let last = v.pop().unwrap();
            let mut sum = 0.0;
            for &v_item in v.iter() {
                sum += v_item;
            }
            let v_len = v.len();
            let value = last * sum;
            let pullback = move |
                &value_bar: &f64,
                mut x_bar: Option<&mut f64>,
                _: Option<&mut ()>|
            {
                let sum_bar = value_bar * last;
                let mut v_bar = vec![0.0; v_len];
                for v_item_bar in v_bar.iter_mut() {
                    *v_item_bar += sum_bar;
                }
                v_bar.push(value_bar * sum);
                let mut x_bar_2 = 0.0;
                let v_i_saved = &mut v_i_tape.reader();
                for (i, &v_i) in (0..n).zip(v_i_saved.row(n).iter()).rev() {
                    let product_bar = v_bar.pop().unwrap();
                    x_bar_2 += product_bar * v_i;
                    v_bar[i] += product_bar * x;
                }
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += x_bar_2;
                }
            };
            (value, pullback)
        }
        /// The value of `powers` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: f64,
            n: usize,
            x_dot: Option<f64>,
            _: Option<()>,
        ) -> (f64, f64) {
            let x_dot = x_dot.unwrap_or(0.0);
            Self::jvp(x, n, x_dot)
        }
        /// `call_vjp` of `powers` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: f64,
            n: usize,
        ) -> (
            f64,
            impl Fn(
                &(),
                &f64,
                Option<&mut ()>,
                Option<&mut f64>,
                Option<&mut ()>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(x, n);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &f64,
                    argument_2: Option<&mut ()>,
                    argument_3: Option<&mut f64>,
                    argument_4: Option<&mut ()>|
                pullback(argument_1, argument_3, argument_4),
            )
        }
        /// `call_jvp` of `powers` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: f64,
            n: usize,
            _: Option<&()>,
            x_dot: Option<f64>,
            n_dot: Option<()>,
        ) -> (f64, f64) {
            Self::call_jvp(x, n, x_dot, n_dot)
        }
        /// The static graph of `powers`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "powers",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | x | f64 | 2:11",
                "input | n | usize | 2:19",
                "control for %1 %5 |  |  | 4:9 | 0..n",
                "operation index %2 |  | f64 | 5:16 | v[i]",
                "keeps #0 %2 | v[i]",
                "operation mul %3 %0 |  | f64 | 5:16 | v[i] * x",
                "operation push %4 %2 |  |  |  | push(v[i] * x)",
                "operation pop %2 | last | f64 | 7:9 | pop()",
                "keeps #0 | pop()",
                "control for %6 %8 |  |  | 8:12 | v.iter()",
                "keeps #0 | sum",
                "operation add %7 |  | f64 | 8:12 | sum += v_item",
                "operation mul %6 %7 |  | f64 | 8:5 | last * sum",
                "output %9 |  | f64 |  | last * sum",
            ],
        );
    }
};
