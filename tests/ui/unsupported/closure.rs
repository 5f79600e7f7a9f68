use differentiable::differentiable;

#[differentiable]
fn f(x: f64, k: f64) -> f64 {
    let g = |t: f64| k * t.sin();
    g(x) + g(k)
}

fn main() {}
