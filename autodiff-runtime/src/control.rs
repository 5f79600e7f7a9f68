//! Controls over what is differentiated. All of them are identities when the function is evaluated.

use crate::{Differentiable, Tangent, Twice};

/// Returns its argument; a differentiated function takes the derivative of this call as zero.
///
/// ```
/// use autodiff_runtime::stop_gradient;
///
/// fn straight_through(x: f64) -> f64 {
///     x + stop_gradient(x.round() - x)
/// }
/// assert_eq!(straight_through(1.7), 2.0);
/// ```
#[inline(always)]
pub fn stop_gradient<T>(x: T) -> T {
    x
}

/// Evaluates a block; a differentiated function takes the derivative of everything in it as zero.
///
/// ```
/// let x = 3.0_f64;
/// let norm = autodiff_runtime::no_grad! { let square = x * x; square.sqrt() };
/// assert_eq!(norm, 3.0);
/// ```
#[macro_export]
macro_rules! no_grad {
    ($($body:tt)*) => {
        { $($body)* }
    };
}

/// Returns its argument; a reverse sweep that comes by calls `hook` with the cotangent and goes on with what that
/// returns. Forward mode passes it by.
///
/// A hook watches a cotangent (`|g| { println!("{g}"); g }`) or changes it: it clips it, scales it or replaces it. It
/// belongs to the derivative, so that no derivative is taken of what it captures. It captures by `move`, and a pullback
/// may call it any number of times.
///
/// ```
/// use autodiff_runtime::grad_hook;
///
/// fn clipped(x: f64) -> f64 {
///     let y = grad_hook(x, |g| g.clamp(-1.0, 1.0));
///     100.0 * y
/// }
/// assert_eq!(clipped(2.0), 200.0);
///
/// let (y, pullback) = grad_hook::vjp(2.0, |g: f64| g.clamp(-1.0, 1.0));
/// assert_eq!((y, pullback(100.0)), (2.0, 1.0));
/// ```
#[inline(always)]
pub fn grad_hook<T: Differentiable>(x: T, _hook: impl Fn(T::Tangent) -> T::Tangent) -> T {
    x
}

/// Derivatives of the function [`grad_hook`](fn@grad_hook).
#[allow(non_camel_case_types)]
pub enum grad_hook {}

impl grad_hook {
    /// The value, and a pullback that hands the cotangent to the hook.
    #[inline]
    pub fn vjp<T: Differentiable, H: Fn(T::Tangent) -> T::Tangent>(
        x: T,
        hook: H,
    ) -> (T, impl Fn(T::Tangent) -> T::Tangent) {
        (x, hook)
    }

    /// The value and the tangent as they are.
    #[inline]
    pub fn jvp<T: Differentiable>(
        x: T,
        _hook: impl Fn(T::Tangent) -> T::Tangent,
        x_dot: T::Tangent,
    ) -> (T, T::Tangent) {
        (x, x_dot)
    }

    #[doc(hidden)]
    #[inline]
    #[allow(clippy::type_complexity)]
    pub fn call_vjp<T: Differentiable, H: Fn(T::Tangent) -> T::Tangent>(
        x: T,
        hook: H,
    ) -> (T, impl Fn(&T::Tangent, Option<&mut T::Tangent>, Option<&mut ()>) + use<T, H>) {
        let pullback = move |y_bar: &T::Tangent, x_bar: Option<&mut T::Tangent>, _: Option<&mut ()>| {
            let g = hook(y_bar.clone());
            if let Some(x_bar) = x_bar {
                x_bar.accumulate(&g);
            }
        };
        (x, pullback)
    }

    #[doc(hidden)]
    #[inline]
    pub fn call_jvp<T: Differentiable>(
        x: T,
        _hook: impl Fn(T::Tangent) -> T::Tangent,
        x_dot: Option<T::Tangent>,
        _: Option<()>,
    ) -> (T, T::Tangent) {
        let x_dot = x_dot.unwrap_or_else(|| x.zero_tangent());
        (x, x_dot)
    }
}

/// [`grad_hook`](fn@grad_hook) with a hook whose derivative is known: second derivatives are those of what it makes of the first.
#[doc(hidden)]
#[inline(always)]
pub fn differentiable_hook<T, H>(x: T, _hook: H) -> T {
    x
}

/// Its derivatives; the hook stands beside its `jvp`.
#[doc(hidden)]
#[allow(non_camel_case_types)]
pub enum differentiable_hook {}

impl crate::TwiceDifferentiable for differentiable_hook {}

#[allow(clippy::type_complexity, clippy::too_many_arguments)]
impl differentiable_hook {
    #[inline]
    pub fn call_vjp<T: Differentiable, H: Fn(T::Tangent) -> T::Tangent, D>(
        x: T,
        (hook, _): (H, D),
    ) -> (T, impl Fn(&T::Tangent, Option<&mut T::Tangent>, Option<&mut ()>) + use<T, H, D>) {
        let pullback = move |y_bar: &T::Tangent, x_bar: Option<&mut T::Tangent>, _: Option<&mut ()>| {
            let g = hook(y_bar.clone());
            if let Some(x_bar) = x_bar {
                x_bar.accumulate(&g);
            }
        };
        (x, pullback)
    }

    #[inline]
    pub fn call_jvp<T: Differentiable, H>(x: T, _hook: H, x_dot: Option<T::Tangent>, _: Option<()>) -> (T, T::Tangent) {
        let x_dot = x_dot.unwrap_or_else(|| x.zero_tangent());
        (x, x_dot)
    }

    /// The cotangent of the tangent is the first derivative, and that of the value its change: the hook changes both.
    #[inline]
    pub fn call_jvp_call_vjp<T: Twice, H, D: Fn(T::Tangent, T::Tangent) -> (T::Tangent, T::Tangent)>(
        x: T,
        (_, jvp): (H, D),
        x_dot: Option<T::Tangent>,
        _: Option<()>,
    ) -> (
        (T, T::Tangent),
        impl Fn(
            &(T::Tangent, T::Tangent),
            Option<&mut T::Tangent>,
            Option<&mut ()>,
            Option<&mut T::Tangent>,
            Option<&mut ()>,
        ) + use<T, H, D>,
    ) {
        let x_dot = x_dot.unwrap_or_else(|| x.zero_tangent());
        let pullback = move |(y_bar, y_dot_bar): &(T::Tangent, T::Tangent),
                             x_bar: Option<&mut T::Tangent>,
                             _: Option<&mut ()>,
                             x_dot_bar: Option<&mut T::Tangent>,
                             _: Option<&mut ()>| {
            let (g, g_dot) = jvp(y_dot_bar.clone(), y_bar.clone());
            if let Some(x_bar) = x_bar {
                x_bar.accumulate(&g_dot);
            }
            if let Some(x_dot_bar) = x_dot_bar {
                x_dot_bar.accumulate(&g);
            }
        };
        ((x, x_dot), pullback)
    }

    #[inline]
    pub fn call_jvp_call_jvp<T: Twice, H>(
        x: T,
        _hook: H,
        x_dot: Option<T::Tangent>,
        _: Option<()>,
        x_again: Option<T::Tangent>,
        _: Option<()>,
        x_dot_again: Option<T::Tangent>,
        _: Option<()>,
    ) -> ((T, T::Tangent), (T::Tangent, T::Tangent)) {
        let zero = || x.zero_tangent();
        let (x_dot, x_again) = (x_dot.unwrap_or_else(zero), x_again.unwrap_or_else(zero));
        let x_dot_again = x_dot_again.unwrap_or_else(zero);
        ((x, x_dot), (x_again, x_dot_again))
    }
}

/// What a closure captured that carries no derivative, of whatever type.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Constant<T>(pub T);

impl<T> crate::Differentiable for Constant<T> {
    type Tangent = ();

    #[inline]
    fn zero_tangent(&self) {}
}
