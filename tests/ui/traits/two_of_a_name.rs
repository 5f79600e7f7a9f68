use differentiable::{Differentiable, differentiable};

trait Nearest<T> {
    fn nearest(&self, to: T) -> f64;
}

#[derive(Differentiable)]
struct Point(f64, f64);

#[differentiable]
impl Nearest<f64> for Point {
    fn nearest(&self, to: f64) -> f64 {
        self.0 - to
    }
}

impl Nearest<[f64; 2]> for Point {
    #[differentiable]
    fn nearest(&self, to: [f64; 2]) -> f64 {
        self.0 - to[0]
    }
}

fn main() {}
