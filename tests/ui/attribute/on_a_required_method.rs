use differentiable::differentiable;

trait Layer {
    #[differentiable]
    fn forward(x: f64) -> f64;
}

fn main() {}
