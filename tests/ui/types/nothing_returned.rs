use differentiable::differentiable;

#[differentiable]
fn f(x: f64) {
    let y = x * x;
    println!("{y}");
}

fn main() {}
