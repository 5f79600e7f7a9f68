//! Tangents of maps: maps of tangents, in which an absent key stands for zero.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::hash::{BuildHasher, Hash};

use super::{Differentiable, Tangent};

macro_rules! impl_map {
    ($([$($generics:tt)*] $map:ident<$K:ident, $V:ident $(, $S:ident)?>;)*) => {$(
        impl<$($generics)*, $V: Differentiable> Differentiable for $map<$K, $V $(, $S)?> {
            type Tangent = $map<$K, $V::Tangent $(, $S)?>;

            #[inline]
            fn zero_tangent(&self) -> Self::Tangent {
                self.iter().map(|(key, value)| (key.clone(), value.zero_tangent())).collect()
            }
        }

        impl<$($generics)*, $V: Tangent> Tangent for $map<$K, $V $(, $S)?> {
            #[inline]
            fn neutral() -> Self {
                Self::default()
            }

            fn accumulate(&mut self, other: &Self) {
                for (key, added) in other {
                    match self.get_mut(key) {
                        Some(value) => value.accumulate(added),
                        None => drop(self.insert(key.clone(), added.clone())),
                    }
                }
            }

            #[inline]
            fn scale(&mut self, factor: f64) {
                self.values_mut().for_each(|value| value.scale(factor));
            }

            fn inner_product(&self, other: &Self) -> f64 {
                let products = self.iter().filter_map(|(key, value)| Some(value.inner_product(other.get(key)?)));
                products.sum()
            }

            #[inline]
            fn fill_zero(&mut self) {
                self.values_mut().for_each(V::fill_zero);
            }
        }
    )*};
}

impl_map! {
    [K: Ord + Clone + Debug] BTreeMap<K, V>;
    [K: Eq + Hash + Clone + Debug, S: BuildHasher + Clone + Default] HashMap<K, V, S>;
}
