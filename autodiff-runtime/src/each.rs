//! One loop over the elements of several arrays, whose shapes are broadcast together.
//!
//! A chain of elementwise operations becomes one call of these functions: the closure is what happens to an element, and
//! no array exists between the operations. Elements are computed in blocks that stay in registers and in the innermost
//! cache, so that the compiler knows that what is written does not change what is read.

mod blocks;
mod frame;
mod functions;
mod loops;
mod new;
mod straight;

use ndarray::{Array, ArrayBase, ArrayRef, ArrayViewD, ArrayViewMutD, DataMut, Dimension};

pub use functions::*;
pub use new::{New, new_tangent};

use blocks::{Sink, Source};
use frame::{Frame, common};
use loops::{Added, Mapped, Summed};
use straight::{Straight, Target};

use crate::kernel::widest;
use crate::{Float, Tensor};

/// A number or an array to which contributions are added.
pub trait TensorMut: Tensor {
    /// A view of the elements.
    fn tensor_view_mut(&mut self) -> ArrayViewMutD<'_, Self::Elem>;
}

macro_rules! impl_scalar {
    ($($float:ident)*) => {$(
        impl TensorMut for $float {
            fn tensor_view_mut(&mut self) -> ArrayViewMutD<'_, $float> {
                ndarray::ArrayViewMut0::from_shape((), std::slice::from_mut(self)).expect("one number").into_dyn()
            }
        }
    )*};
}

impl_scalar!(f32 f64);

impl<A: Float, S: DataMut<Elem = A>, D: Dimension> TensorMut for ArrayBase<S, D, A> {
    fn tensor_view_mut(&mut self) -> ArrayViewMutD<'_, A> {
        self.view_mut().into_dyn()
    }
}

impl<A: Float, D: Dimension> TensorMut for ArrayRef<A, D> {
    fn tensor_view_mut(&mut self) -> ArrayViewMutD<'_, A> {
        self.view_mut().into_dyn()
    }
}

impl<T: TensorMut> TensorMut for &mut T
where
    Self: Tensor<Elem = T::Elem>,
{
    fn tensor_view_mut(&mut self) -> ArrayViewMutD<'_, Self::Elem> {
        (**self).tensor_view_mut()
    }
}

/// The elements of a number or an array, to be read by a loop.
#[inline]
pub fn each<T: Tensor + ?Sized>(tensor: &T) -> ArrayViewD<'_, T::Elem> {
    tensor.tensor_view().into_dyn()
}

/// What a loop adds to, or makes.
pub enum Output<'v, A> {
    /// Elements that there are.
    Old(ArrayViewMutD<'v, A>),
    /// Elements that are put into memory without any, and their shape.
    New(&'v mut Vec<A>, &'v [usize]),
}

/// The elements of a number or an array, to be added to by a loop.
#[inline]
pub fn each_mut<T: TensorMut + ?Sized>(tensor: &mut T) -> Output<'_, T::Elem> {
    Output::Old(tensor.tensor_view_mut())
}

/// The elements of an array, to be made by a loop.
#[inline]
pub fn each_new<A: Float, D: Dimension>(array: &mut New<A, D>) -> Output<'_, A> {
    array.output()
}

/// The inputs where they are, if no axis has to be looked at, and the shape of the whole.
#[inline]
fn flat<'v, A: Float, const N: usize>(inputs: &'v [ArrayViewD<'_, A>; N]) -> Option<([Source<'v, A>; N], &'v [usize])> {
    let shape = common(inputs.iter().map(|input| input.shape()))?;
    Some((all(inputs.each_ref().map(Source::flat))?, shape))
}

/// All, unless one is missing.
#[inline]
fn all<T, const N: usize>(mut parts: [Option<T>; N]) -> Option<[T; N]> {
    let complete = parts.iter().all(Option::is_some);
    complete.then(|| std::array::from_fn(|index| parts[index].take().expect("none is missing")))
}

/// The array of `f` of the elements.
///
/// # Panics
///
/// If the shapes cannot be broadcast together.
#[track_caller]
pub fn map_each<D: Dimension, A: Float, const N: usize>(
    inputs: [ArrayViewD<'_, A>; N],
    f: impl FnMut([A; N]) -> A,
) -> Array<A, D> {
    if let Some((sources, shape)) = flat(&inputs)
        && D::NDIM.is_none_or(|axes| axes == shape.len())
    {
        let mut dim = D::zeros(shape.len());
        dim.slice_mut().copy_from_slice(shape);
        let result = widest(Mapped { size: dim.size(), sources, f });
        return Array::from_shape_vec(dim, result).expect("an element for each place");
    }
    let frame = Frame::of(inputs.iter().map(|input| input.shape()));
    let (inputs, reversed) = frame.arrange(inputs);
    let shape = frame.ordered(reversed);
    let result =
        widest(Mapped { size: shape.size(), sources: inputs.each_ref().map(|input| Source::new(input, &shape)), f });
    let array = Array::from_shape_vec(shape, result).expect("an element for each place");
    let array = if reversed { array.reversed_axes() } else { array };
    array.into_dimensionality().expect("broadcasting gives the larger number of axes")
}

/// The sum of `f` of the elements.
///
/// # Panics
///
/// If the shapes cannot be broadcast together.
#[track_caller]
pub fn sum_each<A: Float, const N: usize>(inputs: [ArrayViewD<'_, A>; N], f: impl FnMut([A; N]) -> A) -> A {
    if let Some((sources, shape)) = flat(&inputs) {
        return widest(Summed { size: shape.iter().product(), sources, f });
    }
    let frame = Frame::of(inputs.iter().map(|input| input.shape()));
    let (inputs, reversed) = frame.arrange(inputs);
    let shape = frame.ordered(reversed);
    widest(Summed { size: shape.size(), sources: inputs.each_ref().map(|input| Source::new(input, &shape)), f })
}

macro_rules! impl_count {
    ($($name:ident $text:literal ($($T:ident $tensor:ident),*);)*) => {$(
        #[doc = concat!("How many elements ", $text, " arrays have when they are broadcast together.")]
        ///
        /// # Panics
        ///
        /// If the shapes cannot be broadcast together.
        #[track_caller]
        pub fn $name<A: Float, $($T: Tensor<Elem = A>),*>($($tensor: $T),*) -> A {
            let views = [$($tensor.tensor_view().into_dyn()),*];
            A::of(Frame::of(views.iter().map(|view| view.shape())).shape.size() as f64)
        }
    )*};
}

impl_count! {
    count_of_two "two" (T a, U b);
    count_of_three "three" (T a, U b, V c);
    count_of_four "four" (T a, U b, V c, W d);
}

/// Adds to the elements of the outputs what `f` adds to its first argument.
///
/// An output that is smaller than the arrays broadcast together receives the sum over the elements it stands for.
///
/// # Panics
///
/// If the shapes cannot be broadcast together.
#[track_caller]
pub fn add_each<A: Float, const M: usize, const N: usize>(
    mut outputs: [Output<'_, A>; M],
    inputs: [ArrayViewD<'_, A>; N],
    f: impl FnMut([&mut A; M], [A; N]),
) {
    let shapes = inputs.iter().map(|input| input.shape()).chain(outputs.iter().map(Output::shape));
    if let Some(size) = common(shapes).map(|shape| shape.iter().product())
        && let Some(sources) = all(inputs.each_ref().map(|input| input.as_slice()))
        && let Some(targets) = all(outputs.each_mut().map(|output| Target::of(output, size)))
    {
        return widest(Straight { size, targets, sources, f });
    }
    let mut outputs = outputs.map(Output::into_view);
    let shapes = inputs.iter().map(|input| input.shape()).chain(outputs.iter().map(|output| output.shape()));
    let frame = Frame::of(shapes);
    outputs = outputs.map(|output| frame.raise_mut(output));
    let inputs = inputs.map(|input| frame.raise(input));
    let whole = inputs.iter().map(|input| (input.shape(), input.strides()));
    let whole_outputs = outputs.iter().map(|output| (output.shape(), output.strides()));
    let reversed = frame.is_reversed(whole.chain(whole_outputs));
    let inputs = if reversed { inputs.map(ArrayViewD::reversed_axes) } else { inputs };
    let shape = frame.ordered(reversed);
    let sinks = outputs.each_mut().map(|output| {
        let view = output.view_mut();
        Sink::new(if reversed { view.reversed_axes() } else { view }, &shape)
    });
    let sources = inputs.each_ref().map(|input| Source::new(input, &shape));
    widest(Added { size: shape.size(), sinks, sources, f });
}

#[cfg(test)]
mod tests;
