use differentiable::differentiable;
use num_traits::{Float, cast};

#[differentiable]
fn f<T: Float>(x: T) -> T {
    let y = cast(x).unwrap();
    T::one() * y
}

fn main() {}
