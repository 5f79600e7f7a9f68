use differentiable::differentiable;

fn plain(x: f64) -> f64 {
    x.sqrt()
}

#[differentiable]
fn f(x: f64) -> f64 {
    plain(x) * x
}

fn main() {}
