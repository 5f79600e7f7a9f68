use differentiable::differentiable;

macro_rules! squared {
    ($x:expr) => {
        $x * $x
    };
}

#[differentiable]
fn f(x: f64) -> f64 {
    squared!(x) + x
}

fn main() {}
