use differentiable::differentiable;

#[differentiable]
fn f(x: f64, n: i32) -> f64 {
    x.powi(n)
}

fn main() {
    f::jvp(2.0, 3, 1.0, 1.0);
}
