//! The one trait over `f32` and `f64` that everything generic in this crate is written against.

use std::fmt::{Debug, Display};
use std::iter::Sum;

use ndarray::{Ix0, LinalgScalar, ScalarOperand};
use num_traits::{FromPrimitive, NumAssignOps};

use crate::each::TensorMut;
use crate::erased::ErasedVisitor;
use crate::generic::Scalar;
use crate::leaves::{LeafBuffer, LeafPath, LeafValues};
use crate::tensor::Tensor;

pub(crate) mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A floating-point number that can be differentiated: `f32` or `f64`.
///
/// The trait is sealed, because a derivative of a number is a number of the same type only for these two.
/// It brings all methods of [`num_traits::Float`], and arrays of it support all arithmetic of `ndarray`.
///
/// ```
/// use autodiff_runtime::Float;
///
/// fn half<A: Float>(x: A) -> A {
///     x * A::of(0.5)
/// }
/// assert_eq!(half(3.0_f32), 1.5);
/// ```
pub trait Float:
    sealed::Sealed
    + num_traits::Float
    + NumAssignOps
    + FromPrimitive
    + LinalgScalar
    + ScalarOperand
    + Sum
    + Default
    + Debug
    + Display
    + Send
    + Sync
    + Scalar<Native = Self>
    + crate::kernel::Lanes
    + Tensor<Elem = Self, Dim = Ix0>
    + TensorMut
{
    /// Zero, to be looked at by views that hold nothing else.
    #[doc(hidden)]
    const ZEROS: &'static [Self];

    /// The number nearest to `value`, for constants in generic code.
    fn of(value: f64) -> Self;

    /// The same number as `f64`, exactly.
    fn as_f64(self) -> f64;

    /// The error function `erf(x) = 2/√π ∫₀ˣ exp(-t²) dt`.
    fn erf(self) -> Self;

    /// The values of a leaf, if they have this type.
    #[doc(hidden)]
    fn leaf_values<'v>(values: &'v LeafValues<'_>) -> Option<&'v [Self]>;

    /// Wraps the values of a leaf.
    #[doc(hidden)]
    fn wrap_leaf(values: std::borrow::Cow<'_, [Self]>) -> LeafValues<'_>;

    /// The optimizer state of a leaf in this type, made empty if it had the other type.
    #[doc(hidden)]
    fn leaf_buffer(buffer: &mut LeafBuffer) -> &mut Vec<Self>;

    /// The optimizer state of a leaf, if it is in this type.
    #[doc(hidden)]
    fn filled_buffer(buffer: &mut LeafBuffer) -> Option<&mut [Self]>;

    /// Shows a leaf to a visitor that is not generic.
    #[doc(hidden)]
    fn visit_erased(values: &mut [Self], path: &LeafPath<'_>, shape: &[usize], visitor: &mut dyn ErasedVisitor);
}

macro_rules! impl_float {
    ($float:ident, $variant:ident, $erf:path, $visit:ident) => {
        impl Float for $float {
            const ZEROS: &'static [Self] = &[0.0];

            #[inline]
            fn of(value: f64) -> Self {
                value as $float
            }

            #[inline]
            fn as_f64(self) -> f64 {
                f64::from(self)
            }

            #[inline]
            fn erf(self) -> Self {
                $erf(self)
            }

            fn leaf_values<'v>(values: &'v LeafValues<'_>) -> Option<&'v [Self]> {
                match values {
                    LeafValues::$variant(values) => Some(values),
                    _ => None,
                }
            }

            fn wrap_leaf(values: std::borrow::Cow<'_, [Self]>) -> LeafValues<'_> {
                LeafValues::$variant(values)
            }

            fn leaf_buffer(buffer: &mut LeafBuffer) -> &mut Vec<Self> {
                if !matches!(buffer, LeafBuffer::$variant(_)) {
                    *buffer = LeafBuffer::$variant(Vec::new());
                }
                match buffer {
                    LeafBuffer::$variant(values) => values,
                    _ => unreachable!("the variant was set above"),
                }
            }

            fn filled_buffer(buffer: &mut LeafBuffer) -> Option<&mut [Self]> {
                match buffer {
                    LeafBuffer::$variant(values) => Some(values),
                    _ => None,
                }
            }

            fn visit_erased(
                values: &mut [Self],
                path: &LeafPath<'_>,
                shape: &[usize],
                visitor: &mut dyn ErasedVisitor,
            ) {
                visitor.$visit(path, shape, values);
            }
        }
    };
}

impl_float!(f32, F32, libm::erff, leaf_f32);
impl_float!(f64, F64, libm::erf, leaf_f64);
