use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64], x: f64) -> f64 {
    let mut v = v.to_vec();
    v.truncate(1);
    v.resize(3, x);
    v[0] * v[2]
}

fn main() {}
