use differentiable::{Differentiable, differentiable};

#[derive(Clone, Copy, Differentiable)]
struct Wrapped(f64);

#[differentiable]
impl Wrapped {
    fn bits(self) -> u64 {
        key(self.0)
    }

    fn of_bits(bits: u64) -> Self {
        Wrapped(f64::from_bits(bits))
    }

    fn rough_root(self) -> Self {
        Self::of_bits((self.bits() + 0x3ff0_0000_0000_0000) >> 1)
    }
}

fn key(x: f64) -> u64 {
    x.to_bits()
}

#[differentiable]
fn rough_root(x: f64) -> f64 {
    f64::from_bits((key(x) + 0x3ff0_0000_0000_0000) >> 1)
}

fn main() {}
