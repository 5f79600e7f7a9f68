//! Tangents of trait objects, whose types are known at run time only.

use std::any::Any;

use crate::{
    AccumulateFrom, Differentiable, Float, LeafPath, LeafValues, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut,
    Tangent,
};

/// The tangent of a trait object: a tangent of the type behind it, boxed. Empty, it counts as zero.
#[derive(Default)]
pub struct DynTangent(Option<Box<dyn Erased>>);

/// A tangent whose type is forgotten.
trait Erased: Any {
    fn boxed_clone(&self) -> Box<dyn Erased>;
    fn equals(&self, other: &dyn Any) -> bool;
    fn accumulate(&mut self, other: &dyn Any);
    fn scale(&mut self, factor: f64);
    fn inner_product(&self, other: &dyn Any) -> f64;
    fn fill_zero(&mut self);
    fn leaves(&self) -> &dyn ErasedLeaves;
    fn leaves_mut(&mut self) -> &mut dyn ErasedLeaves;
}

impl<T: Tangent + LeavesMut + 'static> Erased for T {
    fn leaves(&self) -> &dyn ErasedLeaves {
        self
    }

    fn leaves_mut(&mut self) -> &mut dyn ErasedLeaves {
        self
    }

    fn boxed_clone(&self) -> Box<dyn Erased> {
        Box::new(self.clone())
    }

    fn equals(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }

    fn accumulate(&mut self, other: &dyn Any) {
        Tangent::accumulate(self, concrete(other));
    }

    fn scale(&mut self, factor: f64) {
        Tangent::scale(self, factor);
    }

    fn inner_product(&self, other: &dyn Any) -> f64 {
        Tangent::inner_product(self, concrete(other))
    }

    fn fill_zero(&mut self) {
        Tangent::fill_zero(self);
    }
}

/// The tangent as one of the type that it has to have.
#[track_caller]
fn concrete<T: 'static>(tangent: &dyn Any) -> &T {
    tangent.downcast_ref().unwrap_or_else(|| panic!("a tangent of a trait object is not a `{}`", type_name::<T>()))
}

fn type_name<T>() -> &'static str {
    std::any::type_name::<T>()
}

impl DynTangent {
    /// A tangent with its type forgotten.
    #[must_use]
    pub fn new<T: Tangent + LeavesMut + 'static>(tangent: T) -> Self {
        DynTangent(Some(Box::new(tangent)))
    }

    /// The tangent, if it is one of this type.
    #[must_use]
    pub fn downcast_ref<T: 'static>(&self) -> Option<&T> {
        let tangent: &dyn Any = &**self.0.as_ref()?;
        tangent.downcast_ref()
    }

    /// The tangent to add to, which is `zero` if there is none yet.
    ///
    /// # Panics
    ///
    /// If it is one of another type.
    #[track_caller]
    pub fn get_or_insert_with<T: Tangent + LeavesMut + 'static>(&mut self, zero: impl FnOnce() -> T) -> &mut T {
        let tangent: &mut dyn Any = &mut **self.0.get_or_insert_with(|| Box::new(zero()));
        tangent.downcast_mut().unwrap_or_else(|| panic!("a tangent of a trait object is not a `{}`", type_name::<T>()))
    }
}

impl Clone for DynTangent {
    fn clone(&self) -> Self {
        DynTangent(self.0.as_ref().map(|tangent| tangent.boxed_clone()))
    }
}

impl PartialEq for DynTangent {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(tangent), Some(other)) => tangent.equals(&**other),
            (tangent, other) => tangent.is_none() && other.is_none(),
        }
    }
}

impl std::fmt::Debug for DynTangent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "DynTangent(..)" } else { "DynTangent" })
    }
}

impl Differentiable for DynTangent {
    type Tangent = Self;

    fn zero_tangent(&self) -> Self {
        let mut zero = self.clone();
        Tangent::fill_zero(&mut zero);
        zero
    }
}

impl Tangent for DynTangent {
    fn neutral() -> Self {
        DynTangent(None)
    }

    fn accumulate(&mut self, other: &Self) {
        match (&mut self.0, &other.0) {
            (Some(tangent), Some(other)) => tangent.accumulate(&**other),
            (empty @ None, Some(other)) => *empty = Some(other.boxed_clone()),
            (_, None) => {}
        }
    }

    fn scale(&mut self, factor: f64) {
        if let Some(tangent) = &mut self.0 {
            tangent.scale(factor);
        }
    }

    fn inner_product(&self, other: &Self) -> f64 {
        match (&self.0, &other.0) {
            (Some(tangent), Some(other)) => tangent.inner_product(&**other),
            _ => 0.0,
        }
    }

    fn fill_zero(&mut self) {
        if let Some(tangent) = &mut self.0 {
            tangent.fill_zero();
        }
    }
}

impl AccumulateFrom<DynTangent> for DynTangent {
    fn accumulate_from(&mut self, contribution: DynTangent) {
        Tangent::accumulate(self, &contribution);
    }
}

impl AccumulateFrom<&DynTangent> for DynTangent {
    fn accumulate_from(&mut self, contribution: &DynTangent) {
        Tangent::accumulate(self, contribution);
    }
}

/// Leaves whose owner's type is forgotten.
#[doc(hidden)]
pub trait ErasedLeaves {
    fn visit<'v>(&'v self, path: &LeafPath<'_>, visitor: &mut dyn LeafVisitor<'v>);
    fn visit_mut(&mut self, path: &LeafPath<'_>, visitor: &mut dyn ErasedVisitor);
}

/// A visitor that says for each type of numbers what it does.
#[doc(hidden)]
pub trait ErasedVisitor {
    fn leaf_f32(&mut self, path: &LeafPath<'_>, shape: &[usize], values: &mut [f32]);
    fn leaf_f64(&mut self, path: &LeafPath<'_>, shape: &[usize], values: &mut [f64]);
}

impl<T: LeavesMut> ErasedLeaves for T {
    fn visit<'v>(&'v self, path: &LeafPath<'_>, visitor: &mut dyn LeafVisitor<'v>) {
        self.visit_leaves(path, &mut Visitor(visitor));
    }

    fn visit_mut(&mut self, path: &LeafPath<'_>, visitor: &mut dyn ErasedVisitor) {
        self.visit_leaves_mut(path, &mut VisitorMut(visitor));
    }
}

/// Visits the leaves of a value whose type is forgotten.
#[doc(hidden)]
pub fn visit_erased<'v>(
    leaves: &'v (impl ErasedLeaves + ?Sized),
    path: &LeafPath<'_>,
    visitor: &mut impl LeafVisitor<'v>,
) {
    leaves.visit(path, visitor);
}

/// The same for leaves that may be changed.
#[doc(hidden)]
pub fn visit_erased_mut(
    leaves: &mut (impl ErasedLeaves + ?Sized),
    path: &LeafPath<'_>,
    visitor: &mut impl LeafVisitorMut,
) {
    struct Typed<'a, V>(&'a mut V);
    impl<V: LeafVisitorMut> ErasedVisitor for Typed<'_, V> {
        fn leaf_f32(&mut self, path: &LeafPath<'_>, shape: &[usize], values: &mut [f32]) {
            self.0.leaf(path, shape, values);
        }
        fn leaf_f64(&mut self, path: &LeafPath<'_>, shape: &[usize], values: &mut [f64]) {
            self.0.leaf(path, shape, values);
        }
    }
    leaves.visit_mut(path, &mut Typed(visitor));
}

struct Visitor<'a, 'v>(&'a mut dyn LeafVisitor<'v>);

impl<'v> LeafVisitor<'v> for Visitor<'_, 'v> {
    fn leaf(&mut self, path: &LeafPath<'_>, shape: &[usize], values: LeafValues<'v>) {
        self.0.leaf(path, shape, values);
    }
}

struct VisitorMut<'a>(&'a mut dyn ErasedVisitor);

impl LeafVisitorMut for VisitorMut<'_> {
    fn leaf<A: Float>(&mut self, path: &LeafPath<'_>, shape: &[usize], values: &mut [A]) {
        A::visit_erased(values, path, shape, self.0);
    }
}

impl Leaves for DynTangent {
    fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
        if let Some(tangent) = &self.0 {
            tangent.leaves().visit(path, visitor);
        }
    }
}

impl LeavesMut for DynTangent {
    fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
        if let Some(tangent) = &mut self.0 {
            visit_erased_mut(tangent.leaves_mut(), path, visitor);
        }
    }
}

/// A value that can be asked for its type: what a pullback of a trait object's method is given again.
pub trait AsAny {
    /// The value itself.
    fn as_any(&self) -> &dyn Any;
}

impl<T: 'static> AsAny for T {
    #[inline]
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The value behind a trait object or behind a pointer to one; `inner` looks behind the pointers.
///
/// # Panics
///
/// If it has another type than the one whose method was called.
#[track_caller]
pub fn concrete_receiver<'a, T: 'static>(
    value: &'a dyn AsAny,
    inner: impl Fn(&'a dyn Any) -> Option<&'a dyn AsAny>,
) -> &'a T {
    let mut any = value.as_any();
    loop {
        if let Some(found) = any.downcast_ref() {
            return found;
        }
        match inner(any) {
            Some(next) => any = next.as_any(),
            None => panic!("the pullback of a trait object's method is given another object than the method was"),
        }
    }
}
