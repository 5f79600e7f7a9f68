//! Which type holds a derivative, and the arithmetic on it.

use core::fmt::Debug;

/// A type whose values have derivatives.
pub trait Differentiable {
    /// What holds a derivative with respect to a value of the type.
    type Tangent: Tangent;

    /// The zero tangent at this value.
    fn zero_tangent(&self) -> Self::Tangent;
}

/// A type whose tangents are their own tangents, which second derivatives of functions with type parameters ask for.
#[doc(hidden)]
pub trait Twice: Differentiable<Tangent: Differentiable<Tangent = <Self as Differentiable>::Tangent>> {}

impl<T: Differentiable<Tangent: Differentiable<Tangent = <T as Differentiable>::Tangent>> + ?Sized> Twice for T {}

/// A derivative: something that can be added and set to zero.
pub trait Tangent: Clone + Debug + PartialEq {
    /// Adds `other` to this tangent.
    fn accumulate(&mut self, other: &Self);

    /// Multiplies this tangent by a number.
    fn scale(&mut self, factor: f64);

    /// Zero.
    fn neutral() -> Self;
}

/// The zero tangent at a value.
#[inline]
pub fn zero_tangent<T: Differentiable + ?Sized>(value: &T) -> T::Tangent {
    value.zero_tangent()
}

/// The tangent of a part of a value, which is a copy of that part of the value's tangent.
#[inline]
pub fn tangent_of<T: Differentiable + ?Sized>(_value: &T, tangent: &T::Tangent) -> T::Tangent {
    tangent.clone()
}

/// Adds `value` to what a cotangent holds.
#[inline]
pub fn accumulate<T: AccumulateFrom<V>, V>(place: &mut T, value: V) {
    place.accumulate_from(value);
}

/// A cotangent that contributions of type `V` can be added to.
pub trait AccumulateFrom<V> {
    /// Adds `value`.
    fn accumulate_from(&mut self, value: V);
}

impl<T: Tangent> AccumulateFrom<T> for T {
    #[inline]
    fn accumulate_from(&mut self, value: T) {
        self.accumulate(&value);
    }
}

impl<T: Tangent> AccumulateFrom<&T> for T {
    #[inline]
    fn accumulate_from(&mut self, value: &T) {
        self.accumulate(value);
    }
}

macro_rules! floats {
    ($($float:ident)*) => {$(
        impl Differentiable for $float {
            type Tangent = $float;

            #[inline]
            fn zero_tangent(&self) -> $float {
                0.0
            }
        }

        impl Tangent for $float {
            #[inline]
            fn accumulate(&mut self, other: &$float) {
                *self += other;
            }

            #[inline]
            fn scale(&mut self, factor: f64) {
                *self *= factor as $float;
            }

            #[inline]
            fn neutral() -> $float {
                0.0
            }
        }
    )*};
}

floats!(f32 f64);

impl Tangent for () {
    fn accumulate(&mut self, (): &()) {}

    fn scale(&mut self, _factor: f64) {}

    fn neutral() {}
}

macro_rules! without_derivative {
    ($($ty:ty)*) => {$(
        impl Differentiable for $ty {
            type Tangent = ();

            #[inline]
            fn zero_tangent(&self) {}
        }
    )*};
}

without_derivative!(() i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool char);

impl<T: Differentiable, const N: usize> Differentiable for [T; N] {
    type Tangent = [T::Tangent; N];

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        core::array::from_fn(|index| self[index].zero_tangent())
    }
}

impl<T: Tangent, const N: usize> Tangent for [T; N] {
    #[inline]
    fn accumulate(&mut self, other: &Self) {
        self.iter_mut().zip(other).for_each(|(own, other)| own.accumulate(other));
    }

    #[inline]
    fn scale(&mut self, factor: f64) {
        self.iter_mut().for_each(|own| own.scale(factor));
    }

    #[inline]
    fn neutral() -> Self {
        core::array::from_fn(|_| T::neutral())
    }
}

impl<T: Differentiable + ?Sized> Differentiable for &T {
    type Tangent = T::Tangent;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        (**self).zero_tangent()
    }
}

macro_rules! tuples {
    ($($name:ident $index:tt)*) => {
        impl<$($name: Differentiable),*> Differentiable for ($($name,)*) {
            type Tangent = ($($name::Tangent,)*);

            #[inline]
            fn zero_tangent(&self) -> Self::Tangent {
                ($(self.$index.zero_tangent(),)*)
            }
        }

        impl<$($name: Tangent),*> Tangent for ($($name,)*) {
            #[inline]
            fn accumulate(&mut self, other: &Self) {
                $(self.$index.accumulate(&other.$index);)*
            }

            #[inline]
            fn scale(&mut self, factor: f64) {
                $(self.$index.scale(factor);)*
            }

            #[inline]
            fn neutral() -> Self {
                ($($name::neutral(),)*)
            }
        }
    };
}

tuples!(A 0);
tuples!(A 0 B 1);
tuples!(A 0 B 1 C 2);
tuples!(A 0 B 1 C 2 D 3);
tuples!(A 0 B 1 C 2 D 3 E 4);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5);
