use differentiable::differentiable;
#[differentiable]
fn g(x: f64) -> f64 {
    x * x
}
#[differentiable]
fn f(x: f64) -> f64 {
    g::grad(x) * x
}
#[differentiable(order = 2)]
fn h(x: f64) -> f64 {
    k::grad(x) * x
}
#[differentiable(order = 2)]
fn k(x: f64) -> f64 {
    x * x
}
#[differentiable]
fn f2(x: f64) -> f64 {
    k::hvp(x, 1.0) * x
}
#[differentiable]
fn f3(x: f64) -> f64 {
    let p = k::vjp(x);
    p.0 * x
}
#[differentiable(order = 3)]
fn m(x: f64) -> f64 {
    x * x
}
#[differentiable(order = 3)]
fn f4(x: f64) -> f64 {
    m::grad(x) * x
}
#[differentiable(hvp)]
fn f5(x: f64) -> f64 {
    m::hvp(x, 1.0) * x
}
fn main() {}
