//! Adding to the cotangents of sequences, of values that may be missing, and of collections.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::AccumulateFrom;
use crate::Tangent;
use crate::tangent::assert_same_length;

#[inline]
#[track_caller]
fn add_each<'c, T: AccumulateFrom<&'c U>, U>(acc: &mut [T], contribution: &'c [U]) {
    if contribution.is_empty() {
        return;
    }
    assert_same_length(acc.len(), contribution.len());
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
    [const N: usize] [T; N], &[U; N];
    [const N: usize] [T; N], [U; N];
    [const N: usize] [T; N], &[U];
    [const N: usize] [T; N], &Vec<U>;
    [const N: usize] [T; N], Vec<U>;
}

/// A `Vec` without elements counts as zero of any length, and takes the length of what is added to it.
#[inline]
#[track_caller]
fn add_each_growing<'c, T: AccumulateFrom<&'c U> + Tangent, U>(acc: &mut Vec<T>, contribution: &'c [U]) {
    if acc.is_empty() {
        acc.resize_with(contribution.len(), T::neutral);
    }
    add_each(acc, contribution);
}

macro_rules! impl_vec {
    ($([$($generics:tt)*] $contribution:ty;)*) => {$(
        impl<T, U, $($generics)*> AccumulateFrom<$contribution> for Vec<T>
        where
            T: for<'c> AccumulateFrom<&'c U> + Tangent,
        {
            #[inline]
            fn accumulate_from(&mut self, contribution: $contribution) {
                add_each_growing(self, &contribution[..]);
            }
        }
    )*};
}

impl_vec! {
    [] &[U];
    [] &Vec<U>;
    [] Vec<U>;
    [const N: usize] &[U; N];
    [const N: usize] [U; N];
}

macro_rules! impl_by_tangent {
    ($([$($generics:tt)*] $acc:ty;)*) => {$(
        impl<$($generics)*> AccumulateFrom<&$acc> for $acc
        where
            $acc: Tangent,
        {
            #[inline]
            fn accumulate_from(&mut self, contribution: &$acc) {
                Tangent::accumulate(self, contribution);
            }
        }

        impl<$($generics)*> AccumulateFrom<$acc> for $acc
        where
            $acc: Tangent,
        {
            #[inline]
            fn accumulate_from(&mut self, contribution: $acc) {
                Tangent::accumulate(self, &contribution);
            }
        }
    )*};
}

impl_by_tangent! {
    [T] VecDeque<T>;
    [K, T] BTreeMap<K, T>;
    [K, T, S] HashMap<K, T, S>;
}

/// What is in the box has the cotangent; the box only gives it a place.
impl<T: AccumulateFrom<T>> AccumulateFrom<T> for Box<T> {
    #[inline]
    fn accumulate_from(&mut self, contribution: T) {
        (**self).accumulate_from(contribution);
    }
}

impl<'c, T: AccumulateFrom<&'c T> + ?Sized> AccumulateFrom<&'c T> for Box<T> {
    #[inline]
    fn accumulate_from(&mut self, contribution: &'c T) {
        (**self).accumulate_from(contribution);
    }
}

impl<T: AccumulateFrom<T>> AccumulateFrom<Box<T>> for Box<T> {
    #[inline]
    fn accumulate_from(&mut self, contribution: Box<T>) {
        (**self).accumulate_from(*contribution);
    }
}

impl<'c, T: AccumulateFrom<&'c T> + ?Sized> AccumulateFrom<&'c Box<T>> for Box<T> {
    #[inline]
    fn accumulate_from(&mut self, contribution: &'c Box<T>) {
        (**self).accumulate_from(contribution);
    }
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
