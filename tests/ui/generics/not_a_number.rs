use differentiable::differentiable;
use std::ops::Mul;

#[derive(Clone, Copy)]
struct Meters(f64);

impl Mul for Meters {
    type Output = Meters;
    fn mul(self, other: Meters) -> Meters {
        Meters(self.0 * other.0)
    }
}

#[differentiable]
fn square<T: Copy + Mul<Output = T>>(x: T) -> T {
    x * x
}

fn main() {
    square::vjp(Meters(1.0));
}
