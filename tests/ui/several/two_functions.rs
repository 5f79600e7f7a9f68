use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    (x as u8) as f64
}

#[differentiable]
fn g(x: f64) -> f64 {
    let y = async { x };
    drop(y);
    x
}

fn main() {}
