use differentiable::differentiable;

#[differentiable]
fn annotated(x: f64) -> f64 {
    x * x
}

fn plain(x: f64) -> f64 {
    x * x
}

fn main() {
    annotated::grad(2.0);
    plain::grad(2.0);
}
