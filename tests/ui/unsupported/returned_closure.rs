use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> impl Fn(f64) -> f64 {
    move |t| x * t
}

fn main() {}
