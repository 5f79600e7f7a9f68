use differentiable::differentiable;

#[differentiable(reverse, wrt(x))]
fn f(x: f64) -> f64 {
    let y = async { x };
    drop(y);
    x
}

fn main() {
    f::grad(1.0);
}
