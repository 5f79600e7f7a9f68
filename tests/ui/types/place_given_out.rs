use differentiable::differentiable;

#[differentiable]
fn first_large(a: &mut [f64]) -> &mut f64 {
    for i in 0..a.len() {
        if a[i] > 1.0 {
            return &mut a[i];
        }
    }
    &mut a[0]
}

#[differentiable]
fn f(a: &mut [f64], x: f64) {
    *first_large(a) *= x;
}

fn main() {}
