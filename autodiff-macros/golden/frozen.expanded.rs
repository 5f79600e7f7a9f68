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
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "loss",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | model | &Model | 3:9",
                "input | x | &[f64] | 3:24",
                "control for %8 |  |  | 5:9 | 0..x.len()",
                "operation index %2 | w | f64 | 6:13 | & * model.body[i]",
                "operation index %2 %1 |  | f64 | 7:25 | x[i]",
                "operation mul %3 %4 |  | f64 | 7:21 | w * x[i]",
                "operation index %2 %1 |  | f64 | 7:32 | x[i]",
                "operation mul %5 %6 |  | f64 | 7:21 | (w * x[i]) * x[i]",
                "operation add %2 %7 | features | f64 | 4:13 | features += (w * x[i]) * x[i]",
                "operation sin %2 |  | f64 | 9:46 | features.sin()",
                "keeps #0 | features.sin()",
                "operation mul %0 %9 |  | f64 | 9:18 | model.head.scale * features.sin()",
                "operation add %10 %0 | y | f64 | 9:9 | (model.head.scale * features.sin()) + model.head.shift",
                "keeps #0 | (model.head.scale * features.sin()) + model.head.shift",
                "operation mul %11 |  | f64 | 10:5 | y * y",
                "output %12 |  | f64 |  | y * y",
            ],
        );
    }
    impl rt::check::InParts for loss {
        const PARTS: &'static [(usize, &'static str)] = &[(0usize, "head")];
    }
};
