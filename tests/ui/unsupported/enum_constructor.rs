use differentiable::differentiable;

enum Value {
    Number(f64),
    Nothing,
}

#[differentiable]
fn f(x: f64, flag: bool) -> f64 {
    let value = if flag { Value::Number(x) } else { Value::Nothing };
    match value {
        Value::Number(v) => v * v,
        Value::Nothing => 0.0,
    }
}

fn main() {}
