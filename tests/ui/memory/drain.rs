use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64]) -> f64 {
    let mut v = v.to_vec();
    let mut s = 0.0;
    for x in v.drain(..1) {
        s += x * x;
    }
    s
}

fn main() {}
