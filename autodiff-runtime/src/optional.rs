//! What is in an `Option` or a `Result`, for code that does not know which of the two it has.

use crate::{Differentiable, Tangent};

/// An `Option` or a `Result`.
pub trait Optional: Differentiable<Tangent = Option<<Self::Content as Differentiable>::Tangent>> {
    /// What may be there.
    type Content: Differentiable + Clone;

    /// What is there.
    fn content(&self) -> Option<Self::Content>;
}

impl<T: Differentiable + Clone> Optional for Option<T> {
    type Content = T;

    #[inline]
    fn content(&self) -> Option<T> {
        self.clone()
    }
}

impl<T: Differentiable + Clone, E> Optional for Result<T, E> {
    type Content = T;

    #[inline]
    fn content(&self) -> Option<T> {
        self.as_ref().ok().cloned()
    }
}

/// What is there.
#[inline]
pub fn present<R: Optional>(value: &R) -> Option<R::Content> {
    value.content()
}

/// Derivatives of the function [`present`](fn@present).
#[allow(non_camel_case_types, missing_debug_implementations)]
pub enum present {}

impl crate::TwiceDifferentiable for present {}

impl present {
    /// What is there and its pullback.
    #[inline]
    #[allow(clippy::type_complexity)]
    pub fn call_vjp<R: Optional>(
        value: &R,
    ) -> (Option<R::Content>, impl Fn(&R, &R::Tangent, Option<&mut R::Tangent>) + use<R>) {
        let pullback = |_: &R, content_bar: &R::Tangent, value_bar: Option<&mut R::Tangent>| {
            if let Some(value_bar) = value_bar {
                value_bar.accumulate(content_bar);
            }
        };
        (value.content(), pullback)
    }

    /// What is there and its tangent.
    #[inline]
    pub fn call_jvp<R: Optional>(value: &R, value_dot: Option<&R::Tangent>) -> (Option<R::Content>, R::Tangent) {
        let content_dot = value_dot.cloned().unwrap_or_else(|| value.zero_tangent());
        (value.content(), content_dot)
    }

    /// The derivative of [`Self::call_jvp`], which is linear.
    #[doc(hidden)]
    #[inline]
    #[allow(clippy::type_complexity)]
    pub fn call_jvp_call_vjp<R: Optional>(
        value: &R,
        value_dot: Option<&R::Tangent>,
    ) -> (
        (Option<R::Content>, R::Tangent),
        impl Fn(&R, Option<&R::Tangent>, &(R::Tangent, R::Tangent), Option<&mut R::Tangent>, Option<&mut R::Tangent>)
        + use<R>,
    ) {
        let (_, pullback) = Self::call_vjp(value);
        let twice = move |value: &R,
                          _: Option<&R::Tangent>,
                          (content_bar, dot_bar): &(R::Tangent, R::Tangent),
                          value_bar: Option<&mut R::Tangent>,
                          value_dot_bar: Option<&mut R::Tangent>| {
            pullback(value, content_bar, value_bar);
            pullback(value, dot_bar, value_dot_bar);
        };
        (Self::call_jvp(value, value_dot), twice)
    }

    /// The tangent of [`Self::call_jvp`].
    #[doc(hidden)]
    #[inline]
    #[allow(clippy::type_complexity)]
    pub fn call_jvp_call_jvp<R: Optional>(
        value: &R,
        value_dot: Option<&R::Tangent>,
        tangent: Option<&R::Tangent>,
        dot_tangent: Option<&R::Tangent>,
    ) -> ((Option<R::Content>, R::Tangent), (R::Tangent, R::Tangent)) {
        let along = |dot: Option<&R::Tangent>| Self::call_jvp(value, dot).1;
        ((value.content(), along(value_dot)), (along(tangent), along(dot_tangent)))
    }
}
