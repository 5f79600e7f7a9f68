use differentiable::differentiable;

#[differentiable]
fn spring(x: &[f64], k: f64) -> f64 {
    k * x[0] * x[1]
}

#[differentiable(wrt(x))]
fn line(x: f64, k: f64) -> f64 {
    k * x
}

/// A function that is refused gives one error.
#[differentiable(hessian)]
fn refused(x: &[f64]) -> f64 {
    unsafe { x[0] }
}

fn main() {
    let (_x_bar, _k_bar) = spring::hvp(&[1.0, 2.0], 3.0, &[1.0, 0.0], 1.0);
    let _ = spring::hessian(&[1.0, 2.0], 3.0);
    let _: f64 = line::hessian(1.0, 2.0);
    let _ = line::jacobian(1.0, 2.0);
    let _ = refused::hessian(&[1.0]).sum();
    let _ = refused::hvp(&[1.0], &[2.0]).len();
}
