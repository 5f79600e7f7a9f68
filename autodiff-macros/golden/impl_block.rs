struct Spring {
    k: f64,
    x0: f64,
}

#[differentiable]
impl Spring {
    const HALF: f64 = 0.5;

    fn stretch(self, x: f64) -> f64 {
        x - self.x0
    }

    fn energy(&self, x: f64) -> f64 {
        let d = self.stretch(x);
        Self::HALF * self.k * d * d
    }
}
