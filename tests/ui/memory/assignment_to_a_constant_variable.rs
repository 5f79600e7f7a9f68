use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    let y = x;
    y = 2.0 * x;
    y
}

fn main() {}
