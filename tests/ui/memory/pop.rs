use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64], x: f64) -> f64 {
    let mut stack = v.to_vec();
    let mut s = 0.0;
    while let Some(a) = stack.pop() {
        s += a * x;
    }
    s
}

fn main() {}
