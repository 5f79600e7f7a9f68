use differentiable::differentiable;

macro_rules! squared {
    ($x:expr) => {{
        fn square(x: f64) -> f64 {
            x * x
        }
        square($x)
    }};
}

#[differentiable]
fn f(x: f64) -> f64 {
    squared!(x) + x
}

fn main() {}
