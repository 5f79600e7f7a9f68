use differentiable::differentiable;

#[differentiable]
fn f(v: [f64; 4]) -> f64 {
    match v {
        [ref first, .., last] => first * last,
    }
}

fn main() {}
