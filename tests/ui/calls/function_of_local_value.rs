use differentiable::{Differentiable, differentiable};

#[derive(Clone, Differentiable)]
struct Layer {
    activation: fn(f64) -> f64,
    w: f64,
}

#[differentiable]
impl Layer {
    fn forward(&self, x: f64) -> f64 {
        (self.activation)(self.w * x)
    }
}

#[differentiable]
fn square(x: f64) -> f64 {
    x * x
}

#[differentiable]
fn f(x: f64) -> f64 {
    let layer = Layer { activation: square, w: x };
    layer.forward(x) + (layer.activation)(x)
}

fn main() {}
