use differentiable::differentiable;

#[differentiable]
fn first<V: AsRef<[f64]>>(xs: V) -> f64 {
    xs.as_ref()[0]
}

fn main() {}
