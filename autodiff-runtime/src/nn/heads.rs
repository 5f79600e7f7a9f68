//! Products of stacks of matrices, and attention.

use ndarray::{Array, Array2, ArrayRef, ArrayView2, ArrayViewMut2, Dimension};

use super::rule::{in_rows, rule, with_slice};
use crate::buffers::{self, Kept, kept_numbers};
use crate::kernel::product::{Write, product};
use crate::kernel::scratch;
use crate::kernel::sums::{dot_centred, sum};
use crate::{Float, zero_tangent};

/// Rows and columns of the matrices in the last two axes.
#[track_caller]
fn matrix(operation: &str, shape: &[usize]) -> [usize; 2] {
    assert!(shape.len() >= 2, "`{operation}`: an array of shape {shape:?} holds no matrices");
    [shape[shape.len() - 2], shape[shape.len() - 1]]
}

/// A matrix in memory.
fn view<A>(data: &[A], [rows, columns]: [usize; 2]) -> ArrayView2<'_, A> {
    ArrayView2::from_shape((rows, columns), data).expect("the slice has the length of the matrix")
}

fn view_mut<A>(data: &mut [A], [rows, columns]: [usize; 2]) -> ArrayViewMut2<'_, A> {
    ArrayViewMut2::from_shape((rows, columns), data).expect("the slice has the length of the matrix")
}

/// The shape of a product of stacks of matrices, which agree in all but the last two axes.
#[track_caller]
fn stacked<D: Dimension>(operation: &str, a: &[usize], b: &[usize], columns: usize) -> D {
    let outer = a.len() - 2;
    assert!(
        a[..outer] == b[..outer],
        "`{operation}`: stacks of matrices of shapes {a:?} and {b:?} differ before the last two axes"
    );
    let mut shape = D::zeros(a.len());
    shape.slice_mut().copy_from_slice(a);
    shape.slice_mut()[outer + 1] = columns;
    shape
}

/// The products of corresponding matrices.
#[track_caller]
fn products<A: Float, D: Dimension>(a: &ArrayRef<A, D>, b: &ArrayRef<A, D>) -> Array<A, D> {
    let ([m, k], [k2, n]) = (matrix("batch_matmul", a.shape()), matrix("batch_matmul", b.shape()));
    assert!(k == k2, "`batch_matmul`: the shapes {:?} and {:?} are not those of products", a.shape(), b.shape());
    let mut y = buffers::zeros(stacked::<D>("batch_matmul", a.shape(), b.shape(), n));
    let (a, b) = (in_rows(a), in_rows(b));
    if m * n * k > 0 {
        let places = y.as_slice_mut().expect("a new array is in row-major order");
        let pairs = a.chunks_exact(m * k).zip(b.chunks_exact(k * n));
        for (places, (a, b)) in places.chunks_exact_mut(m * n).zip(pairs) {
            product(view(a, [m, k]), view(b, [k, n]), view_mut(places, [m, n]), Write::Replace);
        }
    }
    y
}

rule! {
    /// The matrix products of corresponding matrices in the last two axes: `[.., m, k]` and `[.., k, n]` give `[.., m, n]`.
    ///
    /// ```
    /// use autodiff_runtime::nn::batch_matmul;
    /// use ndarray::array;
    ///
    /// let (a, b) = (array![[[1.0, 2.0]], [[3.0, 4.0]]], array![[[1.0], [10.0]], [[100.0], [1000.0]]]);
    /// assert_eq!(batch_matmul(&a, &b), array![[[21.0]], [[4300.0]]]);
    /// ```
    ///
    /// # Panics
    ///
    /// If the shapes are not those of products, or differ before the last two axes.
    fn batch_matmul[A: Float, D: Dimension](
        a a_bar a_dot: ArrayRef<A, D> => Array<A, D>, b b_bar b_dot: ArrayRef<A, D> => Array<A, D>;;
    ) -> Array<A, D>, keeps (), captures [A, D];
    value {
        (products(a, b), ())
    }
    reverse |_kept, y_bar| {
        if y_bar.is_empty() || a.is_empty() {
            return;
        }
        let ([m, k], n) = (matrix("batch_matmul", a.shape()), b.shape()[b.ndim() - 1]);
        let (a_view, b_view, y_view) = (in_rows(a), in_rows(b), in_rows(y_bar));
        let bars = || y_view.chunks_exact(m * n).map(|bar| view(bar, [m, n]));
        if let Some(a_bar) = a_bar {
            with_slice(a_bar, a, |places| {
                let factors = bars().zip(b_view.chunks_exact(k * n));
                for (places, (bar, b)) in places.chunks_exact_mut(m * k).zip(factors) {
                    product(bar, view(b, [k, n]).reversed_axes(), view_mut(places, [m, k]), Write::Add);
                }
            });
        }
        if let Some(b_bar) = b_bar {
            with_slice(b_bar, b, |places| {
                let factors = bars().zip(a_view.chunks_exact(m * k));
                for (places, (bar, a)) in places.chunks_exact_mut(k * n).zip(factors) {
                    product(view(a, [m, k]).reversed_axes(), bar, view_mut(places, [k, n]), Write::Add);
                }
            });
        }
    }
    forward |y, _kept| {
        let mut y_dot = a_dot.map_or_else(|| zero_tangent(y), |a_dot| products(a_dot, b));
        if let Some(b_dot) = b_dot {
            y_dot += &products(a, b_dot);
        }
        y_dot
    }
    second product a a_bar a_dot, b b_bar b_dot
}

/// Lengths of an attention: queries, keys, and the numbers of a query and of a value.
#[derive(Clone, Copy)]
struct Lengths {
    queries: usize,
    keys: usize,
    depth: usize,
    width: usize,
}

impl Lengths {
    #[track_caller]
    fn of(q: &[usize], k: &[usize], v: &[usize]) -> Self {
        let [[queries, depth], [keys, depth2], [keys2, width]] = [q, k, v].map(|shape| matrix("attention", shape));
        assert!(
            depth == depth2 && keys == keys2 && depth > 0,
            "`attention`: queries of shape {q:?}, keys of shape {k:?} and values of shape {v:?} do not fit"
        );
        Self { queries, keys, depth, width }
    }

    fn scale<A: Float>(&self) -> A {
        A::of((self.depth as f64).sqrt().recip())
    }
}

/// What is added to the scores of queries and keys: minus infinity where a query does not see the key.
fn mask<A: Float>(queries: usize, keys: usize, causal: bool) -> Array2<A> {
    let hidden = |(query, key): (usize, usize)| causal && key > query;
    Array2::from_shape_fn((queries, keys), |at| if hidden(at) { A::neg_infinity() } else { A::zero() })
}

/// The weights of the values for every query: each row is the softmax of the scaled inner products with the keys that the
/// query may see.
fn weigh<A: Float>(scores: &mut [A], lengths: Lengths, causal: bool) {
    let scale = lengths.scale::<A>();
    for (query, row) in scores.chunks_exact_mut(lengths.keys).enumerate() {
        let seen = if causal { lengths.keys.min(query + 1) } else { lengths.keys };
        let (row, hidden) = row.split_at_mut(seen);
        hidden.fill(A::zero());
        let largest = row.iter().fold(A::neg_infinity(), |largest, &score| largest.max(score));
        row.iter_mut().for_each(|score| *score = (*score - largest) * scale);
        A::exp_each(row);
        let inverse = sum(row).recip();
        row.iter_mut().for_each(|weight| *weight *= inverse);
    }
}

/// Turns directions of the weights into directions of the scores, or the other way round: the derivative of a softmax is
/// symmetric.
fn through_softmax<A: Float>(weights: &[A], directions: &mut [A], lengths: Lengths) {
    let scale = lengths.scale::<A>();
    for (weights, row) in weights.chunks_exact(lengths.keys).zip(directions.chunks_exact_mut(lengths.keys)) {
        let mean = dot_centred(weights, row, A::zero());
        for (direction, &weight) in row.iter_mut().zip(weights) {
            *direction = weight * (*direction - mean) * scale;
        }
    }
}

/// The parts of one head.
struct Head<'h, A> {
    q: ArrayView2<'h, A>,
    k: ArrayView2<'h, A>,
    v: ArrayView2<'h, A>,
}

/// The parts of every head, one after the other.
fn heads<'h, A: Float>([q, k, v]: [&'h [A]; 3], lengths: Lengths) -> impl Iterator<Item = Head<'h, A>> {
    let Lengths { queries, keys, depth, width } = lengths;
    let parts = q.chunks_exact(queries * depth).zip(k.chunks_exact(keys * depth)).zip(v.chunks_exact(keys * width));
    parts.map(move |((q, k), v)| Head {
        q: view(q, [queries, depth]),
        k: view(k, [keys, depth]),
        v: view(v, [keys, width]),
    })
}

rule! {
    /// Scaled dot-product attention, `softmax(q kᵀ / √d) v`, for each head: `q` has the shape `[.., queries, d]`, `k`
    /// `[.., keys, d]`, and `v` `[.., keys, width]` (Vaswani and others,
    /// [arXiv:1706.03762](https://arxiv.org/abs/1706.03762)).
    ///
    /// If it is causal, query `i` sees the keys up to number `i` only.
    ///
    /// # Panics
    ///
    /// If the shapes do not fit, or there is no key or no query.
    fn attention[A: Float, D: Dimension](
        q q_bar q_dot: ArrayRef<A, D> => Array<A, D>,
        k k_bar k_dot: ArrayRef<A, D> => Array<A, D>,
        v v_bar v_dot: ArrayRef<A, D> => Array<A, D>;;
        causal: bool => ()
    ) -> Array<A, D>, keeps Kept<Vec<A>>, captures [A, D];
    value {
        let lengths = Lengths::of(q.shape(), k.shape(), v.shape());
        let Lengths { queries, keys, depth, width } = lengths;
        stacked::<D>("attention", q.shape(), k.shape(), depth);
        let mut y = buffers::array(stacked::<D>("attention", q.shape(), v.shape(), width));
        assert!(!y.is_empty() && keys > 0, "`attention`: there is no query or no key in shapes {:?} and {:?}", q.shape(), k.shape());
        let (q, k, v) = (in_rows(q), in_rows(k), in_rows(v));
        let mut weights = kept_numbers(buffers::numbers(y.len() / width * keys));
        let places = y.as_slice_mut().expect("a new array is in row-major order");
        let places = places.chunks_exact_mut(queries * width).zip(weights.chunks_exact_mut(queries * keys));
        for (head, (places, weights)) in heads([&q, &k, &v], lengths).zip(places) {
            product(head.q, head.k.t(), view_mut(weights, [queries, keys]), Write::Replace);
            weigh(weights, lengths, causal);
            product(view(weights, [queries, keys]), head.v, view_mut(places, [queries, width]), Write::Replace);
        }
        (y, weights)
    }
    reverse |weights, y_bar| {
        if y_bar.is_empty() {
            return;
        }
        let lengths = Lengths::of(q.shape(), k.shape(), v.shape());
        let Lengths { queries, keys, depth, width } = lengths;
        let (q_view, k_view, v_view) = (in_rows(q), in_rows(k), in_rows(v));
        let y_view = in_rows(y_bar);
        let mut scores_bar = kept_numbers(buffers::numbers(weights.len()));
        let all = || {
            let bars = y_view.chunks_exact(queries * width).map(|bar| view(bar, [queries, width]));
            heads([&q_view, &k_view, &v_view], lengths).zip(bars).zip(weights.chunks_exact(queries * keys))
        };
        for (((head, bar), weights), directions) in all().zip(scores_bar.chunks_exact_mut(queries * keys)) {
            product(bar, head.v.t(), view_mut(directions, [queries, keys]), Write::Replace);
            through_softmax(weights, directions, lengths);
        }
        let scores_bar = || scores_bar.chunks_exact(queries * keys).map(|bar| view(bar, [queries, keys]));
        if let Some(q_bar) = q_bar {
            with_slice(q_bar, q, |places| {
                for ((((head, _), _), bar), places) in all().zip(scores_bar()).zip(places.chunks_exact_mut(queries * depth)) {
                    product(bar, head.k, view_mut(places, [queries, depth]), Write::Add);
                }
            });
        }
        if let Some(k_bar) = k_bar {
            with_slice(k_bar, k, |places| {
                for ((((head, _), _), bar), places) in all().zip(scores_bar()).zip(places.chunks_exact_mut(keys * depth)) {
                    product(bar.reversed_axes(), head.q, view_mut(places, [keys, depth]), Write::Add);
                }
            });
        }
        if let Some(v_bar) = v_bar {
            with_slice(v_bar, v, |places| {
                for (((_, bar), weights), places) in all().zip(places.chunks_exact_mut(keys * width)) {
                    product(view(weights, [queries, keys]).reversed_axes(), bar, view_mut(places, [keys, width]), Write::Add);
                }
            });
        }
    }
    forward |y, weights| {
        let lengths = Lengths::of(q.shape(), k.shape(), v.shape());
        let Lengths { queries, keys, depth: _, width } = lengths;
        let given = [q_dot, k_dot, v_dot].map(|dot| dot.map(|dot| in_rows(dot)));
        let zeros = [zero_tangent(q), zero_tangent(k), zero_tangent(v)];
        let zeros = zeros.each_ref().map(|zeros| in_rows(zeros));
        let [q_dots, k_dots, v_dots] = [0, 1, 2].map(|at| &**given[at].as_ref().unwrap_or(&zeros[at]));
        let (q_view, k_view, v_view) = (in_rows(q), in_rows(k), in_rows(v));
        let mut y_dot = zero_tangent(y);
        let places = y_dot.as_slice_mut().expect("a new array is in row-major order");
        let dots = heads([q_dots, k_dots, v_dots], lengths);
        let all = heads([&q_view, &k_view, &v_view], lengths).zip(dots);
        let parts = places.chunks_exact_mut(queries * width).zip(weights.chunks_exact(queries * keys));
        for ((head, dot), (places, weights)) in all.zip(parts) {
            scratch::with(queries * keys, |directions| {
                product(dot.q, head.k.t(), view_mut(directions, [queries, keys]), Write::Replace);
                product(head.q, dot.k.t(), view_mut(directions, [queries, keys]), Write::Add);
                through_softmax(weights, directions, lengths);
                let mut places = view_mut(places, [queries, width]);
                product(view(directions, [queries, keys]), head.v, places.view_mut(), Write::Replace);
                product(view(weights, [queries, keys]), dot.v, places, Write::Add);
            });
        }
        y_dot
    }
    second definition attention(Matrices, Matrices, Matrices; mask(q.shape()[1], k.shape()[1], causal)) -> Matrices
}
