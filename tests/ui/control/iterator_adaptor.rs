use differentiable::differentiable;

#[differentiable]
fn f(v: &[f64]) -> f64 {
    let mut s = 0.0;
    for total in v.iter().scan(0.0, |state, x| {
        *state += x;
        Some(*state)
    }) {
        s += total * total;
    }
    s
}

fn main() {}
