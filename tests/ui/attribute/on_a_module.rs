use differentiable::differentiable;

#[differentiable]
mod layer {
    pub fn f(x: f64) -> f64 {
        x
    }
}

fn main() {}
