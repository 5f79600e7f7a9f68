use differentiable::Differentiable;

#[derive(Differentiable)]
union Bits {
    x: f64,
    bits: u64,
}

fn main() {}
