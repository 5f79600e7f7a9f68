//! Controls over what is differentiated: parts of parameters, hooks on cotangents, constants.

use differentiable::ndarray::{Array1, array};
use differentiable::{Differentiable, differentiable, grad_hook, no_grad, stop_gradient};

#[derive(Differentiable, Clone)]
struct Layer {
    weight: Vec<f64>,
    bias: f64,
}

#[derive(Differentiable, Clone)]
struct Model {
    body: Layer,
    head: Layer,
    scale: f64,
    count: usize,
}

impl Layer {
    #[differentiable]
    fn forward(&self, x: &[f64]) -> f64 {
        let mut y = self.bias;
        for (w, x) in self.weight.iter().zip(x) {
            y += w * x;
        }
        y.tanh()
    }
}

#[differentiable]
fn whole(model: &Model, x: &[f64]) -> f64 {
    let hidden = [model.body.forward(x), model.scale];
    model.head.forward(&hidden) * model.count as f64
}

#[differentiable(wrt(model.head))]
fn of_head(model: &Model, x: &[f64]) -> f64 {
    let hidden = [model.body.forward(x), model.scale];
    model.head.forward(&hidden) * model.count as f64
}

#[differentiable(wrt(model.head.bias, model.scale, x))]
fn of_two_parts(model: &Model, x: &[f64]) -> f64 {
    let hidden = [model.body.forward(x), model.scale];
    let mut y = model.head.bias;
    for (w, h) in model.head.weight.iter().zip(&hidden) {
        y += w * h;
    }
    y.tanh() * model.count as f64
}

impl Model {
    #[differentiable(wrt(self.scale))]
    fn scaled(&self, x: f64) -> f64 {
        let index = (self.body.bias * 2.0) as usize;
        self.scale * self.scale * x * self.head.weight[index]
    }
}

fn model() -> Model {
    Model {
        body: Layer { weight: vec![0.3, -0.2, 0.7], bias: 0.1 },
        head: Layer { weight: vec![0.9, -0.4], bias: -0.3 },
        scale: 1.3,
        count: 2,
    }
}

#[test]
fn parts_of_parameters() {
    let (model, x) = (model(), [0.5, 1.0, -0.7]);
    let (all, x_bar) = whole::grad(&model, &x);
    let head = of_head::grad(&model, &x);
    assert_eq!(head.head, all.head);
    assert_eq!((head.body, head.scale), (model.body.zero_tangent(), 0.0));
    let (_, pullback) = of_head::vjp(&model, &x);
    assert_eq!(pullback(1.0).head, all.head);

    let (parts, again) = of_two_parts::grad(&model, &x);
    assert!((parts.head.bias - all.head.bias).abs() < 1e-15);
    assert!((parts.scale - all.scale).abs() < 1e-15);
    assert!(x_bar.iter().zip(&again).all(|(a, b)| (a - b).abs() < 1e-15));
    assert_eq!((parts.head.weight, parts.body), (vec![0.0; 2], model.body.zero_tangent()));

    let mut dot = model.zero_tangent();
    (dot.head.bias, dot.scale, dot.body.bias) = (0.7, -0.3, 100.0);
    let (_, tangent) = of_two_parts::jvp(&model, &x, &dot, &[0.0; 3]);
    assert!((tangent - 0.7 * parts.head.bias + 0.3 * parts.scale).abs() < 1e-15);
    assert_eq!(model.scaled_grad(2.0).scale, 2.0 * 1.3 * 2.0 * 0.9);
}

#[test]
fn nothing_is_left_of_frozen_parts() {
    assert!(!format!("{}", of_head::GRAPH).contains("body_bar"));
    // What goes into the part that is differentiated is kept, and nothing of what computed it.
    let saved: Vec<&str> = of_head::GRAPH.saved().map(|(node, _)| node.variable).collect();
    assert_eq!(saved, ["hidden"], "{}", of_head::GRAPH);
}

#[differentiable]
fn clipped(x: f64, limit: f64) -> f64 {
    let y = grad_hook(x * x, |g| g.clamp(-limit, limit));
    y * y * limit
}

#[differentiable]
fn recurrent(w: f64, xs: &[f64]) -> f64 {
    let mut h = 0.1;
    for x in xs {
        h = (w * h + x).tanh();
        h = grad_hook(h, |g| if g.abs() > 0.5 { 0.5 * g.signum() } else { g });
    }
    3.0 * h
}

/// What `recurrent` computes, with the clipping written out.
fn recurrent_by_hand(w: f64, xs: &[f64]) -> (f64, Vec<f64>) {
    let mut states = vec![0.1];
    for x in xs {
        let h = states[states.len() - 1];
        states.push((w * h + x).tanh());
    }
    let (mut w_bar, mut xs_bar, mut g) = (0.0, vec![0.0; xs.len()], 3.0_f64);
    for t in (0..xs.len()).rev() {
        g = if g.abs() > 0.5 { 0.5 * g.signum() } else { g };
        g *= 1.0 - states[t + 1] * states[t + 1];
        (w_bar, xs_bar[t]) = (w_bar + g * states[t], g);
        g *= w;
    }
    (w_bar, xs_bar)
}

#[differentiable]
fn of_arrays(x: &Array1<f64>, k: f64) -> f64 {
    let y = grad_hook(x * k, |g| g * 0.5);
    (&y * &y).sum()
}

fn halved(g: f64) -> f64 {
    0.5 * g
}

#[differentiable]
fn by_name(x: f64) -> f64 {
    grad_hook(x, halved) * 4.0
}

#[test]
fn hooks_change_cotangents() {
    assert_eq!(clipped(3.0, 0.5), 40.5);
    // The cotangent of y is 2 · 9 · 0.5 = 9, which is clipped to 0.5; the hook's own use of the limit does not count.
    assert_eq!(clipped::grad(3.0, 0.5), (0.5 * 6.0, 81.0));
    assert_eq!(clipped::vjp(3.0, 0.5).1(1.0), (0.5 * 6.0, 81.0));
    assert_eq!(clipped::jvp(3.0, 0.5, 1.0, 0.0), (40.5, 2.0 * 9.0 * 6.0 * 0.5));
    let xs = [0.4, -0.9, 0.3, 1.2];
    let (w_bar, xs_bar) = recurrent::grad(0.8, &xs);
    let by_hand = recurrent_by_hand(0.8, &xs);
    assert!((w_bar - by_hand.0).abs() < 1e-15 && xs_bar.iter().zip(&by_hand.1).all(|(a, b)| (a - b).abs() < 1e-15));
    assert_eq!(of_arrays::grad(&array![1.0, 2.0], 3.0), (array![9.0, 18.0], 15.0));
    assert_eq!(by_name::value_and_grad(3.0), (12.0, 2.0));
}

#[differentiable]
fn constants(x: f64, y: f64) -> f64 {
    let fixed = no_grad! { (x * y).sin() };
    let factor = stop_gradient(x) * y;
    fixed * x + factor * y
}

#[test]
fn constants_have_no_derivative() {
    let (x, y) = (0.7, 1.9_f64);
    assert_eq!(constants::grad(x, y), ((x * y).sin(), 2.0 * x * y));
}

#[differentiable]
fn soft_clip(g: f64) -> f64 {
    g.tanh() * 3.0
}

#[differentiable]
fn halved_array(g: Array1<f64>) -> Array1<f64> {
    &g * &g * 0.5
}

#[differentiable(hvp, hessian)]
fn hooked_twice(x: f64, y: f64) -> f64 {
    let z = grad_hook(x * y.sin(), soft_clip);
    let w = grad_hook(z * z * x, soft_clip);
    w * w + y
}

#[differentiable(hvp)]
fn hooked_arrays(x: &Array1<f64>, k: f64) -> f64 {
    let y = grad_hook(x * k, halved_array);
    (&y * &y * &y).sum()
}

#[test]
fn second_derivatives_are_those_of_what_hooks_make() {
    let (x, y, h) = (0.7, 0.4, 1e-5);
    let difference = |(l, m): (f64, f64), (r, s): (f64, f64)| [(r - l) / (2.0 * h), (s - m) / (2.0 * h)];
    let by_x = difference(hooked_twice::grad(x - h, y), hooked_twice::grad(x + h, y));
    let by_y = difference(hooked_twice::grad(x, y - h), hooked_twice::grad(x, y + h));
    let (of_x, of_y) = hooked_twice::hvp(x, y, 0.3, -0.8);
    // What hooks make of gradients is a field whose derivative need not be symmetric.
    assert!(
        (of_x - (0.3 * by_x[0] - 0.8 * by_y[0])).abs() < 1e-8 && (of_y - (0.3 * by_x[1] - 0.8 * by_y[1])).abs() < 1e-8
    );
    let (x, v) = (array![0.4, -0.9], array![1.0, 0.5]);
    let at = |step: f64| hooked_arrays::grad(&(&x + &(&v * step)), 0.8 - step);
    let ((left, l), (right, r)) = (at(-h), at(h));
    let (of_x, of_k) = hooked_arrays::hvp(&x, 0.8, &v, -1.0);
    assert!(
        ((right - left) / (2.0 * h) - of_x).iter().all(|d: &f64| d.abs() < 1e-7)
            && ((r - l) / (2.0 * h) - of_k).abs() < 1e-7
    );
}
