use differentiable::differentiable;

#[differentiable(wrt(w))]
fn f(w: f64, x: f64) -> f64 {
    w * x
}

fn main() {
    let (w_bar, x_bar): (f64, f64) = f::grad(2.0, 3.0);
    println!("{w_bar} {x_bar}");
}
