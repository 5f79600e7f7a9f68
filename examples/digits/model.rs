//! The network and its loss.

use differentiable::ndarray::{Array1, Array2, ArrayView1, Axis};
use differentiable::{differentiable, nn};

use crate::data::{CLASSES, Digits, PIXELS};
use crate::random::Random;

/// Hidden units.
const HIDDEN: usize = 64;

/// What is trained, and in the same form its gradient.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    pub(crate) w1: Array2<f32>,
    pub(crate) b1: Array1<f32>,
    pub(crate) w2: Array2<f32>,
    pub(crate) b2: Array1<f32>,
}

impl Network {
    /// Random weights, uniform over ±√(6 / inputs) (He et al., 2015), and zero biases.
    pub(crate) fn random(random: &mut Random) -> Self {
        let mut uniform = |inputs: usize, outputs: usize| {
            let limit = (6.0 / inputs as f32).sqrt();
            Array2::from_shape_simple_fn((inputs, outputs), || random.symmetric(limit))
        };
        Network {
            w1: uniform(PIXELS, HIDDEN),
            b1: Array1::zeros(HIDDEN),
            w2: uniform(HIDDEN, CLASSES),
            b2: Array1::zeros(CLASSES),
        }
    }

    /// Zeros in the same shapes.
    pub(crate) fn zeros() -> Self {
        Network {
            w1: Array2::zeros((PIXELS, HIDDEN)),
            b1: Array1::zeros(HIDDEN),
            w2: Array2::zeros((HIDDEN, CLASSES)),
            b2: Array1::zeros(CLASSES),
        }
    }

    /// Everything that is trained, as optimizers take it.
    pub(crate) fn parts(&self) -> (&Array2<f32>, &Array1<f32>, &Array2<f32>, &Array1<f32>) {
        (&self.w1, &self.b1, &self.w2, &self.b2)
    }

    /// The same, to be changed.
    pub(crate) fn parts_mut(&mut self) -> (&mut Array2<f32>, &mut Array1<f32>, &mut Array2<f32>, &mut Array1<f32>) {
        (&mut self.w1, &mut self.b1, &mut self.w2, &mut self.b2)
    }

    /// The mean loss over all images.
    pub(crate) fn loss(&self, digits: &Digits) -> f32 {
        loss(&self.w1, &self.b1, &self.w2, &self.b2, &digits.images, &digits.labels)
    }

    /// Adds the gradient of [`Network::loss`] to `gradient`, whose buffers are reused from step to step.
    pub(crate) fn add_gradient(&self, digits: &Digits, gradient: &mut Network) {
        loss::value_and_grad_into(
            &self.w1,
            &self.b1,
            &self.w2,
            &self.b2,
            &digits.images,
            &digits.labels,
            &mut gradient.w1,
            &mut gradient.b1,
            &mut gradient.w2,
            &mut gradient.b2,
        );
    }

    /// The share of images whose digit gets the highest score. No derivative is wanted here: this is ordinary Rust.
    pub(crate) fn accuracy(&self, digits: &Digits) -> f32 {
        let hidden = nn::relu(&(digits.images.dot(&self.w1) + &self.b1));
        let scores = hidden.dot(&self.w2) + &self.b2;
        let best = |row: ArrayView1<'_, f32>| (0..CLASSES).max_by(|&i, &j| row[i].total_cmp(&row[j]));
        let right = scores.axis_iter(Axis(0)).zip(&digits.labels).filter(|(row, label)| best(*row) == Some(**label));
        right.count() as f32 / digits.len() as f32
    }
}

/// The mean cross-entropy of the network's scores for the images `x`.
#[differentiable(wrt(w1, b1, w2, b2))]
pub(crate) fn loss(
    w1: &Array2<f32>,
    b1: &Array1<f32>,
    w2: &Array2<f32>,
    b2: &Array1<f32>,
    x: &Array2<f32>,
    labels: &[usize],
) -> f32 {
    let hidden = nn::relu(&(x.dot(w1) + b1));
    let scores = hidden.dot(w2) + b2;
    nn::cross_entropy(&scores, labels)
}
