#[allow(dead_code)]
/// Nothing is left of the derivatives of `body`.
fn loss(model: &Model, x: &[f64]) -> f64 {
    let mut features = 0.0;
    for i in 0..x.len() {
        let w: f64 = model.body[i];
        features += w * x[i] * x[i];
    }
    let y: f64 = model.head.scale * features.sin() + model.head.shift;
    y * y
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
            model: &Model,
            x: &[f64],
            model_bar: &mut <Model as rt::Differentiable>::Tangent,
        ) -> f64 {
            let mut features = 0.0;
            let model_frozen = &*model;
            for i in 0..x.len() {
                let w: f64 = model_frozen.body[i];
                features += w * x[i] * x[i];
            }
            let sin_features = features.sin();
            let y: f64 = model.head.scale * sin_features + model.head.shift;
            /// Reverse sweep.
            let twice = 2.0 * y;
            model_bar.head.shift += twice;
            model_bar.head.scale += twice * sin_features;
            y * y
        }
        /// The value of `loss` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(
            model: &Model,
            x: &[f64],
        ) -> (f64, <Model as rt::Differentiable>::Tangent) {
            let mut model_bar = rt::zero_tangent(model);
            let value = Self::value_and_grad_into(model, x, &mut model_bar);
            (value, model_bar)
        }
        /// The gradients of `loss`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(model: &Model, x: &[f64]) -> <Model as rt::Differentiable>::Tangent {
            Self::value_and_grad(model, x).1
        }
        /// The value of `loss` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(
            model: &'a Model,
            x: &'a [f64],
        ) -> (f64, impl Fn(f64) -> <Model as rt::Differentiable>::Tangent + use<'a>) {
            let (value, pullback) = Self::call_vjp(model, x);
            let pullback = move |value_bar: f64| {
                let mut model_bar = rt::zero_tangent(model);
                pullback(model, x, &value_bar, Some(&mut model_bar), None);
                model_bar
            };
            (value, pullback)
        }
        /// The value of `loss` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(
            model: &Model,
            x: &[f64],
            model_dot: &<Model as rt::Differentiable>::Tangent,
        ) -> (f64, f64) {
            let mut features = 0.0;
            let model_frozen = &*model;
            for i in 0..x.len() {
                let w: f64 = model_frozen.body[i];
                features += w * x[i] * x[i];
            }
            let sin_features = features.sin();
            let y: f64 = model.head.scale * sin_features + model.head.shift;
            let y_dot = rt::tangent_of(&model.head.scale, &model_dot.head.scale)
                * sin_features
                + rt::tangent_of(&model.head.shift, &model_dot.head.shift);
            (y * y, y_dot * y + y * y_dot)
        }
        /// The value of `loss` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            model: &Model,
            x: &[f64],
        ) -> (
            f64,
            impl Fn(
                &Model,
                &[f64],
                &f64,
                Option<&mut <Model as rt::Differentiable>::Tangent>,
                Option<&mut rt::Frozen>,
            ) + use<>,
        ) {
            let mut features = 0.0;
            let model_frozen = &*model;
            for i in 0..x.len() {
                let w: f64 = model_frozen.body[i];
                features += w * x[i] * x[i];
            }
            let sin_features = features.sin();
            let y: f64 = model.head.scale * sin_features + model.head.shift;
            let value = y * y;
            let pullback = move |
                _: &Model,
                _: &[f64],
                &value_bar: &f64,
                mut model_bar: Option<&mut <Model as rt::Differentiable>::Tangent>,
                _: Option<&mut rt::Frozen>|
            {
                let product = value_bar * (2.0 * y);
                if let Some(model_bar) = model_bar.as_deref_mut() {
                    model_bar.head.shift += product;
                    model_bar.head.scale += product * sin_features;
                }
            };
            (value, pullback)
        }
        /// The value of `loss` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            model: &Model,
            x: &[f64],
            model_dot: Option<&<Model as rt::Differentiable>::Tangent>,
            _: Option<rt::Frozen>,
        ) -> (f64, f64) {
            let model_zero;
            let model_dot = match model_dot {
                Some(model_dot) => model_dot,
                None => {
                    model_zero = rt::zero_tangent(model);
                    &model_zero
                }
            };
            Self::jvp(model, x, model_dot)
        }
        /// `call_vjp` of `loss` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            model: &Model,
            x: &[f64],
        ) -> (
            f64,
            impl Fn(
                &(),
                &Model,
                &[f64],
                &f64,
                Option<&mut ()>,
                Option<&mut <Model as rt::Differentiable>::Tangent>,
                Option<&mut rt::Frozen>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(model, x);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &Model,
                    argument_2: &[f64],
                    argument_3: &f64,
                    argument_4: Option<&mut ()>,
                    argument_5: Option<&mut <Model as rt::Differentiable>::Tangent>,
                    argument_6: Option<&mut rt::Frozen>|
                pullback(argument_1, argument_2, argument_3, argument_5, argument_6),
            )
        }
        /// `call_jvp` of `loss` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            model: &Model,
            x: &[f64],
            _: Option<&()>,
            model_dot: Option<&<Model as rt::Differentiable>::Tangent>,
            x_dot: Option<rt::Frozen>,
        ) -> (f64, f64) {
            Self::call_jvp(model, x, model_dot, x_dot)
        }
        /// The static graph of `loss`.
        pub const GRAPH: rt::graph::Graph = {
            use rt::graph::{Graph, Node, Saved};
            const NODES: &[Node] = &[
                Node::input(0, "model", "&Model", true).at(::core::file!(), 3, 9),
                Node::input(1, "x", "&[f64]", false).at(::core::file!(), 3, 24),
                Node::control(2, "for", "0..x.len()", "", &[8])
                    .at(::core::file!(), 5, 9),
                Node::operation(3, "index", "& * model.body[i]", "f64", &[2])
                    .assigned_to("w")
                    .at(::core::file!(), 6, 13),
                Node::operation(4, "index", "x[i]", "f64", &[2, 1])
                    .at(::core::file!(), 7, 25),
                Node::operation(5, "mul", "w * x[i]", "f64", &[3, 4])
                    .at(::core::file!(), 7, 21),
                Node::operation(6, "index", "x[i]", "f64", &[2, 1])
                    .at(::core::file!(), 7, 32),
                Node::operation(7, "mul", "(w * x[i]) * x[i]", "f64", &[5, 6])
                    .at(::core::file!(), 7, 21),
                Node::operation(
                        8,
                        "add",
                        "features += (w * x[i]) * x[i]",
                        "f64",
                        &[2, 7],
                    )
                    .assigned_to("features")
                    .at(::core::file!(), 4, 13),
                Node::operation(9, "sin", "features.sin()", "f64", &[2])
                    .saves(
                        &[
                            Saved::once(
                                "features.sin()",
                                Some(::core::mem::size_of::<f64>()),
                            ),
                        ],
                    )
                    .at(::core::file!(), 9, 46),
                Node::operation(
                        10,
                        "mul",
                        "model.head.scale * features.sin()",
                        "f64",
                        &[0, 9],
                    )
                    .at(::core::file!(), 9, 18),
                Node::operation(
                        11,
                        "add",
                        "(model.head.scale * features.sin()) + model.head.shift",
                        "f64",
                        &[10, 0],
                    )
                    .assigned_to("y")
                    .saves(
                        &[
                            Saved::once(
                                "(model.head.scale * features.sin()) + model.head.shift",
                                Some(::core::mem::size_of::<f64>()),
                            ),
                        ],
                    )
                    .at(::core::file!(), 9, 9),
                Node::operation(12, "mul", "y * y", "f64", &[11])
                    .at(::core::file!(), 10, 5),
                Node::output(13, "y * y", "f64", &[12]),
            ];
            Graph::new("loss", NODES)
        };
    }
};
