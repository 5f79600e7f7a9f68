//! The static graph of a function: walked, printed, drawn; it shows what is kept for the reverse sweep.

mod common;
use common::assert_near;
use differentiable::differentiable;
use differentiable::graph::NodeKind;
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
fn frozen_parameters_are_not_differentiated() {
    let differentiated = |name: &str| match frozen_encoder::GRAPH.node(name).expect("a node per parameter").kind {
        NodeKind::Input { differentiated } => differentiated,
        kind => panic!("{name} is {kind:?}"),
    };
    assert_eq!(["encoder", "w", "x"].map(differentiated), [false, true, false]);
    // The product with the frozen matrix is linear in nothing that matters: only the other factor of `w` is needed.
    let kept: Vec<&str> = frozen_encoder::GRAPH.saved().map(|(_, saved)| saved.what).collect();
    assert!(!kept.contains(&"h"), "{kept:?}");
    let encoder = array![[0.5, -1.0], [2.0, 0.25]];
    let x = array![0.3, 0.7];
    let gradient = frozen_encoder::grad(&encoder, &array![1.0, 2.0], &x);
    assert_near("gradient", &gradient, &encoder.dot(&x).mapv(f64::tanh), 1e-14);
}

#[test]
fn graphs_can_be_walked() {
    let graph = logistic::GRAPH;
    let producer = graph.producer_of("z").expect("what computes z");
    assert_eq!((producer.name, producer.kind), ("add", NodeKind::Operation));
    assert_eq!(graph.producer_of("p").map(|node| node.name), Some("div"));
    let root = graph.root().expect("a root");
    assert_eq!(root.kind, NodeKind::Output);
    assert_eq!(graph.inputs(root).map(|node| node.name).collect::<Vec<_>>(), ["ln"]);
    let leaves: Vec<&str> = graph.leaves().map(|node| node.name).collect();
    for name in ["w", "x", "b"] {
        assert!(leaves.contains(&name), "{name} is missing in {leaves:?}");
    }
    let users: Vec<&str> = graph.users(graph.node("b").expect("a node")).map(|node| node.variable).collect();
    assert_eq!(users, ["z"]);
    assert!(graph.walk().count() >= 7);
}

#[test]
fn nodes_know_their_place_in_this_file() {
    let position = logistic::GRAPH.producer_of("z").expect("what computes z").position;
    assert!(position.is_known());
    let line = include_str!("graph.rs").lines().nth(position.line as usize - 1).expect("the line");
    assert!(line.contains("w.dot(x) + b"), "{line}");
}

#[test]
fn graphs_print_names_and_operations() {
    let text = logistic::GRAPH.to_string();
    for part in ["graph of `logistic`", "w", "x", "b", "z", "p", "dot", "exp", "ln"] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
    let (value, (w_bar, ..)) = logistic::value_and_grad(&array![0.5, -1.0], &array![2.0, 1.0], 0.25);
    let p = 1.0 / (1.0 + (-0.25f64).exp());
    assert_near("value", &value, &p.ln(), 1e-14);
    assert_near("gradient", &w_bar, &[2.0 * (1.0 - p), 1.0 - p], 1e-14);
}

#[test]
fn graphs_are_drawn() {
    for graph in [logistic::GRAPH, weighted_sum::GRAPH, frozen_encoder::GRAPH] {
        let (dot, svg) = (graph.to_dot(), graph.to_svg());
        assert!(dot.starts_with("digraph"), "{dot}");
        assert!(dot.contains("->"), "{dot}");
        assert_eq!(dot.matches('{').count(), dot.matches('}').count(), "{dot}");
        assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"), "{svg}");
    }
    assert!(logistic::GRAPH.to_dot().contains("exp"));
    assert_eq!(linear(1.0, 2.0), 1.5);
}

#[test]
fn graphs_are_constants() {
    const GRAPH: differentiable::rt::graph::Graph = powers::GRAPH;
    assert_eq!(GRAPH.name, "powers");
    assert!(GRAPH.nodes().len() >= 3);
    // The nodes are read once.
    assert!(std::ptr::eq(GRAPH.nodes(), powers::GRAPH.nodes()));
}

#[differentiable]
fn recurrent(w: f64, x: &[f64]) -> f64 {
    let mut h = 0.5;
    for v in x {
        let a = (w * h + v).tanh();
        h = a * a.sin();
    }
    h.exp()
}

#[differentiable]
fn branching(x: f64, n: usize) -> f64 {
    let mut y = x;
    for _ in 0..n {
        let mut k = 0;
        if y > 1.0 {
            y = y.sqrt();
        } else {
            y = y * y;
        }
        while k < 3 {
            y *= y + 0.5;
            k += 1;
        }
    }
    y
}

#[differentiable]
fn layers(w: &Array2<f64>, x: &Array1<f64>, n: usize) -> f64 {
    let mut h = x.clone();
    for _ in 0..n {
        h = w.dot(&h).mapv(f64::tanh);
    }
    h.sum()
}

#[differentiable]
fn checkpointed(x: f64, n: usize) -> f64 {
    let mut y = x;
    #[checkpoint(binomial, slots = 8)]
    for _ in 0..n {
        y = y.sin() * x;
    }
    y
}

#[differentiable(checkpoint)]
fn run_again(x: f64) -> f64 {
    let y = x.sin();
    y * y.exp()
}

/// The bytes that a tape of the trips holds: each is a number of what the forward sweep pushes.
#[test]
fn bytes_of_each_trip() {
    let graph = recurrent::GRAPH;
    let node = graph.loops().next().expect("a loop");
    let kept: Vec<&str> = graph.saved().filter(|(_, saved)| saved.per_trip).map(|(_, saved)| saved.what).collect();
    // The state before the trip and the activation; the sine is computed again or kept as well.
    assert!(kept.contains(&"h") && kept.len() <= 3, "{graph}");
    assert_eq!(graph.bytes_per_trip(node), Some(8 * kept.len()), "{graph}");
    assert!(graph.to_string().contains("(8 bytes) on every trip of %"), "{graph}");
    // The result's exponential is what its derivative reads.
    assert!(graph.saved().any(|(node, saved)| node.name == "exp" && !saved.per_trip), "{graph}");
}

#[test]
fn trips_of_nested_loops_and_ways_through_branches() {
    let graph = branching::GRAPH;
    let loops: Vec<_> = graph.loops().collect();
    assert_eq!(loops.len(), 2, "{graph}");
    let [outer, inner] = [graph.bytes_per_trip(loops[0]), graph.bytes_per_trip(loops[1])];
    assert_eq!(inner, Some(8), "{graph}");
    // Which way it went, how many trips the inner loop had, and what the branches read.
    assert!(outer.is_some_and(|bytes| (9..=32).contains(&bytes)), "{outer:?} in {graph}");
    assert_near("gradient", &branching::grad(0.3, 0), &1.0, 1e-14);
}

#[test]
fn arrays_have_no_size_before_they_are_there() {
    let graph = layers::GRAPH;
    let node = graph.loops().next().expect("a loop");
    assert!(graph.saved().any(|(_, saved)| saved.of_loop == Some(node.id) && saved.bytes.is_none()), "{graph}");
    assert_eq!(graph.bytes_per_trip(node), None, "{graph}");
    assert_eq!(weighted_sum::GRAPH.bytes_per_trip(weighted_sum::GRAPH.loops().next().expect("a loop")), Some(0));
}

#[test]
fn what_is_computed_again_is_marked() {
    let node = checkpointed::GRAPH.loops().next().expect("a loop");
    assert!(node.recomputed && node.saved[0].what.contains("at most 8 times"), "{}", checkpointed::GRAPH);
    assert_eq!(checkpointed::GRAPH.bytes_per_trip(node), Some(0));
    let again: Vec<&str> = run_again::GRAPH.recomputed().map(|node| node.name).collect();
    assert_eq!(again, ["sin", "exp", "mul"], "{}", run_again::GRAPH);
    assert_eq!(run_again::GRAPH.saved().count(), 0);
    assert!(run_again::GRAPH.to_string().contains("computed again"));
}
