use differentiable::differentiable;
use std::collections::HashMap;

#[differentiable]
fn f(x: f64) -> f64 {
    let mut squares: HashMap<u32, f64> = HashMap::new();
    squares.insert(1, x * x);
    squares[&1]
}

fn main() {}
