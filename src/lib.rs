#![cfg_attr(feature = "std", doc = include_str!("../README.md"))]
#![cfg_attr(not(feature = "std"), doc = "Derivatives of numbers, tuples and arrays, without the standard library.")]
#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]

#[cfg(not(feature = "std"))]
pub use autodiff_core::{Differentiable, Tangent, grad_hook, graph, no_grad, stop_gradient, zero_tangent};
/// # Example
///
/// ```
/// use differentiable::{Differentiable, Tangent};
///
/// #[derive(Differentiable)]
/// struct Spring {
///     stiffness: f64,
///     rest: [f64; 2],
///     name: String,
///     #[nograd]
///     damping: f64,
/// }
///
/// #[derive(Differentiable)]
/// enum Shape {
///     Point,
///     Circle { radius: f64 },
/// }
///
/// let spring = Spring { stiffness: 2.0, rest: [0.0, 1.0], name: "s".into(), damping: 0.1 };
/// let mut spring_bar = spring.zero_tangent();
/// spring_bar.stiffness += 3.0;
/// spring_bar.accumulate(&SpringTangent { stiffness: 1.0, rest: [0.0, 5.0] });
/// assert_eq!(spring_bar, SpringTangent { stiffness: 4.0, rest: [0.0, 5.0] });
///
/// assert_eq!(Shape::Point.zero_tangent(), ShapeTangent::Zero);
/// assert_eq!(Shape::Circle { radius: 2.0 }.zero_tangent(), ShapeTangent::Circle { radius: 0.0 });
/// ```
pub use autodiff_macros::Differentiable;
/// # Example
///
/// ```
/// mod rules {
///     use differentiable::derivative_of;
///     use std::f64::consts::FRAC_2_SQRT_PI;
///
///     #[derivative_of(libm::erf)]
///     pub fn erf_rule(x: f64) -> (f64, f64) {
///         (libm::erf(x), FRAC_2_SQRT_PI * (-x * x).exp())
///     }
/// }
///
/// use differentiable::{differentiable, gradcheck};
/// use libm::erf;
/// use rules::erf;
///
/// #[differentiable]
/// fn normal_cdf(x: f64, deviation: f64) -> f64 {
///     0.5 * (1.0 + erf(x / deviation * std::f64::consts::FRAC_1_SQRT_2))
/// }
///
/// let (slope, _) = normal_cdf::grad(0.0, 1.0);
/// assert!((slope - 0.3989422804014327).abs() < 1e-15);
/// gradcheck!(erf(0.3)).unwrap();
/// ```
pub use autodiff_macros::derivative_of;
pub use autodiff_macros::differentiable;
#[cfg(feature = "std")]
pub use autodiff_runtime::{
    Differentiable, Float, LeafPath, LeafValues, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut, Tangent, accumulate,
    batch, check, files, grad_hook, gradcheck, graph, ndarray, nn, no_grad, optim, stop_gradient, zero, zero_tangent,
};

/// An annotated function as an argument of the derivatives of a function that takes functions.
///
/// ```
/// use differentiable::{differentiable, function};
///
/// #[differentiable]
/// fn twice(f: impl Fn(f64) -> f64, x: f64) -> f64 {
///     f(f(x))
/// }
///
/// #[differentiable]
/// fn square(x: f64) -> f64 {
///     x * x
/// }
///
/// assert_eq!(twice::grad(function!(square), 2.0), 32.0);
/// assert_eq!(twice::jvp(function!(square), 2.0, 1.0), (16.0, 32.0));
/// ```
///
/// The derivatives of what calls a function in a field take that function behind their other arguments. It has to be the
/// one that is in the field.
///
/// ```
/// # use differentiable::{differentiable, function, Differentiable};
/// #[derive(Differentiable)]
/// struct Layer {
///     activation: fn(f64) -> f64,
///     w: f64,
/// }
///
/// #[differentiable]
/// impl Layer {
///     fn forward(&self, x: f64) -> f64 {
///         (self.activation)(self.w * x)
///     }
/// }
///
/// #[differentiable]
/// fn square(x: f64) -> f64 {
///     x * x
/// }
///
/// let layer = Layer { activation: square, w: 3.0 };
/// let (layer_bar, x_bar) = layer.forward_grad(2.0, function!(square));
/// assert_eq!((layer_bar.w, x_bar), (24.0, 36.0));
/// ```
#[macro_export]
macro_rules! function {
    ($($segment:ident)::+) => {
        ((), $($segment::)+argument_vjp, $($segment::)+argument_jvp)
    };
}

/// What generated code refers to. Not meant to be named by hand.
#[cfg(not(feature = "std"))]
#[doc(hidden)]
pub use autodiff_core as rt;
#[cfg(feature = "std")]
#[doc(hidden)]
pub use autodiff_runtime::rt;
