//! Leaves of values that may be missing, of shared values, and of collections.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use super::{LeafPath, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut};
use crate::NoGradField;

impl<T: Leaves> Leaves for Option<T> {
    #[inline]
    fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
        if let Some(value) = self {
            value.visit_leaves(path, visitor);
        }
    }
}

impl<T: LeavesMut> LeavesMut for Option<T> {
    #[inline]
    fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
        if let Some(value) = self {
            value.visit_leaves_mut(path, visitor);
        }
    }
}

impl<T: Leaves, E> Leaves for Result<T, E> {
    #[inline]
    fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
        if let Ok(value) = self {
            value.visit_leaves(path, visitor);
        }
    }
}

impl<T: LeavesMut, E> LeavesMut for Result<T, E> {
    #[inline]
    fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
        if let Ok(value) = self {
            value.visit_leaves_mut(path, visitor);
        }
    }
}

impl<T: Leaves + ToOwned + ?Sized> Leaves for Cow<'_, T> {
    #[inline]
    fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
        (**self).visit_leaves(path, visitor);
    }
}

/// What is borrowed is copied first.
impl<T: Leaves + ToOwned<Owned: LeavesMut> + ?Sized> LeavesMut for Cow<'_, T> {
    #[inline]
    fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
        self.to_mut().visit_leaves_mut(path, visitor);
    }
}

/// Only a value with one owner can be changed; with several, the visit panics.
macro_rules! impl_shared_mut {
    ($($pointer:ident),*) => {$(
        impl<T: LeavesMut + ?Sized> LeavesMut for $pointer<T> {
            #[inline]
            #[track_caller]
            fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
                let Some(value) = $pointer::get_mut(self) else {
                    panic!("the numbers in `{path}` cannot be changed: the `{}` has other owners", stringify!($pointer));
                };
                value.visit_leaves_mut(path, visitor);
            }
        }
    )*};
}

impl_shared_mut!(Rc, Arc);

/// Each element has leaves of its own, since a deque need not lie in memory in one piece.
impl<T: Leaves> Leaves for VecDeque<T> {
    fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
        for (index, item) in self.iter().enumerate() {
            item.visit_leaves(&path.index(index), visitor);
        }
    }
}

impl<T: LeavesMut> LeavesMut for VecDeque<T> {
    fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
        for (index, item) in self.iter_mut().enumerate() {
            item.visit_leaves_mut(&path.index(index), visitor);
        }
    }
}

/// The values in the order of their keys, named by their positions.
impl<K, T: Leaves> Leaves for BTreeMap<K, T> {
    fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
        for (index, item) in self.values().enumerate() {
            item.visit_leaves(&path.index(index), visitor);
        }
    }
}

impl<K, T: LeavesMut> LeavesMut for BTreeMap<K, T> {
    fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
        for (index, item) in self.values_mut().enumerate() {
            item.visit_leaves_mut(&path.index(index), visitor);
        }
    }
}

/// The values in the order of their keys, as in a `BTreeMap`: a map's own order differs from that of its tangent.
impl<K: Ord, T: Leaves, S> Leaves for HashMap<K, T, S> {
    fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
        let mut entries: Vec<(&K, &T)> = self.iter().collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        for (index, (_, item)) in entries.into_iter().enumerate() {
            item.visit_leaves(&path.index(index), visitor);
        }
    }
}

impl<K: Ord, T: LeavesMut, S> LeavesMut for HashMap<K, T, S> {
    fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
        let mut entries: Vec<(&K, &mut T)> = self.iter_mut().collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        for (index, (_, item)) in entries.into_iter().enumerate() {
            item.visit_leaves_mut(&path.index(index), visitor);
        }
    }
}

impl Leaves for NoGradField {
    #[inline]
    fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, _: &LeafPath<'_>, _: &mut V) {}
}

impl LeavesMut for NoGradField {
    #[inline]
    fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, _: &LeafPath<'_>, _: &mut V) {}
}
