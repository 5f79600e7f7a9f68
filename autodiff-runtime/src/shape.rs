//! The check that a cotangent given by the caller fits the value it belongs to.

use ndarray::{ArrayBase, ArrayRef, Data, Dimension, RawData};

/// Panics unless `cotangent` has the lengths and shapes of `primal`.
///
/// `operation` is the function that the caller called and `name` the name of its parameter; the cotangent is called
/// `<name>_bar` in the message. Sequences are compared by length, element by element, and arrays by shape.
///
/// ```should_panic
/// use ndarray::Array2;
///
/// let (w, w_bar) = (Array2::<f64>::zeros((2, 3)), Array2::<f64>::zeros((3, 2)));
/// // `loss::value_and_grad_into`: the cotangent `w_bar` has shape [3, 2], but `w` has shape [2, 3]
/// autodiff_runtime::check_cotangent("loss::value_and_grad_into", "w", &w, &w_bar);
/// ```
#[inline]
#[track_caller]
pub fn check_cotangent<A, B>(operation: &str, name: &str, primal: &A, cotangent: &B)
where
    A: SameShape<B> + ?Sized,
    B: ?Sized,
{
    if let Some(mismatch) = primal.shape_mismatch(cotangent) {
        report(operation, "cotangent", &format!("{name}_bar"), name, &mismatch);
    }
}

/// Panics unless `tangent` has the lengths and shapes of `primal`: as [`check_cotangent`], for the tangent `<name>_dot`.
#[inline]
#[track_caller]
pub fn check_tangent<A, B>(operation: &str, name: &str, primal: &A, tangent: &B)
where
    A: SameShape<B> + ?Sized,
    B: ?Sized,
{
    if let Some(mismatch) = primal.shape_mismatch(tangent) {
        report(operation, "tangent", &format!("{name}_dot"), name, &mismatch);
    }
}

#[cold]
#[inline(never)]
#[track_caller]
fn report(operation: &str, kind: &str, given: &str, name: &str, mismatch: &ShapeMismatch) -> ! {
    let ShapeMismatch { place, primal, cotangent } = mismatch;
    panic!("`{operation}`: the {kind} `{given}{place}` has {cotangent}, but `{name}{place}` has {primal}");
}

/// Where and how a cotangent differs from the value it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeMismatch {
    /// The place inside the value, such as `.weights[2]`; empty for the value itself.
    pub place: String,
    /// What the value has, such as `length 3` or `shape [2, 3]`.
    pub primal: String,
    /// What the cotangent has.
    pub cotangent: String,
}

impl ShapeMismatch {
    /// Puts a field or index in front of the place, for use in implementations of [`SameShape`].
    #[must_use]
    pub fn within(mut self, place: &str) -> Self {
        self.place.insert_str(0, place);
        self
    }

    #[cold]
    fn lengths(primal: usize, cotangent: usize) -> Self {
        Self { place: String::new(), primal: format!("length {primal}"), cotangent: format!("length {cotangent}") }
    }

    #[cold]
    fn shapes(primal: &[usize], cotangent: &[usize]) -> Self {
        Self { place: String::new(), primal: format!("shape {primal:?}"), cotangent: format!("shape {cotangent:?}") }
    }
}

/// A value that can be compared in shape with a cotangent of type `B`.
pub trait SameShape<B: ?Sized> {
    /// The first difference in length or shape, if there is one.
    fn shape_mismatch(&self, cotangent: &B) -> Option<ShapeMismatch>;
}

macro_rules! impl_always_fits {
    ($($primal:ty => $cotangent:ty),* $(,)?) => {$(
        impl SameShape<$cotangent> for $primal {
            #[inline]
            fn shape_mismatch(&self, _: &$cotangent) -> Option<ShapeMismatch> {
                None
            }
        }
    )*};
}

impl_always_fits!(
    f32 => f32, f64 => f64,
    i8 => (), i16 => (), i32 => (), i64 => (), i128 => (), isize => (),
    u8 => (), u16 => (), u32 => (), u64 => (), u128 => (), usize => (),
    bool => (), char => (), str => (), String => (), () => (),
);

macro_rules! impl_unit_array {
    ($($element:ty)*) => {$(
        impl<S: RawData<Elem = $element>, D> SameShape<()> for ArrayBase<S, D, $element> {
            #[inline]
            fn shape_mismatch(&self, (): &()) -> Option<ShapeMismatch> {
                None
            }
        }
    )*};
}

impl_unit_array!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool);

macro_rules! impl_pointer {
    ($($pointer:ty),*) => {$(
        impl<T: SameShape<B> + ?Sized, B: ?Sized> SameShape<B> for $pointer {
            #[inline]
            fn shape_mismatch(&self, cotangent: &B) -> Option<ShapeMismatch> {
                (**self).shape_mismatch(cotangent)
            }
        }
    )*};
}

impl_pointer!(&T, &mut T, Box<T>);

macro_rules! impl_sequence {
    ($([$($generics:tt)*] $primal:ty, $cotangent:ty;)*) => {$(
        impl<T: SameShape<U>, U, $($generics)*> SameShape<$cotangent> for $primal {
            #[inline]
            fn shape_mismatch(&self, cotangent: &$cotangent) -> Option<ShapeMismatch> {
                sequence_mismatch(self, cotangent)
            }
        }
    )*};
}

impl_sequence! {
    [] [T], [U];
    [] [T], Vec<U>;
    [const N: usize] [T], [U; N];
    [] Vec<T>, [U];
    [] Vec<T>, Vec<U>;
    [const N: usize] Vec<T>, [U; N];
    [const N: usize] [T; N], [U];
    [const N: usize] [T; N], Vec<U>;
    [const N: usize] [T; N], [U; N];
}

#[inline]
fn sequence_mismatch<T: SameShape<U>, U>(primal: &[T], cotangent: &[U]) -> Option<ShapeMismatch> {
    if primal.len() != cotangent.len() {
        return Some(ShapeMismatch::lengths(primal.len(), cotangent.len()));
    }
    let mut pairs = primal.iter().zip(cotangent).enumerate();
    pairs.find_map(|(index, (primal, cotangent))| {
        let mismatch = primal.shape_mismatch(cotangent)?;
        Some(mismatch.within(&format!("[{index}]")))
    })
}

impl<T: SameShape<U>, U> SameShape<Option<U>> for Option<T> {
    #[inline]
    fn shape_mismatch(&self, cotangent: &Option<U>) -> Option<ShapeMismatch> {
        match (self, cotangent) {
            (Some(primal), Some(cotangent)) => primal.shape_mismatch(cotangent),
            (None, None) => None,
            (Some(_), None) => Some(option_mismatch("a value", "none")),
            (None, Some(_)) => Some(option_mismatch("none", "a value")),
        }
    }
}

#[cold]
fn option_mismatch(primal: &str, cotangent: &str) -> ShapeMismatch {
    ShapeMismatch { place: String::new(), primal: primal.to_owned(), cotangent: cotangent.to_owned() }
}

impl<A, S, D, S2, D2> SameShape<ArrayBase<S2, D2, A>> for ArrayBase<S, D, A>
where
    S: Data<Elem = A>,
    S2: Data<Elem = A>,
    D: Dimension,
    D2: Dimension,
{
    #[inline]
    fn shape_mismatch(&self, cotangent: &ArrayBase<S2, D2, A>) -> Option<ShapeMismatch> {
        array_mismatch(self.shape(), cotangent.shape())
    }
}

impl<A, D: Dimension, S2: Data<Elem = A>, D2: Dimension> SameShape<ArrayBase<S2, D2, A>> for ArrayRef<A, D> {
    #[inline]
    fn shape_mismatch(&self, cotangent: &ArrayBase<S2, D2, A>) -> Option<ShapeMismatch> {
        array_mismatch(self.shape(), cotangent.shape())
    }
}

#[inline]
fn array_mismatch(primal: &[usize], cotangent: &[usize]) -> Option<ShapeMismatch> {
    (primal != cotangent).then(|| ShapeMismatch::shapes(primal, cotangent))
}

macro_rules! impl_tuple {
    ($($T:ident $index:tt)+) => {
        impl_tuple!(@pair [] [$($T $index)+] U0 U1 U2 U3 U4 U5 U6 U7 U8 U9 U10 U11);
    };
    (@pair [$($done:tt)*] [$T:ident $index:tt $($more:tt)*] $U:ident $($rest:ident)*) => {
        impl_tuple!(@pair [$($done)* ($T $U $index)] [$($more)*] $($rest)*);
    };
    (@pair [$(($T:ident $U:ident $index:tt))+] [] $($rest:ident)*) => {
        impl<$($T: SameShape<$U>, $U),+> SameShape<($($U,)+)> for ($($T,)+) {
            #[inline]
            fn shape_mismatch(&self, cotangent: &($($U,)+)) -> Option<ShapeMismatch> {
                $(
                    if let Some(mismatch) = self.$index.shape_mismatch(&cotangent.$index) {
                        return Some(mismatch.within(concat!(".", stringify!($index))));
                    }
                )+
                None
            }
        }
    };
}

crate::macros::for_each_tuple!(impl_tuple);
