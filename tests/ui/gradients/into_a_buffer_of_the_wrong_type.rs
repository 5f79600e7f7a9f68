use differentiable::differentiable;

#[differentiable]
fn f(x: f64, v: &[f64]) -> f64 {
    x * v[0]
}

fn main() {
    let (mut x_bar, mut v_bar) = (0.0, 0.0);
    f::value_and_grad_into(2.0, &[3.0], &mut x_bar, &mut v_bar);
}
