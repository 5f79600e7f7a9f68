//! Compares one training step with the values that PyTorch computed.

use std::fs;
use std::path::Path;

use differentiable::{Float, LeafPath, LeafValues, LeafVisitor, Leaves};
use serde_json::{Map, Value};

use crate::{formula, model};

/// The largest relative errors that are accepted, in double and in single precision.
pub(crate) const TOLERANCES: [f64; 2] = [1e-8, 5e-4];

/// The worst relative errors in double and in single precision.
///
/// # Errors
///
/// The file cannot be read, or a value that is looked for is not in it.
pub(crate) fn run(path: &Path) -> Result<[f64; 2], String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let reference: Value = serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let batches = reference.as_object().ok_or("the reference is not an object")?;
    let mut worst = [0.0_f64; 2];
    for (name, expected) in batches {
        let size = name.strip_prefix("batch").and_then(|size| size.parse().ok());
        let size = size.ok_or_else(|| format!("`{name}` is not the name of a batch"))?;
        let errors = [step::<f64>(size, expected)?, step::<f32>(size, expected)?];
        println!("{name}: f64 {:.2e} ({}), f32 {:.2e} ({})", errors[0].0, errors[0].1, errors[1].0, errors[1].1);
        for (worst, error) in worst.iter_mut().zip(&errors) {
            *worst = worst.max(error.0);
        }
    }
    Ok(worst)
}

/// Takes the step and returns the worst relative error, and of what.
pub(crate) fn step<A: Float>(batch: usize, expected: &Value) -> Result<(f64, String), String> {
    let mut network = formula::model::<A>();
    let (images, labels) = (formula::images(batch), formula::labels(batch));
    let mut check = Check { worst: (0.0, String::new()) };
    // Evaluation in training mode moves the running statistics, which the step must move once.
    let logits = network.clone().forward(&images, true);
    check.tensor("logits", &all(&logits), field(expected, "logits")?, ["norm", "at"])?;
    let (loss, gradients) = model::sum_of_differences::value_and_grad(&network, &images, &labels);
    check.number("loss", loss.as_f64(), number(field(expected, "loss")?)?);
    formula::optimizer().step(&mut network, &gradients);

    let (gradients, updated) = (Named::of(&gradients), Named::of(&network));
    let parameters = field(expected, "parameters")?.as_array().ok_or("`parameters` is not a list")?;
    if parameters.len() != gradients.0.len() {
        return Err(format!("{} parameters, {} expected", gradients.0.len(), parameters.len()));
    }
    for parameter in parameters {
        let name = field(parameter, "name")?.as_str().ok_or("a name is no text")?;
        check.tensor(&format!("gradient of {name}"), gradients.get(name)?, parameter, ["grad_norm", "grad_at"])?;
        check.tensor(&format!("updated {name}"), updated.get(name)?, parameter, ["updated_norm", "updated_at"])?;
    }
    let statistics = field(expected, "running_stats")?;
    for (name, layer) in network.normalisations() {
        for (kind, values) in [("mean", layer.running.mean()), ("var", layer.running.variance())] {
            let name = format!("{name}.running_{kind}");
            check.tensor(&name, &all(&values), field(statistics, &name)?, ["norm", "at"])?;
        }
    }
    Ok(check.worst)
}

/// All numbers of an array.
fn all(values: &impl Leaves) -> Vec<f64> {
    let mut named = Named(Vec::new());
    values.visit_leaves(&LeafPath::root(), &mut named);
    named.0.pop().map(|(_, values)| values).unwrap_or_default()
}

/// Tensors by their names.
struct Named(Vec<(String, Vec<f64>)>);

impl Named {
    fn of(values: &impl Leaves) -> Self {
        let mut named = Self(Vec::new());
        values.visit_leaves(&LeafPath::root(), &mut named);
        named
    }

    fn get(&self, name: &str) -> Result<&[f64], String> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, values)| &values[..]).ok_or_else(|| format!("there is no parameter `{name}`"))
    }
}

impl<'v> LeafVisitor<'v> for Named {
    fn leaf(&mut self, path: &LeafPath<'_>, _: &[usize], values: LeafValues<'v>) {
        self.0.push((path.to_string(), values.to_f64()));
    }
}

/// The worst relative error so far, and of what.
struct Check {
    worst: (f64, String),
}

impl Check {
    fn error(&mut self, what: &str, error: f64) {
        // A NaN is the worst of all.
        if error > self.worst.0 || error.is_nan() {
            self.worst = (error, what.to_string());
        }
    }

    fn number(&mut self, what: &str, actual: f64, expected: f64) {
        self.error(what, (actual - expected).abs() / expected.abs());
    }

    /// Compares the norm, and single elements relative to themselves or, where they are small, to the root of the mean
    /// square of the tensor.
    fn tensor(&mut self, what: &str, actual: &[f64], expected: &Value, names: [&str; 2]) -> Result<(), String> {
        let expected_norm = number(field(expected, names[0])?)?;
        let norm = actual.iter().map(|value| value * value).sum::<f64>().sqrt();
        self.number(&format!("norm of {what}"), norm, expected_norm);
        let typical = expected_norm / (actual.len() as f64).sqrt();
        for (index, value) in elements(field(expected, names[1])?)? {
            let (index, value) = (index.parse::<usize>().map_err(|error| error.to_string())?, number(value)?);
            let actual = actual.get(index).ok_or_else(|| format!("{what} has no element {index}"))?;
            self.error(&format!("{what}, element {index}"), (actual - value).abs() / value.abs().max(typical));
        }
        Ok(())
    }
}

fn field<'v>(value: &'v Value, name: &str) -> Result<&'v Value, String> {
    value.get(name).ok_or_else(|| format!("the reference has no `{name}`"))
}

fn number(value: &Value) -> Result<f64, String> {
    value.as_f64().ok_or_else(|| format!("`{value}` is not a number"))
}

fn elements(value: &Value) -> Result<&Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("`{value}` is not an object"))
}
