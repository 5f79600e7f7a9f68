use differentiable::differentiable;

static mut FACTOR: f64 = 2.0;

#[differentiable]
fn f(x: f64) -> f64 {
    let k = unsafe { FACTOR };
    k * x
}

fn main() {}
