//! Walking, printing and drawing a static graph.

use autodiff_runtime::graph::{Graph, Node, NodeKind, Position, Saved};

/// The graph of the tutorial: `z = x @ w + b; loss = binary_cross_entropy_with_logits(z, y)`.
const GRAPH: Graph = Graph::new(
    "loss",
    "src/lib.rs",
    &[8],
    &[
        "input | x | &Array1<f64>",
        "input | y | &Array1<f64>",
        "input differentiated | w | &Array2<f64> | 3:9",
        "input differentiated | b | &Array1<f64>",
        "operation dot %0 %2 |  | Array1<f64> |  | x.dot(w)",
        "operation add %4 %3 | z | Array1<f64> | 4:13 | x.dot(w) + b",
        "operation binary_cross_entropy_with_logits %5 %1 |  | f64 | 5:5 | binary_cross_entropy_with_logits(&z, y)",
        "keeps #0 | z",
        "output %6 |  | f64 |  | loss",
    ],
);

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
        "",
        &[8],
        &[
            "input differentiated | x | f64",
            "constant |  | f64 |  | 2.0",
            "control while %0 %3 |  | f64 |  | y < 1000.0",
            "operation mul %2 %1 again | y | f64 |  | y * 2.0",
            "keeps #0 %1 | y",
            "output %2 |  | f64 |  | y",
        ],
    );
    assert_eq!(names(LOOP.walk()), ["result", "while", "x", "mul", "2.0"]);
    assert!(LOOP.to_svg().contains("while"));
    assert!(LOOP.to_string().contains("saves y (8 bytes) on every trip of %1"));
}

#[test]
fn lines_are_read_whole() {
    let node = *GRAPH.node("add").unwrap();
    let position = Position { file: "src/lib.rs", line: 4, column: 13 };
    let (inputs, label) = (&[4, 3], "x.dot(w) + b");
    let kind = NodeKind::Operation;
    let whole = Node {
        id: 5,
        kind,
        name: "add",
        variable: "z",
        label,
        ty: "Array1<f64>",
        inputs,
        saved: &[],
        recomputed: false,
        position,
    };
    assert_eq!(node, whole);
    assert_eq!(GRAPH.nodes()[6].saved, [Saved { per_trip: false, of_loop: None, what: "z", bytes: Some(8) }]);
    // What an expression has inside separates nothing.
    const CLOSURE: Graph = Graph::new("f", "", &[], &["operation mapv |  |  |  | x.mapv(|v| v | 1)", "keeps | a | b"]);
    assert_eq!((CLOSURE.nodes()[0].label, CLOSURE.nodes()[0].saved[0].what), ("x.mapv(|v| v | 1)", "a | b"));
    assert_eq!(CLOSURE.nodes()[0].saved[0].bytes, None);
}
