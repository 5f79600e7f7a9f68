#[differentiable]
trait Curve {
    fn at(&self, x: f64) -> f64;

    fn chord(&self, x: f64) -> f64 {
        self.at(x) - self.at(0.0)
    }
}

#[derive(Differentiable)]
struct Line {
    slope: f64,
}

#[differentiable]
impl Curve for Line {
    fn at(&self, x: f64) -> f64 {
        self.slope * x
    }
}
