#[allow(dead_code)]
/// A state of two variables, of which few are held.
fn oscillator(k: f64, h: f64, n: usize) -> f64 {
    let mut x = 1.0;
    let mut v = 0.0;
    let mut work = 0.0;
    for _ in 0..n {
        v -= h * k * x;
        x += h * v;
        work += x * v.sin();
    }
    x + work
}
/// Derivatives of the function [`oscillator`](fn@oscillator).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum oscillator {}
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
    impl oscillator {
        /// The value of `oscillator`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            k: f64,
            h: f64,
            n: usize,
            k_bar: &mut f64,
            h_bar: &mut f64,
        ) -> f64 {
            let mut x = 1.0;
            let mut v = 0.0;
            let mut work = 0.0;
            let product = h * k;
            let first_state = (x, v);
            let mut trips = 0_usize;
            let mut snapshots = rt::placing(rt::binomial_snapshots(n, 32, &first_state));
            for _ in 0..n {
                if rt::is_due(&mut snapshots) {
                    rt::hold(&mut snapshots, (x, v));
                }
                trips += 1;
                v -= product * x;
                x += h * v;
                work += x * v.sin();
            }
            /// Reverse sweep.
            let mut x_bar = 1.0;
            let mut v_bar = 0.0;
            let mut product_bar = 0.0;
            let mut h_bar_sum = 0.0;
            for trip in (0..trips).rev() {
                let (start, state) = rt::resume(&mut snapshots, trip);
                let mut x_2 = state.0;
                let mut v_2 = state.1;
                for _ in start..trip {
                    if rt::is_due(&mut snapshots) {
                        rt::hold(&mut snapshots, (x_2, v_2));
                    }
                    v_2 -= product * x_2;
                    x_2 += h * v_2;
                }
                v_2 -= product * x_2;
                let x_3 = x_2;
                x_2 += h * v_2;
                x_bar += v_2.sin();
                h_bar_sum += x_bar * v_2;
                v_bar += x_2 * v_2.cos() + x_bar * h;
                let negated = -v_bar;
                product_bar += negated * x_3;
                x_bar += negated * product;
            }
            *h_bar += h_bar_sum;
            *h_bar += product_bar * k;
            *k_bar += product_bar * h;
            x + work
        }
        /// The value of `oscillator` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(k: f64, h: f64, n: usize) -> (f64, (f64, f64)) {
            let mut k_bar = 0.0;
            let mut h_bar = 0.0;
            let value = Self::value_and_grad_into(k, h, n, &mut k_bar, &mut h_bar);
            (value, (k_bar, h_bar))
        }
        /// The gradients of `oscillator`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(k: f64, h: f64, n: usize) -> (f64, f64) {
            Self::value_and_grad(k, h, n).1
        }
        /// The value of `oscillator` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp(
            k: f64,
            h: f64,
            n: usize,
        ) -> (f64, impl Fn(f64) -> (f64, f64) + use<>) {
            let (value, pullback) = Self::call_vjp(k, h, n);
            let pullback = move |value_bar: f64| {
                let mut k_bar = 0.0;
                let mut h_bar = 0.0;
                pullback(&value_bar, Some(&mut k_bar), Some(&mut h_bar), None);
                (k_bar, h_bar)
            };
            (value, pullback)
        }
        /// The value of `oscillator` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(k: f64, h: f64, n: usize, k_dot: f64, h_dot: f64) -> (f64, f64) {
            let mut x_dot = 0.0;
            let mut x = 1.0;
            let mut v_dot = 0.0;
            let mut v = 0.0;
            let mut work_dot = 0.0;
            let mut work = 0.0;
            for _ in 0..n {
                let product = h * k;
                v_dot -= (h_dot * k + h * k_dot) * x + product * x_dot;
                v -= product * x;
                x_dot += h_dot * v + h * v_dot;
                x += h * v;
                let sin_v = v.sin();
                work_dot += x_dot * sin_v + x * (v.cos() * v_dot);
                work += x * sin_v;
            }
            (x + work, x_dot + work_dot)
        }
        /// The value of `oscillator` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            k: f64,
            h: f64,
            n: usize,
        ) -> (
            f64,
            impl Fn(&f64, Option<&mut f64>, Option<&mut f64>, Option<&mut ()>) + use<>,
        ) {
            let mut x = 1.0;
            let mut v = 0.0;
            let mut work = 0.0;
            let product = h * k;
            let mut trips = 0_usize;
            let first_state = (x, v);
            for _ in 0..n {
                trips += 1;
                v -= product * x;
                x += h * v;
                work += x * v.sin();
            }
            let value = x + work;
            let pullback = move |
                &value_bar: &f64,
                mut k_bar: Option<&mut f64>,
                mut h_bar: Option<&mut f64>,
                _: Option<&mut ()>|
            {
                let work_bar = value_bar;
                let mut x_bar = value_bar;
                let mut h_bar_2 = 0.0;
                let mut v_bar = 0.0;
                let mut product_bar = 0.0;
                let mut snapshots = rt::binomial_snapshots(trips, 32, &first_state);
                for trip in (0..trips).rev() {
                    let (start, state) = rt::resume(&mut snapshots, trip);
                    let mut x_2 = state.0;
                    let mut v_2 = state.1;
                    for _ in start..trip {
                        if rt::is_due(&mut snapshots) {
                            rt::hold(&mut snapshots, (x_2, v_2));
                        }
                        v_2 -= product * x_2;
                        x_2 += h * v_2;
                    }
                    v_2 -= product * x_2;
                    let x_3 = x_2;
                    x_2 += h * v_2;
                    x_bar += work_bar * v_2.sin();
                    h_bar_2 += x_bar * v_2;
                    v_bar += work_bar * x_2 * v_2.cos() + x_bar * h;
                    let negated = -v_bar;
                    product_bar += negated * x_3;
                    x_bar += negated * product;
                }
                h_bar_2 += product_bar * k;
                if let Some(k_bar) = k_bar.as_deref_mut() {
                    *k_bar += product_bar * h;
                }
                if let Some(h_bar) = h_bar.as_deref_mut() {
                    *h_bar += h_bar_2;
                }
            };
            (value, pullback)
        }
        /// The value of `oscillator` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            k: f64,
            h: f64,
            n: usize,
            k_dot: Option<f64>,
            h_dot: Option<f64>,
            _: Option<()>,
        ) -> (f64, f64) {
            let k_dot = k_dot.unwrap_or(0.0);
            let h_dot = h_dot.unwrap_or(0.0);
            Self::jvp(k, h, n, k_dot, h_dot)
        }
        /// `call_vjp` of `oscillator` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            k: f64,
            h: f64,
            n: usize,
        ) -> (
            f64,
            impl Fn(
                &(),
                &f64,
                Option<&mut ()>,
                Option<&mut f64>,
                Option<&mut f64>,
                Option<&mut ()>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(k, h, n);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &f64,
                    argument_2: Option<&mut ()>,
                    argument_3: Option<&mut f64>,
                    argument_4: Option<&mut f64>,
                    argument_5: Option<&mut ()>|
                pullback(argument_1, argument_3, argument_4, argument_5),
            )
        }
        /// `call_jvp` of `oscillator` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            k: f64,
            h: f64,
            n: usize,
            _: Option<&()>,
            k_dot: Option<f64>,
            h_dot: Option<f64>,
            n_dot: Option<()>,
        ) -> (f64, f64) {
            Self::call_jvp(k, h, n, k_dot, h_dot, n_dot)
        }
        /// The static graph of `oscillator`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "oscillator",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | k | f64 | 3:15",
                "input differentiated | h | f64 | 3:23",
                "input | n | usize | 3:31",
                "control for %2 %8 %6 %11 again |  |  | 8:14 | 0..n",
                "keeps | its state, at most 32 times",
                "operation mul %1 %0 |  | f64 | 9:14 | h * k",
                "keeps #0 | h * k",
                "operation mul %4 %3 |  | f64 | 9:14 | (h * k) * x",
                "operation sub %3 %5 | v | f64 | 5:13 | v -= (h * k) * x",
                "operation mul %1 %6 |  | f64 | 10:14 | h * v",
                "operation add %3 %7 | x | f64 | 4:13 | x += h * v",
                "operation sin %6 |  | f64 | 11:23 | v.sin()",
                "operation mul %8 %9 |  | f64 | 11:17 | x * v.sin()",
                "operation add %3 %10 | work | f64 | 6:13 | work += x * v.sin()",
                "operation add %3 |  | f64 | 13:5 | x + work",
                "output %12 |  | f64 |  | x + work",
            ],
        );
    }
};
#[allow(dead_code)]
/// What calls it keeps its arguments only.
fn layer(w: &[f64], mut x: f64, list: Vec<f64>) -> f64 {
    for w in w {
        x = (x * w).tanh();
    }
    x * list[0]
}
/// Derivatives of the function [`layer`](fn@layer).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum layer {}
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
    impl layer {
        /// The value of `layer`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            w: &[f64],
            mut x: f64,
            list: Vec<f64>,
            w_bar: &mut [f64],
            x_bar: &mut f64,
            list_bar: &mut Vec<f64>,
        ) -> f64 {
            rt::check_cotangent("layer::value_and_grad_into", "w", w, w_bar);
            rt::check_cotangent("layer::value_and_grad_into", "list", &list, list_bar);
            let mut x_tape = rt::NumberTape::new();
            let mut tanh_product_tape = rt::NumberTape::new();
            let trips = w.len();
            let x_row = x_tape.row(trips);
            let tanh_product_row = tanh_product_tape.row(trips);
            for ((w, x_saved), tanh_product_saved) in w
                .iter()
                .zip(x_row.iter_mut())
                .zip(tanh_product_row.iter_mut())
            {
                *x_saved = x;
                let tanh_product = (x * *w).tanh();
                *tanh_product_saved = tanh_product;
                x = tanh_product;
            }
            list_bar[0] += x;
            let mut x_bar_2 = list[0];
            let x_saved = &mut x_tape.reader();
            let tanh_product_saved = &mut tanh_product_tape.reader();
            let trips = w.len();
            for (((w, w_bar), &x_2), tanh_product_saved) in w
                .iter()
                .zip(w_bar.iter_mut())
                .zip(x_saved.row(trips).iter())
                .zip(tanh_product_saved.row(trips).iter())
                .rev()
            {
                let product = x_bar_2
                    * (1.0 - *tanh_product_saved * *tanh_product_saved);
                *w_bar += product * x_2;
                x_bar_2 = product * *w;
            }
            *x_bar += x_bar_2;
            x * list[0]
        }
        /// The value of `layer` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(
            w: &[f64],
            x: f64,
            list: Vec<f64>,
        ) -> (f64, (Vec<f64>, f64, Vec<f64>)) {
            let mut w_bar = rt::vec![0.0; w.len()];
            let mut x_bar = 0.0;
            let mut list_bar = rt::vec![0.0; list.len()];
            let value = Self::value_and_grad_into(
                w,
                x,
                list,
                &mut w_bar,
                &mut x_bar,
                &mut list_bar,
            );
            (value, (w_bar, x_bar, list_bar))
        }
        /// The gradients of `layer`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(w: &[f64], x: f64, list: Vec<f64>) -> (Vec<f64>, f64, Vec<f64>) {
            Self::value_and_grad(w, x, list).1
        }
        /// The value of `layer` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(
            w: &'a [f64],
            x: f64,
            list: Vec<f64>,
        ) -> (f64, impl Fn(f64) -> (Vec<f64>, f64, Vec<f64>) + use<'a>) {
            let list_zero = rt::vec![0.0; list.len()];
            let (value, pullback) = Self::call_vjp(w, x, list);
            let pullback = move |value_bar: f64| {
                let mut w_bar = rt::vec![0.0; w.len()];
                let mut x_bar = 0.0;
                let mut list_bar = list_zero.clone();
                pullback(
                    w,
                    &value_bar,
                    Some(&mut w_bar),
                    Some(&mut x_bar),
                    Some(&mut list_bar),
                );
                (w_bar, x_bar, list_bar)
            };
            (value, pullback)
        }
        /// The value of `layer` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(
            w: &[f64],
            mut x: f64,
            list: Vec<f64>,
            w_dot: &[f64],
            mut x_dot: f64,
            list_dot: Vec<f64>,
        ) -> (f64, f64) {
            rt::check_tangent("layer::jvp", "w", w, w_dot);
            rt::check_tangent("layer::jvp", "list", &list, &list_dot);
            for (w, w_dot) in w.iter().zip(w_dot.iter()) {
                let tanh_product = (x * *w).tanh();
                x_dot = (1.0 - tanh_product * tanh_product) * (x_dot * *w + x * *w_dot);
                x = tanh_product;
            }
            (x * list[0], x_dot * list[0] + x * list_dot[0])
        }
        /// The value of `layer` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            w: &[f64],
            mut x: f64,
            list: Vec<f64>,
        ) -> (
            f64,
            impl Fn(
                &[f64],
                &f64,
                Option<&mut [f64]>,
                Option<&mut f64>,
                Option<&mut Vec<f64>>,
            ) + use<>,
        ) {
            let x_kept = x;
            let list_kept = list.clone();
            for w in w.iter() {
                x = (x * *w).tanh();
            }
            let value = x * list[0];
            let pullback = move |
                w: &[f64],
                &value_bar: &f64,
                mut w_bar: Option<&mut [f64]>,
                mut x_bar: Option<&mut f64>,
                mut list_bar: Option<&mut Vec<f64>>|
            {
                let mut x_2 = x_kept;
                let mut x_tape = rt::NumberTape::with_capacity(w.len());
                let mut tanh_product_tape = rt::NumberTape::with_capacity(w.len());
                let list_2 = list_kept.clone();
                for w in w.iter() {
                    x_tape.push(x_2);
                    let tanh_product = (x_2 * *w).tanh();
                    tanh_product_tape.push(tanh_product);
                    x_2 = tanh_product;
                }
                /// Reverse sweep.
                if let Some(list_bar) = list_bar.as_deref_mut() {
                    list_bar[0] += value_bar * x_2;
                }
                let mut x_bar_2 = value_bar * list_2[0];
                let x_saved = &mut x_tape.reader();
                let tanh_product_saved = &mut tanh_product_tape.reader();
                for (k, w) in w.iter().enumerate().rev() {
                    let tanh_product = *tanh_product_saved.pop();
                    let product = x_bar_2 * (1.0 - tanh_product * tanh_product);
                    let product_2 = product * *x_saved.pop();
                    if let Some(w_bar) = w_bar.as_deref_mut() {
                        w_bar[k] += product_2;
                    }
                    x_bar_2 = product * *w;
                }
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += x_bar_2;
                }
            };
            (value, pullback)
        }
        /// The value of `layer` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            w: &[f64],
            x: f64,
            list: Vec<f64>,
            w_dot: Option<&[f64]>,
            x_dot: Option<f64>,
            list_dot: Option<Vec<f64>>,
        ) -> (f64, f64) {
            let w_zero;
            let w_dot = match w_dot {
                Some(w_dot) => w_dot,
                None => {
                    w_zero = rt::vec![0.0; w.len()];
                    &w_zero
                }
            };
            let x_dot = x_dot.unwrap_or(0.0);
            let list_dot = match list_dot {
                Some(list_dot) => list_dot,
                None => rt::vec![0.0; list.len()],
            };
            Self::jvp(w, x, list, w_dot, x_dot, list_dot)
        }
        /// `call_vjp` of `layer` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            w: &[f64],
            x: f64,
            list: Vec<f64>,
        ) -> (
            f64,
            impl Fn(
                &(),
                &[f64],
                &Vec<f64>,
                &f64,
                Option<&mut ()>,
                Option<&mut [f64]>,
                Option<&mut f64>,
                Option<&mut Vec<f64>>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(w, x, list);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &[f64],
                    argument_2: &Vec<f64>,
                    argument_3: &f64,
                    argument_4: Option<&mut ()>,
                    argument_5: Option<&mut [f64]>,
                    argument_6: Option<&mut f64>,
                    argument_7: Option<&mut Vec<f64>>|
                pullback(argument_1, argument_3, argument_5, argument_6, argument_7),
            )
        }
        /// `call_jvp` of `layer` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            w: &[f64],
            x: f64,
            list: Vec<f64>,
            _: Option<&()>,
            w_dot: Option<&[f64]>,
            x_dot: Option<f64>,
            list_dot: Option<&Vec<f64>>,
        ) -> (f64, f64) {
            Self::call_jvp(w, x, list, w_dot, x_dot, list_dot.cloned())
        }
        /// The static graph of `layer`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "layer",
            ::core::file!(),
            &[],
            &[
                "input differentiated | w | &[f64] | 18:10",
                "input differentiated | x | f64 | 18:21",
                "input differentiated | list | Vec<f64> | 18:33",
                "control for %0 %1 %5 again |  |  | 19:9 | w.iter()",
                "operation mul %3 again |  | f64 | 20:14 | x * w",
                "operation tanh %4 again | x | f64 | 20:21 | (x * w).tanh()",
                "operation index %2 again |  | f64 | 22:9 | list[0]",
                "operation mul %3 %6 again |  | f64 | 22:5 | x * list[0]",
                "output %7 |  | f64 |  | x * list[0]",
            ],
        );
    }
};
