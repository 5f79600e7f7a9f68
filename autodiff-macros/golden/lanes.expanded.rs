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
        pub const GRAPH: rt::graph::Graph = {
            use rt::graph::{Graph, Node, Saved};
            const NODES: &[Node] = &[
                Node::input(0, "x", "[f64; 2]", true).at(::core::file!(), 2, 10),
                Node::input(1, "k", "f64", true).at(::core::file!(), 2, 23),
                Node::control(2, "for", "0..2", "", &[5]).at(::core::file!(), 4, 9),
                Node::operation(3, "index", "x[i]", "f64", &[2, 0])
                    .at(::core::file!(), 5, 14),
                Node::operation(4, "mul", "x[i] * k", "f64", &[3, 1])
                    .at(::core::file!(), 5, 14),
                Node::operation(5, "add", "s += x[i] * k", "f64", &[2, 4])
                    .assigned_to("s")
                    .at(::core::file!(), 3, 13),
                Node::operation(6, "index", "x[0]", "f64", &[0])
                    .saves(&[Saved::once("x[0]", Some(::core::mem::size_of::<f64>()))])
                    .at(::core::file!(), 7, 7),
                Node::operation(7, "index", "x[0]", "f64", &[0])
                    .at(::core::file!(), 7, 14),
                Node::operation(8, "mul", "x[0] * x[0]", "f64", &[6, 7])
                    .at(::core::file!(), 7, 7),
                Node::operation(9, "index", "x[1]", "f64", &[0])
                    .saves(&[Saved::once("x[1]", Some(::core::mem::size_of::<f64>()))])
                    .at(::core::file!(), 7, 21),
                Node::operation(10, "index", "x[1]", "f64", &[0])
                    .at(::core::file!(), 7, 28),
                Node::operation(11, "mul", "x[1] * x[1]", "f64", &[9, 10])
                    .at(::core::file!(), 7, 21),
                Node::operation(
                        12,
                        "add",
                        "(x[0] * x[0]) + (x[1] * x[1])",
                        "f64",
                        &[8, 11],
                    )
                    .at(::core::file!(), 7, 7),
                Node::operation(
                        13,
                        "sqrt",
                        "((x[0] * x[0]) + (x[1] * x[1])).sqrt()",
                        "f64",
                        &[12],
                    )
                    .saves(
                        &[
                            Saved::once(
                                "((x[0] * x[0]) + (x[1] * x[1])).sqrt()",
                                Some(::core::mem::size_of::<f64>()),
                            ),
                        ],
                    )
                    .at(::core::file!(), 7, 34),
                Node::operation(
                        14,
                        "array",
                        "[((x[0] * x[0]) + (x[1] * x[1])).sqrt(), s]",
                        "[f64; 2]",
                        &[13, 2],
                    )
                    .at(::core::file!(), 7, 5),
                Node::output(
                    15,
                    "[((x[0] * x[0]) + (x[1] * x[1])).sqrt(), s]",
                    "[f64; 2]",
                    &[14],
                ),
            ];
            Graph::new("polar", NODES)
        };
    }
};
