#[differentiable]
impl Mul for Complex {
    type Output = Self;
    fn mul(self, rhs: Self) -> Self {
        let Complex { re, im } = rhs;
        let norm: f64 = re * re + im * im;
        Self { re: self.re * norm.sqrt(), im }
    }
}
