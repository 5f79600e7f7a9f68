//! Compares one training step of a tiny network with the values that PyTorch computed.

use std::path::Path;

use differentiable::Float;
use differentiable::optim::AdamW;
use serde_json::Value;

use crate::compare::{self, Check, all, field, number};
use crate::{formula, model};

/// The largest relative errors that are accepted, in double and in single precision.
pub(crate) const TOLERANCES: [f64; 2] = [1e-10, 5e-4];

/// The worst relative errors in double and in single precision.
///
/// # Errors
///
/// The file cannot be read, or a value that is looked for is not in it.
pub(crate) fn run(path: &Path) -> Result<[f64; 2], String> {
    let expected = compare::read(path)?;
    let errors = [step::<f64>(&expected)?, step::<f32>(&expected)?];
    println!("worst: f64 {}, f32 {}", errors[0].1, errors[1].1);
    Ok(errors.map(|(error, _)| error))
}

/// Takes the step and returns the worst relative error, and of what.
fn step<A: Float>(expected: &Value) -> Result<(f64, String), String> {
    let mut network = formula::model::<A>();
    let [tokens, following] = formula::tokens();
    let mut check = Check::default();
    let scores = network.forward(&tokens, formula::BATCH);
    check.tensor("scores", &all(&scores), field(expected, "logits")?, ["norm", "at"])?;
    let (loss, gradients) = model::loss::value_and_grad(&network, &tokens, &following, formula::BATCH);
    check.number("loss", loss.as_f64(), number(field(expected, "loss")?)?);
    // As in the reference: gradients that are zero but for rounding do not matter.
    AdamW::new(1e-2).epsilon(1e-3).weight_decay(0.1).step(&mut network, &gradients);
    check.parameters(&gradients, &network, field(expected, "parameters")?)?;
    Ok(check.worst)
}
