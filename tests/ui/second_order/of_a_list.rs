use differentiable::differentiable;

#[differentiable(hvp)]
fn f(x: &[f64]) -> Vec<f64> {
    x.to_vec()
}

#[differentiable(hessian)]
fn g(x: f64, y: f64) -> f64 {
    x * y
}

#[differentiable(jacobian)]
fn h(x: f64, y: f64) -> [f64; 2] {
    [x * y, x]
}

#[differentiable(jacobian)]
fn k(x: f64) -> Option<f64> {
    Some(x)
}

#[differentiable(order = 9)]
fn l(x: f64) -> f64 {
    x
}

fn main() {}
