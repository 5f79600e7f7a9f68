//! Compares one training step with the values that PyTorch computed.

use std::path::Path;

use differentiable::Float;
use serde_json::Value;

use crate::compare::{self, Check, all, field, number};
use crate::{formula, model};

/// The largest relative errors that are accepted, in double and in single precision.
pub(crate) const TOLERANCES: [f64; 2] = [1e-8, 5e-4];

/// The worst relative errors in double and in single precision.
///
/// # Errors
///
/// The file cannot be read, or a value that is looked for is not in it.
pub(crate) fn run(path: &Path) -> Result<[f64; 2], String> {
    let reference = compare::read(path)?;
    let batches = reference.as_object().ok_or("the reference is not an object")?;
    let mut worst = [0.0; 2];
    for (name, expected) in batches {
        let size = name.strip_prefix("batch").and_then(|size| size.parse().ok());
        let size = size.ok_or_else(|| format!("`{name}` is not the name of a batch"))?;
        let errors = [step::<f64>(size, expected)?, step::<f32>(size, expected)?];
        println!("{name}: f64 {:.2e} ({}), f32 {:.2e} ({})", errors[0].0, errors[0].1, errors[1].0, errors[1].1);
        worst = [0, 1].map(|index| compare::worse(worst[index], errors[index].0));
    }
    Ok(worst)
}

/// Takes the step and returns the worst relative error, and of what.
pub(crate) fn step<A: Float>(batch: usize, expected: &Value) -> Result<(f64, String), String> {
    let mut network = formula::model::<A>();
    let (images, labels) = (formula::images(batch), formula::labels(batch));
    let mut check = Check::default();
    // Evaluation in training mode moves the running statistics, which the step must move once.
    let logits = network.clone().forward(&images, true);
    check.tensor("logits", &all(&logits), field(expected, "logits")?, ["norm", "at"])?;
    let (loss, gradients) = model::sum_of_differences::value_and_grad(&network, &images, &labels);
    check.number("loss", loss.as_f64(), number(field(expected, "loss")?)?);
    formula::optimizer().step(&mut network, &gradients);

    check.parameters(&gradients, &network, field(expected, "parameters")?)?;
    let statistics = field(expected, "running_stats")?;
    for (name, layer) in network.normalisations() {
        for (kind, values) in [("mean", layer.running.mean()), ("var", layer.running.variance())] {
            let name = format!("{name}.running_{kind}");
            check.tensor(&name, &all(&values), field(statistics, &name)?, ["norm", "at"])?;
        }
    }
    Ok(check.worst)
}
