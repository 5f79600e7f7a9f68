use differentiable::differentiable;

#[differentiable(gradcheck)]
fn in_place(x: &mut [f64]) {
    x[0] *= 2.0;
}

#[differentiable(gradcheck)]
fn generic<T: num_traits::Float>(x: T) -> T {
    x * x
}

#[differentiable(gradcheck(y = 2.0))]
fn misspelled(x: f64) -> f64 {
    x * x
}

fn main() {}
