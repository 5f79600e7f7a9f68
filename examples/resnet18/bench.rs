//! Measures a training step.

use std::time::Instant;

use differentiable::Differentiable;

use crate::{formula, model};

/// Prints the shortest of some steps for each batch size.
pub(crate) fn steps() {
    for (batch, repetitions) in [(1, 30), (8, 10), (32, 5)] {
        let mut network = formula::model::<f32>();
        let (images, labels) = (formula::images(batch), formula::labels(batch));
        let mut optimizer = formula::optimizer();
        let mut gradients = network.zero_tangent();
        let mut best = [f64::INFINITY; 2];
        for _ in 0..repetitions {
            let start = Instant::now();
            differentiable::zero(&mut gradients);
            let loss = model::sum_of_differences::value_and_grad_into(&network, &images, &labels, &mut gradients);
            let differentiated = start.elapsed().as_secs_f64();
            optimizer.step(&mut network, &gradients);
            std::hint::black_box(loss);
            for (best, time) in best.iter_mut().zip([start.elapsed().as_secs_f64(), differentiated]) {
                *best = best.min(time);
            }
        }
        let [step, differentiated] = best.map(|time| 1e3 * time);
        println!("batch {batch:2}: step {step:7.1} ms, of which gradient {differentiated:7.1} ms");
    }
}
