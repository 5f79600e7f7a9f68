//! Working memory that is used again: a kernel that has run once takes no more from the system.

#![allow(unreachable_pub)]

use std::cell::RefCell;
use std::thread::LocalKey;

/// The buffers of a thread that nobody uses at the moment.
pub type Pool<A> = RefCell<Vec<Vec<A>>>;

/// A number that has a pool of buffers.
pub trait Pooled: Copy + 'static {
    /// The pool of this thread.
    fn pool() -> &'static LocalKey<Pool<Self>>;
    /// What new memory is filled with.
    const ZERO: Self;
}

macro_rules! impl_pooled {
    ($($float:ident)*) => {$(
        impl Pooled for $float {
            fn pool() -> &'static LocalKey<Pool<Self>> {
                thread_local!(static POOL: Pool<$float> = const { RefCell::new(Vec::new()) });
                &POOL
            }
            const ZERO: Self = 0.0;
        }
    )*};
}

impl_pooled!(f32 f64);

/// Lends `len` numbers of any value.
///
/// The smallest buffer that is large enough is taken, so that the buffers keep their sizes from one training step to the
/// next. While it is lent it is not in the pool: kernels may call each other.
pub(crate) fn with<A: Pooled, R>(len: usize, body: impl FnOnce(&mut [A]) -> R) -> R {
    let mut buffer = A::pool().with_borrow_mut(|pool| {
        let fits = pool.iter().enumerate().filter(|(_, buffer)| buffer.len() >= len);
        let best = fits.min_by_key(|(_, buffer)| buffer.len()).map(|(index, _)| index);
        best.map(|index| pool.swap_remove(index)).unwrap_or_else(|| vec![A::ZERO; len])
    });
    let result = body(&mut buffer[..len]);
    A::pool().with_borrow_mut(|pool| pool.push(buffer));
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_used_again_and_never_twice_at_once() {
        let first = with(100, |outer: &mut [f64]| {
            with(100, |inner: &mut [f64]| assert_ne!(outer.as_ptr(), inner.as_ptr()));
            outer.as_ptr()
        });
        let second = with(50, |buffer: &mut [f64]| (buffer.len(), buffer.as_ptr()));
        assert_eq!(second.0, 50);
        let third = with(100, |buffer: &mut [f64]| buffer.as_ptr());
        assert!(third == first || third == second.1);
    }
}
