use differentiable::differentiable;

#[differentiable]
fn f(x: f64, flag: bool) -> f64 {
    let mut a = x;
    let mut b = x * x;
    let r = if flag { &mut a } else { &mut b };
    *r *= 3.0;
    a * b
}

fn main() {}
