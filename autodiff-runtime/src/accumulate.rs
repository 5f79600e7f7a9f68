//! Adding a contribution to a cotangent, whatever the shapes of the two.
//!
//! When the primal operation broadcast an operand, the contribution to the operand's cotangent has the shape of the
//! result. It is then summed over the axes along which the operand was repeated. The other way round, a contribution
//! that is smaller than the cotangent (the reverse of a sum) is repeated.

use ndarray::{ArrayBase, ArrayRef, ArrayView, ArrayViewD, ArrayViewMutD, Axis, Data, DataMut, Dimension};

use crate::Float;

/// Adds `contribution` to the cotangent `acc`.
///
/// | `acc` | `contribution` | effect |
/// | --- | --- | --- |
/// | number | number | added |
/// | number | array | the sum of its elements is added |
/// | array | number | added to every element |
/// | array | array | broadcast against each other by NumPy's rules, then summed over the axes that `acc` lacks |
/// | `Vec`, slice, `[T; N]`, tuple, `Option` | the same structure | element by element |
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
            }
        }

        impl<S: Data<Elem = $float>, D: Dimension> AccumulateFrom<&ArrayBase<S, D, $float>> for $float {
            #[inline]
            fn accumulate_from(&mut self, contribution: &ArrayBase<S, D, $float>) {
                *self += contribution.sum();
            }
        }

        impl<S: DataMut<Elem = $float>, D: Dimension> AccumulateFrom<$float> for ArrayBase<S, D, $float> {
            #[inline]
            fn accumulate_from(&mut self, contribution: $float) {
                self.map_inplace(|value| *value += contribution);
            }
        }

        impl<S: DataMut<Elem = $float>, D: Dimension> AccumulateFrom<&$float> for ArrayBase<S, D, $float> {
            #[inline]
            fn accumulate_from(&mut self, contribution: &$float) {
                self.accumulate_from(*contribution);
            }
        }
    )*};
}

impl_scalar!(f32 f64);

impl<A: Float, S: DataMut<Elem = A>, D: Dimension, S2: Data<Elem = A>, D2: Dimension>
    AccumulateFrom<ArrayBase<S2, D2, A>> for ArrayBase<S, D, A>
{
    #[inline]
    fn accumulate_from(&mut self, contribution: ArrayBase<S2, D2, A>) {
        add_broadcast(self, contribution.view());
    }
}

impl<A: Float, S: DataMut<Elem = A>, D: Dimension, S2: Data<Elem = A>, D2: Dimension>
    AccumulateFrom<&ArrayBase<S2, D2, A>> for ArrayBase<S, D, A>
{
    #[inline]
    fn accumulate_from(&mut self, contribution: &ArrayBase<S2, D2, A>) {
        add_broadcast(self, contribution.view());
    }
}

impl<A: Float, S: DataMut<Elem = A>, D: Dimension, D2: Dimension> AccumulateFrom<&ArrayRef<A, D2>>
    for ArrayBase<S, D, A>
{
    #[inline]
    fn accumulate_from(&mut self, contribution: &ArrayRef<A, D2>) {
        add_broadcast(self, contribution.view());
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

#[inline]
#[track_caller]
fn add_each<'c, T: AccumulateFrom<&'c U>, U>(acc: &mut [T], contribution: &'c [U]) {
    crate::tangent::assert_same_length(acc.len(), contribution.len());
    for (value, added) in acc.iter_mut().zip(contribution) {
        value.accumulate_from(added);
    }
}

macro_rules! impl_sequence {
    ($([$($generics:tt)*] $acc:ty, $contribution:ty;)*) => {$(
        impl<T, U, $($generics)*> AccumulateFrom<$contribution> for $acc
        where
            T: for<'c> AccumulateFrom<&'c U>,
        {
            #[inline]
            fn accumulate_from(&mut self, contribution: $contribution) {
                add_each(self, &contribution[..]);
            }
        }
    )*};
}

impl_sequence! {
    [] [T], &[U];
    [] [T], &Vec<U>;
    [] [T], Vec<U>;
    [const N: usize] [T], &[U; N];
    [const N: usize] [T], [U; N];
    [] Vec<T>, &[U];
    [] Vec<T>, &Vec<U>;
    [] Vec<T>, Vec<U>;
    [const N: usize] Vec<T>, &[U; N];
    [const N: usize] Vec<T>, [U; N];
    [const N: usize] [T; N], &[U; N];
    [const N: usize] [T; N], [U; N];
    [const N: usize] [T; N], &[U];
    [const N: usize] [T; N], &Vec<U>;
    [const N: usize] [T; N], Vec<U>;
}

impl AccumulateFrom<()> for () {
    #[inline]
    fn accumulate_from(&mut self, (): ()) {}
}

impl AccumulateFrom<&()> for () {
    #[inline]
    fn accumulate_from(&mut self, (): &()) {}
}

/// Adding something to a missing cotangent puts a copy in its place.
impl<'c, T: AccumulateFrom<&'c T> + Clone> AccumulateFrom<&'c Option<T>> for Option<T> {
    #[inline]
    fn accumulate_from(&mut self, contribution: &'c Option<T>) {
        match (self.as_mut(), contribution) {
            (Some(value), Some(added)) => value.accumulate_from(added),
            (None, Some(added)) => *self = Some(added.clone()),
            (_, None) => {}
        }
    }
}

impl<T: AccumulateFrom<T>> AccumulateFrom<Option<T>> for Option<T> {
    #[inline]
    fn accumulate_from(&mut self, contribution: Option<T>) {
        match (self.as_mut(), contribution) {
            (Some(value), Some(added)) => value.accumulate_from(added),
            (None, Some(added)) => *self = Some(added),
            (_, None) => {}
        }
    }
}

macro_rules! impl_tuple {
    ($($T:ident $index:tt)+) => {
        impl_tuple!(@pair [] [$($T $index)+] U0 U1 U2 U3 U4 U5 U6 U7);
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
