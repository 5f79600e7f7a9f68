use differentiable::derivative_of;

fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum()
}

#[derivative_of(norm)]
fn norm_rule(x: &[f64]) -> (f64, f64) {
    (norm(x), 0.0)
}

fn parity(n: i32) -> i32 {
    n % 2
}

#[derivative_of(parity)]
fn parity_rule(n: i32) -> (i32, i32) {
    (parity(n), 0)
}

fn main() {}
