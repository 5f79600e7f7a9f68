use differentiable::differentiable;

#[differentiable]
fn f(table: &[f64], x: f64) -> f64 {
    let k = (x * 10.0) as usize;
    table[k] * x
}

fn main() {}
