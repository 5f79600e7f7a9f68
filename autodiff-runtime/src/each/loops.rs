//! The loops over blocks: what is done with the elements of several inputs.

use std::array;

use super::blocks::{BLOCK, Sink, Source, total};
use super::straight::contribute;
use crate::kernel::Loop;
use crate::{Float, buffers};

/// The blocks of all inputs, one after the other. `WIDE` tells the loops of different instruction sets apart, so that the
/// compiler puts what they do into each.
#[inline(always)]
fn for_each_block<const WIDE: bool, A: Float, const N: usize>(
    size: usize,
    mut sources: [Source<'_, A>; N],
    mut action: impl FnMut([&[A; BLOCK]; N], usize),
) {
    let mut buffers = [[A::zero(); BLOCK]; N];
    for start in (0..size).step_by(BLOCK) {
        let len = BLOCK.min(size - start);
        let mut pairs = sources.iter_mut().zip(&mut buffers);
        let rows = array::from_fn(|_| {
            let (source, buffer) = pairs.next().expect("one for each input");
            source.block(start, len, buffer)
        });
        action(rows, len);
    }
}

/// The elements that `f` gives.
pub(super) struct Mapped<'v, A, F, const N: usize> {
    pub(super) size: usize,
    pub(super) sources: [Source<'v, A>; N],
    pub(super) f: F,
}

impl<A: Float, F: FnMut([A; N]) -> A, const N: usize> Loop for Mapped<'_, A, F, N> {
    type Result = Vec<A>;

    #[inline(always)]
    fn run<const WIDE: bool>(mut self) -> Vec<A> {
        let mut result = buffers::numbers(self.size);
        let mut places = result.chunks_mut(BLOCK);
        for_each_block::<WIDE, _, N>(self.size, self.sources, |rows, len| {
            let Some(places) = places.next() else { return };
            if let Some(block) = places.first_chunk_mut::<BLOCK>() {
                (0..BLOCK).for_each(|i| block[i] = (self.f)(rows.map(|row| row[i])));
            } else {
                (0..len).for_each(|i| places[i] = (self.f)(rows.map(|row| row[i])));
            }
        });
        result
    }
}

/// The sum of what `f` gives.
pub(super) struct Summed<'v, A, F, const N: usize> {
    pub(super) size: usize,
    pub(super) sources: [Source<'v, A>; N],
    pub(super) f: F,
}

impl<A: Float, F: FnMut([A; N]) -> A, const N: usize> Loop for Summed<'_, A, F, N> {
    type Result = A;

    #[inline(always)]
    fn run<const WIDE: bool>(mut self) -> A {
        let mut sums = [A::zero(); BLOCK];
        for_each_block::<WIDE, _, N>(self.size, self.sources, |rows, len| {
            if len == BLOCK {
                (0..BLOCK).for_each(|i| sums[i] += (self.f)(rows.map(|row| row[i])));
            } else {
                (0..len).for_each(|i| sums[i] += (self.f)(rows.map(|row| row[i])));
            }
        });
        total(sums)
    }
}

/// Adds to the outputs what `f` adds to its first argument.
pub(super) struct Added<'v, A, F, const M: usize, const N: usize> {
    pub(super) size: usize,
    pub(super) sinks: [Sink<'v, A>; M],
    pub(super) sources: [Source<'v, A>; N],
    pub(super) f: F,
}

impl<A: Float, F: FnMut([&mut A; M], [A; N]), const M: usize, const N: usize> Loop for Added<'_, A, F, M, N> {
    type Result = ();

    #[inline(always)]
    fn run<const WIDE: bool>(mut self) {
        let mut start = 0;
        let mut blocks = [[A::zero(); BLOCK]; M];
        for_each_block::<WIDE, _, N>(self.size, self.sources, |rows, len| {
            if len == BLOCK {
                (0..BLOCK).for_each(|i| contribute(&mut self.f, &mut blocks, rows, i));
            } else {
                // What stands after the last element has to be zero, for sinks may add whole blocks.
                blocks = [[A::zero(); BLOCK]; M];
                (0..len).for_each(|i| contribute(&mut self.f, &mut blocks, rows, i));
            }
            self.sinks.iter_mut().zip(&blocks).for_each(|(sink, block)| sink.add(start, len, block));
            start += len;
        });
        self.sinks.into_iter().for_each(Sink::finish);
    }
}
