use differentiable::differentiable;

#[differentiable]
fn f(x: f64) -> f64 {
    union Bits {
        float: f64,
        integer: u64,
    }
    let bits = Bits { float: x };
    unsafe { bits.integer as f64 }
}

fn main() {}
