//! Values behind pointers: the tangent is that of the value.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use super::{Differentiable, Tangent};

macro_rules! impl_pointer {
    ($($pointer:ty),*) => {$(
        impl<T: Differentiable + ?Sized> Differentiable for $pointer {
            type Tangent = T::Tangent;

            #[inline]
            fn zero_tangent(&self) -> T::Tangent {
                (**self).zero_tangent()
            }
        }
    )*};
}

impl_pointer!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

impl<T: Differentiable + ToOwned + ?Sized> Differentiable for Cow<'_, T> {
    type Tangent = T::Tangent;

    #[inline]
    fn zero_tangent(&self) -> T::Tangent {
        (**self).zero_tangent()
    }
}

/// The tangent of a type that contains itself has a box where the type has one.
impl<T: Tangent> Tangent for Box<T> {
    #[inline]
    fn neutral() -> Self {
        Box::new(T::neutral())
    }

    #[inline]
    fn accumulate(&mut self, other: &Self) {
        (**self).accumulate(other);
    }

    #[inline]
    fn scale(&mut self, factor: f64) {
        (**self).scale(factor);
    }

    #[inline]
    fn inner_product(&self, other: &Self) -> f64 {
        (**self).inner_product(other)
    }

    #[inline]
    fn fill_zero(&mut self) {
        (**self).fill_zero();
    }
}
