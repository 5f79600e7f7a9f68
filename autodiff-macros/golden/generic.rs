#[differentiable]
fn penalty<T: Float + FromPrimitive, const N: usize>(x: &[T; N], strength: T) -> T {
    let half = T::from_f64(0.5).unwrap();
    let mut s = T::zero();
    for i in 0..N {
        s = s + half * x[i].powi(2) + x[i].sqrt();
    }
    s * T::max(strength, T::one())
}
