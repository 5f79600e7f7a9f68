//! The values that a loop of known length keeps for the reverse sweep.

/// At most `N` values on the stack, read back from the last to the first.
///
/// ```
/// let mut tape: autodiff_core::ArrayTape<f64, 3> = autodiff_core::array_tape();
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

    /// Reads the entries from the last to the first.
    #[inline]
    pub fn reader(&self) -> TapeReader<'_, T> {
        TapeReader { unread: self.entries[..self.len].iter() }
    }

    /// Takes out everything.
    #[inline]
    pub fn clear(&mut self) {
        self.len = 0;
    }
}

/// At most `N` times `M` values on the stack, read back from the last to the first.
///
/// ```
/// let mut tape: autodiff_core::GridTape<f64, 2, 3> = autodiff_core::grid_tape();
/// (0..6).for_each(|k| tape.push(f64::from(k)));
/// assert_eq!(*tape.reader().pop(), 5.0);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct GridTape<T, const N: usize, const M: usize> {
    entries: [[T; M]; N],
    len: usize,
}

/// An empty [`GridTape`].
#[inline]
pub fn grid_tape<T: Copy + Default, const N: usize, const M: usize>() -> GridTape<T, N, M> {
    GridTape { entries: [[T::default(); M]; N], len: 0 }
}

impl<T, const N: usize, const M: usize> GridTape<T, N, M> {
    /// Puts an entry on top.
    ///
    /// # Panics
    ///
    /// If there are `N * M` entries already.
    #[inline]
    pub fn push(&mut self, entry: T) {
        self.entries.as_flattened_mut()[self.len] = entry;
        self.len += 1;
    }

    /// Reads the entries from the last to the first.
    #[inline]
    pub fn reader(&self) -> TapeReader<'_, T> {
        TapeReader { unread: self.entries.as_flattened()[..self.len].iter() }
    }

    /// Takes out everything.
    #[inline]
    pub fn clear(&mut self) {
        self.len = 0;
    }
}

/// One reading of a tape.
#[derive(Debug)]
pub struct TapeReader<'a, T> {
    unread: core::slice::Iter<'a, T>,
}

impl<'a, T> TapeReader<'a, T> {
    /// The last entry that has not been read yet.
    ///
    /// # Panics
    ///
    /// If all entries have been read. Generated code never does that.
    #[inline]
    pub fn pop(&mut self) -> &'a T {
        self.unread.next_back().expect("the reverse sweep read more saved values than the forward sweep pushed")
    }
}

/// At most `N` values of any type on the stack, of which none can be made up.
///
/// ```
/// let mut tape: autodiff_core::StackTape<_, 2> = autodiff_core::stack_tape();
/// tape.push(|x: f64| 2.0 * x);
/// assert_eq!(tape.reader().pop()(3.0), 6.0);
/// ```
#[derive(Clone, Debug)]
pub struct StackTape<T, const N: usize> {
    entries: [Option<T>; N],
    len: usize,
}

/// An empty [`StackTape`].
#[inline]
pub fn stack_tape<T, const N: usize>() -> StackTape<T, N> {
    StackTape { entries: [const { None }; N], len: 0 }
}

impl<T, const N: usize> StackTape<T, N> {
    /// Puts an entry on top.
    ///
    /// # Panics
    ///
    /// If there are `N` entries already.
    #[inline]
    pub fn push(&mut self, entry: T) {
        self.entries[self.len] = Some(entry);
        self.len += 1;
    }

    /// Reads the entries from the last to the first.
    #[inline]
    pub fn reader(&self) -> StackReader<'_, T> {
        StackReader { unread: self.entries[..self.len].iter() }
    }

    /// Takes out everything.
    #[inline]
    pub fn clear(&mut self) {
        self.len = 0;
    }
}

/// One reading of a [`StackTape`].
#[derive(Debug)]
pub struct StackReader<'a, T> {
    unread: core::slice::Iter<'a, Option<T>>,
}

impl<'a, T> StackReader<'a, T> {
    /// The last entry that has not been read yet.
    ///
    /// # Panics
    ///
    /// If all entries have been read. Generated code never does that.
    #[inline]
    pub fn pop(&mut self) -> &'a T {
        let entry = self.unread.next_back().and_then(Option::as_ref);
        entry.expect("the reverse sweep read more saved values than the forward sweep pushed")
    }
}
