use differentiable::differentiable;

#[differentiable]
fn f(x: f64, i: usize) -> f64 {
    let table: [fn(f64) -> f64; 2] = [f64::sin, f64::cos];
    table[i](x)
}

fn main() {}
