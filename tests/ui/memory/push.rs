use differentiable::differentiable;

#[differentiable]
fn f(x: f64, n: usize) -> f64 {
    let mut v = Vec::new();
    for _ in 0..n {
        v.push(x * x);
    }
    v[0]
}

fn main() {}
