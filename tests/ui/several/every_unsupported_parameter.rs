use differentiable::differentiable;

struct Point {
    x: f64,
}

#[differentiable]
fn f(p: &Point, q: Option<f64>, r: *const f64, g: fn(f64) -> f64, x: f64) -> f64 {
    let scaled = p.x * q.unwrap_or(1.0);
    let mut total = g(scaled);
    total += x;
    let k = x as i32;
    total * k as f64
}

fn main() {}
