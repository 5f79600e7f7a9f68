use differentiable::differentiable;

#[differentiable]
#[allow(deprecated)]
fn f(x: f64, y: f64) -> f64 {
    x.abs_sub(y)
}

fn main() {}
