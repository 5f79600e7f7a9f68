//! Cotangents of the payloads of enums.

use super::{NoGradField, NoNumbers, Tangent};

/// A value of a type of size zero, to be borrowed for as long as anyone likes. Nothing is allocated for it.
///
/// Tangents lend it where the value has a field without a derivative.
#[inline]
pub fn zero_sized<T: Default>() -> &'static mut T {
    const { assert!(size_of::<T>() == 0, "only a value of size zero can be lent without a place for it") };
    Box::leak(Box::default())
}

/// The payloads inside the tangent of an `Option` or a `Result`, as generated code names them.
pub trait OptionTangent {
    /// The tangent of the payload.
    type Payload;

    /// The tangent of what is in `Some`. A missing one becomes the neutral one.
    fn some_0_mut(&mut self) -> &mut Self::Payload;

    /// The tangent of what is in `Ok`. A missing one becomes the neutral one.
    #[inline]
    fn ok_0_mut(&mut self) -> &mut Self::Payload {
        self.some_0_mut()
    }

    /// The tangent of what is in `Err`: there is none.
    #[inline]
    fn err_0_mut(&mut self) -> &mut () {
        zero_sized()
    }
}

impl<T: Tangent> OptionTangent for Option<T> {
    type Payload = T;

    #[inline]
    fn some_0_mut(&mut self) -> &mut T {
        self.get_or_insert_with(T::neutral)
    }
}

/// For an `Option` that holds nothing differentiable.
impl OptionTangent for () {
    type Payload = ();

    #[inline]
    fn some_0_mut(&mut self) -> &mut () {
        self
    }
}

/// For an `Option` that holds nothing differentiable.
impl OptionTangent for NoGradField {
    type Payload = NoGradField;

    #[inline]
    fn some_0_mut(&mut self) -> &mut NoGradField {
        self
    }
}

/// For an `Option` that holds nothing differentiable.
impl<T: Default + 'static> OptionTangent for NoNumbers<T> {
    type Payload = T;

    #[inline]
    fn some_0_mut(&mut self) -> &mut T {
        zero_sized()
    }
}
