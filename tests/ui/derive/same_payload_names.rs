#![allow(non_camel_case_types)]

use differentiable::Differentiable;

#[derive(Differentiable)]
enum Norm {
    L1(f64),
    L_1(f64),
    l1(f64),
}

fn main() {}
