use differentiable::differentiable;

#[differentiable]
fn f(x: f64, n: i32) -> f64 {
    x.powi(n)
}

fn main() {
    let (x_bar, n_bar): (f64, f64) = f::grad(2.0, 3);
    println!("{x_bar} {n_bar}");
}
