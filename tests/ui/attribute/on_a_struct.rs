use differentiable::differentiable;

#[differentiable]
struct Spring {
    k: f64,
}

fn main() {}
