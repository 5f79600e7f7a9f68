//! A function that selects can be called in what is differentiated, but has no gradient itself.

use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64]) -> usize {
    v.len()
}

fn main() {
    f::grad(&[1.0]);
}
