use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    let mut y = x;
    let p = &raw mut y;
    unsafe {
        *p *= 2.0;
    }
    y
}

fn main() {}
