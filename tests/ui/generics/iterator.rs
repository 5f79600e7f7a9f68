use differentiable::differentiable;

#[differentiable]
fn sum<I: Iterator<Item = f64>>(xs: I) -> f64 {
    let mut s = 0.0;
    for x in xs {
        s += x;
    }
    s
}

fn main() {}
