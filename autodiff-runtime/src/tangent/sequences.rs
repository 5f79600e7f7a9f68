//! Tangents of sequences and of values that may be missing.

use std::collections::VecDeque;

use super::{Differentiable, Tangent};

impl<T: Differentiable, const N: usize> Differentiable for [T; N] {
    type Tangent = [T::Tangent; N];

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.each_ref().map(T::zero_tangent)
    }
}

impl<T: Differentiable> Differentiable for [T] {
    type Tangent = Vec<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.iter().map(T::zero_tangent).collect()
    }
}

impl<T: Differentiable> Differentiable for Vec<T> {
    type Tangent = Vec<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_slice().zero_tangent()
    }

    #[inline]
    fn hand_back(value: Self) {
        value.into_iter().for_each(T::hand_back);
    }
}

impl<T: Differentiable> Differentiable for Option<T> {
    type Tangent = Option<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_ref().map(T::zero_tangent)
    }

    #[inline]
    fn hand_back(value: Self) {
        value.into_iter().for_each(T::hand_back);
    }
}

impl<T: Differentiable> Differentiable for VecDeque<T> {
    type Tangent = VecDeque<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.iter().map(T::zero_tangent).collect()
    }
}

/// What went wrong has no derivative, so its type needs no tangent.
impl<T: Differentiable, E> Differentiable for Result<T, E> {
    type Tangent = Option<T::Tangent>;

    #[inline]
    fn zero_tangent(&self) -> Self::Tangent {
        self.as_ref().ok().map(T::zero_tangent)
    }
}

/// The operations on `[T; N]`, `Vec<T>` and `VecDeque<T>`, which differ in their types only.
macro_rules! impl_sequence_tangent {
    ($([$($generics:tt)*] $ty:ty, $neutral:expr;)*) => {$(
        impl<T: Tangent, $($generics)*> Tangent for $ty {
            #[inline]
            fn neutral() -> Self {
                $neutral
            }

            #[inline]
            fn accumulate(&mut self, other: &Self) {
                if self.is_empty() && !other.is_empty() {
                    self.clone_from(other);
                    return;
                }
                if other.is_empty() {
                    return;
                }
                assert_same_length(self.len(), other.len());
                for (value, other) in self.iter_mut().zip(other) {
                    value.accumulate(other);
                }
            }

            #[inline]
            fn scale(&mut self, factor: f64) {
                for value in self {
                    value.scale(factor);
                }
            }

            #[inline]
            fn inner_product(&self, other: &Self) -> f64 {
                if self.is_empty() || other.is_empty() {
                    return 0.0;
                }
                assert_same_length(self.len(), other.len());
                self.iter().zip(other).map(|(value, other)| value.inner_product(other)).sum()
            }

            #[inline]
            fn fill_zero(&mut self) {
                for value in self {
                    value.fill_zero();
                }
            }

            #[inline]
            fn hand_back(value: Self) {
                value.into_iter().for_each(T::hand_back);
            }
        }
    )*};
}

impl_sequence_tangent! {
    [const N: usize] [T; N], std::array::from_fn(|_| T::neutral());
    [] Vec<T>, Vec::new();
    [] VecDeque<T>, VecDeque::new();
}

#[inline]
#[track_caller]
pub(crate) fn assert_same_length(left: usize, right: usize) {
    assert!(left == right, "a tangent of length {right} does not fit one of length {left}");
}

/// A missing tangent counts as zero: adding `Some` to `None` gives `Some`.
impl<T: Tangent> Tangent for Option<T> {
    #[inline]
    fn neutral() -> Self {
        None
    }

    #[inline]
    fn accumulate(&mut self, other: &Self) {
        match (self.as_mut(), other) {
            (Some(value), Some(other)) => value.accumulate(other),
            (None, Some(other)) => *self = Some(other.clone()),
            (_, None) => {}
        }
    }

    #[inline]
    fn scale(&mut self, factor: f64) {
        if let Some(value) = self {
            value.scale(factor);
        }
    }

    #[inline]
    fn inner_product(&self, other: &Self) -> f64 {
        match (self, other) {
            (Some(value), Some(other)) => value.inner_product(other),
            _ => 0.0,
        }
    }

    #[inline]
    fn fill_zero(&mut self) {
        if let Some(value) = self {
            value.fill_zero();
        }
    }

    #[inline]
    fn hand_back(value: Self) {
        value.into_iter().for_each(T::hand_back);
    }
}
