//! Elements by their numbers, by masks, and in order.

use ndarray::{Array, Array2, ArrayRef, Axis, Dimension, Ix2, RemoveAxis, Zip};

use super::rule::rule;
use crate::{Float, zero_tangent};

/// Panics unless the numbers are those of elements along an axis, in arrays that agree in all other axes.
#[track_caller]
fn check_indices<D: Dimension + RemoveAxis>(
    operation: &str,
    shape: &[usize],
    indices: &ArrayRef<usize, D>,
    axis: Axis,
) {
    assert!(axis.0 < shape.len(), "`{operation}`: an array of shape {shape:?} has no axis {}", axis.0);
    let mut lengths = shape.iter().zip(indices.shape()).enumerate();
    assert!(
        lengths.all(|(index, (len, other))| index == axis.0 || len == other),
        "`{operation}`: numbers of shape {:?} do not fit an array of shape {shape:?} outside of axis {}",
        indices.shape(),
        axis.0
    );
    if let Some(index) = indices.iter().find(|&&index| index >= shape[axis.0]) {
        panic!("`{operation}`: an array of shape {shape:?} has no element {index} along axis {}", axis.0);
    }
}

/// The elements with the given numbers in every lane.
fn gathered<A: Float, D: Dimension + RemoveAxis>(
    x: &ArrayRef<A, D>,
    indices: &ArrayRef<usize, D>,
    axis: Axis,
) -> Array<A, D> {
    let mut y = Array::zeros(indices.raw_dim());
    Zip::from(y.lanes_mut(axis)).and(x.lanes(axis)).and(indices.lanes(axis)).for_each(|mut y, x, indices| {
        Zip::from(&mut y).and(indices).for_each(|y, &index| *y = x[index]);
    });
    y
}

/// Adds to the elements with the given numbers in every lane.
fn add_scattered<A: Float, D: Dimension + RemoveAxis>(
    to: &mut Array<A, D>,
    source: &ArrayRef<A, D>,
    indices: &ArrayRef<usize, D>,
    axis: Axis,
) {
    Zip::from(to.lanes_mut(axis)).and(source.lanes(axis)).and(indices.lanes(axis)).for_each(
        |mut to, source, indices| {
            Zip::from(source).and(indices).for_each(|&value, &index| to[index] += value);
        },
    );
}

/// Gives a cotangent without elements the shape of its value.
fn sized<'b, A: Float, D: Dimension>(bar: &'b mut Array<A, D>, value: &ArrayRef<A, D>) -> &'b mut Array<A, D> {
    if bar.len() != value.len() {
        *bar = zero_tangent(value);
    }
    bar
}

rule! {
    /// The elements with the given numbers along an axis, PyTorch's `gather`: `y[i, j] = x[indices[i, j], j]` for axis 0
    /// of two. `indices` has the shape of the result, which agrees with that of `x` in all other axes.
    ///
    /// ```
    /// use autodiff_runtime::nn::gather;
    /// use ndarray::{Axis, array};
    ///
    /// assert_eq!(gather(&array![[1.0, 2.0, 3.0]], &array![[2, 0]], Axis(1)), array![[3.0, 1.0]]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the shapes do not fit each other or there is no element with one of the numbers.
    fn gather[A: Float, D: Dimension + RemoveAxis](
        x x_bar x_dot: ArrayRef<A, D> => Array<A, D>;
        indices: ArrayRef<usize, D> => ();
        axis: Axis => ()
    ) -> Array<A, D>, keeps (), captures [A, D];
    value {
        check_indices("gather", x.shape(), indices, axis);
        (gathered(x, indices, axis), ())
    }
    reverse |_kept, y_bar| {
        if let Some(x_bar) = x_bar.filter(|_| !y_bar.is_empty()) {
            add_scattered(sized(x_bar, x), y_bar, indices, axis);
        }
    }
    forward |y, _kept| {
        x_dot.map_or_else(|| zero_tangent(y), |x_dot| gathered(x_dot, indices, axis))
    }
    second linear
}

rule! {
    /// `x`, to whose elements with the given numbers along an axis those of `source` are added, PyTorch's `scatter_add`:
    /// `y[indices[i, j], j] += source[i, j]` for axis 0 of two.
    ///
    /// ```
    /// use autodiff_runtime::nn::scatter_add;
    /// use ndarray::{Axis, array};
    ///
    /// let y = scatter_add(&array![1.0, 1.0], &array![5.0, 6.0, 7.0], &array![1, 1, 0], Axis(0));
    /// assert_eq!(y, array![8.0, 12.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the shapes do not fit each other or there is no element with one of the numbers.
    fn scatter_add[A: Float, D: Dimension + RemoveAxis](
        x x_bar x_dot: ArrayRef<A, D> => Array<A, D>,
        source source_bar source_dot: ArrayRef<A, D> => Array<A, D>;
        indices: ArrayRef<usize, D> => ();
        axis: Axis => ()
    ) -> Array<A, D>, keeps (), captures [A, D];
    value {
        check_indices("scatter_add", x.shape(), indices, axis);
        assert!(
            source.shape() == indices.shape(),
            "`scatter_add`: a source of shape {:?} but numbers of shape {:?}",
            source.shape(), indices.shape()
        );
        let mut y = x.to_owned();
        add_scattered(&mut y, source, indices, axis);
        (y, ())
    }
    reverse |_kept, y_bar| {
        if y_bar.is_empty() {
            return;
        }
        if let Some(x_bar) = x_bar {
            crate::accumulate(x_bar, y_bar);
        }
        if let Some(source_bar) = source_bar {
            crate::accumulate(source_bar, gathered(y_bar, indices, axis));
        }
    }
    forward |y, _kept| {
        let mut y_dot = x_dot.map_or_else(|| zero_tangent(y), |x_dot| x_dot.clone());
        if let Some(source_dot) = source_dot {
            add_scattered(&mut y_dot, source_dot, indices, axis);
        }
        y_dot
    }
    second linear
}

/// The elements of `x` where the mask has the given value, and zeros.
fn masked<A: Float, D: Dimension>(x: &ArrayRef<A, D>, mask: &ArrayRef<bool, D>, wanted: bool) -> Array<A, D> {
    Zip::from(x).and(mask).map_collect(|&x, &mask| if mask == wanted { x } else { A::zero() })
}

rule! {
    /// The elements of `a` where `mask` is true, and those of `b` where it is false: PyTorch's `where(mask, a, b)`.
    ///
    /// ```
    /// use autodiff_runtime::nn::choose;
    /// use ndarray::array;
    ///
    /// assert_eq!(choose(&array![1.0, 2.0], &array![3.0, 4.0], &array![true, false]), array![1.0, 4.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the shapes differ.
    fn choose[A: Float, D: Dimension](
        a a_bar a_dot: ArrayRef<A, D> => Array<A, D>, b b_bar b_dot: ArrayRef<A, D> => Array<A, D>;
        mask: ArrayRef<bool, D> => ();
    ) -> Array<A, D>, keeps (), captures [A, D];
    value {
        assert!(
            a.shape() == b.shape() && a.shape() == mask.shape(),
            "`choose`: arrays of shapes {:?} and {:?} and a mask of shape {:?}",
            a.shape(), b.shape(), mask.shape()
        );
        (Zip::from(a).and(b).and(mask).map_collect(|&a, &b, &mask| if mask { a } else { b }), ())
    }
    reverse |_kept, y_bar| {
        if y_bar.is_empty() {
            return;
        }
        if let Some(a_bar) = a_bar {
            crate::accumulate(a_bar, masked(y_bar, mask, true));
        }
        if let Some(b_bar) = b_bar {
            crate::accumulate(b_bar, masked(y_bar, mask, false));
        }
    }
    forward |y, _kept| {
        let mut y_dot = a_dot.map_or_else(|| zero_tangent(y), |a_dot| masked(a_dot, mask, true));
        if let Some(b_dot) = b_dot {
            y_dot += &masked(b_dot, mask, false);
        }
        y_dot
    }
    second linear
}

/// The numbers along an axis that bring every lane into ascending order, NaN last; equal elements keep theirs.
fn order<A: Float, D: Dimension + RemoveAxis>(x: &ArrayRef<A, D>, axis: Axis) -> Array<usize, D> {
    let mut order = Array::zeros(x.raw_dim());
    Zip::from(order.lanes_mut(axis)).and(x.lanes(axis)).for_each(|mut order, x| {
        let mut indices: Vec<usize> = (0..x.len()).collect();
        indices.sort_by(|&i, &j| {
            x[i].is_nan().cmp(&x[j].is_nan()).then(x[i].partial_cmp(&x[j]).unwrap_or(std::cmp::Ordering::Equal))
        });
        order.iter_mut().zip(indices).for_each(|(place, index)| *place = index);
    });
    order
}

rule! {
    /// The elements along an axis in ascending order, NaN last. The gradient goes back to where each came from.
    ///
    /// ```
    /// use autodiff_runtime::nn::sort;
    /// use ndarray::{Axis, array};
    ///
    /// let x = array![3.0, 1.0, 2.0];
/// let (y, pullback) = sort::vjp(&x, Axis(0));
    /// assert_eq!(y, array![1.0, 2.0, 3.0]);
    /// assert_eq!(pullback(array![10.0, 20.0, 30.0]), array![30.0, 10.0, 20.0]);
    /// ```
    ///
    /// # Panics
    ///
    /// If there is no such axis.
    fn sort[A: Float, D: Dimension + RemoveAxis](
        x x_bar x_dot: ArrayRef<A, D> => Array<A, D>;;
        axis: Axis => ()
    ) -> Array<A, D>, keeps Array<usize, D>, captures [A, D];
    value {
        assert!(axis.0 < x.ndim(), "`sort`: an array of shape {:?} has no axis {}", x.shape(), axis.0);
        let order = order(x, axis);
        (gathered(x, &order, axis), order)
    }
    reverse |order, y_bar| {
        if let Some(x_bar) = x_bar.filter(|_| !y_bar.is_empty()) {
            add_scattered(sized(x_bar, x), y_bar, order, axis);
        }
    }
    forward |y, order| {
        x_dot.map_or_else(|| zero_tangent(y), |x_dot| gathered(x_dot, order, axis))
    }
    second linear
}

/// The matrix with zeros on one side of a diagonal.
fn triangle<A: Float>(x: &ArrayRef<A, Ix2>, inside: impl Fn(isize) -> bool) -> Array2<A> {
    let mut y = x.to_owned();
    for ((row, column), place) in y.indexed_iter_mut() {
        if !inside(column as isize - row as isize) {
            *place = A::zero();
        }
    }
    y
}

macro_rules! triangles {
    ($($(#[$doc:meta])* $name:ident, $distance:ident, $diagonal:ident => $inside:expr;)*) => {$(
        rule! {
            $(#[$doc])*
            fn $name[A: Float](
                x x_bar x_dot: ArrayRef<A, Ix2> => Array2<A>;;
                $diagonal: isize => ()
            ) -> Array2<A>, keeps (), captures [A];
            value {
                (triangle(x, |$distance| $inside), ())
            }
            reverse |_kept, y_bar| {
                if let Some(x_bar) = x_bar.filter(|_| !y_bar.is_empty()) {
                    crate::accumulate(x_bar, triangle(y_bar, |$distance| $inside));
                }
            }
            forward |y, _kept| {
                x_dot.map_or_else(|| zero_tangent(y), |x_dot| triangle(x_dot, |$distance| $inside))
            }
            second linear
        }
    )*};
}

triangles! {
    /// The lower triangle, with zeros above the diagonal `diagonal`: 0 is the main one, larger numbers lie above it.
    tril, distance, diagonal => distance <= diagonal;
    /// The upper triangle, with zeros below the diagonal `diagonal`: 0 is the main one, larger numbers lie above it.
    triu, distance, diagonal => distance >= diagonal;
}
