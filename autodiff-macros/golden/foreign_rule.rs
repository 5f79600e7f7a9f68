#[derivative_of(libm::hypot)]
pub(crate) fn hypot_rule(x: f64, y: f64) -> (f64, (f64, f64)) {
    let length = libm::hypot(x, y);
    (length, (x / length, y / length))
}

#[derivative_of(libm::jn)]
fn bessel(n: i32, x: f64) -> (f64, f64) {
    (libm::jn(n, x), 0.5 * (libm::jn(n - 1, x) - libm::jn(n + 1, x)))
}
