//! Controls over what is differentiated, and the small change of generated code.

use crate::{Differentiable, Tangent, Twice};

/// Returns its argument; a differentiated function takes the derivative of this call as zero.
#[inline(always)]
pub const fn stop_gradient<T: Copy>(x: T) -> T {
    x
}

/// Evaluates a block; a differentiated function takes the derivative of everything in it as zero.
#[macro_export]
macro_rules! no_grad {
    ($($body:tt)*) => {
        { $($body)* }
    };
}

/// Returns its argument; a reverse sweep that comes by calls `hook` with the cotangent and goes on with what that
/// returns.
#[inline(always)]
pub fn grad_hook<T: Differentiable>(x: T, _hook: impl Fn(T::Tangent) -> T::Tangent) -> T {
    x
}

/// Derivatives of the function [`grad_hook`](fn@grad_hook).
#[allow(non_camel_case_types)]
pub enum grad_hook {}

impl grad_hook {
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

/// The tangent of a parameter that `wrt(..)` leaves out: there is none, and nothing can be added to it.
///
/// A caller that would hand a cotangent to such a parameter does not compile, since a derivative would be lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Frozen;

/// The cotangent buffer of a `&mut` parameter, which a pullback reads and writes.
///
/// # Panics
///
/// If there is none: the cotangent of what a function writes cannot be left out.
#[inline]
#[track_caller]
pub fn in_out<T: ?Sized>(slot: Option<&mut T>) -> &mut T {
    slot.expect("the cotangent of a `&mut` parameter brings that of its final content, so it must be given")
}

/// The reference itself: for what runs again on a copy of what a parameter refers to.
#[inline]
pub fn lent<T: ?Sized>(copy: &mut T) -> &mut T {
    copy
}
