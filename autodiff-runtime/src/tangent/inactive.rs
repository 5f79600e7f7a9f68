//! Types of the standard library and of `ndarray` that hold no floating-point number.

use std::cell::{Cell, RefCell};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeSet, HashSet};
use std::ffi::{OsStr, OsString};
use std::marker::PhantomData;
use std::num::{NonZero, Wrapping};
use std::ops::{Range, RangeFrom, RangeFull, RangeInclusive, RangeTo, RangeToInclusive};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicI64, AtomicU32, AtomicU64, AtomicUsize};
use std::time::{Duration, Instant, SystemTime};

use ndarray::{Axis, Dim};

use super::Differentiable;
use crate::leaves::{LeafPath, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut};

/// The tangent `()`, and no leaves.
macro_rules! impl_inactive {
    ($([$($generics:tt)*] $ty:ty;)*) => {$(
        impl<$($generics)*> Differentiable for $ty {
            type Tangent = ();

            #[inline]
            fn zero_tangent(&self) {}
        }

        impl<$($generics)*> Leaves for $ty {
            #[inline]
            fn visit_leaves<'v, LEAVES: LeafVisitor<'v>>(&'v self, _: &LeafPath<'_>, _: &mut LEAVES) {}
        }

        impl<$($generics)*> LeavesMut for $ty {
            #[inline]
            fn visit_leaves_mut<LEAVES: LeafVisitorMut>(&mut self, _: &LeafPath<'_>, _: &mut LEAVES) {}
        }
    )*};
}

impl_inactive! {
    [T: ?Sized] PhantomData<T>;
    [] Duration;
    [] Instant;
    [] SystemTime;
    [] Ordering;
    [] RangeFull;
    [] Path;
    [] PathBuf;
    [] OsStr;
    [] OsString;
    [] AtomicBool;
    [] AtomicI32;
    [] AtomicI64;
    [] AtomicU32;
    [] AtomicU64;
    [] AtomicUsize;
    [] Axis;
    [I] Dim<I>;
    [T: Differentiable<Tangent = ()>] Reverse<T>;
    [T: Differentiable<Tangent = ()>] Cell<T>;
    [T: Differentiable<Tangent = ()>] RefCell<T>;
    [T: Differentiable<Tangent = ()>] BTreeSet<T>;
    [T: Differentiable<Tangent = ()>, S] HashSet<T, S>;
    [R] fn() -> R;
    [A, R] fn(A) -> R;
    [A, B, R] fn(A, B) -> R;
    [A, B, C, R] fn(A, B, C) -> R;
    [A, B, C, D, R] fn(A, B, C, D) -> R;
}

macro_rules! impl_of_integers {
    ($($integer:ident)*) => {
        impl_inactive! {
            $(
                [] Range<$integer>;
                [] RangeFrom<$integer>;
                [] RangeInclusive<$integer>;
                [] RangeTo<$integer>;
                [] RangeToInclusive<$integer>;
                [] Wrapping<$integer>;
                [] NonZero<$integer>;
            )*
        }
    };
}

impl_of_integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);
