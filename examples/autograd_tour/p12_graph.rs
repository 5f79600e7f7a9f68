//! P12: the static graph of the loss of P2: walked from the root to the leaves, printed, and drawn.

use std::path::Path;
use std::{fs, io};

use crate::p02_binary_cross_entropy::loss;
use crate::report::Report;

pub(crate) fn run(report: &mut Report) {
    report.program("P12 the graph of the loss of P2");
    let graph = loss::GRAPH;
    print!("{graph}");

    let names: Vec<&str> = graph.walk().map(|node| node.name).collect();
    println!("    from the root: {}", names.join(" → "));
    let computed = |node: Option<&differentiable::graph::Node>, name: &str| node.is_some_and(|node| node.name == name);
    report.holds("z was computed by `add`", computed(graph.producer_of("z"), "add"));
    let last = graph.root().and_then(|root| graph.inputs(root).next());
    let entropy = "binary_cross_entropy_with_logits";
    report.holds("the loss was computed by `binary_cross_entropy_with_logits`", computed(last, entropy));
    let leaves: Vec<&str> = graph.leaves().map(|leaf| leaf.name).collect();
    report.holds("the leaves are w and b", leaves == ["w", "b"]);

    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/target"));
    for (name, text) in [("autograd_tour_graph.dot", graph.to_dot()), ("autograd_tour_graph.svg", graph.to_svg())] {
        let path = folder.join(name);
        match write(&path, &text) {
            Ok(()) => println!("    drawn: {}", path.display()),
            Err(error) => report.holds(&format!("{} can be written ({error})", path.display()), false),
        }
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, text)
}
