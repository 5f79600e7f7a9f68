use differentiable::differentiable;

#[differentiable]
fn f<const N: usize>(v: [f64; N]) -> f64 {
    v[0] * v[N - 1]
}

fn main() {}
