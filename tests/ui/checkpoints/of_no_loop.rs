use differentiable::differentiable;

#[differentiable(checkpoint(sqrt))]
fn straight(x: f64) -> f64 {
    x * x
}

#[differentiable(checkpoint(binomial, slots = 4))]
fn two(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = y.sin();
    }
    for _ in 0..n {
        y = y.cos();
    }
    y
}

#[differentiable]
fn branch(x: f64, flag: bool) -> f64 {
    let mut y = x;
    #[checkpoint(sqrt)]
    if flag {
        y *= x;
    }
    y
}

fn main() {}
