use differentiable::differentiable;

#[allow(non_camel_case_types)]
struct model {
    k: f64,
}

#[differentiable]
fn model(x: f64) -> f64 {
    let m = model { k: 2.0 };
    m.k * x
}

fn main() {}
