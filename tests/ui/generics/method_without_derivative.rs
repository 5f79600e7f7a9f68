use differentiable::differentiable;
use std::ops::Mul;

trait Real: Copy + Mul<Output = Self> {
    fn softsign(self) -> Self;
}

#[differentiable]
fn f<T: Real>(x: T) -> T {
    x * x.softsign()
}

fn main() {}
