use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    fn inner(x: f64) -> f64 {
        x * 2.0
    }
    inner(x)
}

fn main() {}
