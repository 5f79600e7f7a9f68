use differentiable::{differentiable, grad_hook};

fn clip(g: f64) -> f64 {
    g.clamp(-1.0, 1.0)
}

#[differentiable(hvp)]
fn by_closure(x: f64) -> f64 {
    grad_hook(x * x, |g| g * 0.5)
}

#[differentiable(hvp)]
fn by_name(x: f64) -> f64 {
    grad_hook(x * x, clip)
}

#[differentiable]
fn soft(g: f64) -> f64 {
    g.tanh()
}

#[differentiable(order = 3)]
fn third(x: f64) -> f64 {
    grad_hook(x * x, soft)
}

fn main() {}
