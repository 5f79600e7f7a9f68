use differentiable::differentiable;

trait Scale {
    fn scale(&self, by: f64) -> f64;
}

#[differentiable]
impl Scale for f64 {
    fn scale(&self, by: f64) -> f64 {
        self * by
    }
}

fn main() {}
