use differentiable::differentiable;

#[differentiable(wrt(k))]
fn scaled(a: &mut [f64], k: f64, b: f64) -> f64 {
    a[0] = k;
    k * b
}

#[differentiable]
fn loses(a: &[f64], k: f64) -> f64 {
    let mut b = a.to_vec();
    let s = scaled(&mut b, k, k);
    s * k
}

#[differentiable]
trait Layer {
    #[differentiable(wrt(self))]
    fn forward(&self, x: f64) -> f64;
}

#[derive(differentiable::Differentiable)]
struct Linear {
    weight: f64,
}

#[differentiable]
impl Layer for Linear {
    #[differentiable(wrt(x))]
    fn forward(&self, x: f64) -> f64 {
        self.weight * x
    }
}

fn main() {}
