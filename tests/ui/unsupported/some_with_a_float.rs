use differentiable::differentiable;

#[differentiable]
fn f(x: f64, flag: bool) -> f64 {
    let y = if flag { Some(x * x) } else { None };
    y.unwrap_or(x)
}

fn main() {}
