use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    let n: i32 = unsafe { x.to_int_unchecked() };
    n as f64
}

fn main() {}
