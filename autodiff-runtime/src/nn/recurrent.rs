//! Cells of recurrent networks, with the weights as PyTorch keeps them.

use ndarray::{Array1, Array2, ArrayRef, ArrayView2, Axis, Ix1, Ix2, Slice};

use super::affine::affine;
use super::rule::{Rows, in_rows, rule};
use crate::buffers::{self, Kept, kept, kept_numbers};
use crate::kernel::product::{Write, product};
use crate::{Float, scalar, zero_tangent};

/// The gates' arguments: `x w_inputᵀ + h w_hiddenᵀ + b`, one block of columns for each gate.
struct Cell {
    operation: &'static str,
    gates: usize,
}

impl Cell {
    /// Checks all shapes.
    #[track_caller]
    fn check(&self, x: &[usize], h: &[usize], weights: [&[usize]; 2], biases: [usize; 2]) {
        let wide = self.gates * h[1];
        assert!(
            x[0] == h[0] && weights[0] == [wide, x[1]] && weights[1] == [wide, h[1]] && biases == [wide, wide],
            "`{}`: an input of shape {x:?} and a state of shape {h:?} do not fit weights of shapes {:?} and {:?} with {} \
             and {} biases",
            self.operation,
            weights[0],
            weights[1],
            biases[0],
            biases[1]
        );
    }
}

/// The tangent of [`affine`].
fn affine_dot<A: Float>(
    [x, w]: [&ArrayRef<A, Ix2>; 2],
    [x_dot, w_dot]: [Option<&Array2<A>>; 2],
    b_dot: Option<&Array1<A>>,
) -> Array2<A> {
    let mut y_dot = Array2::zeros((x.nrows(), w.nrows()));
    if let Some(x_dot) = x_dot {
        product(x_dot.view(), w.t(), y_dot.view_mut(), Write::Add);
    }
    if let Some(w_dot) = w_dot {
        product(x.view(), w_dot.t(), y_dot.view_mut(), Write::Add);
    }
    if let Some(b_dot) = b_dot {
        y_dot += b_dot;
    }
    y_dot
}

/// Adds the cotangents of [`affine`].
fn add_affine<A: Float>(
    [x, w]: [&ArrayRef<A, Ix2>; 2],
    y_bar: &Array2<A>,
    [x_bar, w_bar]: [Option<&mut Array2<A>>; 2],
    b_bar: Option<&mut Array1<A>>,
) {
    let add = |bar: Option<&mut Array2<A>>, like: &ArrayRef<A, Ix2>, a: ArrayView2<'_, A>, b: ArrayView2<'_, A>| {
        if let Some(bar) = bar {
            if bar.is_empty() {
                *bar = zero_tangent(like);
            }
            product(a, b, bar.view_mut(), Write::Add);
        }
    };
    add(x_bar, x, y_bar.view(), w.view());
    add(w_bar, w, y_bar.t(), x.view());
    if let Some(b_bar) = b_bar {
        crate::accumulate(b_bar, y_bar);
    }
}

/// The columns of a gate.
fn gate<A: Float>(gates: &Array2<A>, index: usize, size: usize) -> ArrayView2<'_, A> {
    gates.slice_axis(Axis(1), Slice::from(index * size..(index + 1) * size))
}

/// The derivative of the logistic function, from its value, times `g`.
fn sigmoid_pull<A: Float>(y: A, g: A) -> A {
    g * y * (A::one() - y)
}

/// The derivative of the hyperbolic tangent, from its value, times `g`.
fn tanh_pull<A: Float>(y: A, g: A) -> A {
    g * (A::one() - y * y)
}

const LSTM: Cell = Cell { operation: "lstm_cell", gates: 4 };

/// The cotangent of a state, which may be left out.
fn given<A: Float>(bar: &Array2<A>, len: usize) -> Rows<'_, A> {
    if bar.is_empty() { Rows::Copied(kept_numbers(buffers::zeroed(len))) } else { in_rows(bar) }
}

/// The elements of an array that was made in row-major order.
fn places<A>(array: &mut Array2<A>) -> &mut [A] {
    array.as_slice_mut().expect("a new array is in row-major order")
}

fn rows_of<A>(array: &mut Array2<A>, size: usize) -> std::slice::ChunksExactMut<'_, A> {
    places(array).chunks_exact_mut(size)
}

/// The gates of a row.
fn parts<A>(gates: &[A], size: usize) -> [&[A]; 4] {
    [0, 1, 2, 3].map(|gate| &gates[gate * size..(gate + 1) * size])
}

rule! {
    /// A step of a long short-term memory: the next hidden state and the next cell state
    /// (Hochreiter and Schmidhuber, Neural Computation 9, 1997).
    ///
    /// With the gates `i`, `f`, `g`, `o` from `x w_inputᵀ + b_input + h w_hiddenᵀ + b_hidden`, blocks of columns in this
    /// order, `c' = σ(f) c + σ(i) tanh(g)` and `h' = σ(o) tanh(c')`. The shapes are `[batch, inputs]`, `[batch, size]`,
    /// `[batch, size]`, `[4 size, inputs]`, `[4 size, size]`, `[4 size]` and `[4 size]`, as in PyTorch's `LSTMCell`.
    ///
    /// # Panics
    ///
    /// If the shapes do not fit.
    fn lstm_cell[A: Float](
        x x_bar x_dot: ArrayRef<A, Ix2> => Array2<A>,
        h h_bar h_dot: ArrayRef<A, Ix2> => Array2<A>,
        c c_bar c_dot: ArrayRef<A, Ix2> => Array2<A>,
        w_input w_input_bar w_input_dot: ArrayRef<A, Ix2> => Array2<A>,
        w_hidden w_hidden_bar w_hidden_dot: ArrayRef<A, Ix2> => Array2<A>,
        b_input b_input_bar b_input_dot: ArrayRef<A, Ix1> => Array1<A>,
        b_hidden b_hidden_bar b_hidden_dot: ArrayRef<A, Ix1> => Array1<A>;;
    ) -> (Array2<A>, Array2<A>), keeps (Kept<Array2<A>>, Kept<Array2<A>>), captures [A];
    value {
        LSTM.check(x.shape(), h.shape(), [w_input.shape(), w_hidden.shape()], [b_input.len(), b_hidden.len()]);
        assert!(c.shape() == h.shape(), "`lstm_cell`: states of shapes {:?} and {:?}", h.shape(), c.shape());
        let mut gates = kept(affine(x, w_input, Some(b_input)));
        product(h.view(), w_hidden.t(), gates.view_mut(), Write::Add);
        *gates += &b_hidden.view();
        let (mut next_h, mut next_c) = (buffers::array(h.raw_dim()), buffers::array(h.raw_dim()));
        let mut bent = kept(buffers::array(h.raw_dim()));
        let size = h.ncols().max(1);
        let values = in_rows(c);
        let rows = places(&mut gates).chunks_exact_mut(4 * size).zip(values.chunks_exact(size).zip(rows_of(&mut next_c, size)));
        for (gates, (c, next_c)) in rows {
            A::sigmoid_each(&mut gates[..2 * size]);
            A::tanh_each(&mut gates[2 * size..3 * size]);
            A::sigmoid_each(&mut gates[3 * size..]);
            let [i, f, g, _] = parts(gates, size);
            for (column, place) in next_c.iter_mut().enumerate() {
                *place = f[column] * c[column] + i[column] * g[column];
            }
        }
        bent.assign(&next_c);
        A::tanh_each(places(&mut bent));
        let rows = rows_of(&mut next_h, size).zip(bent.outer_iter()).zip(gates.outer_iter());
        for ((next_h, bent), gates) in rows {
            next_h.iter_mut().zip(bent).zip(gates.iter().skip(3 * size)).for_each(|((place, &bent), &o)| *place = o * bent);
        }
        ((next_h, next_c), (gates, bent))
    }
    reverse |kept_values, y_bar| {
        let (gates, bent) = kept_values;
        let size = h.ncols().max(1);
        let (next_h_bar, next_c_bar) = (given(&y_bar.0, h.len()), given(&y_bar.1, h.len()));
        let mut gates_bar = kept(buffers::array(gates.raw_dim()));
        let mut kept_c_bar = buffers::array(h.raw_dim());
        let (gates, bent, c) = (in_rows(gates), in_rows(bent), in_rows(c));
        let rows = places(&mut gates_bar).chunks_exact_mut(4 * size).zip(rows_of(&mut kept_c_bar, size)).enumerate();
        for (row, (gates_bar, kept_c_bar)) in rows {
            let own = row * size..(row + 1) * size;
            let [i, f, g, o] = parts(&gates[4 * own.start..4 * own.end], size);
            let [next_h_bar, next_c_bar] = [&next_h_bar[own.clone()], &next_c_bar[own.clone()]];
            let (bent, c) = (&bent[own.clone()], &c[own]);
            let (inputs_bar, outputs_bar) = gates_bar.split_at_mut(2 * size);
            let ((i_bar, f_bar), (g_bar, o_bar)) = (inputs_bar.split_at_mut(size), outputs_bar.split_at_mut(size));
            for column in 0..size {
                let (h_bar, tanh) = (next_h_bar[column], bent[column]);
                let c_bar = next_c_bar[column] + tanh_pull(tanh, h_bar * o[column]);
                i_bar[column] = sigmoid_pull(i[column], c_bar * g[column]);
                f_bar[column] = sigmoid_pull(f[column], c_bar * c[column]);
                g_bar[column] = tanh_pull(g[column], c_bar * i[column]);
                o_bar[column] = sigmoid_pull(o[column], h_bar * tanh);
                kept_c_bar[column] = c_bar * f[column];
            }
        }
        if let Some(c_bar) = c_bar {
            crate::accumulate(c_bar, kept_c_bar);
        }
        add_affine([x, w_input], &gates_bar, [x_bar, w_input_bar], b_input_bar);
        add_affine([h, w_hidden], &gates_bar, [h_bar, w_hidden_bar], b_hidden_bar);
    }
    forward |y, kept_values| {
        let (gates, bent) = kept_values;
        let size = h.ncols();
        let gates_dot = affine_dot([x, w_input], [x_dot, w_input_dot], b_input_dot)
            + affine_dot([h, w_hidden], [h_dot, w_hidden_dot], b_hidden_dot);
        let (mut next_h_dot, mut next_c_dot) = zero_tangent(y);
        for ((row, column), c_dot_place) in next_c_dot.indexed_iter_mut() {
            let at = |index: usize| [row, index * size + column];
            let [i, f, g, o] = [0, 1, 2, 3].map(|index| gates[at(index)]);
            let c_dot = c_dot.map_or(A::zero(), |c_dot| c_dot[[row, column]]);
            let tanh = bent[[row, column]];
            *c_dot_place = f * c_dot
                + sigmoid_pull(f, gates_dot[at(1)]) * c[[row, column]]
                + sigmoid_pull(i, gates_dot[at(0)]) * g
                + i * tanh_pull(g, gates_dot[at(2)]);
            next_h_dot[[row, column]] = sigmoid_pull(o, gates_dot[at(3)]) * tanh + o * tanh_pull(tanh, *c_dot_place);
        }
        (next_h_dot, next_c_dot)
    }
    second definition lstm_cell(Itself, Itself, Itself, Itself, Itself, Itself, Itself) -> Itself
}

const GRU: Cell = Cell { operation: "gru_cell", gates: 3 };

/// What the derivatives of a gated recurrent unit read again: the gates, and what the last one sees of the state.
pub(crate) struct Gru<A> {
    gates: Array2<A>,
    hidden: Array2<A>,
}

rule! {
    /// A step of a gated recurrent unit: the next state (Cho and others,
    /// [arXiv:1406.1078](https://arxiv.org/abs/1406.1078)).
    ///
    /// With `a = x w_inputᵀ + b_input` and `s = h w_hiddenᵀ + b_hidden`, blocks of columns for the gates in this order,
    /// `r = σ(a₀ + s₀)`, `z = σ(a₁ + s₁)`, `n = tanh(a₂ + r s₂)` and `h' = (1 - z) n + z h`, as in PyTorch's `GRUCell`.
    ///
    /// # Panics
    ///
    /// If the shapes do not fit.
    fn gru_cell[A: Float](
        x x_bar x_dot: ArrayRef<A, Ix2> => Array2<A>,
        h h_bar h_dot: ArrayRef<A, Ix2> => Array2<A>,
        w_input w_input_bar w_input_dot: ArrayRef<A, Ix2> => Array2<A>,
        w_hidden w_hidden_bar w_hidden_dot: ArrayRef<A, Ix2> => Array2<A>,
        b_input b_input_bar b_input_dot: ArrayRef<A, Ix1> => Array1<A>,
        b_hidden b_hidden_bar b_hidden_dot: ArrayRef<A, Ix1> => Array1<A>;;
    ) -> Array2<A>, keeps Gru<A>, captures [A];
    value {
        GRU.check(x.shape(), h.shape(), [w_input.shape(), w_hidden.shape()], [b_input.len(), b_hidden.len()]);
        let (mut gates, sums) = (affine(x, w_input, Some(b_input)), affine(h, w_hidden, Some(b_hidden)));
        let size = h.ncols();
        let mut next = h.to_owned();
        for ((row, column), place) in next.indexed_iter_mut() {
            let at = |index: usize| [row, index * size + column];
            let [r, z] = [0, 1].map(|index| scalar::sigmoid(gates[at(index)] + sums[at(index)]));
            let n = (gates[at(2)] + r * sums[at(2)]).tanh();
            for (index, value) in [r, z, n].into_iter().enumerate() {
                gates[at(index)] = value;
            }
            *place = (A::one() - z) * n + z * *place;
        }
        let hidden = gate(&sums, 2, size).to_owned();
        (next, Gru { gates, hidden })
    }
    reverse |kept, y_bar| {
        if y_bar.is_empty() {
            return;
        }
        let size = h.ncols();
        let mut input_bar = Array2::zeros(kept.gates.raw_dim());
        let mut hidden_bar = Array2::zeros(kept.gates.raw_dim());
        let mut direct_bar = Array2::zeros(h.raw_dim());
        for ((row, column), &bar) in y_bar.indexed_iter() {
            let at = |index: usize| [row, index * size + column];
            let [r, z, n] = [0, 1, 2].map(|index| kept.gates[at(index)]);
            let n_bar = tanh_pull(n, bar * (A::one() - z));
            let r_bar = sigmoid_pull(r, n_bar * kept.hidden[[row, column]]);
            let z_bar = sigmoid_pull(z, bar * (h[[row, column]] - n));
            for (index, [input, hidden]) in [[r_bar, r_bar], [z_bar, z_bar], [n_bar, n_bar * r]].into_iter().enumerate() {
                input_bar[at(index)] = input;
                hidden_bar[at(index)] = hidden;
            }
            direct_bar[[row, column]] = bar * z;
        }
        let mut h_bar = h_bar;
        if let Some(h_bar) = h_bar.as_deref_mut() {
            crate::accumulate(h_bar, direct_bar);
        }
        add_affine([x, w_input], &input_bar, [x_bar, w_input_bar], b_input_bar);
        add_affine([h, w_hidden], &hidden_bar, [h_bar, w_hidden_bar], b_hidden_bar);
    }
    forward |y, kept| {
        let size = h.ncols();
        let input_dot = affine_dot([x, w_input], [x_dot, w_input_dot], b_input_dot);
        let hidden_dot = affine_dot([h, w_hidden], [h_dot, w_hidden_dot], b_hidden_dot);
        let mut y_dot = zero_tangent(y);
        for ((row, column), place) in y_dot.indexed_iter_mut() {
            let at = |index: usize| [row, index * size + column];
            let [r, z, n] = [0, 1, 2].map(|index| kept.gates[at(index)]);
            let r_dot = sigmoid_pull(r, input_dot[at(0)] + hidden_dot[at(0)]);
            let z_dot = sigmoid_pull(z, input_dot[at(1)] + hidden_dot[at(1)]);
            let n_dot = tanh_pull(n, input_dot[at(2)] + r_dot * kept.hidden[[row, column]] + r * hidden_dot[at(2)]);
            let h_dot = h_dot.map_or(A::zero(), |h_dot| h_dot[[row, column]]);
            *place = (A::one() - z) * n_dot + z * h_dot + z_dot * (h[[row, column]] - n);
        }
        y_dot
    }
    second definition gru_cell(Itself, Itself, Itself, Itself, Itself, Itself) -> Itself
}
