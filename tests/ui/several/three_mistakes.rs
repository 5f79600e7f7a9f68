use differentiable::differentiable;

#[differentiable]
fn f(x: f64, v: &[f64]) -> f64 {
    let k = (x as i32) as f64;
    let mut kept = v.to_vec();
    kept.splice(0..1, [x]);
    let first = unsafe { *kept.get_unchecked(0) };
    first * v[1] * k
}

fn main() {}
