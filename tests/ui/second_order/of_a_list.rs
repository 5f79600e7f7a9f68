use differentiable::differentiable;

#[differentiable(hvp)]
fn f(x: &[f64]) -> Vec<f64> {
    x.to_vec()
}

#[differentiable(hessian)]
fn g(x: f64, y: &mut [f64]) -> f64 {
    y[0] *= x;
    y[0]
}

#[differentiable(jacobian)]
fn h(f: impl Fn(f64) -> f64, x: f64) -> [f64; 2] {
    [f(x), x]
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
