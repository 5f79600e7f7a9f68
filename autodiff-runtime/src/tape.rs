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
}

impl<T> Tape<T> {
    /// An empty tape, for a loop whose number of trips is unknown.
    #[inline]
    pub const fn new() -> Self {
        Self { entries: Vec::new() }
    }

    /// An empty tape with room for `trips` entries.
    #[inline]
    pub fn with_capacity(trips: usize) -> Self {
        Self { entries: Vec::with_capacity(trips) }
    }

    /// Saves one value.
    #[inline]
    pub fn push(&mut self, entry: T) {
        self.entries.push(entry);
    }

    /// The number of values saved so far.
    #[inline]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing has been saved.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Starts a reverse sweep. The tape stays as it is and may be read any number of times.
    #[inline]
    pub fn reader(&self) -> TapeReader<'_, T> {
        TapeReader { unread: self.entries.iter() }
    }
}

impl<T> Default for Tape<T> {
    #[inline]
    fn default() -> Self {
        Self::new()
    }
}

/// One reading of a [`Tape`], from the entry that was pushed last to the first.
#[derive(Clone, Debug)]
pub struct TapeReader<'a, T> {
    unread: std::slice::Iter<'a, T>,
}

impl<'a, T> TapeReader<'a, T> {
    /// The last entry that has not been read yet.
    ///
    /// # Panics
    ///
    /// If all entries have been read. Generated code never does that.
    #[inline]
    pub fn pop(&mut self) -> &'a T {
        match self.unread.next_back() {
            Some(entry) => entry,
            None => tape_is_empty(),
        }
    }

    /// The number of entries that have not been read yet.
    #[inline]
    pub fn remaining(&self) -> usize {
        self.unread.len()
    }
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
/// assert_eq!(*tape.reader().pop(), 2.0);
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

    /// Reads the entries from the last to the first.
    #[inline]
    pub fn reader(&self) -> TapeReader<'_, T> {
        TapeReader { unread: self.entries[..self.len].iter() }
    }
}
