use differentiable::differentiable;

trait Layer {
    fn forward(&self, x: f64) -> f64;
}

#[differentiable]
fn f(layer: &dyn Layer, x: f64) -> f64 {
    layer.forward(x)
}

fn main() {}
