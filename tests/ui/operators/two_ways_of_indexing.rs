use differentiable::{Differentiable, differentiable};
use std::ops::{Index, IndexMut};

#[derive(Clone, Differentiable)]
struct Ring {
    values: Vec<f64>,
}

impl Index<usize> for Ring {
    type Output = f64;

    fn index(&self, at: usize) -> &f64 {
        &self.values[at % self.values.len()]
    }
}

impl IndexMut<usize> for Ring {
    fn index_mut(&mut self, at: usize) -> &mut f64 {
        &mut self.values[at]
    }
}

#[differentiable]
fn f(ring: Ring) -> f64 {
    let mut ring = ring;
    ring[1] *= 2.0;
    ring[2]
}

fn main() {}
