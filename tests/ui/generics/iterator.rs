use differentiable::differentiable;

#[differentiable]
fn first<I: Iterator<Item = f64>>(xs: &mut I) -> f64 {
    xs.next().unwrap_or(0.0)
}

fn main() {}
