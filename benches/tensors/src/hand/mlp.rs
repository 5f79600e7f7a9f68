//! The classifier: products of matrices, and sums over the batch.

use differentiable::ndarray::{Array1, Array2, Axis, Zip};

use crate::work::{MLP, numbers};

/// Weights of shape `[inputs, outputs]`, and biases.
pub(super) struct Mlp {
    layers: Vec<(Array2<f32>, Array1<f32>)>,
}

impl Mlp {
    pub(super) fn new() -> Self {
        let layer = |(index, sizes): (usize, &[usize])| {
            let scale = (sizes[0] as f32).sqrt().recip();
            let weights = Array2::from_shape_vec((sizes[0], sizes[1]), numbers(index, sizes[0] * sizes[1]));
            (weights.expect("the shape fits") * scale, Array1::zeros(sizes[1]))
        };
        Self { layers: MLP.windows(2).enumerate().map(layer).collect() }
    }

    pub(super) fn step(&mut self, x: &Array2<f32>, labels: &[usize]) -> f32 {
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
