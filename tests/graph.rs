//! The static graph of a function: walked, printed, drawn; it shows what is kept for the reverse sweep.

mod common;
use common::assert_near;
use differentiable::differentiable;
use differentiable::ndarray::{Array1, Array2, array};

#[differentiable]
fn weighted_sum(w: &[f64], x: &[f64], n: usize) -> f64 {
    let mut s = 0.0;
    for i in 0..n {
        s += w[i] * x[i];
    }
    s
}

#[differentiable]
fn powers(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        y *= y;
    }
    y
}

#[differentiable]
fn linear(x: f64, y: f64) -> f64 {
    let a = 3.0 * x - y;
    a + a * 0.5
}

#[differentiable(wrt(w))]
fn frozen_encoder(encoder: &Array2<f64>, w: &Array1<f64>, x: &Array1<f64>) -> f64 {
    let h = encoder.dot(x);
    let z = h.mapv(|v| v.tanh());
    z.dot(w)
}

#[differentiable]
fn logistic(w: &Array1<f64>, x: &Array1<f64>, b: f64) -> f64 {
    let z = w.dot(x) + b;
    let p = 1.0 / (1.0 + (-z).exp());
    p.ln()
}

#[test]
fn linear_accumulators_keep_nothing() {
    assert_eq!(weighted_sum::GRAPH.saved().count(), 0);
    assert_eq!(linear::GRAPH.saved().count(), 0);
    assert_eq!(weighted_sum::grad(&[1.0, 2.0], &[3.0, 4.0], 2), (vec![3.0, 4.0], vec![1.0, 2.0]));
    assert_eq!(linear::grad(1.0, 2.0), (4.5, -1.5));
}

#[test]
fn overwritten_factors_are_kept() {
    assert_eq!(powers::GRAPH.saved().count(), 1);
    assert_near("gradient", &powers::grad(1.5, 2), &(4.0 * 1.5f64.powi(3)), 1e-14);
}

#[test]
fn frozen_parameters_leave_no_trace() {
    let names = frozen_encoder::GRAPH.to_string();
    for absent in ["encoder_bar", "x_bar"] {
        assert!(!names.contains(absent), "{names}");
    }
    let encoder = array![[0.5, -1.0], [2.0, 0.25]];
    let x = array![0.3, 0.7];
    let gradient = frozen_encoder::grad(&encoder, &array![1.0, 2.0], &x);
    assert_near("gradient", &gradient, &encoder.dot(&x).mapv(f64::tanh), 1e-14);
}

#[test]
fn graphs_print_names_and_operations() {
    let text = logistic::GRAPH.to_string();
    for part in ["w", "x", "b", "z", "p", "dot", "exp", "ln"] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    let (value, (w_bar, ..)) = logistic::value_and_grad(&array![0.5, -1.0], &array![2.0, 1.0], 0.25);
    let p = 1.0 / (1.0 + (-0.25f64).exp());
    assert_near("value", &value, &p.ln(), 1e-14);
    assert_near("gradient", &w_bar, &[2.0 * (1.0 - p), 1.0 - p], 1e-14);
}

#[test]
fn graphs_are_drawn_in_the_dot_language() {
    for dot in [logistic::GRAPH.to_dot(), weighted_sum::GRAPH.to_dot(), frozen_encoder::GRAPH.to_dot()] {
        assert!(dot.trim_start().starts_with("digraph"), "{dot}");
        assert!(dot.contains("->"), "{dot}");
        assert_eq!(dot.matches('{').count(), dot.matches('}').count(), "{dot}");
    }
    assert!(logistic::GRAPH.to_dot().contains("exp"));
    assert_eq!(linear(1.0, 2.0), 1.5);
}

#[test]
fn graphs_are_constants() {
    const GRAPH: &str = {
        let _graph = &powers::GRAPH;
        "evaluated by the compiler"
    };
    assert_eq!(GRAPH.len(), 25);
    assert_eq!(powers::GRAPH.to_string(), powers::GRAPH.to_string());
}
