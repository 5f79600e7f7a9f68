#[differentiable]
trait Density<K, T> {
    fn ln_at(&self, x: K) -> T;
}

#[derive(Differentiable)]
struct Exponential {
    rate: f64,
}

#[differentiable]
impl Density<f64, f64> for Exponential {
    fn ln_at(&self, x: f64) -> f64 {
        self.rate.ln() - self.rate * x
    }
}
