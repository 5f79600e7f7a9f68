#[allow(dead_code)]
fn loss(w: &Array2<f64>, b: &Array1<f64>, x: &Array2<f64>, labels: &[usize]) -> f64 {
    let hidden = (x.dot(w) + b).mapv(|v| v.tanh());
    cross_entropy(&hidden, labels)
}
/// Derivatives of the function [`loss`](fn@loss).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum loss {}
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
    impl loss {
        /// The value of `loss`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            w: &Array2<f64>,
            b: &Array1<f64>,
            x: &Array2<f64>,
            labels: &[usize],
            w_bar: &mut Array2<f64>,
            b_bar: &mut Array1<f64>,
            x_bar: &mut Array2<f64>,
        ) -> f64 {
            rt::check_cotangent("loss::value_and_grad_into", "w", w, w_bar);
            rt::check_cotangent("loss::value_and_grad_into", "b", b, b_bar);
            rt::check_cotangent("loss::value_and_grad_into", "x", x, x_bar);
            let dot_x = rt::kept(rt::dot(x, w));
            rt::check_broadcast("dot_x + b", &*dot_x, b);
            let hidden = rt::kept(
                rt::map_each::<
                    rt::ndarray::Ix2,
                    _,
                    _,
                >(
                    [rt::each(&*dot_x), rt::each(b)],
                    |[dot_x_i, b_i]| rt::tanh_in_lanes(dot_x_i + b_i),
                ),
            );
            let (cross_entropy_value, cross_entropy_pullback) = cross_entropy::call_vjp(
                &*hidden,
                labels,
            );
            /// Reverse sweep.
            let mut hidden_bar = rt::kept(rt::zeros_like(&*hidden));
            cross_entropy_pullback(&*hidden, labels, &1.0, Some(&mut *hidden_bar), None);
            let mut dot_x_bar = rt::kept(rt::zeros_like(&*dot_x));
            rt::add_each(
                [rt::each_mut(&mut *dot_x_bar), rt::each_mut(b_bar)],
                [rt::each(&*dot_x), rt::each(b), rt::each(&*hidden_bar)],
                |[dot_x_i_bar, b_i_bar], [dot_x_i, b_i, hidden_bar]| {
                    let tanh_v = rt::tanh_in_lanes(dot_x_i + b_i);
                    let product = hidden_bar * (1.0 - tanh_v * tanh_v);
                    *dot_x_i_bar += product;
                    *b_i_bar += product;
                },
            );
            rt::accumulate_dot_lhs_bar(x_bar, &*dot_x_bar, w);
            rt::accumulate_dot_rhs_bar(w_bar, x, &*dot_x_bar);
            cross_entropy_value
        }
        /// The value of `loss` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(
            w: &Array2<f64>,
            b: &Array1<f64>,
            x: &Array2<f64>,
            labels: &[usize],
        ) -> (f64, (Array2<f64>, Array1<f64>, Array2<f64>)) {
            let mut w_bar = rt::zero_tangent(w);
            let mut b_bar = rt::zero_tangent(b);
            let mut x_bar = rt::zero_tangent(x);
            let value = Self::value_and_grad_into(
                w,
                b,
                x,
                labels,
                &mut w_bar,
                &mut b_bar,
                &mut x_bar,
            );
            (value, (w_bar, b_bar, x_bar))
        }
        /// The gradients of `loss`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(
            w: &Array2<f64>,
            b: &Array1<f64>,
            x: &Array2<f64>,
            labels: &[usize],
        ) -> (Array2<f64>, Array1<f64>, Array2<f64>) {
            Self::value_and_grad(w, b, x, labels).1
        }
        /// The value of `loss` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(
            w: &'a Array2<f64>,
            b: &'a Array1<f64>,
            x: &'a Array2<f64>,
            labels: &'a [usize],
        ) -> (f64, impl Fn(f64) -> (Array2<f64>, Array1<f64>, Array2<f64>) + use<'a>) {
            let (value, pullback) = Self::call_vjp(w, b, x, labels);
            let pullback = move |value_bar: f64| {
                let mut w_bar = rt::zero_tangent(w);
                let mut b_bar = rt::zero_tangent(b);
                let mut x_bar = rt::zero_tangent(x);
                pullback(
                    w,
                    b,
                    x,
                    labels,
                    &value_bar,
                    Some(&mut w_bar),
                    Some(&mut b_bar),
                    Some(&mut x_bar),
                    None,
                );
                (w_bar, b_bar, x_bar)
            };
            (value, pullback)
        }
        /// The value of `loss` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(
            w: &Array2<f64>,
            b: &Array1<f64>,
            x: &Array2<f64>,
            labels: &[usize],
            w_dot: &Array2<f64>,
            b_dot: &Array1<f64>,
            x_dot: &Array2<f64>,
        ) -> (f64, f64) {
            rt::check_tangent("loss::jvp", "w", w, w_dot);
            rt::check_tangent("loss::jvp", "b", b, b_dot);
            rt::check_tangent("loss::jvp", "x", x, x_dot);
            let dot_x = rt::kept(rt::dot(x, w));
            rt::check_broadcast("dot_x + b", &*dot_x, b);
            let hidden = rt::kept(
                rt::map_each::<
                    rt::ndarray::Ix2,
                    _,
                    _,
                >(
                    [rt::each(&*dot_x), rt::each(b)],
                    |[dot_x_i, b_i]| rt::tanh_in_lanes(dot_x_i + b_i),
                ),
            );
            cross_entropy::call_jvp(
                &*hidden,
                labels,
                Some(
                    &rt::map_each::<
                        rt::ndarray::Ix2,
                        _,
                        _,
                    >(
                        [
                            rt::each(&*dot_x),
                            rt::each(b),
                            rt::each(&(rt::dot(x_dot, w) + rt::dot(x, w_dot))),
                            rt::each(b_dot),
                        ],
                        |[dot_x_i, b_i, dot_x_i_dot, b_i_dot]| {
                            let tanh_v = rt::tanh_in_lanes(dot_x_i + b_i);
                            (1.0 - tanh_v * tanh_v) * (dot_x_i_dot + b_i_dot)
                        },
                    ),
                ),
                None,
            )
        }
        /// The value of `loss` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            w: &Array2<f64>,
            b: &Array1<f64>,
            x: &Array2<f64>,
            labels: &[usize],
        ) -> (
            f64,
            impl Fn(
                &Array2<f64>,
                &Array1<f64>,
                &Array2<f64>,
                &[usize],
                &f64,
                Option<&mut Array2<f64>>,
                Option<&mut Array1<f64>>,
                Option<&mut Array2<f64>>,
                Option<&mut [()]>,
            ) + use<>,
        ) {
            let dot_x = rt::kept(rt::dot(x, w));
            rt::check_broadcast("dot_x + b", &*dot_x, b);
            let hidden = rt::kept(
                rt::map_each::<
                    rt::ndarray::Ix2,
                    _,
                    _,
                >(
                    [rt::each(&*dot_x), rt::each(b)],
                    |[dot_x_i, b_i]| rt::tanh_in_lanes(dot_x_i + b_i),
                ),
            );
            let (cross_entropy_value, cross_entropy_pullback) = cross_entropy::call_vjp(
                &*hidden,
                labels,
            );
            let pullback = move |
                w: &Array2<f64>,
                b: &Array1<f64>,
                x: &Array2<f64>,
                labels: &[usize],
                &value_bar: &f64,
                mut w_bar: Option<&mut Array2<f64>>,
                mut b_bar: Option<&mut Array1<f64>>,
                mut x_bar: Option<&mut Array2<f64>>,
                _: Option<&mut [()]>|
            {
                let mut hidden_bar = rt::kept(rt::zeros_like(&*hidden));
                cross_entropy_pullback(
                    &*hidden,
                    labels,
                    &value_bar,
                    Some(&mut *hidden_bar),
                    None,
                );
                let mut dot_x_bar = rt::kept(rt::zeros_like(&*dot_x));
                let mut b_bar_2 = rt::kept(rt::zeros_like(&b));
                rt::add_each(
                    [rt::each_mut(&mut *dot_x_bar), rt::each_mut(&mut *b_bar_2)],
                    [rt::each(&*dot_x), rt::each(b), rt::each(&*hidden_bar)],
                    |[dot_x_i_bar, b_i_bar], [dot_x_i, b_i, hidden_bar]| {
                        let tanh_v = rt::tanh_in_lanes(dot_x_i + b_i);
                        let product = hidden_bar * (1.0 - tanh_v * tanh_v);
                        *dot_x_i_bar += product;
                        *b_i_bar += product;
                    },
                );
                if let Some(b_bar) = b_bar.as_deref_mut() {
                    rt::accumulate(b_bar, &*b_bar_2);
                }
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    rt::accumulate(x_bar, rt::dot_lhs_bar(&*dot_x_bar, w));
                }
                if let Some(w_bar) = w_bar.as_deref_mut() {
                    rt::accumulate(w_bar, rt::dot_rhs_bar(x, &*dot_x_bar));
                }
            };
            (cross_entropy_value, pullback)
        }
        /// The value of `loss` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            w: &Array2<f64>,
            b: &Array1<f64>,
            x: &Array2<f64>,
            labels: &[usize],
            w_dot: Option<&Array2<f64>>,
            b_dot: Option<&Array1<f64>>,
            x_dot: Option<&Array2<f64>>,
            _: Option<&[()]>,
        ) -> (f64, f64) {
            let w_zero;
            let w_dot = match w_dot {
                Some(w_dot) => w_dot,
                None => {
                    w_zero = rt::zero_tangent(w);
                    &w_zero
                }
            };
            let b_zero;
            let b_dot = match b_dot {
                Some(b_dot) => b_dot,
                None => {
                    b_zero = rt::zero_tangent(b);
                    &b_zero
                }
            };
            let x_zero;
            let x_dot = match x_dot {
                Some(x_dot) => x_dot,
                None => {
                    x_zero = rt::zero_tangent(x);
                    &x_zero
                }
            };
            Self::jvp(w, b, x, labels, w_dot, b_dot, x_dot)
        }
        /// `call_vjp` of `loss` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            w: &Array2<f64>,
            b: &Array1<f64>,
            x: &Array2<f64>,
            labels: &[usize],
        ) -> (
            f64,
            impl Fn(
                &(),
                &Array2<f64>,
                &Array1<f64>,
                &Array2<f64>,
                &[usize],
                &f64,
                Option<&mut ()>,
                Option<&mut Array2<f64>>,
                Option<&mut Array1<f64>>,
                Option<&mut Array2<f64>>,
                Option<&mut [()]>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(w, b, x, labels);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &Array2<f64>,
                    argument_2: &Array1<f64>,
                    argument_3: &Array2<f64>,
                    argument_4: &[usize],
                    argument_5: &f64,
                    argument_6: Option<&mut ()>,
                    argument_7: Option<&mut Array2<f64>>,
                    argument_8: Option<&mut Array1<f64>>,
                    argument_9: Option<&mut Array2<f64>>,
                    argument_10: Option<&mut [()]>|
                pullback(
                    argument_1,
                    argument_2,
                    argument_3,
                    argument_4,
                    argument_5,
                    argument_7,
                    argument_8,
                    argument_9,
                    argument_10,
                ),
            )
        }
        /// `call_jvp` of `loss` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            w: &Array2<f64>,
            b: &Array1<f64>,
            x: &Array2<f64>,
            labels: &[usize],
            _: Option<&()>,
            w_dot: Option<&Array2<f64>>,
            b_dot: Option<&Array1<f64>>,
            x_dot: Option<&Array2<f64>>,
            labels_dot: Option<&[()]>,
        ) -> (f64, f64) {
            Self::call_jvp(w, b, x, labels, w_dot, b_dot, x_dot, labels_dot)
        }
        /// The static graph of `loss`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "loss",
            ::core::file!(),
            &[],
            &[
                "input differentiated | w | &Array2<f64> | 2:9",
                "input differentiated | b | &Array1<f64> | 2:26",
                "input differentiated | x | &Array2<f64> | 2:43",
                "input | labels | &[usize] | 2:60",
                "operation dot %2 %0 |  | Array2<f64> | 3:21 | dot(x, w)",
                "keeps | dot(x, w)",
                "operation add %4 %1 |  | Array2<f64> | 3:19 | dot(x, w) + b",
                "operation tanh %5 |  | f64 | 3:44 | v.tanh()",
                "operation mapv %5 %6 | hidden | Array2<f64> | 3:9 | dot(x, w) + b.mapv(|v| v.tanh())",
                "keeps | dot(x, w) + b.mapv(|v| v.tanh())",
                "operation cross_entropy %7 %3 |  | f64 | 4:5 | cross_entropy(hidden, labels)",
                "output %8 |  | f64 |  | cross_entropy(hidden, labels)",
            ],
        );
    }
};
