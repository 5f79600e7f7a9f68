use differentiable::differentiable;

#[differentiable(vjp = borrowing_vjp)]
fn borrowing(x: &[f64]) -> f64 {
    x[0] * x[0]
}

fn borrowing_vjp(x: &[f64]) -> (f64, impl Fn(f64) -> Vec<f64>) {
    (borrowing(x), move |y_bar| vec![2.0 * x[0] * y_bar])
}

#[differentiable(vjp = in_place_vjp)]
fn in_place(x: &mut [f64]) {
    x[0] *= 2.0;
}

#[differentiable(vjp = count_vjp)]
fn count(x: f64) -> usize {
    usize::from(x > 0.0)
}

#[differentiable(root_of = well::value_and_grad)]
fn bottom(a: f64) -> f64 {
    a
}

#[differentiable(root_of = equation)]
fn fallible(a: f64) -> Option<f64> {
    Some(a)
}

#[differentiable(hvp, vjp = twice_vjp)]
fn twice(a: f64) -> f64 {
    a
}

#[differentiable(vjp = applied_vjp)]
fn applied(f: impl Fn(f64) -> f64, a: f64) -> f64 {
    f(a)
}

#[differentiable(vjp)]
fn without_value(a: f64) -> f64 {
    a
}

fn main() {}
