use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64], w: &[f64]) -> f64 {
    let mut all = v.to_vec();
    let cut: f64 = all.splice(1..2, w.iter().copied()).sum();
    cut * all[0]
}

fn main() {}
