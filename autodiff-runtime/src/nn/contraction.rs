//! Contractions of two arrays whose axes have letters.

use ndarray::{Array, ArrayD, ArrayRef, ArrayViewD, Axis, Dimension, Ix1, Ix2, Ix3, Ix4, IxDyn};

use super::rule::rule;
use crate::kernel::product::{Write, product, rows, rows_mut};
use crate::{Float, zero_tangent};

/// The letters of the axes of both factors and of the result.
struct Letters {
    left: Vec<char>,
    right: Vec<char>,
    result: Vec<char>,
}

impl Letters {
    /// Reads `"ij,jk->ik"`.
    #[track_caller]
    fn of(spec: &str, left: &[usize], right: &[usize]) -> Self {
        let letters = |part: &str| part.chars().filter(|letter| !letter.is_whitespace()).collect::<Vec<_>>();
        let parts = spec.split_once("->").and_then(|(factors, result)| Some((factors.split_once(',')?, result)));
        let Some(((first, second), result)) = parts else {
            panic!("`einsum`: `{spec}` is not of the form `ij,jk->ik`");
        };
        let read = Self { left: letters(first), right: letters(second), result: letters(result) };
        for (letters, shape) in [(&read.left, left), (&read.right, right)] {
            assert!(letters.len() == shape.len(), "`einsum`: `{spec}` does not fit an array of shape {shape:?}");
        }
        for letters in [&read.left, &read.right, &read.result] {
            let twice = letters.iter().enumerate().find(|(index, letter)| letters[..*index].contains(letter));
            assert!(
                twice.is_none(),
                "`einsum`: a letter occurs twice in the same part of `{spec}`; take the diagonal first"
            );
        }
        for letter in &read.result {
            let known = read.left.contains(letter) || read.right.contains(letter);
            assert!(known, "`einsum`: the axis `{letter}` of the result of `{spec}` is in neither factor");
        }
        for (axis, letter) in read.left.iter().enumerate() {
            if let Some(other) = read.right.iter().position(|other| other == letter) {
                assert!(
                    left[axis] == right[other],
                    "`einsum`: the axis `{letter}` of `{spec}` has the lengths {} and {}",
                    left[axis],
                    right[other]
                );
            }
        }
        read
    }

    /// The letters for the cotangent of the left factor: the result times the right one.
    fn for_left(&self) -> Self {
        let kept = |letter: &&char| self.right.contains(letter) || self.result.contains(letter);
        let result = self.left.iter().filter(kept).copied().collect();
        Self { left: self.result.clone(), right: self.right.clone(), result }
    }

    /// The same with the factors exchanged.
    fn exchanged(&self) -> Self {
        Self { left: self.right.clone(), right: self.left.clone(), result: self.result.clone() }
    }
}

/// Sums over the axes whose letters are in neither of two lists, and brings the others into the order of `wanted`.
fn arranged<A: Float>(x: ArrayViewD<'_, A>, letters: &[char], wanted: &[char]) -> ArrayD<A> {
    let (mut x, mut letters) = (x.to_owned(), letters.to_vec());
    for axis in (0..letters.len()).rev() {
        if !wanted.contains(&letters[axis]) {
            x = x.sum_axis(Axis(axis));
            letters.remove(axis);
        }
    }
    let place = |letter: &char| letters.iter().position(|other| other == letter).expect("the letter is one of these");
    let order: Vec<usize> = wanted.iter().map(place).collect();
    x.permuted_axes(order).as_standard_layout().into_owned()
}

/// The contraction as products of matrices: one for each place along the axes that all three arrays have.
fn contract<A: Float>(letters: &Letters, a: ArrayViewD<'_, A>, b: ArrayViewD<'_, A>) -> ArrayD<A> {
    let Letters { left, right, result } = letters;
    let only = |of: &[char], shared: bool, kept: bool, other: &[char]| -> Vec<char> {
        let fits = |letter: &&char| other.contains(letter) == shared && result.contains(letter) == kept;
        of.iter().filter(fits).copied().collect()
    };
    let (stacked, summed) = (only(left, true, true, right), only(left, true, false, right));
    let (down, across) = (only(left, false, true, right), only(right, false, true, left));
    let a = arranged(a, left, &[&stacked[..], &down, &summed].concat());
    let b = arranged(b, right, &[&stacked[..], &summed, &across].concat());
    let length = |shape: &[usize]| shape.iter().product::<usize>();
    let (first, second) = (stacked.len() + down.len(), stacked.len() + summed.len());
    let count = length(&a.shape()[..stacked.len()]);
    let (m, k, n) =
        (length(&a.shape()[stacked.len()..first]), length(&a.shape()[first..]), length(&b.shape()[second..]));
    let mut y = vec![A::zero(); count * m * n];
    if let (Some(a), Some(b)) = (a.as_slice(), b.as_slice())
        && m * k * n > 0
    {
        let factors = a.chunks_exact(m * k).zip(b.chunks_exact(k * n));
        for (y, (a, b)) in y.chunks_exact_mut(m * n).zip(factors) {
            product(rows(a, [m, k], k), rows(b, [k, n], n), rows_mut(y, [m, n], n), Write::Replace);
        }
    }
    let shape = [&a.shape()[..first], &b.shape()[second..]].concat();
    let y = ArrayD::from_shape_vec(shape, y).expect("an element for each place");
    arranged(y.view(), &[&stacked[..], &down, &across].concat(), result)
}

/// The cotangent of the left factor: what was summed over at once is the same along these axes.
fn bar<A: Float>(letters: &Letters, y_bar: ArrayViewD<'_, A>, other: ArrayViewD<'_, A>, shape: &[usize]) -> ArrayD<A> {
    let back = letters.for_left();
    let mut bar = contract(&back, y_bar, other);
    for (axis, letter) in letters.left.iter().enumerate() {
        if !back.result.contains(letter) {
            bar = bar.insert_axis(Axis(axis));
        }
    }
    bar.broadcast(shape).expect("the other axes have the lengths of the factor").to_owned()
}

/// The contraction in the number of axes that the caller wants.
#[track_caller]
fn contracted<A: Float, D: Dimension, E: Dimension, R: Dimension>(
    a: &ArrayRef<A, D>,
    b: &ArrayRef<A, E>,
    spec: &str,
) -> Array<A, R> {
    let letters = Letters::of(spec, a.shape(), b.shape());
    let y = contract(&letters, a.view().into_dyn(), b.view().into_dyn());
    let axes = y.ndim();
    y.into_dimensionality().unwrap_or_else(|_| {
        panic!("`einsum`: the result of `{spec}` has {axes} axes, but {:?} are wanted", R::NDIM.unwrap_or_default())
    })
}

/// Defines the contraction whose result has a given number of axes.
macro_rules! contractions {
    ($($(#[$doc:meta])* $name:ident, $R:ty;)*) => {$(
        rule! {
            $(#[$doc])*
            ///
            /// # Panics
            ///
            /// If `spec` is not of the form `"ij,jk->ik"`, a letter occurs twice in one of its parts, or it does not fit
            /// the shapes.
            fn $name[A: Float, D: Dimension, E: Dimension](
                a a_bar a_dot: ArrayRef<A, D> => Array<A, D>, b b_bar b_dot: ArrayRef<A, E> => Array<A, E>;
                spec: str => ();
            ) -> Array<A, $R>, keeps (), captures [A, D, E];
            value {
                (contracted(a, b, spec), ())
            }
            reverse |_kept, y_bar| {
                let letters = Letters::of(spec, a.shape(), b.shape());
                if let Some(a_bar) = a_bar {
                    crate::accumulate(a_bar, bar(&letters, y_bar.view().into_dyn(), b.view().into_dyn(), a.shape()));
                }
                if let Some(b_bar) = b_bar {
                    let letters = letters.exchanged();
                    crate::accumulate(b_bar, bar(&letters, y_bar.view().into_dyn(), a.view().into_dyn(), b.shape()));
                }
            }
            forward |y, _kept| {
                let mut y_dot = a_dot.map_or_else(|| zero_tangent(y), |a_dot| contracted(a_dot, b, spec));
                if let Some(b_dot) = b_dot {
                    y_dot += &contracted::<A, D, E, $R>(a, b_dot, spec);
                }
                y_dot
            }
            second product a a_bar a_dot, b b_bar b_dot
        }
    )*};
}

contractions! {
    /// The contraction of two arrays, as NumPy's `einsum` of two operands: axes with the same letter are multiplied
    /// element by element, and those whose letter is not in the result are summed over.
    ///
    /// The number of axes of the result is known when the program runs; [`einsum2`](fn@einsum2) and its like are for
    /// those where it is known before.
    einsum, IxDyn;
    /// [`einsum`](fn@einsum) with one axis in the result.
    einsum1, Ix1;
    /// [`einsum`](fn@einsum) with two axes in the result.
    ///
    /// ```
    /// use autodiff_runtime::nn::{einsum1, einsum2};
    /// use ndarray::array;
    ///
    /// let (a, b) = (array![[1.0, 2.0], [3.0, 4.0]], array![[1.0, 0.0], [1.0, 1.0]]);
    /// assert_eq!(einsum2(&a, &b, "ij,jk->ik"), a.dot(&b));
    /// assert_eq!(einsum1(&a, &b, "ij,ij->i"), array![1.0, 7.0]);
    /// ```
    einsum2, Ix2;
    /// [`einsum`](fn@einsum) with three axes in the result.
    einsum3, Ix3;
    /// [`einsum`](fn@einsum) with four axes in the result.
    einsum4, Ix4;
}
