//! Zero tangents in several directions, of lists of lists.

use std::collections::VecDeque;

use super::Lane;

/// Numbers, and lists of lists of them, whose tangents have several directions.
#[doc(hidden)]
pub trait InDirections<L> {
    type Tangent;

    fn zero(&self) -> Self::Tangent;
}

/// The zero tangent in several directions.
#[doc(hidden)]
pub fn zero_in_directions<L, T: InDirections<L> + ?Sized>(value: &T) -> T::Tangent {
    value.zero()
}

macro_rules! of_numbers {
    ($($float:ident)*) => {$(
        impl<L: Lane<$float>> InDirections<L> for $float {
            type Tangent = L;

            fn zero(&self) -> L {
                L::ZERO
            }
        }
    )*};
}

of_numbers!(f32 f64);

macro_rules! of_constants {
    ($($constant:ident)*) => {$(
        impl<L> InDirections<L> for $constant {
            type Tangent = ();

            fn zero(&self) {}
        }
    )*};
}

of_constants!(bool i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl<L, T: InDirections<L>> InDirections<L> for [T] {
    type Tangent = Vec<T::Tangent>;

    fn zero(&self) -> Self::Tangent {
        self.iter().map(T::zero).collect()
    }
}

impl<L, T: InDirections<L>> InDirections<L> for Vec<T> {
    type Tangent = Vec<T::Tangent>;

    fn zero(&self) -> Self::Tangent {
        self.iter().map(T::zero).collect()
    }
}

impl<L, T: InDirections<L>> InDirections<L> for VecDeque<T> {
    type Tangent = VecDeque<T::Tangent>;

    fn zero(&self) -> Self::Tangent {
        self.iter().map(T::zero).collect()
    }
}

impl<L, T: InDirections<L>, const N: usize> InDirections<L> for [T; N] {
    type Tangent = [T::Tangent; N];

    fn zero(&self) -> Self::Tangent {
        self.each_ref().map(T::zero)
    }
}

impl<L, T: InDirections<L>> InDirections<L> for Option<T> {
    type Tangent = Option<T::Tangent>;

    fn zero(&self) -> Self::Tangent {
        self.as_ref().map(T::zero)
    }
}

impl<L, T: InDirections<L> + ?Sized> InDirections<L> for &T {
    type Tangent = T::Tangent;

    fn zero(&self) -> T::Tangent {
        (**self).zero()
    }
}

macro_rules! of_tuples {
    ($(($($T:ident $at:tt)+))*) => {$(
        impl<L, $($T: InDirections<L>),+> InDirections<L> for ($($T,)+) {
            type Tangent = ($($T::Tangent,)+);

            fn zero(&self) -> Self::Tangent {
                ($(self.$at.zero(),)+)
            }
        }
    )*};
}

of_tuples!((A 0) (A 0 B 1) (A 0 B 1 C 2) (A 0 B 1 C 2 D 3));
