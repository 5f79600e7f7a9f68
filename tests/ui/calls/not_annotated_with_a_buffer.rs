use differentiable::differentiable;

fn scale(v: &mut [f64], k: f64) {
    for x in v {
        *x *= k;
    }
}

#[differentiable]
fn f(v: &[f64], k: f64) -> f64 {
    let mut w = v.to_vec();
    scale(&mut w, k);
    w[0]
}

fn main() {}
