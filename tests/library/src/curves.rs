//! Traits that other crates implement.

use differentiable::{differentiable, Differentiable};

/// A function with parameters.
#[differentiable(sized)]
pub trait Curve<T: Copy> {
    /// The value.
    fn at(&self, x: T) -> T;

    /// How much the value changes over a step.
    fn rise(&self, x: f64, step: f64) -> f64
    where
        Self: Curve<f64>,
    {
        self.at(x + step) - self.at(x)
    }
}

/// A line through the origin.
#[derive(Clone, Debug, Differentiable)]
pub struct Line {
    /// How steep it is.
    pub slope: f64,
    /// How it is called.
    pub name: String,
}

#[differentiable]
impl Curve<f64> for Line {
    fn at(&self, x: f64) -> f64 {
        self.slope * x
    }
}
