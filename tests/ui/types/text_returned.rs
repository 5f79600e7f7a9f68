use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> String {
    if x > 0.0 { "positive".to_owned() } else { String::new() }
}

fn main() {}
