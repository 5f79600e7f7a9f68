use differentiable::differentiable;

#[differentiable]
fn f<'a>(a: &'a mut [f64], x: f64) -> &'a mut f64 {
    a[0] *= x;
    &mut a[0]
}

fn main() {}
