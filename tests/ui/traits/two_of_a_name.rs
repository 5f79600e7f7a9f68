use differentiable::{Differentiable, differentiable};

#[derive(Differentiable)]
struct Point(f64, f64);

#[differentiable]
impl From<f64> for Point {
    fn from(x: f64) -> Point {
        Point(x, 0.0)
    }
}

impl From<[f64; 2]> for Point {
    #[differentiable]
    fn from(v: [f64; 2]) -> Point {
        Point(v[0], v[1])
    }
}

fn main() {}
