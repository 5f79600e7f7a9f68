use differentiable::differentiable;

#[differentiable]
fn f(a: &[f64], x: f64) -> f64 {
    let mut a = a.to_vec();
    let (left, right) = a.split_at_mut(1);
    left[0] += right[0] * x;
    a[0]
}

fn main() {}
