//! The matrix product with this crate's own kernel.

use ndarray::{Array2, ArrayRef, Ix2};

use crate::Float;
use crate::kernel::product::{Write, product};

/// The matrix product of `a`, of shape `[m, k]`, and `b`, of shape `[k, n]`.
///
/// # Panics
///
/// If the shapes are not those of a product.
#[track_caller]
pub fn matmul<A: Float>(a: &ArrayRef<A, Ix2>, b: &ArrayRef<A, Ix2>) -> Array2<A> {
    check("matmul", a.shape(), b.shape());
    let mut c = crate::buffers::array(Ix2(a.nrows(), b.ncols()));
    product(a.view(), b.view(), c.view_mut(), Write::Replace);
    c
}

/// Adds the matrix product of `a` and `b` to `c`.
///
/// # Panics
///
/// If the shapes are not those of a product and its result.
#[track_caller]
pub fn add_matmul<A: Float>(c: &mut ArrayRef<A, Ix2>, a: &ArrayRef<A, Ix2>, b: &ArrayRef<A, Ix2>) {
    check("matmul", a.shape(), b.shape());
    assert!(
        c.dim() == (a.nrows(), b.ncols()),
        "`matmul`: a product of shape [{}, {}] cannot be added to an array of shape {:?}",
        a.nrows(),
        b.ncols(),
        c.shape()
    );
    product(a.view(), b.view(), c.view_mut(), Write::Add);
}

#[track_caller]
fn check(operation: &str, a: &[usize], b: &[usize]) {
    assert!(a[1] == b[0], "`{operation}`: the shapes {a:?} and {b:?} are not those of a product");
}
