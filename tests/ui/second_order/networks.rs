use differentiable::ndarray::Array1;
use differentiable::nn::softplus;
use differentiable::{differentiable, nn};

#[differentiable(order = 3)]
fn by_path(x: &Array1<f64>) -> f64 {
    nn::gelu(x).sum()
}

#[differentiable(order = 3)]
fn imported(x: &Array1<f64>) -> f64 {
    softplus(x).sum()
}

fn main() {}
