use differentiable::{Differentiable, differentiable};

#[differentiable]
trait Weight<T> {
    fn weight(&self, x: f64) -> T;

    fn half(&self, x: f64) -> f64 {
        self.count(x) * 0.5
    }

    #[nograd]
    fn count(&self, x: f64) -> f64;
}

#[derive(Differentiable)]
struct Cube(f64);

#[differentiable]
impl Weight<f64> for Cube {
    fn weight(&self, x: f64) -> f64 {
        self.0 * x.to_bits() as f64
    }

    fn count(&self, x: f64) -> f64 {
        x
    }
}

fn main() {}
