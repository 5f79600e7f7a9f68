use differentiable::Differentiable;

#[derive(Differentiable)]
#[repr(C, packed)]
struct Record {
    kind: u8,
    x: f64,
}

fn main() {}
