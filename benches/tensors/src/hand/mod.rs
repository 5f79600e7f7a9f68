//! The steps as they are written by hand with `ndarray`'s own operations, without a library for derivatives.

mod gpt;
mod lstm;
mod mlp;
mod resnet;

use std::hint::black_box;

use differentiable::ndarray::{Array2, Array3};

use crate::gpt::Gpt;
use crate::work::{LSTM, MLP, Step, Work, labels, numbers};
use crate::{formula, ours};

/// The step of a work.
pub(crate) fn step(work: Work) -> Step {
    match work {
        Work::Chain(count) => {
            let (a, b) = (numbers(1, count), numbers(2, count));
            Box::new(move || drop(black_box(chain(&a, &b))))
        }
        Work::Mlp(batch) => {
            let mut network = mlp::Mlp::new();
            let x = Array2::from_shape_vec((batch, MLP[0]), numbers(1, batch * MLP[0])).expect("the shape fits");
            let labels = labels(batch, MLP[3]);
            Box::new(move || {
                black_box(network.step(&x, &labels));
            })
        }
        Work::ResNet(batch) => {
            let mut network = resnet::ResNet::new(&formula::model());
            let (images, labels) = (formula::images(batch), formula::labels(batch));
            Box::new(move || {
                black_box(network.step(&images, &labels));
            })
        }
        Work::Gpt(batch) => {
            let model: Gpt<f32> = ours::language_model();
            let mut network = gpt::Network::new(&model);
            let (tokens, following) = (labels(64 * batch, 69), labels(64 * batch, 67));
            Box::new(move || {
                black_box(network.step(&tokens, &following));
            })
        }
        Work::Lstm(batch) => {
            let [length, inputs, state] = LSTM;
            let mut network = lstm::Lstm::new();
            let x = Array3::from_shape_vec((length, batch, inputs), numbers(5, length * batch * inputs));
            let y = Array2::from_shape_vec((batch, state), numbers(6, batch * state));
            let (x, y) = (x.expect("the shape fits"), y.expect("the shape fits"));
            Box::new(move || {
                black_box(network.step(&x, &y));
            })
        }
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
