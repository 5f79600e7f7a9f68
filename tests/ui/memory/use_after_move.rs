use differentiable::differentiable;

#[differentiable]
fn f(v: Vec<f64>) -> f64 {
    let w = v;
    w[0] * v[0]
}

fn main() {}
