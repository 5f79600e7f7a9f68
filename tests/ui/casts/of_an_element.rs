use differentiable::differentiable;

#[differentiable]
fn f(v: [f64; 2]) -> f64 {
    let mut s = 0.0;
    for i in 0..2 {
        s += (v[i] as u8) as f64;
    }
    s
}

fn main() {}
