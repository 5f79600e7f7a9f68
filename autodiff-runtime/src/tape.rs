//! The stack of values that a loop keeps for the reverse sweep.

/// Values saved by the trips of a loop, read back in the opposite order.
///
/// ```
/// use autodiff_runtime::Tape;
///
/// let mut tape = Tape::with_capacity(2);
/// tape.push("first");
/// tape.push("second");
/// let mut reader = tape.reader();
/// assert_eq!(reader.pop(), &"second");
/// assert_eq!(reader.pop(), &"first");
/// ```
#[derive(Clone, Debug)]
pub struct Tape<T> {
    entries: Vec<T>,
    /// Entries that were saved before these, where entries are large: such a tape is no single piece of memory.
    full: Vec<Vec<T>>,
}

/// Of entries of at least so many bytes, as pullbacks are, a tape allocates no more at a time than come to a kilobyte.
const LARGE: usize = 64;

impl<T> Tape<T> {
    /// How many entries are allocated at a time.
    const AT_ONCE: usize = match size_of::<T>() {
        small if small < LARGE => usize::MAX,
        large if large > 1024 => 1,
        large => 1024 / large,
    };

    /// An empty tape, for a loop whose number of trips is unknown.
    #[inline]
    pub const fn new() -> Self {
        Self { entries: Vec::new(), full: Vec::new() }
    }

    /// An empty tape with room for `trips` entries.
    #[inline]
    pub fn with_capacity(trips: usize) -> Self {
        Self { entries: Vec::with_capacity(trips.min(Self::AT_ONCE)), full: Vec::new() }
    }

    /// Saves one value.
    #[inline]
    pub fn push(&mut self, entry: T) {
        if size_of::<T>() >= LARGE && self.entries.len() == self.entries.capacity() {
            let full = std::mem::replace(&mut self.entries, Vec::with_capacity(Self::AT_ONCE));
            self.full.extend((!full.is_empty()).then_some(full));
        }
        self.entries.push(entry);
    }

    /// Room for the values that `trips` trips of a loop are going to save, one each; until then it holds defaults.
    ///
    /// ```
    /// let mut tape = autodiff_runtime::Tape::new();
    /// tape.push(0.0);
    /// tape.row(2).copy_from_slice(&[1.0, 2.0]);
    /// let mut reader = tape.reader();
    /// assert_eq!((reader.row(2), reader.pop()), (&[1.0, 2.0][..], &0.0));
    /// ```
    #[inline]
    pub fn row(&mut self, trips: usize) -> &mut [T]
    where
        T: Clone + Default,
    {
        let start = self.entries.len();
        if self.entries.capacity() == 0 {
            // The allocator has zeros.
            self.entries = vec![T::default(); trips];
        } else {
            self.entries.resize(start + trips, T::default());
        }
        &mut self.entries[start..]
    }

    /// The number of values saved so far.
    #[inline]
    pub fn len(&self) -> usize {
        self.entries.len() + self.full.iter().map(Vec::len).sum::<usize>()
    }

    /// Whether nothing has been saved.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All values saved.
    pub(crate) fn into_entries(self) -> impl Iterator<Item = T> {
        self.full.into_iter().flatten().chain(self.entries)
    }

    /// Forgets all values and keeps the memory for others.
    #[inline]
    pub fn clear(&mut self) {
        self.entries.clear();
        self.full.clear();
    }

    /// Starts a reverse sweep. The tape stays as it is and may be read any number of times.
    #[inline]
    pub fn reader(&self) -> TapeReader<'_, T> {
        TapeReader { unread: self.entries.iter(), before: &self.full, entries: self.len() }
    }
}

impl<T> Default for Tape<T> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

/// One reading of a [`Tape`], from the entry that was pushed last to the first.
#[derive(Debug)]
pub struct TapeReader<'a, T> {
    unread: std::slice::Iter<'a, T>,
    before: &'a [Vec<T>],
    /// How many there were at the start.
    entries: usize,
}

impl<'a, T> TapeReader<'a, T> {
    /// A reading of entries that lie in one piece.
    #[inline]
    pub(crate) fn of_slice(entries: &'a [T]) -> Self {
        TapeReader { unread: entries.iter(), before: &[], entries: entries.len() }
    }

    /// The last entry that has not been read yet.
    ///
    /// # Panics
    ///
    /// If all entries have been read. Generated code never does that.
    #[inline]
    pub fn pop(&mut self) -> &'a T {
        match self.unread.next_back() {
            Some(entry) => entry,
            None => self.earlier(),
        }
    }

    /// The last entry of those that were saved before the ones at hand.
    #[cold]
    fn earlier(&mut self) -> &'a T {
        let Some((last, before)) = self.before.split_last() else { tape_is_empty() };
        self.before = before;
        self.unread = last.iter();
        self.pop()
    }

    /// The last `trips` entries that have not been read yet, in the order in which they were saved.
    ///
    /// # Panics
    ///
    /// If there are fewer. Generated code never asks for more.
    #[inline]
    pub fn row(&mut self, trips: usize) -> &'a [T] {
        let unread = self.unread.as_slice();
        let Some(start) = unread.len().checked_sub(trips) else { tape_is_empty() };
        let (rest, row) = unread.split_at(start);
        self.unread = rest.iter();
        row
    }

    /// The number of entries that have not been read yet.
    #[inline]
    pub fn remaining(&self) -> usize {
        self.unread.len() + self.before.iter().map(Vec::len).sum::<usize>()
    }
}

/// A reverse sweep that leaves some saved values unread ran fewer trips, or took other branches, than the forward sweep.
/// It reads none where they serve only a derivative that the caller does not want.
impl<T> Drop for TapeReader<'_, T> {
    #[inline]
    fn drop(&mut self) {
        if !(self.unread.as_slice().is_empty() && self.before.is_empty()) && self.remaining() != self.entries {
            tape_is_left();
        }
    }
}

#[cold]
#[inline(never)]
fn tape_is_left() {
    assert!(
        std::thread::panicking(),
        "internal error of `differentiable`: the reverse sweep read fewer saved values than the forward sweep pushed; \
         please report the annotated function"
    );
}

#[cold]
#[inline(never)]
fn tape_is_empty() -> ! {
    panic!(
        "internal error of `differentiable`: the reverse sweep read more saved values than the forward sweep pushed; \
         please report the annotated function"
    )
}

/// A [`Tape`] of at most `N` entries that lies on the stack, for loops whose number of trips is a literal.
///
/// ```
/// let mut tape: autodiff_runtime::ArrayTape<f64, 3> = autodiff_runtime::array_tape();
/// tape.push(1.0);
/// tape.push(2.0);
/// let mut reader = tape.reader();
/// assert_eq!((*reader.pop(), *reader.pop()), (2.0, 1.0));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ArrayTape<T, const N: usize> {
    entries: [T; N],
    len: usize,
}

/// An empty [`ArrayTape`].
#[inline]
pub fn array_tape<T: Copy + Default, const N: usize>() -> ArrayTape<T, N> {
    ArrayTape { entries: [T::default(); N], len: 0 }
}

impl<T, const N: usize> ArrayTape<T, N> {
    /// Puts an entry on top.
    ///
    /// # Panics
    ///
    /// If there are `N` entries already.
    #[inline]
    pub fn push(&mut self, entry: T) {
        self.entries[self.len] = entry;
        self.len += 1;
    }

    /// Forgets all entries.
    #[inline]
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// Reads the entries from the last to the first.
    #[inline]
    pub fn reader(&self) -> TapeReader<'_, T> {
        TapeReader { unread: self.entries[..self.len].iter(), before: &[], entries: self.len }
    }
}

#[cfg(test)]
mod tests {
    use super::Tape;

    fn of_two() -> Tape<f64> {
        let mut tape = Tape::new();
        tape.push(1.0);
        tape.push(2.0);
        tape
    }

    #[test]
    fn a_reading_ends_at_the_first_entry_or_is_not_begun() {
        let tape = of_two();
        drop(tape.reader());
        let mut reader = tape.reader();
        assert_eq!((*reader.pop(), *reader.pop()), (2.0, 1.0));
    }

    #[test]
    fn large_entries_lie_in_several_pieces() {
        let mut tape = Tape::with_capacity(40);
        (0..40).for_each(|index| tape.push([index; 30]));
        assert_eq!((tape.len(), tape.full.len()), (40, 4));
        let mut reader = tape.reader();
        (0..40).rev().for_each(|index| assert_eq!(reader.pop()[0], index));
        assert_eq!(reader.remaining(), 0);
        drop(reader);
        assert!(tape.into_entries().map(|entry| entry[29]).eq(0..40));
    }

    #[test]
    #[should_panic(expected = "read fewer saved values")]
    fn a_reading_that_stops_in_between_is_reported() {
        let tape = of_two();
        tape.reader().pop();
    }
}
