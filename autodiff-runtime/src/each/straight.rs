//! The loop over arrays of one shape that lie in memory in one order, and numbers: no axis is looked at.

use std::array;

use super::Output;
use super::blocks::{BLOCK, total};
use crate::Float;
use crate::kernel::Loop;

/// Where contributions to an output go, if no axis has to be looked at.
pub(super) enum Target<'v, A> {
    /// They are added to elements in this order.
    Add(&'v mut [A]),
    /// They are added to one number.
    Sum(&'v mut A),
    /// They are the elements.
    New(&'v mut Vec<A>),
}

impl<'v, A: Float> Target<'v, A> {
    /// Elements of an array of the whole's shape, or a number.
    pub(super) fn of(output: &'v mut Output<'_, A>, size: usize) -> Option<Self> {
        match output {
            Output::Old(view) => {
                let values = view.as_slice_mut()?;
                Some(if values.len() == 1 && size != 1 { Self::Sum(&mut values[0]) } else { Self::Add(values) })
            }
            // The sum of all contributions starts from an element that there is.
            Output::New(_, shape) if shape.iter().product::<usize>() != size => None,
            Output::New(elements, _) => Some(Self::New(elements)),
        }
    }
}

/// The same as [`Added`](super::loops::Added), without a look at where a block comes from.
pub(super) struct Straight<'v, A, F, const M: usize, const N: usize> {
    pub(super) size: usize,
    pub(super) targets: [Target<'v, A>; M],
    /// One number stands for as many as are needed.
    pub(super) sources: [&'v [A]; N],
    pub(super) f: F,
}

impl<A: Float, F: FnMut([&mut A; M], [A; N]), const M: usize, const N: usize> Loop for Straight<'_, A, F, M, N> {
    type Result = ();

    #[inline(always)]
    fn run<const WIDE: bool>(mut self) {
        let size = self.size;
        let single = self.sources.map(|source| source.len() == 1 && size != 1);
        let repeated: [[A; BLOCK]; N] =
            array::from_fn(|n| [self.sources[n].first().copied().unwrap_or_default(); BLOCK]);
        let mut sums = [[A::zero(); BLOCK]; M];
        let whole = size - size % BLOCK;
        for start in (0..whole).step_by(BLOCK) {
            let rows: [&[A; BLOCK]; N] =
                array::from_fn(|n| match self.sources[n][start * usize::from(!single[n])..].first_chunk() {
                    Some(block) if !single[n] => block,
                    Some(_) | None => &repeated[n],
                });
            let mut blocks = [[A::zero(); BLOCK]; M];
            (0..BLOCK).for_each(|i| contribute(&mut self.f, &mut blocks, rows, i));
            for ((target, block), sums) in self.targets.iter_mut().zip(&blocks).zip(&mut sums) {
                match target {
                    Target::Add(values) => {
                        let places = values[start..].first_chunk_mut::<BLOCK>().expect("as long as the whole");
                        places.iter_mut().zip(block).for_each(|(place, &part)| *place += part);
                    }
                    Target::Sum(_) => sums.iter_mut().zip(block).for_each(|(sum, &part)| *sum += part),
                    Target::New(values) => values.extend_from_slice(block),
                }
            }
        }
        for i in whole..size {
            let mut parts = [A::zero(); M];
            let row = array::from_fn(|n| if single[n] { self.sources[n][0] } else { self.sources[n][i] });
            (self.f)(parts.each_mut(), row);
            for ((target, part), sums) in self.targets.iter_mut().zip(parts).zip(&mut sums) {
                match target {
                    Target::Add(values) => values[i] += part,
                    Target::Sum(_) => sums[i - whole] += part,
                    Target::New(values) => values.push(part),
                }
            }
        }
        for (target, sums) in self.targets.into_iter().zip(sums) {
            if let Target::Sum(place) = target {
                *place += total(sums);
            }
        }
    }
}

/// The contributions of an element, collected in registers and stored once.
#[inline(always)]
pub(super) fn contribute<A: Float, const M: usize, const N: usize>(
    f: &mut impl FnMut([&mut A; M], [A; N]),
    blocks: &mut [[A; BLOCK]; M],
    rows: [&[A; BLOCK]; N],
    i: usize,
) {
    let mut parts = [A::zero(); M];
    f(parts.each_mut(), rows.map(|row| row[i]));
    blocks.iter_mut().zip(parts).for_each(|(block, part)| block[i] = part);
}
