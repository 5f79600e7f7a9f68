use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    let text = format!("{x}");
    text.parse::<f64>().unwrap() * 2.0
}

#[differentiable]
fn g(x: f64) -> f64 {
    use std::fmt::Write;
    let mut text = String::new();
    write!(text, "{x}").unwrap();
    text.parse::<f64>().unwrap() * 2.0
}

fn main() {}
