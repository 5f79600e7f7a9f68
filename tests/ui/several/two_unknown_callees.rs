use differentiable::differentiable;

fn first(x: f64) -> f64 {
    x + 1.0
}

fn second(x: f64) -> f64 {
    x * 2.0
}

#[differentiable]
fn f(x: f64) -> f64 {
    if x > 0.0 {
        return first(x);
    }
    let mut s = 0.0;
    for _ in 0..3 {
        s += second(x);
    }
    s
}

fn main() {}
