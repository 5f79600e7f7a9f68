use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    if x as i64 % 2 == 0 { x } else { -x }
}

fn main() {}
