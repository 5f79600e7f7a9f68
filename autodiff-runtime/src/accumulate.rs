//! Adding a contribution to a cotangent, whatever the shapes of the two.
//!
//! When the primal operation broadcast an operand, the contribution to the operand's cotangent has the shape of the
//! result. It is then summed over the axes along which the operand was repeated. The other way round, a contribution
//! that is smaller than the cotangent (the reverse of a sum) is repeated.

mod containers;

use ndarray::{
    ArcArray, Array, ArrayBase, ArrayRef, ArrayView, ArrayViewD, ArrayViewMutD, Axis, CowArray, CowRepr, Data, DataMut,
    Dimension, OwnedArcRepr, OwnedRepr, ViewRepr,
};

use crate::tangent::is_neutral;
use crate::{Float, buffers};

/// Adds `contribution` to the cotangent `acc`.
///
/// | `acc` | `contribution` | effect |
/// | --- | --- | --- |
/// | number | number | added |
/// | number | array | the sum of its elements is added |
/// | array | number | added to every element |
/// | array | array | broadcast against each other by NumPy's rules, then summed over the axes that `acc` lacks |
/// | `Vec`, slice, `[T; N]`, tuple, `Option` | the same structure | element by element |
/// | collection, struct or enum with a derived tangent | the same type | element by element |
///
/// A sequence or an array without elements counts as zero, on either side. Something added to an empty `Vec` or array
/// gives it its length and shape.
///
/// A contribution may be passed by value or by reference.
///
/// ```
/// use autodiff_runtime::accumulate;
/// use ndarray::array;
///
/// let mut bias_bar = array![0.0, 1.0];
/// accumulate(&mut bias_bar, &array![[1.0, 2.0], [10.0, 20.0]]);
/// assert_eq!(bias_bar, array![11.0, 23.0]);
///
/// let mut scale_bar = 0.5;
/// accumulate(&mut scale_bar, bias_bar.view());
/// assert_eq!(scale_bar, 34.5);
/// ```
///
/// # Panics
///
/// If two arrays cannot be broadcast against each other, or two sequences differ in length.
#[inline]
#[track_caller]
pub fn accumulate<T: AccumulateFrom<C> + ?Sized, C>(acc: &mut T, contribution: C) {
    acc.accumulate_from(contribution);
}

/// A cotangent to which contributions of type `C` can be added with [`accumulate`].
#[diagnostic::on_unimplemented(
    message = "a contribution of type `{C}` cannot be added to a cotangent of type `{Self}`"
)]
pub trait AccumulateFrom<C> {
    /// Adds `contribution` to this cotangent.
    #[track_caller]
    fn accumulate_from(&mut self, contribution: C);
}

macro_rules! impl_scalar {
    ($($float:ident)*) => {$(
        impl AccumulateFrom<$float> for $float {
            #[inline]
            fn accumulate_from(&mut self, contribution: $float) {
                *self += contribution;
            }
        }

        impl AccumulateFrom<&$float> for $float {
            #[inline]
            fn accumulate_from(&mut self, contribution: &$float) {
                *self += *contribution;
            }
        }

        impl<S: Data<Elem = $float>, D: Dimension> AccumulateFrom<ArrayBase<S, D, $float>> for $float {
            #[inline]
            fn accumulate_from(&mut self, contribution: ArrayBase<S, D, $float>) {
                *self += contribution.sum();
                buffers::hand_back_array(contribution);
            }
        }

        impl<S: Data<Elem = $float>, D: Dimension> AccumulateFrom<&ArrayBase<S, D, $float>> for $float {
            #[inline]
            fn accumulate_from(&mut self, contribution: &ArrayBase<S, D, $float>) {
                *self += contribution.sum();
            }
        }
    )*};
}

impl_scalar!(f32 f64);

impl<A: Float, S: DataMut<Elem = A>, D: Dimension> AccumulateFrom<A> for ArrayBase<S, D, A> {
    #[inline]
    fn accumulate_from(&mut self, contribution: A) {
        self.map_inplace(|value| *value += contribution);
    }
}

impl<A: Float, S: DataMut<Elem = A>, D: Dimension> AccumulateFrom<&A> for ArrayBase<S, D, A> {
    #[inline]
    fn accumulate_from(&mut self, contribution: &A) {
        self.accumulate_from(*contribution);
    }
}

impl<A: Float, S: Replaceable<Elem = A>, D: Dimension, S2: Data<Elem = A>, D2: Dimension>
    AccumulateFrom<ArrayBase<S2, D2, A>> for ArrayBase<S, D, A>
{
    #[inline]
    fn accumulate_from(&mut self, contribution: ArrayBase<S2, D2, A>) {
        add_to_array(self, contribution.view());
        buffers::hand_back_array(contribution);
    }
}

impl<A: Float, S: Replaceable<Elem = A>, D: Dimension, S2: Data<Elem = A>, D2: Dimension>
    AccumulateFrom<&ArrayBase<S2, D2, A>> for ArrayBase<S, D, A>
{
    #[inline]
    fn accumulate_from(&mut self, contribution: &ArrayBase<S2, D2, A>) {
        add_to_array(self, contribution.view());
    }
}

impl<A: Float, S: Replaceable<Elem = A>, D: Dimension, D2: Dimension> AccumulateFrom<&ArrayRef<A, D2>>
    for ArrayBase<S, D, A>
{
    #[inline]
    fn accumulate_from(&mut self, contribution: &ArrayRef<A, D2>) {
        add_to_array(self, contribution.view());
    }
}

/// An array without elements takes the shape of what is added to it; one without elements adds nothing.
#[inline]
#[track_caller]
fn add_to_array<A: Float, S: Replaceable<Elem = A>, D: Dimension, D2: Dimension>(
    acc: &mut ArrayBase<S, D, A>,
    contribution: ArrayView<'_, A, D2>,
) {
    if is_neutral(acc.shape())
        && acc.shape() != contribution.shape()
        && (acc.ndim() == contribution.ndim() || !shapes_broadcast(acc.shape(), contribution.shape()))
        && let Ok(whole) = contribution.view().into_dimensionality::<D>()
        && let Some(replacement) = S::from_owned(buffers::copy(whole))
    {
        *acc = replacement;
    } else if !contribution.is_empty() {
        add_broadcast(acc, contribution);
    }
}

/// The storage of an array that a cotangent is added to: whether it can be exchanged for another one.
pub trait Replaceable: DataMut {
    /// The same array in this storage, or nothing if the storage belongs to someone else.
    fn from_owned<D: Dimension>(array: Array<Self::Elem, D>) -> Option<ArrayBase<Self, D, Self::Elem>>
    where
        Self: Sized;
}

impl<A: Clone> Replaceable for OwnedRepr<A> {
    #[inline]
    fn from_owned<D: Dimension>(array: Array<A, D>) -> Option<Array<A, D>> {
        Some(array)
    }
}

impl<A: Clone> Replaceable for OwnedArcRepr<A> {
    #[inline]
    fn from_owned<D: Dimension>(array: Array<A, D>) -> Option<ArcArray<A, D>> {
        Some(array.into_shared())
    }
}

impl<'a, A: Clone> Replaceable for CowRepr<'a, A> {
    #[inline]
    fn from_owned<D: Dimension>(array: Array<A, D>) -> Option<CowArray<'a, A, D>> {
        Some(array.into())
    }
}

impl<A: Clone> Replaceable for ViewRepr<&mut A> {
    #[inline]
    fn from_owned<D: Dimension>(_: Array<A, D>) -> Option<ArrayBase<Self, D, A>> {
        None
    }
}

/// Adds in one pass if the shapes agree, and takes the general way otherwise.
#[inline]
#[track_caller]
pub(crate) fn add_broadcast<A: Float, D: Dimension, D2: Dimension>(
    acc: &mut ArrayRef<A, D>,
    contribution: ArrayView<'_, A, D2>,
) {
    if acc.shape() == contribution.shape() {
        let contribution =
            contribution.into_dimensionality::<D>().expect("arrays of one shape have the same number of axes");
        acc.zip_mut_with(&contribution, |value, &added| *value += added);
    } else if shapes_broadcast(acc.shape(), contribution.shape()) {
        add_summed(acc.view_mut().into_dyn(), contribution.into_dyn());
    } else {
        cannot_broadcast(acc.shape(), contribution.shape());
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn cannot_broadcast(acc: &[usize], contribution: &[usize]) -> ! {
    panic!("a contribution of shape {contribution:?} cannot be broadcast against a cotangent of shape {acc:?}")
}

/// Whether NumPy's rules give the two shapes a common one.
pub(crate) fn shapes_broadcast(left: &[usize], right: &[usize]) -> bool {
    let trailing = left.iter().rev().zip(right.iter().rev());
    trailing.into_iter().all(|(&left, &right)| left == right || left == 1 || right == 1)
}

/// Adds arrays whose shapes broadcast, from the outermost axis inwards, without a temporary of the contribution's size.
fn add_summed<A: Float>(mut acc: ArrayViewMutD<'_, A>, contribution: ArrayViewD<'_, A>) {
    if acc.len() == 1 {
        let sum = contribution.sum();
        acc.map_inplace(|value| *value += sum);
    } else if acc.ndim() < contribution.ndim() {
        for part in contribution.outer_iter() {
            add_summed(acc.view_mut(), part);
        }
    } else if let Some(repeated) = contribution.broadcast(acc.raw_dim()) {
        acc += &repeated;
    } else if acc.ndim() > contribution.ndim() {
        for part in acc.outer_iter_mut() {
            add_summed(part, contribution.view());
        }
    } else if acc.len_of(Axis(0)) == 1 {
        for part in contribution.outer_iter() {
            add_summed(acc.index_axis_mut(Axis(0), 0), part);
        }
    } else {
        for (index, part) in acc.outer_iter_mut().enumerate() {
            let source = if contribution.len_of(Axis(0)) == 1 { 0 } else { index };
            add_summed(part, contribution.index_axis(Axis(0), source));
        }
    }
}

macro_rules! impl_tuple {
    ($($T:ident $index:tt)+) => {
        impl_tuple!(@pair [] [$($T $index)+] U0 U1 U2 U3 U4 U5 U6 U7 U8 U9 U10 U11);
    };
    (@pair [$($done:tt)*] [$T:ident $index:tt $($more:tt)*] $U:ident $($rest:ident)*) => {
        impl_tuple!(@pair [$($done)* ($T $U $index)] [$($more)*] $($rest)*);
    };
    (@pair [$(($T:ident $U:ident $index:tt))+] [] $($rest:ident)*) => {
        impl<$($T: AccumulateFrom<$U>, $U),+> AccumulateFrom<($($U,)+)> for ($($T,)+) {
            #[inline]
            fn accumulate_from(&mut self, contribution: ($($U,)+)) {
                $(self.$index.accumulate_from(contribution.$index);)+
            }
        }

        impl<'c, $($T: AccumulateFrom<&'c $U>, $U),+> AccumulateFrom<&'c ($($U,)+)> for ($($T,)+) {
            #[inline]
            fn accumulate_from(&mut self, contribution: &'c ($($U,)+)) {
                $(self.$index.accumulate_from(&contribution.$index);)+
            }
        }
    };
}

crate::macros::for_each_tuple!(impl_tuple);
