//! Values with tangents made one, and taken apart.

use std::ops::Deref;

use ndarray::{Array, ArrayRef, Dimension, Zip};

use super::Along;
use crate::Float;
use crate::nn::{Generator, RunningStatistics};

/// A value that is joined with a tangent of its own type.
pub(crate) trait Carry: Sized {
    type Carried: Carried<Plain = Self>;

    /// Both in one.
    fn carry(&self, tangent: &Self) -> Self::Carried;
}

/// A value and its tangent in one.
pub(crate) trait Carried {
    type Plain;

    fn value(&self) -> Self::Plain;

    fn tangent(&self) -> Self::Plain;
}

impl<A: Float> Carry for A {
    type Carried = Along<A>;

    fn carry(&self, tangent: &A) -> Along<A> {
        Along { value: *self, tangent: *tangent }
    }
}

impl<A: Float> Carried for Along<A> {
    type Plain = A;

    fn value(&self) -> A {
        self.value
    }

    fn tangent(&self) -> A {
        self.tangent
    }
}

impl<A: Float, D: Dimension> Carry for Array<A, D> {
    type Carried = Array<Along<A>, D>;

    fn carry(&self, tangent: &Self) -> Array<Along<A>, D> {
        if self.is_empty() {
            return tangent.map(|&tangent| Along { value: A::zero(), tangent });
        }
        carry(self, Some(tangent))
    }
}

impl<A: Float, D: Dimension> Carried for Array<Along<A>, D> {
    type Plain = Array<A, D>;

    fn value(&self) -> Array<A, D> {
        self.map(|number| number.value)
    }

    fn tangent(&self) -> Array<A, D> {
        self.map(|number| number.tangent)
    }
}

impl<T: Carry, U: Carry> Carry for (T, U) {
    type Carried = (T::Carried, U::Carried);

    fn carry(&self, tangent: &Self) -> Self::Carried {
        (self.0.carry(&tangent.0), self.1.carry(&tangent.1))
    }
}

impl<T: Carried, U: Carried> Carried for (T, U) {
    type Plain = (T::Plain, U::Plain);

    fn value(&self) -> Self::Plain {
        (self.0.value(), self.1.value())
    }

    fn tangent(&self) -> Self::Plain {
        (self.0.tangent(), self.1.tangent())
    }
}

/// The elements of an array with their tangents. A tangent that is not there, or has no elements, is zero.
pub(crate) fn carry<A: Float, D: Dimension>(x: &ArrayRef<A, D>, tangent: Option<&Array<A, D>>) -> Array<Along<A>, D> {
    match tangent.filter(|tangent| tangent.shape() == x.shape()) {
        Some(tangent) => Zip::from(x).and(tangent).map_collect(|&value, &tangent| Along { value, tangent }),
        None => x.map(|&value| Along::constant(value)),
    }
}

/// The same for a tangent that may be missing with its own tangent.
pub(crate) fn carry_given<A: Float, D: Dimension>(
    dot: Option<&Array<A, D>>,
    tangent: Option<&Array<A, D>>,
) -> Option<Array<Along<A>, D>> {
    match (dot, tangent) {
        (Some(dot), tangent) => Some(carry(dot, tangent)),
        (None, Some(tangent)) => Some(tangent.map(|&tangent| Along { value: A::zero(), tangent })),
        (None, None) => None,
    }
}

/// What a function takes by reference and has no derivative, for a call with numbers that have tangents.
pub(crate) trait Lifted {
    type Up: ?Sized;
    type Held<'h>: Deref<Target = Self::Up>
    where
        Self: 'h;

    fn lift(&self) -> Self::Held<'_>;

    /// Takes over what the call has changed.
    fn settle(&self, _: &Self::Up) {}
}

macro_rules! unchanged {
    ($([$($generics:tt)*] $ty:ty),*) => {$(
        impl<$($generics)*> Lifted for $ty {
            type Up = $ty;
            type Held<'h> = &'h $ty where Self: 'h;

            fn lift(&self) -> &$ty {
                self
            }
        }
    )*};
}

unchanged!([] str, [] [usize], [] Generator, [D: Dimension] ArrayRef<usize, D>, [D: Dimension] ArrayRef<bool, D>);

impl<A: Float> Lifted for RunningStatistics<A>
where
    Along<A>: Float,
{
    type Up = RunningStatistics<Along<A>>;
    type Held<'h> = Box<RunningStatistics<Along<A>>>;

    fn lift(&self) -> Self::Held<'_> {
        Box::new(self.map(|number| Along::constant(number)))
    }

    fn settle(&self, held: &RunningStatistics<Along<A>>) {
        self.set(held, |number| number.value);
    }
}

/// The values of a matrix, and the tangents.
pub(super) fn parts<A: Copy>(matrix: ndarray::ArrayView2<'_, Along<A>>) -> [ndarray::Array2<A>; 2] {
    [matrix.map(|number| number.value), matrix.map(|number| number.tangent)]
}
