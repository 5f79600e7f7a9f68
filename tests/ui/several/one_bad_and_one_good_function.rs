use differentiable::differentiable;

#[differentiable]
fn good(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn bad(x: f64) -> f64 {
    good(x) * ((good(x) as i64) as f64)
}

fn main() {
    println!("{}", good::grad(2.0) + bad::grad(2.0));
}
