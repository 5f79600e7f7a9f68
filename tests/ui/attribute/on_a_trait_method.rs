use differentiable::differentiable;

trait Layer {
    fn scale() -> f64;

    #[differentiable]
    fn forward(x: f64) -> f64 {
        Self::scale() * x
    }
}

struct Linear;

impl Layer for Linear {
    fn scale() -> f64 {
        2.0
    }
}

fn main() {}
