#[allow(dead_code)]
fn area(shape: &Shape) -> f64 {
    match shape {
        Shape::Circle(r) => 3.0 * r * r,
        Shape::Rect { w, h } => w * h,
        Shape::Empty => 0.0,
    }
}
/// Derivatives of the function [`area`](fn@area).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum area {}
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
    impl area {
        /// The value of `area`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(
            shape: &Shape,
            shape_bar: &mut <Shape as rt::Differentiable>::Tangent,
        ) -> f64 {
            let chosen = match shape {
                Shape::Circle(r) => 3.0 * *r * *r,
                Shape::Rect { w, h } => *w * *h,
                Shape::Empty => 0.0,
            };
            /// Reverse sweep.
            match shape {
                Shape::Circle(r) => {
                    *shape_bar.circle_0_mut() += 3.0 * *r + *r * 3.0;
                }
                Shape::Rect { w, h } => {
                    *shape_bar.rect_h_mut() += *w;
                    *shape_bar.rect_w_mut() += *h;
                }
                _ => {}
            }
            chosen
        }
        /// The value of `area` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(
            shape: &Shape,
        ) -> (f64, <Shape as rt::Differentiable>::Tangent) {
            let mut shape_bar = rt::zero_tangent(shape);
            let value = Self::value_and_grad_into(shape, &mut shape_bar);
            (value, shape_bar)
        }
        /// The gradients of `area`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(shape: &Shape) -> <Shape as rt::Differentiable>::Tangent {
            Self::value_and_grad(shape).1
        }
        /// The value of `area` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp<'a>(
            shape: &'a Shape,
        ) -> (f64, impl Fn(f64) -> <Shape as rt::Differentiable>::Tangent + use<'a>) {
            let (value, pullback) = Self::call_vjp(shape);
            let pullback = move |value_bar: f64| {
                let mut shape_bar = rt::zero_tangent(shape);
                pullback(shape, &value_bar, Some(&mut shape_bar));
                shape_bar
            };
            (value, pullback)
        }
        /// The value of `area` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(
            shape: &Shape,
            shape_dot: &<Shape as rt::Differentiable>::Tangent,
        ) -> (f64, f64) {
            match shape {
                Shape::Circle(r) => {
                    let mut shape_dot = shape_dot.clone();
                    let r_dot = *shape_dot.circle_0_mut();
                    let r_dot = &r_dot;
                    let product = 3.0 * *r;
                    (product * *r, 3.0 * *r_dot * *r + product * *r_dot)
                }
                Shape::Rect { w, h } => {
                    let mut shape_dot = shape_dot.clone();
                    let w_dot = *shape_dot.rect_w_mut();
                    let h_dot = *shape_dot.rect_h_mut();
                    (*w * *h, w_dot * *h + *w * h_dot)
                }
                Shape::Empty => (0.0, 0.0),
            }
        }
        /// The value of `area` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            shape: &Shape,
        ) -> (
            f64,
            impl Fn(
                &Shape,
                &f64,
                Option<&mut <Shape as rt::Differentiable>::Tangent>,
            ) + use<>,
        ) {
            let chosen = match shape {
                Shape::Circle(r) => 3.0 * *r * *r,
                Shape::Rect { w, h } => *w * *h,
                Shape::Empty => 0.0,
            };
            let pullback = move |
                shape: &Shape,
                &value_bar: &f64,
                mut shape_bar: Option<&mut <Shape as rt::Differentiable>::Tangent>|
            {
                match shape {
                    Shape::Circle(r) => {
                        if let Some(shape_bar) = shape_bar.as_deref_mut() {
                            *shape_bar.circle_0_mut()
                                += value_bar * (3.0 * *r) + value_bar * *r * 3.0;
                        }
                    }
                    Shape::Rect { w, h } => {
                        if let Some(shape_bar) = shape_bar.as_deref_mut() {
                            *shape_bar.rect_h_mut() += value_bar * *w;
                            *shape_bar.rect_w_mut() += value_bar * *h;
                        }
                    }
                    _ => {}
                }
            };
            (chosen, pullback)
        }
        /// The value of `area` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            shape: &Shape,
            shape_dot: Option<&<Shape as rt::Differentiable>::Tangent>,
        ) -> (f64, f64) {
            let shape_zero;
            let shape_dot = match shape_dot {
                Some(shape_dot) => shape_dot,
                None => {
                    shape_zero = rt::zero_tangent(shape);
                    &shape_zero
                }
            };
            Self::jvp(shape, shape_dot)
        }
        /// `call_vjp` of `area` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            shape: &Shape,
        ) -> (
            f64,
            impl Fn(
                &(),
                &Shape,
                &f64,
                Option<&mut ()>,
                Option<&mut <Shape as rt::Differentiable>::Tangent>,
            ) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(shape);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &Shape,
                    argument_2: &f64,
                    argument_3: Option<&mut ()>,
                    argument_4: Option<&mut <Shape as rt::Differentiable>::Tangent>|
                pullback(argument_1, argument_2, argument_4),
            )
        }
        /// `call_jvp` of `area` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            shape: &Shape,
            _: Option<&()>,
            shape_dot: Option<&<Shape as rt::Differentiable>::Tangent>,
        ) -> (f64, f64) {
            Self::call_jvp(shape, shape_dot)
        }
        /// The static graph of `area`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "area",
            ::core::file!(),
            &[],
            &[
                "input differentiated | shape | &Shape | 2:9",
                "operation mul %0 again |  | f64 | 4:29 | 3.0 * r",
                "operation mul %1 %0 |  | f64 | 4:29 | (3.0 * r) * r",
                "operation mul %0 |  | f64 | 5:33 | w * h",
                "control match %0 %2 %3 |  | f64 | 3:5 | shape",
                "output %4 |  | f64 |  | chosen",
            ],
        );
    }
};
#[allow(dead_code)]
fn square_of_root(x: f64) -> Result<f64, Failure> {
    let y = root(x)?;
    Ok(y * x)
}
/// Derivatives of the function [`square_of_root`](fn@square_of_root).
#[allow(non_camel_case_types, dead_code, unreachable_pub, missing_debug_implementations)]
enum square_of_root {}
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
    impl square_of_root {
        /// The value of `square_of_root`; its gradients are added to the given buffers.
        #[inline]
        #[track_caller]
        pub fn value_and_grad_into(x: f64, x_bar: &mut f64) -> Result<f64, Failure> {
            let (root_value, root_pullback) = root::call_vjp(x);
            let mut arm = 0_usize;
            let mut y_saved = 0.0;
            let value = match root_value {
                Ok(content) => {
                    let y = content;
                    y_saved = y;
                    Ok(y * x)
                }
                Err(error) => {
                    arm = 1;
                    Err(::core::convert::From::from(error))
                }
            };
            /// Reverse sweep.
            let mut root_value_bar: Option<f64> = None;
            match arm {
                0 => {
                    *x_bar += y_saved;
                    *root_value_bar.ok_0_mut() += x;
                }
                _ => {}
            }
            root_pullback(&root_value_bar, Some(&mut *x_bar));
            value
        }
        /// The value of `square_of_root` and its gradients, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn value_and_grad(x: f64) -> Result<(f64, f64), Failure> {
            let mut x_bar = 0.0;
            let value = Self::value_and_grad_into(x, &mut x_bar);
            value.map(|value| (value, x_bar))
        }
        /// The gradients of `square_of_root`, one for each differentiated parameter.
        #[inline]
        #[track_caller]
        pub fn grad(x: f64) -> Result<f64, Failure> {
            Self::value_and_grad(x).map(|(_, gradients)| gradients)
        }
        /// The value of `square_of_root` and its pullback, which turns cotangents of the results into gradients as often as it is called.
        #[inline]
        #[track_caller]
        pub fn vjp(x: f64) -> Result<(f64, impl Fn(f64) -> f64 + use<>), Failure> {
            let (value, pullback) = Self::call_vjp(x);
            value
                .map(move |value| {
                    let pullback = move |value_bar: f64| {
                        let mut x_bar = 0.0;
                        pullback(&Some(value_bar), Some(&mut x_bar));
                        x_bar
                    };
                    (value, pullback)
                })
        }
        /// The value of `square_of_root` and its derivative in the direction of the given tangents.
        #[inline]
        #[track_caller]
        pub fn jvp(x: f64, x_dot: f64) -> Result<(f64, f64), Failure> {
            let (value, value_dot) = Self::call_jvp(x, Some(x_dot));
            value
                .map(|value| {
                    let value_dot = value_dot
                        .unwrap_or_else(|| rt::zero_tangent(&value));
                    (value, value_dot)
                })
        }
        /// The value of `square_of_root` and its pullback, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_vjp(
            x: f64,
        ) -> (Result<f64, Failure>, impl Fn(&Option<f64>, Option<&mut f64>) + use<>) {
            let (root_value, root_pullback) = root::call_vjp(x);
            let mut arm = 0_usize;
            let mut y_saved = 0.0;
            let value = match root_value {
                Ok(content) => {
                    let y = content;
                    y_saved = y;
                    Ok(y * x)
                }
                Err(error) => {
                    arm = 1;
                    Err(::core::convert::From::from(error))
                }
            };
            let pullback = move |value_bar: &Option<f64>, mut x_bar: Option<&mut f64>| {
                let mut value_bar = value_bar.clone();
                let mut x_bar_2 = 0.0;
                let mut root_value_bar: Option<f64> = None;
                match arm {
                    0 => {
                        x_bar_2 += *value_bar.ok_0_mut() * y_saved;
                        *root_value_bar.ok_0_mut() += *value_bar.ok_0_mut() * x;
                    }
                    _ => {}
                }
                root_pullback(&root_value_bar, Some(&mut x_bar_2));
                if let Some(x_bar) = x_bar.as_deref_mut() {
                    *x_bar += x_bar_2;
                }
            };
            (value, pullback)
        }
        /// The value of `square_of_root` and its tangent, as other derivatives call it.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn call_jvp(
            x: f64,
            x_dot: Option<f64>,
        ) -> (Result<f64, Failure>, Option<f64>) {
            let x_dot = x_dot.unwrap_or(0.0);
            let (root_value, root_value_dot) = root::call_jvp(x, Some(x_dot));
            let (y, y_dot) = match root_value {
                Ok(content) => {
                    let mut root_value_dot = root_value_dot;
                    (content, *root_value_dot.ok_0_mut())
                }
                Err(error) => {
                    return (Err(::core::convert::From::from(error)), None);
                }
            };
            (Ok(y * x), Some(y_dot * x + y * x_dot))
        }
        /// `call_vjp` of `square_of_root` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_vjp(
            _: &(),
            x: f64,
        ) -> (
            Result<f64, Failure>,
            impl Fn(&(), &Option<f64>, Option<&mut ()>, Option<&mut f64>) + use<>,
        ) {
            let (value, pullback) = Self::call_vjp(x);
            (
                value,
                move |
                    argument_0: &(),
                    argument_1: &Option<f64>,
                    argument_2: Option<&mut ()>,
                    argument_3: Option<&mut f64>|
                pullback(argument_1, argument_3),
            )
        }
        /// `call_jvp` of `square_of_root` as an argument of a function.
        #[doc(hidden)]
        #[inline]
        #[track_caller]
        pub fn argument_jvp(
            _: &(),
            x: f64,
            _: Option<&()>,
            x_dot: Option<f64>,
        ) -> (Result<f64, Failure>, Option<f64>) {
            Self::call_jvp(x, x_dot)
        }
        /// The static graph of `square_of_root`.
        pub const GRAPH: rt::graph::Graph = rt::graph::Graph::new(
            "square_of_root",
            ::core::file!(),
            &[::core::mem::size_of::<f64>()],
            &[
                "input differentiated | x | f64 | 11:19",
                "operation root %0 |  | Result<f64, > | 12:13 | root(x)",
                "control match %1 | y | f64 | 12:9 | root(x)",
                "keeps #0 | y",
                "operation mul %2 %0 |  | f64 | 13:8 | y * x",
                "operation constructor %3 |  | Result<f64, Failure> | 13:5 | Ok(y * x)",
                "output %4 |  | Result<f64, Failure> |  | Ok(y * x)",
            ],
        );
    }
};
