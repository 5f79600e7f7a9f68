use differentiable::{Differentiable, differentiable};

#[derive(Differentiable)]
struct Spring {
    k: f64,
}

impl Spring {
    #[differentiable(gradcheck)]
    fn energy(&self, x: f64) -> f64 {
        self.k * x
    }
}

#[differentiable(gradcheck)]
fn of_items(x: impl Iterator<Item = f64>) -> f64 {
    x.sum()
}

#[differentiable(gradcheck(y = 2.0))]
fn misspelled(x: f64) -> f64 {
    x * x
}

#[differentiable(gradcheck, wrt(spring.k))]
fn of_a_part(spring: &Spring) -> f64 {
    spring.k
}

fn main() {}
