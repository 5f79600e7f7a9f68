//! The floating-point numbers inside a value, leaf by leaf and by name.
//!
//! A leaf is a block of numbers of one type: a number, a slice of numbers, or an array. Optimizers, gradient checks and
//! checkpoint files see parameters, gradients and their own state through these two traits only. Corresponding leaves of
//! a value and of its tangent are visited in the same order and have the same length.

mod containers;

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use ndarray::{ArrayBase, Data, DataMut, Dimension};

use crate::Float;

/// The way from a value to one of its leaves, displayed as in `layer1.0.conv1.weight`.
///
/// A path is a linked list on the stack, so that walking over parameters allocates nothing.
///
/// ```
/// use autodiff_runtime::LeafPath;
///
/// let root = LeafPath::root();
/// let layer = root.field("layer1");
/// assert_eq!(layer.index(0).field("weight").to_string(), "layer1.0.weight");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LeafPath<'p> {
    parent: Option<&'p LeafPath<'p>>,
    segment: Segment,
    buffers: bool,
}

#[derive(Clone, Copy, Debug)]
enum Segment {
    Root,
    Field(&'static str),
    Index(usize),
}

impl<'p> LeafPath<'p> {
    /// The path of the value itself, displayed as nothing.
    #[inline]
    pub const fn root() -> Self {
        Self { parent: None, segment: Segment::Root, buffers: false }
    }

    /// The same for a visit of what is saved in files: the leaves, and the fields with `#[buffer]`, which have no gradient.
    #[inline]
    pub const fn root_with_buffers() -> Self {
        Self { parent: None, segment: Segment::Root, buffers: true }
    }

    /// Whether fields with `#[buffer]` are to be visited.
    #[inline]
    pub const fn includes_buffers(&self) -> bool {
        self.buffers
    }

    /// The path of a field of the value at this path.
    #[inline]
    pub const fn field(&'p self, name: &'static str) -> Self {
        Self { parent: Some(self), segment: Segment::Field(name), buffers: self.buffers }
    }

    /// The path of another field of the struct that the field at this path belongs to.
    #[inline]
    pub(crate) const fn beside(&self, name: &'static str) -> Self {
        Self { parent: self.parent, segment: Segment::Field(name), buffers: self.buffers }
    }

    /// The path of an element of the value at this path.
    #[inline]
    pub const fn index(&'p self, index: usize) -> Self {
        Self { parent: Some(self), segment: Segment::Index(index), buffers: self.buffers }
    }

    /// Whether the path is displayed as `text`; allocates nothing.
    pub fn is(&self, text: &str) -> bool {
        struct Rest<'t>(&'t str);

        impl fmt::Write for Rest<'_> {
            fn write_str(&mut self, written: &str) -> fmt::Result {
                self.0 = self.0.strip_prefix(written).ok_or(fmt::Error)?;
                Ok(())
            }
        }

        let mut rest = Rest(text);
        fmt::write(&mut rest, format_args!("{self}")).is_ok() && rest.0.is_empty()
    }
}

impl fmt::Display for LeafPath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            parent.fmt(f)?;
            if parent.parent.is_some() {
                f.write_str(".")?;
            }
        }
        match self.segment {
            Segment::Root => Ok(()),
            Segment::Field(name) => f.write_str(name),
            Segment::Index(index) => write!(f, "{index}"),
        }
    }
}

/// The numbers of one leaf in logical (row-major) order.
///
/// They are borrowed if they lie in memory in that order, and copied otherwise.
#[derive(Clone, Debug, PartialEq)]
pub enum LeafValues<'v> {
    /// Single precision.
    F32(Cow<'v, [f32]>),
    /// Double precision.
    F64(Cow<'v, [f64]>),
}

impl LeafValues<'_> {
    /// How many numbers the leaf has.
    pub fn len(&self) -> usize {
        match self {
            Self::F32(values) => values.len(),
            Self::F64(values) => values.len(),
        }
    }

    /// Whether the leaf has no numbers.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers as `f64`.
    pub fn to_f64(&self) -> Vec<f64> {
        match self {
            Self::F32(values) => values.iter().map(|&value| f64::from(value)).collect(),
            Self::F64(values) => values.to_vec(),
        }
    }

    /// The name of the type of the numbers.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::F32(_) => "f32",
            Self::F64(_) => "f64",
        }
    }
}

/// Numbers that belong to a leaf but are owned by someone else, such as an optimizer's momentum.
#[derive(Clone, Debug, PartialEq)]
pub enum LeafBuffer {
    /// Single precision.
    F32(Vec<f32>),
    /// Double precision.
    F64(Vec<f64>),
}

impl LeafBuffer {
    /// How many numbers there are.
    pub fn len(&self) -> usize {
        match self {
            Self::F32(values) => values.len(),
            Self::F64(values) => values.len(),
        }
    }

    /// Whether there are no numbers.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Default for LeafBuffer {
    fn default() -> Self {
        Self::F64(Vec::new())
    }
}

/// What to do with each leaf of a value.
pub trait LeafVisitor<'v> {
    /// Receives the leaf at `path` with its shape (empty for a single number) and its values.
    fn leaf(&mut self, path: &LeafPath<'_>, shape: &[usize], values: LeafValues<'v>);
}

/// What to do with each leaf of a value that may be changed.
pub trait LeafVisitorMut {
    /// Receives the leaf at `path` with its shape (empty for a single number) and its values in row-major order.
    fn leaf<A: Float>(&mut self, path: &LeafPath<'_>, shape: &[usize], values: &mut [A]);
}

/// A value whose leaves can be read.
#[diagnostic::on_unimplemented(
    message = "the numbers inside `{Self}` cannot be visited",
    note = "for a struct of your own, add `#[derive(Differentiable)]`"
)]
pub trait Leaves {
    /// Calls the visitor for every leaf in order. `path` is the path of `self`.
    fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V);

    /// Visits the elements of a slice. Slices of numbers are one leaf; others are visited one by one.
    #[doc(hidden)]
    #[inline]
    fn visit_slice<'v, V: LeafVisitor<'v>>(items: &'v [Self], path: &LeafPath<'_>, visitor: &mut V)
    where
        Self: Sized,
    {
        for (index, item) in items.iter().enumerate() {
            item.visit_leaves(&path.index(index), visitor);
        }
    }
}

/// A value whose leaves can be changed.
#[diagnostic::on_unimplemented(
    message = "the numbers inside `{Self}` cannot be changed",
    note = "pass `&mut parameters`; for a struct of your own, add `#[derive(Differentiable)]`"
)]
pub trait LeavesMut: Leaves {
    /// Calls the visitor for every leaf, in the order of [`Leaves::visit_leaves`]. `path` is the path of `self`.
    fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V);

    /// Visits the elements of a slice. Slices of numbers are one leaf; others are visited one by one.
    #[doc(hidden)]
    #[inline]
    fn visit_slice_mut<V: LeafVisitorMut>(items: &mut [Self], path: &LeafPath<'_>, visitor: &mut V)
    where
        Self: Sized,
    {
        for (index, item) in items.iter_mut().enumerate() {
            item.visit_leaves_mut(&path.index(index), visitor);
        }
    }
}

/// Sets every number of the given buffers to zero, as before accumulating new gradients.
///
/// ```
/// let (mut w_bar, mut b_bar) = (vec![1.0, 2.0], 3.0);
/// autodiff_runtime::zero((&mut w_bar, &mut b_bar));
/// assert_eq!((w_bar, b_bar), (vec![0.0, 0.0], 0.0));
/// ```
pub fn zero(mut buffers: impl LeavesMut) {
    struct Zero;

    impl LeafVisitorMut for Zero {
        fn leaf<A: Float>(&mut self, _: &LeafPath<'_>, _: &[usize], values: &mut [A]) {
            values.fill(A::zero());
        }
    }

    buffers.visit_leaves_mut(&LeafPath::root(), &mut Zero);
}

macro_rules! impl_float {
    ($($float:ident)*) => {$(
        impl Leaves for $float {
            #[inline]
            fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
                visitor.leaf(path, &[], $float::wrap_leaf(Cow::Borrowed(std::slice::from_ref(self))));
            }

            #[inline]
            fn visit_slice<'v, V: LeafVisitor<'v>>(items: &'v [Self], path: &LeafPath<'_>, visitor: &mut V) {
                visitor.leaf(path, &[items.len()], $float::wrap_leaf(Cow::Borrowed(items)));
            }
        }

        impl LeavesMut for $float {
            #[inline]
            fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
                visitor.leaf(path, &[], std::slice::from_mut(self));
            }

            #[inline]
            fn visit_slice_mut<V: LeafVisitorMut>(items: &mut [Self], path: &LeafPath<'_>, visitor: &mut V) {
                visitor.leaf(path, &[items.len()], items);
            }
        }
    )*};
}

impl_float!(f32 f64);

/// Types without leaves.
macro_rules! impl_empty {
    ($($ty:ty)*) => {$(
        impl Leaves for $ty {
            #[inline]
            fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, _: &LeafPath<'_>, _: &mut V) {}
        }

        impl LeavesMut for $ty {
            #[inline]
            fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, _: &LeafPath<'_>, _: &mut V) {}
        }
    )*};
}

impl_empty!(() i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool char str String);

macro_rules! impl_empty_array {
    ($($element:ty)*) => {$(
        impl<S: Data<Elem = $element>, D: Dimension> Leaves for ArrayBase<S, D, $element> {
            #[inline]
            fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, _: &LeafPath<'_>, _: &mut V) {}
        }

        impl<S: Data<Elem = $element>, D: Dimension> LeavesMut for ArrayBase<S, D, $element> {
            #[inline]
            fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, _: &LeafPath<'_>, _: &mut V) {}
        }
    )*};
}

impl_empty_array!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize bool);

macro_rules! impl_pointer {
    ($($pointer:ty),*) => {$(
        impl<T: Leaves + ?Sized> Leaves for $pointer {
            #[inline]
            fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
                (**self).visit_leaves(path, visitor);
            }
        }
    )*};
}

impl_pointer!(&T, &mut T, Box<T>, Rc<T>, Arc<T>);

macro_rules! impl_pointer_mut {
    ($($pointer:ty),*) => {$(
        impl<T: LeavesMut + ?Sized> LeavesMut for $pointer {
            #[inline]
            fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
                (**self).visit_leaves_mut(path, visitor);
            }
        }
    )*};
}

impl_pointer_mut!(&mut T, Box<T>);

macro_rules! impl_sequence {
    ($([$($generics:tt)*] $ty:ty),*) => {$(
        impl<T: Leaves, $($generics)*> Leaves for $ty {
            #[inline]
            fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
                T::visit_slice(self, path, visitor);
            }
        }

        impl<T: LeavesMut, $($generics)*> LeavesMut for $ty {
            #[inline]
            fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
                T::visit_slice_mut(self, path, visitor);
            }
        }
    )*};
}

impl_sequence!([] [T], [] Vec<T>, [const N: usize] [T; N]);

macro_rules! impl_tuple {
    ($($T:ident $index:tt)+) => {
        impl<$($T: Leaves),+> Leaves for ($($T,)+) {
            #[inline]
            fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
                $(self.$index.visit_leaves(&path.index($index), visitor);)+
            }
        }

        impl<$($T: LeavesMut),+> LeavesMut for ($($T,)+) {
            #[inline]
            fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
                $(self.$index.visit_leaves_mut(&path.index($index), visitor);)+
            }
        }
    };
}

crate::macros::for_each_tuple!(impl_tuple);

impl<A: Float, S: Data<Elem = A>, D: Dimension> Leaves for ArrayBase<S, D, A> {
    fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
        let values = match self.as_slice() {
            Some(values) => Cow::Borrowed(values),
            None => Cow::Owned(self.iter().copied().collect()),
        };
        visitor.leaf(path, self.shape(), A::wrap_leaf(values));
    }
}

/// An array that does not lie in memory in row-major order is copied, and written back afterwards.
impl<A: Float, S: DataMut<Elem = A>, D: Dimension> LeavesMut for ArrayBase<S, D, A> {
    fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
        let dim = self.raw_dim();
        let shape = dim.slice();
        if let Some(values) = self.as_slice_mut() {
            visitor.leaf(path, shape, values);
        } else {
            let mut values: Vec<A> = self.iter().copied().collect();
            visitor.leaf(path, shape, &mut values);
            self.iter_mut().zip(values).for_each(|(place, value)| *place = value);
        }
    }
}
