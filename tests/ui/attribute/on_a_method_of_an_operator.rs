use differentiable::{Differentiable, differentiable};
use std::ops::Mul;

#[derive(Clone, Copy, Differentiable)]
struct Scalar(f64);

impl Mul for Scalar {
    type Output = Scalar;

    #[differentiable]
    fn mul(self, rhs: Scalar) -> Scalar {
        Scalar(self.0 * rhs.0)
    }
}

fn main() {}
