/// A polynomial whose gradient is known at compile time.
#[differentiable]
const fn poly(x: f64) -> f64 {
    let square = x * x;
    if x > 0.0 { square * x - 2.0 * square } else { square }
}
