use differentiable::{Differentiable, differentiable};

#[derive(Differentiable)]
struct Pair {
    left: f64,
    right: f64,
}

#[differentiable]
impl Pair {
    fn part_mut(&mut self, left: bool) -> &mut f64 {
        if left { &mut self.left } else { &mut self.right }
    }
}

#[differentiable]
fn f(mut pair: Pair, x: f64, left: bool) -> f64 {
    *pair.part_mut(left) *= x;
    pair.left * pair.right
}

fn main() {}
