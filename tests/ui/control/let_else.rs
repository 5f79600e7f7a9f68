use differentiable::differentiable;

#[differentiable]
fn f(x: f64, v: &[f64]) -> f64 {
    let Some(first) = v.first() else {
        return x;
    };
    first * x
}

fn main() {}
