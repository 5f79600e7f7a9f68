//! The recurrent network: the gates of each moment are kept for the way back.

use differentiable::ndarray::linalg::general_mat_mul;
use differentiable::ndarray::{Array1, Array2, Array3, ArrayView2, Axis, azip, s};

use crate::work::{LSTM, numbers};

/// The weights of the input and of the state, of shape `[4 * states, ..]`, and two biases.
pub(super) struct Lstm {
    w: [Array2<f32>; 2],
    b: [Array1<f32>; 2],
}

/// What the reverse sweep needs of a step in time.
struct Moment {
    h: Array2<f32>,
    c: Array2<f32>,
    gates: Array2<f32>,
    c_tanh: Array2<f32>,
}

impl Lstm {
    pub(super) fn new() -> Self {
        let [_, inputs, state] = LSTM;
        let weights = |seed, inputs| {
            let weights = Array2::from_shape_vec((4 * state, inputs), numbers(seed, 4 * state * inputs));
            weights.expect("the shape fits") * 0.1
        };
        let biases = |seed| Array1::from(numbers(seed, 4 * state)) * 0.1;
        Self { w: [weights(1, inputs), weights(2, state)], b: [biases(3), biases(4)] }
    }

    pub(super) fn step(&mut self, x: &Array3<f32>, y: &Array2<f32>) -> f32 {
        const RATE: f32 = 1e-3;
        let (mut h, mut c) = (Array2::zeros(y.dim()), Array2::zeros(y.dim()));
        let mut moments = Vec::with_capacity(x.len_of(Axis(0)));
        for x in x.outer_iter() {
            let (moment, next_h, next_c) = self.advance(x, h, c);
            (h, c) = (next_h, next_c);
            moments.push(moment);
        }
        let difference = &h - y;
        let loss = difference.mapv(|difference| difference * difference).mean().unwrap_or(0.0);
        let mut h_bar = difference * (2.0 / y.len() as f32);
        let mut c_bar = Array2::zeros(y.dim());
        let mut w_bar = [Array2::zeros(self.w[0].dim()), Array2::zeros(self.w[1].dim())];
        let mut b_bar = Array1::<f32>::zeros(self.b[0].len());
        for (x, moment) in x.outer_iter().zip(&moments).rev() {
            let gates_bar = moment.reverse(&h_bar, &mut c_bar);
            general_mat_mul(1.0, &gates_bar.t(), &x, 1.0, &mut w_bar[0]);
            general_mat_mul(1.0, &gates_bar.t(), &moment.h, 1.0, &mut w_bar[1]);
            b_bar += &gates_bar.sum_axis(Axis(0));
            h_bar = gates_bar.dot(&self.w[1]);
        }
        self.w.iter_mut().zip(&w_bar).for_each(|(w, w_bar)| w.scaled_add(-RATE, w_bar));
        self.b.iter_mut().for_each(|b| b.scaled_add(-RATE, &b_bar));
        loss
    }

    /// A step in time, and the state behind it. The gates are those of the input, of the forgetting, of the candidate
    /// and of the output.
    fn advance(&self, x: ArrayView2<'_, f32>, h: Array2<f32>, c: Array2<f32>) -> (Moment, Array2<f32>, Array2<f32>) {
        let mut gates = x.dot(&self.w[0].t()) + &self.b[0] + &self.b[1];
        general_mat_mul(1.0, &h, &self.w[1].t(), 1.0, &mut gates);
        let state = h.ncols();
        gates.slice_mut(s![.., ..2 * state]).mapv_inplace(sigmoid);
        gates.slice_mut(s![.., 2 * state..3 * state]).mapv_inplace(f32::tanh);
        gates.slice_mut(s![.., 3 * state..]).mapv_inplace(sigmoid);
        let gate = |index: usize| gates.slice(s![.., index * state..(index + 1) * state]);
        let next_c = &gate(1) * &c + &gate(0) * &gate(2);
        let c_tanh = next_c.mapv(f32::tanh);
        let next_h = &gate(3) * &c_tanh;
        (Moment { h, c, gates, c_tanh }, next_h, next_c)
    }
}

impl Moment {
    /// The cotangent of what the gates are computed of; `c_bar` becomes that of the cell before.
    fn reverse(&self, h_bar: &Array2<f32>, c_bar: &mut Array2<f32>) -> Array2<f32> {
        let state = h_bar.ncols();
        let gates = |index: usize| self.gates.slice(s![.., index * state..(index + 1) * state]);
        let mut gates_bar = Array2::zeros(self.gates.dim());
        azip!((c_bar in &mut *c_bar, &h_bar in h_bar, &o in &gates(3), &t in &self.c_tanh) *c_bar += h_bar * o * (1.0 - t * t));
        let (before, o_bar) = gates_bar.multi_slice_mut((s![.., ..3 * state], s![.., 3 * state..]));
        let (first, g_bar) = before.split_at(Axis(1), 2 * state);
        let (i_bar, f_bar) = first.split_at(Axis(1), state);
        azip!((o_bar in o_bar, &h_bar in h_bar, &o in &gates(3), &t in &self.c_tanh) *o_bar = h_bar * t * o * (1.0 - o));
        azip!((i_bar in i_bar, &c_bar in &*c_bar, &i in &gates(0), &g in &gates(2)) *i_bar = c_bar * g * i * (1.0 - i));
        azip!((f_bar in f_bar, &c_bar in &*c_bar, &f in &gates(1), &c in &self.c) *f_bar = c_bar * c * f * (1.0 - f));
        azip!((g_bar in g_bar, &c_bar in &*c_bar, &i in &gates(0), &g in &gates(2)) *g_bar = c_bar * i * (1.0 - g * g));
        azip!((c_bar in &mut *c_bar, &f in &gates(1)) *c_bar *= f);
        gates_bar
    }
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}
