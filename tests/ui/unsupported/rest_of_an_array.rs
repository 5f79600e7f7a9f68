use differentiable::differentiable;

#[differentiable]
fn f(v: [f64; 4]) -> f64 {
    let [first, .., last] = v;
    first * last
}

fn main() {}
