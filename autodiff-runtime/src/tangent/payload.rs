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

/// What an `Option` holds, which generated code has found to be `Some`.
pub trait OptionParts {
    /// The type of what is there.
    type Content;

    /// What is in `Some`.
    fn some_0_part(&self) -> &Self::Content;

    /// What is in `Some`, to be changed.
    fn some_0_part_mut(&mut self) -> &mut Self::Content;
}

impl<T> OptionParts for Option<T> {
    type Content = T;

    #[inline]
    #[track_caller]
    fn some_0_part(&self) -> &T {
        self.as_ref().expect("generated code has matched it")
    }

    #[inline]
    #[track_caller]
    fn some_0_part_mut(&mut self) -> &mut T {
        self.as_mut().expect("generated code has matched it")
    }
}

/// What a `Result` holds, which generated code has found to be `Ok`.
pub trait ResultParts {
    /// The type of what is there.
    type Content;

    /// What is in `Ok`.
    fn ok_0_part(&self) -> &Self::Content;

    /// What is in `Ok`, to be changed.
    fn ok_0_part_mut(&mut self) -> &mut Self::Content;
}

impl<T, E> ResultParts for Result<T, E> {
    type Content = T;

    #[inline]
    #[track_caller]
    fn ok_0_part(&self) -> &T {
        match self {
            Ok(content) => content,
            Err(_) => unreachable!("generated code has matched it"),
        }
    }

    #[inline]
    #[track_caller]
    fn ok_0_part_mut(&mut self) -> &mut T {
        match self {
            Ok(content) => content,
            Err(_) => unreachable!("generated code has matched it"),
        }
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
