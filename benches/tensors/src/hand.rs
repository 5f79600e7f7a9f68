//! The steps as they are written by hand with `ndarray`'s own operations, without a library for derivatives.

use std::hint::black_box;

use differentiable::ndarray::{Array1, Array2, Axis, Zip};

use crate::work::{MLP, Step, Work, labels, numbers};

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
        Work::ResNet(_) | Work::Gpt(_) | Work::Lstm(_) => None,
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
