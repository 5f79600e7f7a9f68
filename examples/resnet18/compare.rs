//! Compares tensors with what PyTorch computed, as norms and single elements in a file.

use std::fs;
use std::path::Path;

use differentiable::{LeafPath, LeafValues, LeafVisitor, Leaves};
use serde_json::{Map, Value};

/// The values in a file.
///
/// # Errors
///
/// The file cannot be read, or is not JSON.
pub(crate) fn read(path: &Path) -> Result<Value, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The larger error; a NaN is the worst of all.
pub(crate) fn worse(left: f64, right: f64) -> f64 {
    if left.is_nan() || left >= right { left } else { right }
}

/// All numbers of an array.
pub(crate) fn all(values: &impl Leaves) -> Vec<f64> {
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
#[derive(Default)]
pub(crate) struct Check {
    pub(crate) worst: (f64, String),
}

impl Check {
    fn error(&mut self, what: &str, error: f64) {
        if worse(self.worst.0, error).to_bits() != self.worst.0.to_bits() {
            self.worst = (error, what.to_string());
        }
    }

    pub(crate) fn number(&mut self, what: &str, actual: f64, expected: f64) {
        self.error(what, (actual - expected).abs() / expected.abs());
    }

    /// Compares the gradient of every parameter, and every parameter after a step.
    pub(crate) fn parameters<G: Leaves, P: Leaves>(
        &mut self,
        gradients: &G,
        updated: &P,
        expected: &Value,
    ) -> Result<(), String> {
        let (gradients, updated) = (Named::of(gradients), Named::of(updated));
        let parameters = expected.as_array().ok_or("`parameters` is not a list")?;
        if parameters.len() != gradients.0.len() {
            return Err(format!("{} parameters, {} expected", gradients.0.len(), parameters.len()));
        }
        for parameter in parameters {
            let name = field(parameter, "name")?.as_str().ok_or("a name is no text")?;
            self.tensor(&format!("gradient of {name}"), gradients.get(name)?, parameter, ["grad_norm", "grad_at"])?;
            self.tensor(&format!("updated {name}"), updated.get(name)?, parameter, ["updated_norm", "updated_at"])?;
        }
        Ok(())
    }

    /// Compares the norm, and single elements relative to themselves or, where they are small, to the root of the mean
    /// square of the tensor.
    pub(crate) fn tensor(
        &mut self,
        what: &str,
        actual: &[f64],
        expected: &Value,
        names: [&str; 2],
    ) -> Result<(), String> {
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

pub(crate) fn field<'v>(value: &'v Value, name: &str) -> Result<&'v Value, String> {
    value.get(name).ok_or_else(|| format!("the reference has no `{name}`"))
}

pub(crate) fn number(value: &Value) -> Result<f64, String> {
    value.as_f64().ok_or_else(|| format!("`{value}` is not a number"))
}

fn elements(value: &Value) -> Result<&Map<String, Value>, String> {
    value.as_object().ok_or_else(|| format!("`{value}` is not an object"))
}
