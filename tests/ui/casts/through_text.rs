use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    let text = format!("{x}");
    text.parse::<f64>().unwrap() * 2.0
}

fn main() {}
