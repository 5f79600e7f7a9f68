//! Minimises Rosenbrock's function with gradient descent: `cargo run --example rosenbrock`.

use differentiable::differentiable;

/// Rosenbrock's function in any number of dimensions, with its minimum 0 at (1, .., 1).
#[differentiable]
fn rosenbrock(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 1..x.len() {
        let valley = x[i] - x[i - 1] * x[i - 1];
        let slope = 1.0 - x[i - 1];
        sum += 100.0 * valley * valley + slope * slope;
    }
    sum
}

fn main() {
    let mut x = vec![-1.2, 1.0, -1.2, 1.0];
    println!("start: f({x:.3?}) = {:.3}", rosenbrock(&x));
    for step in 1..=60_000 {
        let gradient = rosenbrock::grad(&x);
        for (x, slope) in x.iter_mut().zip(&gradient) {
            *x -= 5e-4 * slope;
        }
        if step % 10_000 == 0 {
            println!("{step:5}: f({x:.6?}) = {:.3e}", rosenbrock(&x));
        }
    }
    assert!(x.iter().all(|x| (x - 1.0).abs() < 1e-3), "gradient descent has not arrived at (1, .., 1)");
}
