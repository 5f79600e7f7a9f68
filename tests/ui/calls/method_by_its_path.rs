use differentiable::{Differentiable, differentiable};

#[derive(Differentiable, Clone)]
struct Point {
    x: f64,
}

#[differentiable]
impl Point {
    fn square(&self) -> f64 {
        self.x * self.x
    }
}

#[differentiable]
fn apply(f: impl Fn(&Point) -> f64, p: &Point) -> f64 {
    f(p)
}

#[differentiable]
fn f(p: &Point) -> f64 {
    apply(Point::square, p)
}

fn main() {}
