#[differentiable]
fn pull(x: f64, places: &[f64]) -> f64 {
    let mut sum = 0.0;
    for place in places {
        sum -= (x - place).sin();
    }
    sum
}

/// The state depends on one number: its gradient needs no tape.
#[differentiable(wrt(start))]
fn fallen(start: f64, places: &[f64], h: f64) -> f64 {
    let (mut at, mut speed) = (start, 0.0);
    while speed.abs() < 1.0 {
        speed += h * pull(at, places);
        at += h * speed;
    }
    at
}
