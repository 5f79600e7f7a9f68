use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64]) -> f64 {
    let mut kept = v.to_vec();
    let mut sum = 0.0;
    kept.retain(|x| {
        sum += *x;
        *x > 0.5
    });
    sum * kept[0]
}

fn main() {}
