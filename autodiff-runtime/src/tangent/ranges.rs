//! Ranges of numbers: their ends have derivatives.

use std::ops::Range;

use super::{Differentiable, Tangent};
use crate::accumulate::AccumulateFrom;
use crate::leaves::{LeafPath, LeafVisitor, LeafVisitorMut, Leaves, LeavesMut};

macro_rules! impl_range {
    ($($float:ident)*) => {$(
        impl Differentiable for Range<$float> {
            type Tangent = Range<$float>;

            #[inline]
            fn zero_tangent(&self) -> Range<$float> {
                Tangent::neutral()
            }
        }

        impl Tangent for Range<$float> {
            #[inline]
            fn neutral() -> Self {
                0.0..0.0
            }

            #[inline]
            fn accumulate(&mut self, other: &Self) {
                self.start += other.start;
                self.end += other.end;
            }

            #[inline]
            fn scale(&mut self, factor: f64) {
                self.start.scale(factor);
                self.end.scale(factor);
            }

            #[inline]
            fn inner_product(&self, other: &Self) -> f64 {
                self.start.inner_product(&other.start) + self.end.inner_product(&other.end)
            }

            #[inline]
            fn fill_zero(&mut self) {
                *self = Tangent::neutral();
            }
        }

        impl AccumulateFrom<Range<$float>> for Range<$float> {
            #[inline]
            fn accumulate_from(&mut self, contribution: Range<$float>) {
                self.accumulate(&contribution);
            }
        }

        impl AccumulateFrom<&Range<$float>> for Range<$float> {
            #[inline]
            fn accumulate_from(&mut self, contribution: &Range<$float>) {
                self.accumulate(contribution);
            }
        }

        impl Leaves for Range<$float> {
            #[inline]
            fn visit_leaves<'v, V: LeafVisitor<'v>>(&'v self, path: &LeafPath<'_>, visitor: &mut V) {
                self.start.visit_leaves(&path.field("start"), visitor);
                self.end.visit_leaves(&path.field("end"), visitor);
            }
        }

        impl LeavesMut for Range<$float> {
            #[inline]
            fn visit_leaves_mut<V: LeafVisitorMut>(&mut self, path: &LeafPath<'_>, visitor: &mut V) {
                self.start.visit_leaves_mut(&path.field("start"), visitor);
                self.end.visit_leaves_mut(&path.field("end"), visitor);
            }
        }
    )*};
}

impl_range!(f32 f64);
