//! The steps as they are written by hand with `ndarray`'s own operations, without a library for derivatives.

use std::hint::black_box;

use differentiable::ndarray::linalg::general_mat_mul;
use differentiable::ndarray::{Array1, Array2, Array3, ArrayView2, Axis, Zip, azip, s};

use crate::work::{LSTM, MLP, Step, Work, labels, numbers};

/// The step of a work, where there is one by hand.
pub(crate) fn step(work: Work) -> Option<Step> {
    match work {
        Work::Chain(count) => {
            let (a, b) = (numbers(1, count), numbers(2, count));
            Some(Box::new(move || drop(black_box(chain(&a, &b)))))
        }
        Work::Mlp(batch) => {
            let mut network = Mlp::new();
            let x = Array2::from_shape_vec((batch, MLP[0]), numbers(1, batch * MLP[0])).expect("the shape fits");
            let labels = labels(batch, MLP[3]);
            Some(Box::new(move || {
                black_box(network.step(&x, &labels));
            }))
        }
        Work::Lstm(batch) => {
            let [length, inputs, state] = LSTM;
            let mut network = Lstm::new();
            let x = Array3::from_shape_vec((length, batch, inputs), numbers(5, length * batch * inputs));
            let y = Array2::from_shape_vec((batch, state), numbers(6, batch * state));
            let (x, y) = (x.expect("the shape fits"), y.expect("the shape fits"));
            Some(Box::new(move || {
                black_box(network.step(&x, &y));
            }))
        }
        Work::ResNet(_) | Work::Gpt(_) => None,
    }
}

/// Value and gradient of the sum of `3a³ - b²` in one loop.
fn chain(a: &[f32], b: &[f32]) -> (f32, Vec<f32>, Vec<f32>) {
    const LANES: usize = 16;
    let (mut a_bar, mut b_bar) = (vec![0.0; a.len()], vec![0.0; b.len()]);
    let mut sums = [0.0; LANES];
    let inputs = a.chunks(LANES).zip(b.chunks(LANES));
    let outputs = a_bar.chunks_mut(LANES).zip(b_bar.chunks_mut(LANES));
    for ((a, b), (a_bar, b_bar)) in inputs.zip(outputs) {
        for ((((a, b), a_bar), b_bar), sum) in a.iter().zip(b).zip(a_bar).zip(b_bar).zip(&mut sums) {
            *sum += 3.0 * a * a * a - b * b;
            *a_bar = 9.0 * a * a;
            *b_bar = -2.0 * b;
        }
    }
    (sums.iter().sum(), a_bar, b_bar)
}

/// Weights of shape `[inputs, outputs]`, and biases.
struct Mlp {
    layers: Vec<(Array2<f32>, Array1<f32>)>,
}

impl Mlp {
    fn new() -> Self {
        let layer = |(index, sizes): (usize, &[usize])| {
            let scale = (sizes[0] as f32).sqrt().recip();
            let weights = Array2::from_shape_vec((sizes[0], sizes[1]), numbers(index, sizes[0] * sizes[1]));
            (weights.expect("the shape fits") * scale, Array1::zeros(sizes[1]))
        };
        Self { layers: MLP.windows(2).enumerate().map(layer).collect() }
    }

    fn step(&mut self, x: &Array2<f32>, labels: &[usize]) -> f32 {
        const RATE: f32 = 1e-3;
        let mut inputs = vec![x.clone()];
        for (index, (w, b)) in self.layers.iter().enumerate() {
            let mut y = inputs[index].dot(w) + b;
            if index + 1 < self.layers.len() {
                y.mapv_inplace(|y| y.max(0.0));
            }
            inputs.push(y);
        }
        let mut y_bar = inputs.pop().expect("there are scores");
        let mut loss = 0.0;
        for (mut row, &label) in y_bar.outer_iter_mut().zip(labels) {
            let largest = row.fold(f32::NEG_INFINITY, |largest, &score| largest.max(score));
            row.mapv_inplace(|score| (score - largest).exp());
            let total = row.sum();
            loss -= (row[label] / total).ln();
            row /= total;
            row[label] -= 1.0;
        }
        y_bar /= labels.len() as f32;
        for ((w, b), x) in self.layers.iter_mut().zip(inputs).rev() {
            let w_bar = x.t().dot(&y_bar);
            let b_bar = y_bar.sum_axis(Axis(0));
            let mut x_bar = y_bar.dot(&w.t());
            Zip::from(&mut x_bar).and(&x).for_each(|x_bar, &x| *x_bar = if x > 0.0 { *x_bar } else { 0.0 });
            w.scaled_add(-RATE, &w_bar);
            b.scaled_add(-RATE, &b_bar);
            y_bar = x_bar;
        }
        loss / labels.len() as f32
    }
}

/// The weights of the input and of the state, of shape `[4 * states, ..]`, and two biases.
struct Lstm {
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
    fn new() -> Self {
        let [_, inputs, state] = LSTM;
        let weights = |seed, inputs| {
            let weights = Array2::from_shape_vec((4 * state, inputs), numbers(seed, 4 * state * inputs));
            weights.expect("the shape fits") * 0.1
        };
        let biases = |seed| Array1::from(numbers(seed, 4 * state)) * 0.1;
        Self { w: [weights(1, inputs), weights(2, state)], b: [biases(3), biases(4)] }
    }

    fn step(&mut self, x: &Array3<f32>, y: &Array2<f32>) -> f32 {
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
