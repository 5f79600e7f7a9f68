use differentiable::differentiable;

#[differentiable]
fn f() -> f64 {
    3.0
}

fn main() {}
