//! Receivers that a reverse sweep keeps.

/// A value that can be kept while the original is changed: one that is `Clone`.
///
/// The lifetime means nothing. A bound `for<'a> Self: Keep<'a>` holds or not where the function is called, while rustc
/// refuses a bound `Self: Clone` on a type that is not `Clone` where the function is defined.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a method's receiver here that may be changed later, so its reverse sweep keeps a copy",
    note = "add `#[derive(Clone)]`"
)]
pub trait Keep<'a>: Sized {
    /// The copy.
    fn keep(&self) -> Self;
}

impl<T: Clone> Keep<'_> for T {
    #[inline]
    fn keep(&self) -> T {
        self.clone()
    }
}
