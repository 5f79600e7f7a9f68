use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    x.sine() + x
}

fn main() {}
