//! Working memory of kernels.

use crate::buffers::{self, Pooled};

/// Lends `len` numbers of any value. While they are lent nobody else has them: kernels may call each other.
pub(crate) fn with<A: Pooled, R>(len: usize, body: impl FnOnce(&mut [A]) -> R) -> R {
    let mut buffer = buffers::numbers(len);
    let result = body(&mut buffer);
    buffers::hand_back(buffer);
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
        let second = with(110, |buffer: &mut [f64]| (buffer.len(), buffer.as_ptr()));
        assert_eq!(second.0, 110);
        let third = with(100, |buffer: &mut [f64]| buffer.as_ptr());
        assert!(third == first || third == second.1);
    }
}
