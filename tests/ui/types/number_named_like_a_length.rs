use differentiable::{Differentiable, differentiable};

#[derive(Clone, Copy, Differentiable)]
struct Rod {
    height: f64,
}

#[differentiable]
impl Rod {
    fn len(&self) -> f32 {
        self.height as f32
    }
}

#[differentiable]
fn cast(rod: Rod, x: f64) -> f64 {
    rod.len() as f64 * x
}

#[differentiable]
fn bound(rod: Rod, x: f64) -> f64 {
    let length = rod.len();
    x * x * length
}

fn main() {}
