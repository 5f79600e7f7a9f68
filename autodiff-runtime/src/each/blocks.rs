//! Elements in blocks: where they come from and where they go.

use ndarray::iter::Iter;
use ndarray::{Array, ArrayViewD, ArrayViewMutD, Axis, Dimension, IxDyn};

use super::frame::period;
use crate::Float;

/// How many elements are computed together.
pub(super) const BLOCK: usize = 64;

/// Where the elements of an input come from, in the order of the whole.
pub(super) enum Source<'v, A> {
    /// They lie in memory in this order.
    Slice(&'v [A]),
    /// It is always the same.
    One(&'v A),
    /// The same numbers come again and again, each `inner` times.
    Periodic { values: &'v [A], inner: usize },
    /// Anything else.
    Any(Iter<'v, A, IxDyn>),
}

impl<'v, A: Float> Source<'v, A> {
    /// A view whose elements lie in memory in the order of the whole, or which is one number.
    #[inline]
    pub(super) fn flat(view: &'v ArrayViewD<'_, A>) -> Option<Self> {
        view.as_slice().map(|values| if values.len() == 1 { Self::One(&values[0]) } else { Self::Slice(values) })
    }

    pub(super) fn new(view: &'v ArrayViewD<'_, A>, shape: &IxDyn) -> Self {
        match (view.as_slice(), period(view.shape(), shape.slice())) {
            (Some(values), _) if view.shape() == shape.slice() => Self::Slice(values),
            (Some([value]), _) => Self::One(value),
            (Some(values), Some(inner)) => Self::Periodic { values, inner },
            _ => {
                let whole = view.broadcast(shape.clone()).expect("the shapes have been compared");
                Self::Any(whole.into_iter())
            }
        }
    }

    /// The next block, in the array itself where it is a whole one there.
    #[inline]
    pub(super) fn block<'b>(&'b mut self, start: usize, len: usize, buffer: &'b mut [A; BLOCK]) -> &'b [A; BLOCK] {
        match self {
            Self::Slice(values) => {
                if let Some(block) = values.get(start..).and_then(<[A]>::first_chunk) {
                    return block;
                }
                buffer[..len].copy_from_slice(&values[start..start + len]);
            }
            // It stays in the buffer.
            Self::One(value) if start == 0 => buffer.fill(**value),
            Self::One(_) => {}
            Self::Periodic { values, inner } => runs(start, len, values.len(), *inner, |block, from, step| {
                let count = block.len();
                if step == 0 {
                    buffer[block].fill(values[from]);
                } else {
                    buffer[block].copy_from_slice(&values[from..from + count]);
                }
            }),
            Self::Any(iter) => buffer[..len].iter_mut().zip(iter).for_each(|(place, &value)| *place = value),
        }
        buffer
    }
}

/// Cuts a block of a periodic sequence into runs: those of one number, with the step 0, and those of consecutive ones.
#[inline]
fn runs(
    start: usize,
    len: usize,
    period: usize,
    inner: usize,
    mut run: impl FnMut(std::ops::Range<usize>, usize, usize),
) {
    let mut at = 0;
    while at < len {
        let from = (start + at) / inner % period;
        let (count, step) = if inner == 1 { (period - from, 1) } else { (inner - (start + at) % inner, 0) };
        let end = len.min(at + count);
        run(at..end, from, step);
        at = end;
    }
}

/// Where the contributions to an output go, in the order of the whole.
pub(super) enum Sink<'v, A> {
    /// The output lies in memory in this order.
    Slice(&'v mut [A]),
    /// All are added to one number.
    Sum { place: &'v mut A, sums: [A; BLOCK] },
    /// The same numbers come again and again, each `inner` times.
    Periodic { values: &'v mut [A], inner: usize },
    /// Anything else: the contributions are kept, and added in the end.
    Any { place: ArrayViewMutD<'v, A>, kept: Vec<A>, shape: IxDyn },
}

impl<'v, A: Float> Sink<'v, A> {
    pub(super) fn new(view: ArrayViewMutD<'v, A>, shape: &IxDyn) -> Self {
        let (whole, period) = (view.shape() == shape.slice(), period(view.shape(), shape.slice()));
        if !view.is_standard_layout() || (period.is_none() && !whole) {
            return Self::Any { place: view, kept: Vec::with_capacity(shape.size()), shape: shape.clone() };
        }
        let values = view.into_slice().expect("the layout is standard");
        match (values, period) {
            (values, _) if whole => Self::Slice(values),
            ([place], _) => Self::Sum { place, sums: [A::zero(); BLOCK] },
            (values, inner) => Self::Periodic { values, inner: inner.unwrap_or(1) },
        }
    }

    #[inline]
    pub(super) fn add(&mut self, start: usize, len: usize, block: &[A; BLOCK]) {
        match self {
            Self::Slice(values) => {
                if let Some(values) = values.get_mut(start..).and_then(<[A]>::first_chunk_mut::<BLOCK>) {
                    values.iter_mut().zip(block).for_each(|(value, &part)| *value += part);
                } else {
                    values[start..].iter_mut().zip(&block[..len]).for_each(|(value, &part)| *value += part);
                }
            }
            // What stands after the last element of a block is zero.
            Self::Sum { place: _, sums } => sums.iter_mut().zip(block).for_each(|(sum, &part)| *sum += part),
            Self::Periodic { values, inner } => runs(start, len, values.len(), *inner, |range, from, step| {
                if step == 0 {
                    values[from] += block[range].iter().copied().sum();
                } else {
                    values[from..].iter_mut().zip(&block[range]).for_each(|(value, &part)| *value += part);
                }
            }),
            Self::Any { kept, .. } => kept.extend_from_slice(&block[..len]),
        }
    }

    pub(super) fn finish(self) {
        match self {
            Self::Slice(_) | Self::Periodic { .. } => {}
            Self::Sum { place, sums } => *place += total(sums),
            Self::Any { mut place, kept, shape } => {
                let mut parts = Array::from_shape_vec(shape, kept).expect("an element for each place");
                for axis in 0..place.ndim() {
                    if place.len_of(Axis(axis)) == 1 && parts.len_of(Axis(axis)) != 1 {
                        parts = parts.sum_axis(Axis(axis)).insert_axis(Axis(axis));
                    }
                }
                place += &parts;
            }
        }
    }
}

/// The sum of all numbers, in pairs.
pub(super) fn total<A: Float>(mut sums: [A; BLOCK]) -> A {
    let mut half = BLOCK / 2;
    while half > 0 {
        (0..half).for_each(|i| sums[i] += sums[i + half]);
        half /= 2;
    }
    sums[0]
}
