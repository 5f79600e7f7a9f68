use differentiable::{Differentiable, differentiable};

#[differentiable]
trait Potential {
    fn energy(&self, x: f64) -> f64;
}

#[derive(Differentiable)]
struct Spring {
    k: f64,
}

#[differentiable]
impl Potential for Spring {
    fn energy(&self, x: f64) -> f64 {
        self.k * x * x
    }
}

#[differentiable]
impl Spring {
    fn force(&self, x: f64) -> f64 {
        2.0 * self.k * x
    }
}

#[differentiable(hvp)]
fn by_param<P: Potential>(p: &P, x: f64) -> f64 {
    p.energy(x) * x
}

#[differentiable(hvp)]
fn by_object(p: &[Box<dyn Potential>], x: f64) -> f64 {
    p.iter().map(|p| p.energy(x)).sum()
}

#[differentiable(hessian, wrt(x))]
fn of_type(s: &Spring, x: f64) -> f64 {
    s.force(x) * x
}

fn main() {}
