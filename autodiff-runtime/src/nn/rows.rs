//! Softmax and its logarithm over the last axis.

use ndarray::{Array, ArrayRef, ArrayView1, Axis, Dimension, Zip};

use crate::{Float, buffers, kept, zero_tangent};

/// What turns the entries of a row into weights: its largest entry and the sum of the exponentials relative to it.
///
/// Subtracting the largest entry before exponentiating keeps everything finite, and keeping the two numbers apart keeps
/// full precision when the entries are large. An entry of minus infinity has weight 0, also if all entries are masked.
pub(crate) struct Normaliser<A> {
    largest: A,
    sum: A,
}

impl<A: Float> Normaliser<A> {
    /// Reads a row twice.
    pub(crate) fn of(row: ArrayView1<'_, A>) -> Self {
        let largest = row.fold(A::neg_infinity(), |largest, &x| largest.max(x));
        let unnormalised = Self { largest, sum: A::one() };
        let sum = row.fold(A::zero(), |sum, &x| sum + unnormalised.weight(x));
        Self { largest, sum }
    }

    /// The softmax of an entry.
    #[inline]
    pub(crate) fn weight(&self, x: A) -> A {
        if x == A::neg_infinity() { A::zero() } else { (x - self.largest).exp() / self.sum }
    }

    /// The logarithm of the softmax of an entry.
    #[inline]
    pub(crate) fn log_weight(&self, x: A) -> A {
        if x == A::neg_infinity() { x } else { x - self.largest - self.sum.ln() }
    }
}

/// The last axis.
#[track_caller]
fn last_axis(operation: &str, ndim: usize) -> Axis {
    assert!(ndim > 0, "`{operation}`: the argument has no axis to normalise over");
    Axis(ndim - 1)
}

/// Maps every row along the last axis in place, given the normaliser of the row and the entry.
#[track_caller]
fn map_rows<A: Float, D: Dimension>(
    operation: &str,
    x: &ArrayRef<A, D>,
    entry: impl Fn(&Normaliser<A>, A) -> A,
) -> Array<A, D> {
    let axis = last_axis(operation, x.ndim());
    let mut y = buffers::copy(x.view());
    for mut row in y.lanes_mut(axis) {
        let normaliser = Normaliser::of(row.view());
        row.mapv_inplace(|x| entry(&normaliser, x));
    }
    y
}

/// The inner products of the rows of two arrays along the last axis, handed to `each` with the rows of a third.
#[track_caller]
fn zip_rows<A: Float, D: Dimension>(
    operation: &str,
    target: &mut Array<A, D>,
    y: &Array<A, D>,
    other: &Array<A, D>,
    mut each: impl FnMut(&mut A, A, A, A),
    reduce: impl Fn(A, A) -> A,
) {
    assert!(
        target.shape() == y.shape() && other.shape() == y.shape(),
        "`{operation}`: a derivative of shape {:?} or {:?} does not fit a value of shape {:?}",
        other.shape(),
        target.shape(),
        y.shape()
    );
    let axis = last_axis(operation, y.ndim());
    Zip::from(target.lanes_mut(axis)).and(y.lanes(axis)).and(other.lanes(axis)).for_each(|mut target, y, other| {
        let total = y.iter().zip(other).fold(A::zero(), |sum, (&y, &other)| sum + reduce(y, other));
        Zip::from(&mut target).and(y).and(other).for_each(|target, &y, &other| each(target, y, other, total));
    });
}

/// Defines a function of rows whose derivative is a function of its result, and its companion.
macro_rules! row_function {
    (
        $(#[$doc:meta])*
        $name:ident, $entry:expr;
        reverse |$y:ident, $g:ident, $total:ident| $pull:expr, sum $reduce:expr;
        forward |$y2:ident, $dot:ident, $total2:ident| $push:expr, sum $reduce2:expr;
    ) => {
        $(#[$doc])*
        #[track_caller]
        pub fn $name<A: Float, D: Dimension>(x: &ArrayRef<A, D>) -> Array<A, D> {
            map_rows(stringify!($name), x, $entry)
        }

        #[doc = concat!("Derivatives of the function [`", stringify!($name), "`](fn@", stringify!($name), ").")]
        #[allow(non_camel_case_types)]
        pub enum $name {}

        impl $name {
            /// The value, and a pullback from the cotangent of the value to that of `x`.
            #[track_caller]
            pub fn vjp<'x, A: Float, D: Dimension>(
                x: &'x ArrayRef<A, D>,
            ) -> (Array<A, D>, impl Fn(Array<A, D>) -> Array<A, D> + use<'x, A, D>) {
                let (y, pullback) = Self::call_vjp(x);
                let pullback = move |y_bar: Array<A, D>| {
                    let mut x_bar = zero_tangent(x);
                    pullback(x, &y_bar, Some(&mut x_bar));
                    x_bar
                };
                (y, pullback)
            }

            /// The value, and the directional derivative along `x_dot`.
            #[track_caller]
            pub fn jvp<A: Float, D: Dimension>(
                x: &ArrayRef<A, D>,
                x_dot: &Array<A, D>,
            ) -> (Array<A, D>, Array<A, D>) {
                Self::call_jvp(x, Some(x_dot))
            }

            #[doc(hidden)]
            #[track_caller]
            pub fn call_vjp<A: Float, D: Dimension>(
                x: &ArrayRef<A, D>,
            ) -> (Array<A, D>, impl Fn(&ArrayRef<A, D>, &Array<A, D>, Option<&mut Array<A, D>>) + use<A, D>)
            {
                let y = $name(x);
                let kept = kept(buffers::copy(y.view()));
                let pullback =
                    move |_: &ArrayRef<A, D>, y_bar: &Array<A, D>, x_bar: Option<&mut Array<A, D>>| {
                        if let Some(x_bar) = x_bar {
                            let each = |acc: &mut A, $y: A, $g: A, $total: A| *acc += $pull;
                            zip_rows(stringify!($name), x_bar, &kept, y_bar, each, $reduce);
                        }
                    };
                (y, pullback)
            }

            #[doc(hidden)]
            #[track_caller]
            pub fn call_jvp<A: Float, D: Dimension>(
                x: &ArrayRef<A, D>,
                x_dot: Option<&Array<A, D>>,
            ) -> (Array<A, D>, Array<A, D>) {
                let y = $name(x);
                let mut y_dot = zero_tangent(&y);
                if let Some(x_dot) = x_dot {
                    let each = |acc: &mut A, $y2: A, $dot: A, $total2: A| *acc = $push;
                    zip_rows(stringify!($name), &mut y_dot, &y, x_dot, each, $reduce2);
                }
                (y, y_dot)
            }
        }
    };
}

row_function! {
    /// The softmax over the last axis: `exp(xᵢ) / Σⱼ exp(xⱼ)`, without overflow.
    ///
    /// An entry of minus infinity (a mask) gives weight 0; a row of nothing else gives a row of zeros.
    ///
    /// ```
    /// use autodiff_runtime::nn::softmax;
    /// use ndarray::array;
    ///
    /// assert_eq!(softmax(&array![[1000.0, 1000.0, f64::NEG_INFINITY]]), array![[0.5, 0.5, 0.0]]);
    /// ```
    ///
    /// # Panics
    ///
    /// If `x` has no axis.
    softmax, Normaliser::weight;
    reverse |y, g, total| y * (g - total), sum |y, g| y * g;
    forward |y, dot, total| y * (dot - total), sum |y, dot| y * dot;
}

row_function! {
    /// The logarithm of the softmax over the last axis: `xᵢ - ln Σⱼ exp(xⱼ)`, without overflow.
    ///
    /// An entry of minus infinity (a mask) stays minus infinity and receives no gradient.
    ///
    /// # Panics
    ///
    /// If `x` has no axis.
    log_softmax, Normaliser::log_weight;
    reverse |y, g, total| if y == A::neg_infinity() { A::zero() } else { g - y.exp() * total },
        sum |y, g| if y == A::neg_infinity() { A::zero() } else { g };
    forward |y, dot, total| if y == A::neg_infinity() { A::zero() } else { dot - total },
        sum |y, dot| if y == A::neg_infinity() { A::zero() } else { y.exp() * dot };
}
