//! Numbers with tangents as numbers that derivatives are known for.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt;
use std::thread::LocalKey;

use ndarray::{ArrayView0, ArrayView2, ArrayViewMut0, ArrayViewMut2, ArrayViewMutD, Ix0, ScalarOperand, aview0};
use num_traits::{Float as Numeric, Zero};

use super::Along;
use super::carried::parts;
use crate::buffers::{Pool, Pooled};
use crate::elementwise::{Elementwise, Pairwise};
use crate::erased::ErasedVisitor;
use crate::float::sealed::Sealed;
use crate::generic::{Ruled, Scalar};
use crate::kernel::Lanes;
use crate::kernel::lanes::{DOTS, portable};
use crate::leaves::{LeafBuffer, LeafPath, LeafValues};
use crate::methods::Powi;
use crate::rules::{AssignRule, BinaryRule, Compound, UnaryRule};
use crate::{AccumulateFrom, CastSource, CastTangent, Differentiable, Float, NumberTangent, SameShape, ShapeMismatch};
use crate::{Tangent, Tensor, TensorMut};

impl<A: ScalarOperand> ScalarOperand for Along<A> {}

impl<A: Numeric + fmt::Debug> Differentiable for Along<A>
where
    Self: Tangent,
{
    type Tangent = Self;

    #[inline]
    fn zero_tangent(&self) -> Self {
        Self::zero()
    }
}

impl<A> SameShape<Along<A>> for Along<A> {
    fn shape_mismatch(&self, _: &Along<A>) -> Option<ShapeMismatch> {
        None
    }
}

impl<A: Numeric> AccumulateFrom<Along<A>> for Along<A> {
    #[inline]
    fn accumulate_from(&mut self, contribution: Along<A>) {
        *self += contribution;
    }
}

impl<A: Numeric> AccumulateFrom<&Along<A>> for Along<A> {
    #[inline]
    fn accumulate_from(&mut self, contribution: &Along<A>) {
        *self += *contribution;
    }
}

impl<A: Numeric> NumberTangent<Along<A>> for Along<A> {
    fn number(&self) -> Along<A> {
        *self
    }
}

impl<A: Float> CastTangent for Along<A> {
    fn into_float(self) -> f64 {
        self.value.as_f64()
    }
}

/// What a leaf holds are numbers without tangents.
const NO_LEAF: &str = "numbers with tangents are never leaves";

macro_rules! impl_along {
    ($($float:ident)*) => {$(
        impl Sealed for Along<$float> {}

        impl Pooled for Along<$float> {
            const ZERO: Self = Self { value: 0.0, tangent: 0.0 };

            fn pool() -> &'static LocalKey<RefCell<Pool<Self>>> {
                thread_local!(static POOL: RefCell<Pool<Along<$float>>> = const { RefCell::new(Pool::new()) });
                &POOL
            }
        }

        impl Tangent for Along<$float> {
            fn neutral() -> Self {
                Self::zero()
            }

            fn accumulate(&mut self, other: &Self) {
                *self += *other;
            }

            fn scale(&mut self, factor: f64) {
                *self *= Self::of(factor);
            }

            fn inner_product(&self, other: &Self) -> f64 {
                (*self * *other).as_f64()
            }

            fn fill_zero(&mut self) {
                *self = Self::zero();
            }
        }

        impl CastSource for Along<$float> {
            fn cotangent(&self, float_bar: f64) -> Self {
                Self::of(float_bar)
            }

            fn cast_to_f64(&self) -> f64 {
                self.as_f64()
            }
        }

        impl<Op: Elementwise> UnaryRule<Op> for Along<$float> {
            type Output = Self;
            type Kept = Self;

            fn value(&self) -> Self {
                Op::value(*self)
            }

            fn keep(value: &Self) -> Self {
                *value
            }

            fn pull(&self, kept: &Self, value_bar: &Self, bar: &mut Self) {
                *bar += Op::pull(if Op::FROM_RESULT { *kept } else { *self }, *value_bar);
            }

            fn push(&self, value: &Self, dot: &Self) -> Self {
                Op::pull(if Op::FROM_RESULT { *value } else { *self }, *dot)
            }
        }

        impl<Op: Pairwise> BinaryRule<Op, Along<$float>> for Along<$float> {
            type Output = Self;

            fn value(&self, b: &Self) -> Self {
                Op::value(*self, *b)
            }

            fn pull(&self, b: &Self, value_bar: &Self, a_bar: Option<&mut Self>, b_bar: Option<&mut Self>) {
                if let Some(bar) = a_bar {
                    *bar += Op::pull_a(*self, *b, *value_bar);
                }
                if let Some(bar) = b_bar {
                    *bar += Op::pull_b(*self, *b, *value_bar);
                }
            }

            fn push(&self, b: &Self, _: &Self, a_dot: Option<&Self>, b_dot: Option<&Self>) -> Self {
                let from_a = a_dot.map_or(Self::zero(), |&dot| Op::pull_a(*self, *b, dot));
                from_a + b_dot.map_or(Self::zero(), |&dot| Op::pull_b(*self, *b, dot))
            }
        }

        impl BinaryRule<Powi, i32> for Along<$float> {
            type Output = Self;

            fn value(&self, n: &i32) -> Self {
                self.powi(*n)
            }

            fn pull(&self, n: &i32, value_bar: &Self, a_bar: Option<&mut Self>, _: Option<&mut ()>) {
                if let Some(bar) = a_bar {
                    *bar += *value_bar * autodiff_core::powi_partial(*self, *n);
                }
            }

            fn push(&self, n: &i32, _: &Self, dot: Option<&Self>, _: Option<&()>) -> Self {
                dot.map_or(Self::zero(), |dot| *dot * autodiff_core::powi_partial(*self, *n))
            }
        }

        impl<Op: Compound> AssignRule<Op, Along<$float>> for Along<$float> {
            type Kept = Self;

            fn keep(&self) -> Self {
                *self
            }

            fn assign(&mut self, b: &Self) {
                *self = Op::value(*self, *b);
            }

            fn pull(kept: &Self, b: &Self, bar: &mut Self, b_bar: Option<&mut Self>) {
                if let Some(b_bar) = b_bar {
                    *b_bar += Op::pull_b(*kept, *b, *bar);
                }
                *bar = Op::pull_a(*kept, *b, *bar);
            }

            fn push(&mut self, b: &Self, dot: &mut Self, b_dot: Option<&Self>) {
                let of_b = b_dot.map_or(Self::zero(), |&b_dot| Op::pull_b(*self, *b, b_dot));
                *dot = Op::pull_a(*self, *b, *dot) + of_b;
                *self = Op::value(*self, *b);
            }
        }

        impl Ruled for Along<$float> {}

        impl Scalar for Along<$float> {
            type Native = Self;

            fn into_native(self) -> Self {
                self
            }

            fn from_native(native: Self) -> Self {
                native
            }
        }

        impl Tensor for Along<$float> {
            type Elem = Self;
            type Dim = Ix0;

            fn tensor_view(&self) -> ArrayView0<'_, Self> {
                aview0(self)
            }
        }

        impl TensorMut for Along<$float> {
            fn tensor_view_mut(&mut self) -> ArrayViewMutD<'_, Self> {
                ArrayViewMut0::from_shape((), std::slice::from_mut(self)).expect("one number").into_dyn()
            }
        }

        impl Lanes for Along<$float> {
            fn dots(
                left: &[&[Self]; DOTS],
                right: &[&[Self]; DOTS],
            ) -> [[Self; DOTS]; DOTS] {
                portable::dots(left, right)
            }

            fn transpose(shape: [usize; 2], from: &[Self], stride: usize, to: &mut [Self], distance: usize, add: bool) {
                portable::transpose(shape, from, stride, to, distance, add);
            }

            fn exp_each(numbers: &mut [Self]) {
                numbers.iter_mut().for_each(|number| *number = number.exp());
            }

            fn tanh_each(numbers: &mut [Self]) {
                numbers.iter_mut().for_each(|number| *number = number.tanh());
            }

            fn exp_in_lanes(self) -> Self {
                self.exp()
            }

            fn tanh_in_lanes(self) -> Self {
                self.tanh()
            }

            fn ln_in_lanes(self) -> Self {
                self.ln()
            }

            fn sigmoid_each(numbers: &mut [Self]) {
                numbers.iter_mut().for_each(|number| {
                    let y = crate::sigmoid(number.value);
                    *number = number.through(y, y * (1.0 - y));
                });
            }

            /// The products of values, and of values with tangents.
            fn product(left: ArrayView2<'_, Self>, right: ArrayView2<'_, Self>, mut result: ArrayViewMut2<'_, Self>, add: bool) {
                let ([left, left_dot], [right, right_dot]) = (parts(left), parts(right));
                let [mut value, mut tangent] = parts(result.view());
                $float::product(left.view(), right.view(), value.view_mut(), add);
                $float::product(left_dot.view(), right.view(), tangent.view_mut(), add);
                $float::product(left.view(), right_dot.view(), tangent.view_mut(), true);
                ndarray::Zip::from(&mut result).and(&value).and(&tangent).for_each(|place, &value, &tangent| {
                    *place = Self { value, tangent };
                });
            }
        }

        impl Float for Along<$float> {
            type Wide = Along<f64>;
            const ZEROS: &'static [Self] = &[Self { value: 0.0, tangent: 0.0 }];

            fn of(value: f64) -> Self {
                Self::constant($float::of(value))
            }

            fn as_f64(self) -> f64 {
                self.value.as_f64()
            }

            fn widen(self) -> Along<f64> {
                Along { value: self.value.as_f64(), tangent: self.tangent.as_f64() }
            }

            fn narrow(wide: Along<f64>) -> Self {
                Self { value: $float::of(wide.value), tangent: $float::of(wide.tangent) }
            }

            fn erf(self) -> Self {
                let slope = $float::of(std::f64::consts::FRAC_2_SQRT_PI) * (-self.value * self.value).exp();
                self.through(Float::erf(self.value), slope)
            }

            fn leaf_values<'v>(_: &'v LeafValues<'_>) -> Option<&'v [Self]> {
                None
            }

            fn wrap_leaf(_: Cow<'_, [Self]>) -> LeafValues<'_> {
                unreachable!("{NO_LEAF}")
            }

            fn leaf_buffer(_: &mut LeafBuffer) -> &mut Vec<Self> {
                unreachable!("{NO_LEAF}")
            }

            fn filled_buffer(_: &mut LeafBuffer) -> Option<&mut [Self]> {
                None
            }

            fn visit_erased(_: &mut [Self], _: &LeafPath<'_>, _: &[usize], _: &mut dyn ErasedVisitor) {
                unreachable!("{NO_LEAF}")
            }
        }
    )*};
}

impl_along!(f32 f64);
