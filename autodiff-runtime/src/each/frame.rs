//! Shapes that are broadcast together.

use ndarray::{ArrayViewD, ArrayViewMutD, Axis, Dimension, IxDyn};

/// The shape of arrays that all have the same one, except for single numbers: then no axis has to be looked at.
#[inline]
pub(super) fn common<'s>(shapes: impl Iterator<Item = &'s [usize]> + Clone) -> Option<&'s [usize]> {
    let is_number = |shape: &[usize]| shape.iter().all(|&len| len == 1);
    let whole = shapes.clone().find(|shape| !is_number(shape))?;
    let mut fitting = shapes.map(|shape| shape == whole || (is_number(shape) && shape.len() <= whole.len()));
    fitting.all(|fits| fits).then_some(whole)
}

/// The shape that arrays have when they are broadcast together.
pub(super) struct Frame {
    pub(super) shape: IxDyn,
}

impl Frame {
    #[track_caller]
    pub(super) fn of<'s>(shapes: impl Iterator<Item = &'s [usize]> + Clone) -> Self {
        let rank = shapes.clone().map(<[usize]>::len).max().unwrap_or(0);
        // Few axes need no allocation.
        let mut shape = [1; 4].get(..rank).map_or_else(|| IxDyn(&vec![1; rank]), IxDyn);
        for other in shapes.clone() {
            for (len, &its) in shape.slice_mut()[rank - other.len()..].iter_mut().zip(other) {
                if *len == 1 {
                    *len = its;
                } else if its != *len && its != 1 {
                    let shapes: Vec<_> = shapes.collect();
                    panic!("elementwise operations: the shapes {shapes:?} cannot be broadcast together");
                }
            }
        }
        Self { shape }
    }

    /// The shape in the order in which elements are gone through.
    pub(super) fn ordered(&self, reversed: bool) -> IxDyn {
        let mut shape = self.shape.clone();
        if reversed {
            shape.slice_mut().reverse();
        }
        shape
    }

    /// The same array with as many axes as the frame.
    pub(super) fn raise<'v, A>(&self, mut view: ArrayViewD<'v, A>) -> ArrayViewD<'v, A> {
        while view.ndim() < self.shape.ndim() {
            view = view.insert_axis(Axis(0));
        }
        view
    }

    pub(super) fn raise_mut<'v, A>(&self, mut view: ArrayViewMutD<'v, A>) -> ArrayViewMutD<'v, A> {
        while view.ndim() < self.shape.ndim() {
            view = view.insert_axis(Axis(0));
        }
        view
    }

    /// Whether the arrays of full size lie in memory column by column and not row by row.
    pub(super) fn is_reversed<'s>(&self, arrays: impl Iterator<Item = (&'s [usize], &'s [isize])>) -> bool {
        let mut full = arrays.filter(|(shape, _)| *shape == self.shape.slice()).peekable();
        let rows = |shape: &[usize], strides: &[isize]| {
            let mut expected = 1;
            shape.iter().zip(strides).rev().all(|(&len, &stride)| {
                let fits = len == 1 || stride == expected;
                expected *= len as isize;
                fits
            })
        };
        let columns = |shape: &[usize], strides: &[isize]| {
            let mut expected = 1;
            shape.iter().zip(strides).all(|(&len, &stride)| {
                let fits = len == 1 || stride == expected;
                expected *= len as isize;
                fits
            })
        };
        full.peek().is_some() && full.all(|(shape, strides)| columns(shape, strides) && !rows(shape, strides))
    }

    /// The inputs with as many axes as the frame, and whether their axes have been reversed.
    pub(super) fn arrange<'v, A, const N: usize>(
        &self,
        inputs: [ArrayViewD<'v, A>; N],
    ) -> ([ArrayViewD<'v, A>; N], bool) {
        let inputs = inputs.map(|input| self.raise(input));
        let reversed = self.is_reversed(inputs.iter().map(|input| (input.shape(), input.strides())));
        (if reversed { inputs.map(ArrayViewD::reversed_axes) } else { inputs }, reversed)
    }
}

/// The axes along which an array is not repeated, if they are neighbours: element `i` of the whole is then that at
/// `(i / inner) % len`, and this gives `inner`.
pub(super) fn period(shape: &[usize], whole: &[usize]) -> Option<usize> {
    let varies = |axis: &usize| shape[*axis] != 1;
    let Some(first) = (0..shape.len()).find(varies) else { return Some(1) };
    let last = (0..shape.len()).rfind(varies).unwrap_or(first);
    (shape[first..=last] == whole[first..=last]).then(|| whole[last + 1..].iter().product())
}
