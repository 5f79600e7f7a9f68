//! Tangents of parameters, some of which the derivatives of a function do not take: `wrt(..)` leaves them out.

use autodiff_core::Frozen;

use crate::Tangent;

/// A buffer that a pullback may take.
#[doc(hidden)]
pub trait Wanted<S: ?Sized> {
    /// The buffer, if the pullback takes it.
    fn wanted(&mut self) -> Option<&mut S>;
}

impl<T: Tangent> Wanted<T> for T {
    fn wanted(&mut self) -> Option<&mut T> {
        Some(self)
    }
}

impl<T: Tangent> Wanted<[T]> for Vec<T>
where
    Vec<T>: Tangent,
{
    fn wanted(&mut self) -> Option<&mut [T]> {
        Some(self)
    }
}

impl<T: Tangent, const N: usize> Wanted<[T]> for [T; N]
where
    [T; N]: Tangent,
{
    fn wanted(&mut self) -> Option<&mut [T]> {
        Some(self)
    }
}

impl<T: Tangent> Wanted<T> for Box<T>
where
    Box<T>: Tangent,
{
    fn wanted(&mut self) -> Option<&mut T> {
        Some(self)
    }
}

impl<T: Tangent> Wanted<Frozen> for T {
    fn wanted(&mut self) -> Option<&mut Frozen> {
        None
    }
}

/// A tangent that a forward derivative may take by value.
#[doc(hidden)]
pub trait Given<D> {
    /// A copy of the tangent, if the derivative takes it.
    fn given(&self) -> Option<D>;
}

impl<T: Tangent> Given<T> for T {
    fn given(&self) -> Option<T> {
        Some(self.clone())
    }
}

impl<T: Tangent> Given<Frozen> for T {
    fn given(&self) -> Option<Frozen> {
        None
    }
}

/// A tangent that a forward derivative may take by reference.
#[doc(hidden)]
pub trait Lent<D> {
    /// The tangent, if the derivative takes it.
    fn lent(self) -> Option<D>;
}

impl<'a, T: Tangent> Lent<&'a T> for &'a T {
    fn lent(self) -> Option<&'a T> {
        Some(self)
    }
}

impl<'a, T: Tangent> Lent<&'a [T]> for &'a Vec<T> {
    fn lent(self) -> Option<&'a [T]> {
        Some(self)
    }
}

impl<'a, T: Tangent, const N: usize> Lent<&'a [T]> for &'a [T; N] {
    fn lent(self) -> Option<&'a [T]> {
        Some(self)
    }
}

impl<'a, T: Tangent> Lent<&'a T> for &'a Box<T> {
    fn lent(self) -> Option<&'a T> {
        Some(self)
    }
}

impl<T: Tangent> Lent<Frozen> for &T {
    fn lent(self) -> Option<Frozen> {
        None
    }
}
