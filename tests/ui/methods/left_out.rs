use differentiable::{Differentiable, differentiable};

#[derive(Differentiable)]
struct Net {
    weights: Vec<f64>,
}

#[differentiable]
impl Net {
    #[nograd]
    fn weights(&self) -> &[f64] {
        &self.weights
    }

    #[nograd]
    fn first(&self) -> f64 {
        self.weights[0]
    }

    fn sum(&self, x: f64) -> f64 {
        x * self.weights()[0] + self.first()
    }
}

fn main() {}
