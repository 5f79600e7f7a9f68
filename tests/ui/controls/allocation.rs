use differentiable::differentiable;

#[differentiable(no_alloc)]
fn fixed(x: &[f64; 3], k: f64) -> f64 {
    let mut y = k;
    for i in 0..3 {
        y = (y * x[i]).sin();
    }
    y
}

#[differentiable(no_alloc)]
fn until(x: f64) -> f64 {
    let mut y = x;
    while y < 10.0 {
        y = y * y + 1.0;
    }
    y
}

#[differentiable(no_alloc)]
fn counted(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y = y.sin();
    }
    y
}

#[differentiable(no_alloc)]
fn of_a_slice(x: &[f64]) -> f64 {
    x[0] * x[1]
}

#[differentiable(no_alloc)]
fn recursive(x: f64, n: usize) -> f64 {
    if n == 0 { x } else { x * recursive(x.sin(), n - 1) }
}

fn main() {}
