//! Tangents in several directions at once.
//!
//! The forward derivative is linear in the tangents: sums of tangents, and products with numbers. Whatever has these
//! operations can stand in the place of a tangent: a number, several numbers side by side ([`Lanes`]), which the compiler
//! puts into vector registers, or the set of the inputs that a value depends on ([`Dependencies`]).

mod zeros;

use std::fmt::Debug;
use std::marker::PhantomData;
use std::ops::{Add, AddAssign, Deref, DerefMut, Div, DivAssign, Mul, MulAssign, Neg, Sub, SubAssign};

use ndarray::Array2;

use crate::float::Float;
use crate::shape::{SameShape, ShapeMismatch};
#[doc(hidden)]
pub use zeros::{InDirections, zero_in_directions};

/// What stands in the place of a tangent of the number `F`.
pub trait Lane<F>:
    Copy
    + Debug
    + PartialEq
    + Add<Output = Self>
    + Sub<Output = Self>
    + Neg<Output = Self>
    + Mul<F, Output = Self>
    + Div<F, Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign<F>
    + DivAssign<F>
{
    /// Zero in all directions.
    const ZERO: Self;

    /// Whether a product with this factor may differ from zero.
    fn counts(factor: F) -> bool;
}

/// Zero in all directions.
#[inline(always)]
pub fn no_direction<L: Lane<F>, F>() -> L {
    L::ZERO
}

/// Whether what a tangent contributes that is multiplied by this factor has to be computed.
#[inline(always)]
pub fn counts<L: Lane<F>, F>(factor: F) -> bool {
    L::counts(factor)
}

/// `K` numbers side by side: the tangents of one number in `K` directions.
///
/// ```
/// use autodiff_runtime::Lanes;
///
/// let x_dot = Lanes([1.0, 0.0]);
/// let y_dot = Lanes([0.0, 1.0]);
/// // The derivatives of `x * y` at (3, 4) in both directions.
/// let product_dot = x_dot * 4.0 + 3.0 * y_dot;
/// assert_eq!(*product_dot, [4.0, 3.0]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lanes<F, const K: usize>(pub [F; K]);

impl<F: Float, const K: usize> Lanes<F, K> {
    /// One in the given direction, zero in the others.
    #[must_use]
    pub fn unit(direction: usize) -> Self {
        let mut lanes = Self([F::zero(); K]);
        lanes.0[direction] = F::one();
        lanes
    }

    #[inline(always)]
    fn map(self, f: impl Fn(F) -> F) -> Self {
        Self(self.0.map(f))
    }

    #[inline(always)]
    fn zip(mut self, other: Self, f: impl Fn(F, F) -> F) -> Self {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own = f(*own, other);
        }
        self
    }
}

impl<F, const K: usize> Deref for Lanes<F, K> {
    type Target = [F; K];

    fn deref(&self) -> &[F; K] {
        &self.0
    }
}

impl<F, const K: usize> DerefMut for Lanes<F, K> {
    fn deref_mut(&mut self) -> &mut [F; K] {
        &mut self.0
    }
}

impl<F: Float, const K: usize> Add for Lanes<F, K> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
}

impl<F: Float, const K: usize> Sub for Lanes<F, K> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }
}

impl<F: Float, const K: usize> Neg for Lanes<F, K> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        self.map(|a| -a)
    }
}

impl<F: Float, const K: usize> Mul<F> for Lanes<F, K> {
    type Output = Self;

    #[inline(always)]
    fn mul(self, factor: F) -> Self {
        self.map(|a| a * factor)
    }
}

impl<F: Float, const K: usize> Div<F> for Lanes<F, K> {
    type Output = Self;

    #[inline(always)]
    fn div(self, divisor: F) -> Self {
        self.map(|a| a / divisor)
    }
}

/// The inputs that a number of type `F` depends on, up to 256 of them: a tangent of which only matters whether it may
/// differ from zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dependencies<F>([u64; WORDS], PhantomData<F>);

const WORDS: usize = 4;

impl<F: Float> Dependencies<F> {
    /// How many inputs are told apart.
    pub const COUNT: usize = 64 * WORDS;

    /// The number is the input at this position.
    #[must_use]
    pub fn on(input: usize) -> Self {
        let mut all = Self::ZERO;
        all.0[input / 64] = 1 << (input % 64);
        all
    }

    /// Whether it depends on the input at this position.
    #[must_use]
    pub fn contains(&self, input: usize) -> bool {
        (self.0[input / 64] >> (input % 64)) & 1 == 1
    }

    #[inline(always)]
    fn union(mut self, other: Self) -> Self {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own |= other;
        }
        self
    }
}

impl<F: Float> Add for Dependencies<F> {
    type Output = Self;

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.union(other)
    }
}

impl<F: Float> Sub for Dependencies<F> {
    type Output = Self;

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.union(other)
    }
}

impl<F: Float> Neg for Dependencies<F> {
    type Output = Self;

    #[inline(always)]
    fn neg(self) -> Self {
        self
    }
}

impl<F: Float> Mul<F> for Dependencies<F> {
    type Output = Self;

    /// A factor that is zero here may be another one elsewhere.
    #[inline(always)]
    fn mul(self, _: F) -> Self {
        self
    }
}

impl<F: Float> Div<F> for Dependencies<F> {
    type Output = Self;

    #[inline(always)]
    fn div(self, _: F) -> Self {
        self
    }
}

/// The operations that follow from the others.
macro_rules! assigned {
    ($([$($generics:tt)*] $Lane:ty;)*) => {$(
        impl<$($generics)*> AddAssign for $Lane {
            #[inline(always)]
            fn add_assign(&mut self, other: Self) {
                *self = *self + other;
            }
        }

        impl<$($generics)*> SubAssign for $Lane {
            #[inline(always)]
            fn sub_assign(&mut self, other: Self) {
                *self = *self - other;
            }
        }

        impl<$($generics)*> MulAssign<F> for $Lane {
            #[inline(always)]
            fn mul_assign(&mut self, factor: F) {
                *self = *self * factor;
            }
        }

        impl<$($generics)*> DivAssign<F> for $Lane {
            #[inline(always)]
            fn div_assign(&mut self, divisor: F) {
                *self = *self / divisor;
            }
        }
    )*};
}

assigned! {
    [F: Float, const K: usize] Lanes<F, K>;
    [F: Float] Dependencies<F>;
}

impl<F: Float, const K: usize> Lane<F> for Lanes<F, K> {
    const ZERO: Self = Self([F::ZEROS[0]; K]);

    #[inline(always)]
    fn counts(factor: F) -> bool {
        factor != F::ZEROS[0]
    }
}

impl<F: Float> Lane<F> for Dependencies<F> {
    const ZERO: Self = Self([0; WORDS], PhantomData);

    /// Another point may have another factor here.
    #[inline(always)]
    fn counts(_: F) -> bool {
        true
    }
}

macro_rules! impl_float {
    ($($float:ident)*) => {$(
        impl Lane<$float> for $float {
            const ZERO: Self = 0.0;

            #[inline(always)]
            fn counts(factor: $float) -> bool {
                factor != 0.0
            }
        }

        impl<const K: usize> Mul<Lanes<$float, K>> for $float {
            type Output = Lanes<$float, K>;

            #[inline(always)]
            fn mul(self, lanes: Lanes<$float, K>) -> Lanes<$float, K> {
                lanes * self
            }
        }

        impl<const K: usize> SameShape<Lanes<$float, K>> for $float {
            fn shape_mismatch(&self, _: &Lanes<$float, K>) -> Option<ShapeMismatch> {
                None
            }
        }

        impl SameShape<Dependencies<$float>> for $float {
            fn shape_mismatch(&self, _: &Dependencies<$float>) -> Option<ShapeMismatch> {
                None
            }
        }
    )*};
}

impl_float!(f32 f64);

/// A list of tangents in several directions: one, an array, a `Vec`.
pub trait LaneList<L> {
    /// The tangents in order.
    fn lanes(&self) -> &[L];

    /// The same, to be written.
    fn lanes_mut(&mut self) -> &mut [L];
}

impl<L> LaneList<L> for L {
    fn lanes(&self) -> &[L] {
        std::slice::from_ref(self)
    }

    fn lanes_mut(&mut self) -> &mut [L] {
        std::slice::from_mut(self)
    }
}

impl<L> LaneList<L> for Vec<L> {
    fn lanes(&self) -> &[L] {
        self
    }

    fn lanes_mut(&mut self) -> &mut [L] {
        self
    }
}

impl<L, const N: usize> LaneList<L> for [L; N] {
    fn lanes(&self) -> &[L] {
        self
    }

    fn lanes_mut(&mut self) -> &mut [L] {
        self
    }
}

/// The Jacobian by forward mode, `K` columns in each sweep: `derivative` is the function's derivative in `K` directions,
/// and `zero` a list of zeros as long as the argument.
pub fn jacobian_by_lanes<F, X, Y, const K: usize>(mut zero: X, mut derivative: impl FnMut(&X) -> Y) -> Array2<F>
where
    F: Float,
    X: LaneList<Lanes<F, K>>,
    Y: LaneList<Lanes<F, K>>,
{
    let columns = zero.lanes().len();
    let mut jacobian = Array2::zeros((0, columns));
    for first in (0..columns).step_by(K) {
        let several = first..columns.min(first + K);
        for column in several.clone() {
            zero.lanes_mut()[column].0[column - first] = F::one();
        }
        let derivatives = derivative(&zero);
        let rows = derivatives.lanes();
        if first == 0 {
            jacobian = Array2::zeros((rows.len(), columns));
        }
        for (row, lanes) in rows.iter().enumerate() {
            for column in several.clone() {
                jacobian[[row, column]] = lanes.0[column - first];
            }
        }
        for column in several {
            zero.lanes_mut()[column].0[column - first] = F::zero();
        }
    }
    jacobian
}
