//! The tangents of what is declared constant, and of containers without numbers.

use std::marker::PhantomData;
use std::ops::{AddAssign, Index, IndexMut, SubAssign};

use super::{Differentiable, Tangent, zero_sized};
use crate::accumulate::AccumulateFrom;

/// The tangent of a field that has none, because `#[nograd]` declares it constant.
///
/// What is added to it is discarded, and so are its parts. It is no number, so nothing can be read from it: a derivative
/// that would come out of such a field does not compile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoGradField;

impl Differentiable for NoGradField {
    type Tangent = NoGradField;

    #[inline]
    fn zero_tangent(&self) -> NoGradField {
        NoGradField
    }
}

impl Tangent for NoGradField {
    #[inline]
    fn neutral() -> NoGradField {
        NoGradField
    }

    #[inline]
    fn accumulate(&mut self, _: &NoGradField) {}

    #[inline]
    fn scale(&mut self, _: f64) {}

    #[inline]
    fn inner_product(&self, _: &NoGradField) -> f64 {
        0.0
    }

    #[inline]
    fn fill_zero(&mut self) {}
}

impl<C> AccumulateFrom<C> for NoGradField {
    #[inline]
    fn accumulate_from(&mut self, _: C) {}
}

impl<C> AddAssign<C> for NoGradField {
    #[inline]
    fn add_assign(&mut self, _: C) {}
}

impl<C> SubAssign<C> for NoGradField {
    #[inline]
    fn sub_assign(&mut self, _: C) {}
}

impl<I> Index<I> for NoGradField {
    type Output = NoGradField;

    #[inline]
    fn index(&self, _: I) -> &NoGradField {
        self
    }
}

impl<I> IndexMut<I> for NoGradField {
    #[inline]
    fn index_mut(&mut self, _: I) -> &mut NoGradField {
        self
    }
}

/// The tangent of a field that is a container of integers and the like; each element has the tangent `T`, of size zero.
///
/// What is added to it is discarded: there is nothing in it that could have a derivative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NoNumbers<T>(PhantomData<T>);

impl<T, C> AccumulateFrom<C> for NoNumbers<T> {
    #[inline]
    fn accumulate_from(&mut self, _: C) {}
}

impl<T: Default + 'static, I> Index<I> for NoNumbers<T> {
    type Output = T;

    #[inline]
    fn index(&self, _: I) -> &T {
        zero_sized()
    }
}

impl<T: Default + 'static, I> IndexMut<I> for NoNumbers<T> {
    #[inline]
    fn index_mut(&mut self, _: I) -> &mut T {
        zero_sized()
    }
}

/// A tangent as a number of type `F`.
#[diagnostic::on_unimplemented(message = "`{Self}` is not the tangent of a number of type `{F}`")]
pub trait NumberTangent<F> {
    /// The number; zero where there is no tangent.
    fn number(&self) -> F;
}

macro_rules! impl_number {
    ($($float:ident)*) => {$(
        impl NumberTangent<$float> for $float {
            #[inline]
            fn number(&self) -> $float {
                *self
            }
        }
    )*};
}

impl_number!(f32 f64);

impl<F: Tangent> NumberTangent<F> for NoGradField {
    #[inline]
    fn number(&self) -> F {
        F::neutral()
    }
}

/// The tangent of the number in a field, from its place in the tangent of the struct: zero if the struct leaves it out.
///
/// The field itself only tells the type.
#[inline]
pub fn tangent_of<F, T: NumberTangent<F>>(_field: &F, tangent: &T) -> F {
    tangent.number()
}
