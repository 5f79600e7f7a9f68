//! Memory that is used again: a training step that has run once takes no more from the system.
//!
//! Kernels, and the operations that generated derivatives call, take the memory of their results here. Generated
//! derivatives hold arrays that they need for a while as [`Kept`], which hands the memory back when it goes out of scope.
//! So the next step finds every buffer that the last one used, still in the caches, and without a page that the system
//! would have to clear first.
//!
//! Buffers come in sizes of which there are four from one power of two to the next. Only memory that was taken here is
//! kept, which its capacity tells: what users allocated is freed as ever, and there are never more buffers of a size than
//! were in use at one time.
// The trait is a supertrait of the public `Float`, but nobody else names what is here.
#![allow(unreachable_pub)]

use std::any::Any;
use std::cell::RefCell;
use std::hint::black_box;
use std::ops::{Deref, DerefMut};
use std::sync::Once;
use std::thread::LocalKey;

use ndarray::{Array, ArrayBase, ArrayView, Data, Dimension, ShapeBuilder};

use crate::{Differentiable, Float, Tangent, Tape, Tensor};

/// Fewer numbers are left to the allocator, which is fast for little.
const FEWEST: usize = 64;

/// What a buffer can hold beyond its size, which tells it from other memory.
const SPARE: usize = 5;

/// After so many buffers have been taken, those that were not needed meanwhile are freed.
const PERIOD: usize = 1 << 16;

/// Larger buffers that grow are left to the allocator: the memory of a thread that waits is to be its own again.
const LARGEST_GROWN: usize = 1 << 22;

/// The buffers of a thread that nobody uses at the moment, by sizes.
pub struct Pool<A> {
    shelves: Vec<Shelf<A>>,
    taken: usize,
}

struct Shelf<A> {
    buffers: Vec<Vec<A>>,
    /// How many of its size have been taken and not handed back.
    lent: usize,
    /// The fewest buffers that were left since the last count.
    idle: usize,
}

/// A number that has a pool of buffers.
pub trait Pooled: Copy + 'static {
    /// The pool of this thread.
    fn pool() -> &'static LocalKey<RefCell<Pool<Self>>>;
    /// What new memory is filled with.
    const ZERO: Self;
}

macro_rules! impl_pooled {
    ($($number:ident = $zero:literal)*) => {$(
        impl Pooled for $number {
            fn pool() -> &'static LocalKey<RefCell<Pool<Self>>> {
                thread_local!(static POOL: RefCell<Pool<$number>> = const { RefCell::new(Pool::new()) });
                &POOL
            }
            const ZERO: Self = $zero;
        }
    )*};
}

impl_pooled!(f32 = 0.0 f64 = 0.0 u32 = 0 usize = 0 bool = false);

/// The number of the shelf of the smallest buffers for so many numbers, and their size.
fn shelf(len: usize) -> (usize, usize) {
    let octave = len.ilog2();
    let step = 1 << (octave - 2);
    let steps = (len - (1 << octave)).div_ceil(step);
    (4 * (octave - FEWEST.ilog2()) as usize + steps, (1 << octave) + steps * step)
}

impl<A: Pooled> Pool<A> {
    const fn new() -> Self {
        Self { shelves: Vec::new(), taken: 0 }
    }

    fn take(&mut self, number: usize) -> Option<Vec<A>> {
        self.taken += 1;
        if self.taken.is_multiple_of(PERIOD) {
            self.free_idle();
        }
        while self.shelves.len() <= number {
            self.shelves.push(Shelf { buffers: Vec::new(), lent: 0, idle: 0 });
        }
        let shelf = &mut self.shelves[number];
        shelf.lent += 1;
        let buffer = shelf.buffers.pop();
        shelf.idle = shelf.idle.min(shelf.buffers.len());
        buffer
    }

    fn give(&mut self, buffer: Vec<A>) {
        let Some(size) = buffer.capacity().checked_sub(SPARE).filter(|size| *size >= FEWEST) else { return };
        let (number, own) = shelf(size);
        if let Some(shelf) = self.shelves.get_mut(number).filter(|shelf| own == size && shelf.lent > 0) {
            shelf.lent -= 1;
            shelf.buffers.push(buffer);
        }
    }

    /// The smallest buffer at hand of at least the size of a shelf.
    fn take_larger(&mut self, number: usize) -> Option<Vec<A>> {
        let shelf = self.shelves.iter_mut().skip(number).find(|shelf| !shelf.buffers.is_empty())?;
        shelf.lent += 1;
        let buffer = shelf.buffers.pop();
        shelf.idle = shelf.idle.min(shelf.buffers.len());
        buffer
    }

    /// A buffer that was taken from the shelf of this size, or is new, becomes one of another size.
    fn exchange(&mut self, buffer: &Vec<A>, number: Option<usize>) {
        let size = buffer.capacity().checked_sub(SPARE).filter(|size| *size >= FEWEST);
        if let Some((own, _)) = size.map(shelf).filter(|(_, own)| size == Some(*own))
            && let Some(shelf) = self.shelves.get_mut(own)
        {
            shelf.lent = shelf.lent.saturating_sub(1);
        }
        if let Some(number) = number {
            while self.shelves.len() <= number {
                self.shelves.push(Shelf { buffers: Vec::new(), lent: 0, idle: 0 });
            }
            self.shelves[number].lent += 1;
        }
    }

    fn free_idle(&mut self) {
        for shelf in &mut self.shelves {
            shelf.buffers.truncate(shelf.buffers.len() - shelf.idle);
            shelf.idle = shelf.buffers.len();
        }
    }
}

/// Blocks of fewer bytes are kept by the GNU allocator anyway.
const LARGE: usize = 128 << 10;

/// The largest block whose size teaches the GNU allocator something.
const LESSON: usize = (32 << 20) - (64 << 10);

/// The distance of places of which no page has two.
const PAGE: usize = 4096;

/// Has the allocator keep large blocks that are freed.
///
/// Gradients belong to users, who drop them, and the next call needs as much again. The GNU allocator gives a large block
/// back to the system, which clears every page that it hands out anew, and that takes longer than to compute what is
/// written there. It does so with blocks that are larger than all that have been freed before: freeing a very large one,
/// whose pages nobody has touched, is enough. Other allocators are not troubled.
fn keep_large_blocks() {
    static TAUGHT: Once = Once::new();
    TAUGHT.call_once(|| drop(black_box(Vec::<u8>::with_capacity(LESSON))));
}

/// Writes to every page of new memory. The first access to a page costs an interruption; if it were a reading one, as where
/// something is added, the first write would cost another.
fn touch<A: Pooled>(buffer: &mut [A]) {
    buffer.chunks_mut(PAGE / size_of::<A>()).for_each(|page| page[0] = black_box(A::ZERO));
}

/// A buffer of so many numbers, and whether all of them are zero; else they have any value.
fn take<A: Pooled>(len: usize) -> (Vec<A>, bool) {
    if len < FEWEST {
        return (vec![A::ZERO; len], true);
    }
    let (number, size) = shelf(len);
    // The pool of a thread that ends may be gone.
    let buffer = A::pool().try_with(|pool| pool.borrow_mut().take(number)).ok().flatten();
    let new = buffer.is_none();
    if new && size * size_of::<A>() >= LARGE {
        keep_large_blocks();
    }
    // New memory is given by the system as zeros.
    let mut buffer = buffer.unwrap_or_else(|| vec![A::ZERO; size + SPARE]);
    buffer.resize(len, A::ZERO);
    (buffer, new)
}

/// Memory for so many numbers that others will own.
pub(crate) fn empty<A>(len: usize) -> Vec<A> {
    if len * size_of::<A>() >= LARGE {
        keep_large_blocks();
    }
    Vec::with_capacity(len)
}

/// So many numbers of any value.
pub(crate) fn numbers<A: Pooled>(len: usize) -> Vec<A> {
    take(len).0
}

/// A buffer of at least so many numbers, of which the first are those of the given one, which was taken here and has fewer.
pub(crate) fn grown<A: Pooled>(mut buffer: Vec<A>, len: usize) -> Vec<A> {
    let len = len.max(FEWEST);
    let (number, size) = shelf(len);
    let kept = size <= LARGEST_GROWN;
    // What grows needs as much again as it did the last time.
    let larger = A::pool().try_with(|pool| {
        let mut pool = pool.borrow_mut();
        let larger = if kept { pool.take_larger(number) } else { None };
        if larger.is_none() {
            pool.exchange(&buffer, kept.then_some(number));
        }
        larger
    });
    if let Ok(Some(mut larger)) = larger {
        larger.resize(larger.capacity() - SPARE, A::ZERO);
        larger[..buffer.len()].copy_from_slice(&buffer);
        hand_back(buffer);
        return larger;
    }
    buffer.reserve_exact(size + SPARE - buffer.len());
    buffer.resize(size, A::ZERO);
    buffer
}

/// So many zeros.
pub(crate) fn zeroed<A: Pooled>(len: usize) -> Vec<A> {
    let (mut buffer, zeroed) = take(len);
    if zeroed {
        touch(&mut buffer);
    } else {
        buffer.fill(A::ZERO);
    }
    buffer
}

/// Hands memory back that is not needed any more.
pub(crate) fn hand_back<A: Pooled>(buffer: Vec<A>) {
    // The pool of a thread that ends may be gone, and the buffer with it.
    let _ = A::pool().try_with(|pool| pool.borrow_mut().give(buffer));
}

/// Frees the memory that this thread keeps to use it again.
pub fn free_buffers() {
    fn free<A: Pooled>() {
        let _ = A::pool().try_with(|pool| *pool.borrow_mut() = Pool::new());
    }
    free::<f32>();
    free::<f64>();
    free::<u32>();
    free::<usize>();
    free::<bool>();
}

/// Hands the memory of an array back, if it is the array's own.
pub(crate) fn hand_back_array<A: Float, S: Data<Elem = A>, D: Dimension>(array: ArrayBase<S, D, A>) {
    if let Ok(own) = array.try_into_owned_nocopy() {
        hand_back(own.into_raw_vec_and_offset().0);
    }
}

/// An array whose elements have any value.
pub(crate) fn array<A: Float, D: Dimension>(dim: D) -> Array<A, D> {
    let elements = numbers(dim.size());
    Array::from_shape_vec(dim, elements).expect("an element for each place")
}

/// An array of zeros.
pub(crate) fn zeros<A: Float, D: Dimension>(dim: D) -> Array<A, D> {
    let elements = zeroed(dim.size());
    Array::from_shape_vec(dim, elements).expect("an element for each place")
}

/// A copy in row-major order.
pub(crate) fn copy_in_rows<A: Float, D: Dimension>(view: ArrayView<'_, A, D>) -> Array<A, D> {
    let mut copy = array(view.raw_dim());
    copy.assign(&view);
    copy
}

/// A copy that lies in memory as the original does, if that has no gaps, as `ndarray` makes copies.
pub(crate) fn copy<A: Float, D: Dimension>(view: ArrayView<'_, A, D>) -> Array<A, D> {
    let Some(elements) = view.as_slice_memory_order().filter(|_| view.strides().iter().all(|&stride| stride >= 0))
    else {
        return copy_in_rows(view);
    };
    let mut copied = numbers(elements.len());
    copied.copy_from_slice(elements);
    let mut strides = D::zeros(view.ndim());
    strides.slice_mut().iter_mut().zip(view.strides()).for_each(|(to, stride)| *to = stride.unsigned_abs());
    Array::from_shape_vec(view.raw_dim().strides(strides), copied).expect("the original has this layout")
}

/// Memory for so many elements of any value, if they are numbers of which there are buffers.
pub(crate) fn elements<E: 'static>(len: usize) -> Option<Vec<E>> {
    let mut elements: Option<Vec<E>> = None;
    let any: &mut dyn Any = &mut elements;
    if let Some(elements) = any.downcast_mut() {
        *elements = Some(numbers::<f32>(len));
    } else if let Some(elements) = any.downcast_mut() {
        *elements = Some(numbers::<f64>(len));
    }
    elements
}

/// A copy whose elements `replace` has replaced, some at a time, while they are in the cache.
pub(crate) fn map<A: Float, D: Dimension>(view: ArrayView<'_, A, D>, replace: impl Fn(&mut [A])) -> Array<A, D> {
    const AT_ONCE: usize = 1024;
    let mut mapped = array(view.raw_dim());
    let Some(values) = view.as_slice() else {
        mapped.assign(&view);
        replace(mapped.as_slice_mut().expect("a new array is in row-major order"));
        return mapped;
    };
    let places = mapped.as_slice_mut().expect("a new array is in row-major order");
    for (places, values) in places.chunks_mut(AT_ONCE).zip(values.chunks(AT_ONCE)) {
        places.copy_from_slice(values);
        replace(places);
    }
    mapped
}

/// An array of the elements of a number, an array or a view, which [`Kept`] may hold.
pub fn copy_of<T: Tensor + ?Sized>(tensor: &T) -> Array<T::Elem, T::Dim> {
    copy(tensor.tensor_view())
}

/// A value whose memory is handed back when it goes out of scope, to be used again.
///
/// It lies in a box, so that pullbacks, which hold many of them, are small.
pub struct Kept<T> {
    value: Option<Box<T>>,
    hand_back: fn(T),
}

impl<T> Kept<T> {
    #[inline]
    fn new(value: T, hand_back: fn(T)) -> Self {
        Self { value: Some(Box::new(value)), hand_back }
    }

    /// Puts another value in the place of this one, whose memory is handed back.
    #[inline]
    pub fn set(&mut self, value: T) {
        (self.hand_back)(std::mem::replace(&mut **self, value));
    }
}

/// Puts a value, which is computed with the one before, in the place of that one.
#[inline]
pub fn put<T>(value: T, place: &mut Kept<T>) {
    place.set(value);
}

/// A value that generated code needs for a while.
#[inline]
pub fn kept<T: Differentiable>(value: T) -> Kept<T> {
    Kept::new(value, T::hand_back)
}

/// A cotangent that generated code needs for a while.
#[inline]
pub fn kept_tangent<T: Tangent>(value: T) -> Kept<T> {
    Kept::new(value, <T as Tangent>::hand_back)
}

/// Numbers that a pullback needs.
#[inline]
pub(crate) fn kept_numbers<A: Pooled>(numbers: Vec<A>) -> Kept<Vec<A>> {
    Kept::new(numbers, hand_back)
}

/// The entries of a tape.
#[inline]
pub fn kept_tape<T: Differentiable>(tape: Tape<T>) -> Kept<Tape<T>> {
    Kept::new(tape, |tape| tape.into_entries().for_each(T::hand_back))
}

impl<T> Deref for Kept<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.value.as_deref().expect("the value is there until this is dropped")
    }
}

impl<T> DerefMut for Kept<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_deref_mut().expect("the value is there until this is dropped")
    }
}

impl<T> Drop for Kept<T> {
    #[inline]
    fn drop(&mut self) {
        if let Some(value) = self.value.take() {
            (self.hand_back)(*value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_near_and_keep_their_shelves() {
        let mut last = (0, FEWEST);
        for len in FEWEST..5000 {
            let (number, size) = shelf(len);
            assert!(size >= len && size <= len + len / 4, "{len} {size}");
            assert_eq!(shelf(size), (number, size));
            assert!(number == last.0 && size == last.1 || number == last.0 + 1 && size > last.1);
            last = (number, size);
        }
    }

    #[test]
    fn memory_is_used_again_and_zeroed_where_that_is_asked_for() {
        let mut first: Vec<f32> = zeroed(100);
        first.fill(3.0);
        let place = first.as_ptr();
        hand_back(first);
        let again: Vec<f32> = zeroed(110);
        assert_eq!(again.as_ptr(), place);
        assert!(again.len() == 110 && again.iter().all(|&number| number == 0.0));
    }

    #[test]
    fn what_grew_is_found_by_what_grows() {
        let grow = |mut buffer: Vec<u32>| {
            for len in [1, 100, 1000, 10_000] {
                buffer.last_mut().into_iter().for_each(|last| *last = 7);
                let last = buffer.len().saturating_sub(1);
                if buffer.len() < len {
                    buffer = grown(buffer, len);
                }
                assert!(buffer.len() >= len && (last == 0 || buffer[last] == 7));
            }
            buffer
        };
        let first = grow(Vec::new());
        let place = first.as_ptr();
        hand_back(first);
        let second = grown(Vec::<u32>::new(), 1);
        assert_eq!((second.as_ptr(), second.len()), (place, shelf(10_000).1));
        assert_eq!(u32::pool().with_borrow(|pool| pool.shelves.iter().map(|shelf| shelf.lent).sum::<usize>()), 1);
        let third = grow(second);
        assert_eq!(third.as_ptr(), place);
    }

    #[test]
    fn memory_of_others_is_not_kept() {
        hand_back(vec![1.0_f64; 200]);
        hand_back(vec![1.0_f64; shelf(200).1 + SPARE]);
        let lent = f64::pool().with_borrow(|pool| pool.shelves.iter().map(|shelf| shelf.buffers.len()).sum::<usize>());
        assert_eq!(lent, 0);
    }

    #[test]
    fn what_is_not_needed_for_long_is_freed() {
        hand_back(numbers::<u32>(1000));
        for _ in 0..2 * PERIOD {
            hand_back(numbers::<u32>(100));
        }
        u32::pool().with_borrow(|pool| {
            assert!(pool.shelves[shelf(1000).0].buffers.is_empty());
            assert_eq!(pool.shelves[shelf(100).0].buffers.len(), 1);
        });
    }
}
