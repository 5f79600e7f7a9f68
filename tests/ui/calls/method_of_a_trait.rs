use differentiable::differentiable;

trait Cube {
    fn cube(self) -> Self;
}

impl Cube for f64 {
    fn cube(self) -> f64 {
        self * self * self
    }
}

#[differentiable]
fn f(x: f64) -> f64 {
    x.cube() + x
}

fn main() {}
