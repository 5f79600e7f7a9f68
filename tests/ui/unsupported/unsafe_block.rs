use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64], i: usize) -> f64 {
    let a = unsafe { *v.get_unchecked(i) };
    a * a
}

fn main() {}
