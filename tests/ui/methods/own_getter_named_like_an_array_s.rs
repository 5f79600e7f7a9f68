//! A type's own method may have the name of a property of arrays: its derivative is not lost silently.

use differentiable::{Differentiable, differentiable};

/// The name of the type is the caller's, so that the methods are not found by it.
macro_rules! distribution {
    ($name:ident) => {
        #[derive(Clone, Differentiable)]
        struct $name {
            shape: f64,
        }

        #[differentiable]
        impl $name {
            fn new(shape: f64) -> $name {
                $name { shape }
            }

            fn shape(&self) -> f64 {
                self.shape
            }

            fn floor(&self) -> f64 {
                self.shape
            }
        }
    };
}

distribution!(Weibull);

#[differentiable]
fn property(x: f64) -> f64 {
    let weibull = Weibull::new(x);
    let shape = weibull.shape();
    shape * x
}

#[differentiable]
fn step(x: f64) -> f64 {
    let weibull = Weibull::new(x);
    weibull.floor() * x
}

fn main() {}
