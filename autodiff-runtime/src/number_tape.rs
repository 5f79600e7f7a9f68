//! The stack of numbers that a loop keeps for the reverse sweep, in memory that is used again.

use crate::TapeReader;
use crate::buffers::{Pooled, grown, hand_back, numbers};

/// Longer stacks are left to the allocator: the memory of a thread that waits is to be its own again.
const LONGEST: usize = 1 << 22;

/// A [`Tape`](crate::Tape) of numbers, which hands its memory back when it goes out of scope: the next call of the function
/// finds it, without a page that the system would have to clear first.
///
/// ```
/// let mut tape = autodiff_runtime::NumberTape::new();
/// tape.push(1.0);
/// tape.row(2).copy_from_slice(&[2.0, 3.0]);
/// let mut reader = tape.reader();
/// assert_eq!((*reader.pop(), reader.row(2)), (3.0, &[1.0, 2.0][..]));
/// ```
#[derive(Debug)]
pub struct NumberTape<T: Pooled> {
    /// The values saved so far, and then room for more.
    entries: Vec<T>,
    len: usize,
}

impl<T: Pooled> NumberTape<T> {
    /// An empty tape, for a loop whose number of trips is unknown.
    #[inline]
    pub const fn new() -> Self {
        Self { entries: Vec::new(), len: 0 }
    }

    /// An empty tape with room for `trips` entries.
    #[inline]
    pub fn with_capacity(trips: usize) -> Self {
        Self { entries: if trips > LONGEST { vec![T::ZERO; trips] } else { numbers(trips) }, len: 0 }
    }

    /// Saves one value.
    #[inline]
    pub fn push(&mut self, entry: T) {
        if self.len == self.entries.len() {
            self.grow(1);
        }
        self.entries[self.len] = entry;
        self.len += 1;
    }

    /// Room for the values that `trips` trips of a loop are going to save, one each; until then it holds any numbers.
    #[inline]
    pub fn row(&mut self, trips: usize) -> &mut [T] {
        if self.entries.len() - self.len < trips {
            self.grow(trips);
        }
        let start = self.len;
        self.len += trips;
        &mut self.entries[start..self.len]
    }

    /// Makes room for at least so many entries more.
    #[cold]
    fn grow(&mut self, more: usize) {
        let needed = self.len.saturating_add(more);
        // What is not filled is not copied.
        self.entries.truncate(self.len);
        self.entries = grown(std::mem::take(&mut self.entries), needed.max(self.len.saturating_mul(2)));
    }

    /// Forgets all values and keeps the memory for others.
    #[inline]
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// Starts a reverse sweep. The tape stays as it is and may be read any number of times.
    #[inline]
    pub fn reader(&self) -> TapeReader<'_, T> {
        TapeReader::of_slice(&self.entries[..self.len])
    }
}

impl<T: Pooled> Default for NumberTape<T> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Pooled> Clone for NumberTape<T> {
    fn clone(&self) -> Self {
        let mut clone = Self::with_capacity(self.len);
        clone.row(self.len).copy_from_slice(&self.entries[..self.len]);
        clone
    }
}

impl<T: Pooled> Drop for NumberTape<T> {
    #[inline]
    fn drop(&mut self) {
        if !self.entries.is_empty() {
            hand_back(std::mem::take(&mut self.entries));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NumberTape;

    #[test]
    fn a_tape_grows_and_is_read_from_its_end() {
        let mut tape = NumberTape::new();
        (0..1000).for_each(|index| tape.push(f64::from(index)));
        let copy = tape.clone();
        tape.clear();
        tape.row(3).fill(7.0);
        assert_eq!(tape.reader().row(3), [7.0; 3]);
        let mut reader = copy.reader();
        (0..1000).rev().for_each(|index| assert_eq!(*reader.pop(), f64::from(index)));
        assert_eq!(reader.remaining(), 0);
    }

    #[test]
    fn the_next_tape_finds_the_memory_of_the_last_one() {
        let place = |tape: &mut NumberTape<f64>| tape.row(777).as_ptr();
        let mut tape = NumberTape::with_capacity(777);
        let first = place(&mut tape);
        drop(tape);
        assert_eq!(place(&mut NumberTape::with_capacity(777)), first);
    }
}
