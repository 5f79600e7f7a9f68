//! Walking, printing and drawing a static graph.

use autodiff_runtime::graph::{Graph, Node, NodeKind, Position, Saved};

/// The graph of the tutorial: `z = x @ w + b; loss = binary_cross_entropy_with_logits(z, y)`.
const GRAPH: Graph = Graph {
    name: "loss",
    nodes: &[
        Node::input(0, "x", "&Array1<f64>", false),
        Node::input(1, "y", "&Array1<f64>", false),
        Node::input(2, "w", "&Array2<f64>", true).at("src/lib.rs", 3, 9),
        Node::input(3, "b", "&Array1<f64>", true),
        Node::operation(4, "dot", "x.dot(w)", "Array1<f64>", &[0, 2]),
        Node::operation(5, "add", "x.dot(w) + b", "Array1<f64>", &[4, 3]).assigned_to("z").at("src/lib.rs", 4, 13),
        Node {
            id: 6,
            kind: NodeKind::Operation,
            name: "binary_cross_entropy_with_logits",
            variable: "",
            label: "binary_cross_entropy_with_logits(&z, y)",
            ty: "f64",
            inputs: &[5, 1],
            saved: &[Saved::once("z", Some(8))],
            recomputed: false,
            position: Position { file: "src/lib.rs", line: 5, column: 5 },
        },
        Node::output(7, "loss", "f64", &[6]),
    ],
};

fn names<'g>(nodes: impl Iterator<Item = &'g Node>) -> Vec<&'g str> {
    nodes.map(|node| node.name).collect()
}

#[test]
fn walking() {
    assert_eq!(names(GRAPH.leaves()), ["w", "b"]);
    assert_eq!(GRAPH.root().unwrap().name, "result");
    assert_eq!(GRAPH.producer_of("z").unwrap().name, "add");
    assert_eq!(GRAPH.producer_of("w").unwrap().id, 2);
    assert_eq!(GRAPH.producer_of("nothing"), None);
    let loss = GRAPH.node("binary_cross_entropy_with_logits").unwrap();
    assert_eq!(names(GRAPH.inputs(loss)), ["add", "y"]);
    assert_eq!(names(GRAPH.users(loss)), ["result"]);
    assert_eq!(names(GRAPH.walk()), ["result", "binary_cross_entropy_with_logits", "add", "dot", "x", "w", "b", "y"]);
    let saved: Vec<_> = GRAPH.saved().map(|(node, saved)| (node.id, saved.what)).collect();
    assert_eq!(saved, [(6, "z")]);
    assert_eq!((&GRAPH).into_iter().count(), 8);
}

#[test]
fn printing() {
    let expected = "\
graph of `loss`
  %0  x: &Array1<f64>  input
  %1  y: &Array1<f64>  input
  %2  w: &Array2<f64>  input, differentiated                                                                       src/lib.rs:3:9
  %3  b: &Array1<f64>  input, differentiated
  %4  _: Array1<f64>   dot(%0, %2)    x.dot(w)
  %5  z: Array1<f64>   add(%4, %3)    x.dot(w) + b                                                                 src/lib.rs:4:13
  %6  _: f64           binary_cross_entropy_with_logits(%5, %1)    binary_cross_entropy_with_logits(&z, y)  saves z (8 bytes)  src/lib.rs:5:5
  %7  _: f64           output %6
";
    let squeeze =
        |text: &str| text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>();
    let printed = GRAPH.to_string();
    assert_eq!(squeeze(&printed), squeeze(expected), "{printed}");
    let columns = printed.lines().skip(1).map(|line| line.find(": ").is_some()).collect::<Vec<_>>();
    assert_eq!(columns, [true; 8]);
}

#[test]
fn drawing() {
    let dot = GRAPH.to_dot();
    assert!(dot.starts_with("digraph \"loss\" {\n") && dot.ends_with("}\n"), "{dot}");
    assert_eq!(dot.matches(" -> ").count(), 7);
    assert!(dot.contains("n5 [label=\"z = add\\nx.dot(w) + b\""), "{dot}");

    let svg = GRAPH.to_svg();
    assert!(svg.starts_with("<svg xmlns=") && svg.ends_with("</svg>\n"));
    assert_eq!(svg.matches("<path ").count(), 7);
    assert_eq!(svg.matches("<rect x=").count(), 8);
    assert!(svg.contains("&amp;Array1&lt;f64&gt;"), "{svg}");
}

#[test]
fn a_loop_refers_to_itself() {
    const LOOP: Graph = Graph::new(
        "double",
        &[
            Node::input(0, "x", "f64", true),
            Node::constant(1, "2.0", "f64"),
            Node::control(2, "while", "y < 1000.0", "f64", &[0, 3]),
            Node::operation(3, "mul", "y * 2.0", "f64", &[2, 1]).assigned_to("y").saves(&[Saved::each_trip(
                1,
                "y",
                Some(8),
            )]),
            Node::output(4, "y", "f64", &[2]),
        ],
    );
    assert_eq!(names(LOOP.walk()), ["result", "while", "x", "mul", "2.0"]);
    assert!(LOOP.to_svg().contains("while"));
    assert!(LOOP.to_string().contains("saves y (8 bytes) on every trip of %1"));
}
