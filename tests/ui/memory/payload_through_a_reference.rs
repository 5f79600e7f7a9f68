use differentiable::differentiable;

#[differentiable]
fn f(state: &mut Option<f64>, x: f64) -> f64 {
    if let Some(v) = state {
        *v += x;
    }
    x
}

fn main() {}
