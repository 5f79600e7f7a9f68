//! What is stored in a field without a derivative would be lost.
use differentiable::{Differentiable, differentiable};

#[derive(Clone, Differentiable)]
struct Damped {
    k: f64,
    #[nograd]
    damping: f64,
}

#[differentiable]
fn stored(x: f64, y: f64) -> f64 {
    let d = Damped { k: x, damping: 2.0 * y };
    d.k * d.damping + y
}

fn main() {}
