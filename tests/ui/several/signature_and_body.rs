use differentiable::differentiable;

#[differentiable(wrt(z))]
fn f(x: f64, p: *const f64) -> f64 {
    let _ = p;
    (x as i32) as f64
}

fn main() {}
