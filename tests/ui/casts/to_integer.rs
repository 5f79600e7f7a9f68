use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    (x as i32) as f64
}

fn main() {}
