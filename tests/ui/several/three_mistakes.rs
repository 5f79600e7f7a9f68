use differentiable::differentiable;

fn plain(x: f64) -> f64 {
    x.sqrt()
}

#[differentiable]
fn f(x: f64, v: &[f64]) -> f64 {
    let a = plain(x);
    let k = x as usize;
    let g = |t: f64| t * a;
    let b = g(x);
    a * b * v[k]
}

fn main() {}
