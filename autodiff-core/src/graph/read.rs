//! The nodes of a graph from its lines.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{Graph, Node, NodeKind, Position, Saved};

/// Separates the parts of a line; only the last part, the expression, may have it inside.
const SEPARATOR: &str = " | ";

/// The nodes, which are read once for each graph and stay for the rest of the program: a constant cannot own them.
pub(super) fn nodes(graph: &Graph) -> &'static [Node] {
    type Known = BTreeMap<(usize, usize, &'static str, &'static [usize]), &'static [Node]>;
    static KNOWN: Mutex<Known> = Mutex::new(BTreeMap::new());
    // Constants with the same lines are at one place, or at several.
    let key = (graph.lines.as_ptr().addr(), graph.lines.len(), graph.file, graph.sizes);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(key).or_insert_with(|| Vec::leak(read(graph)))
}

fn read(graph: &Graph) -> Vec<Node> {
    let mut nodes: Vec<(Node, Vec<Saved>)> = Vec::new();
    for line in graph.lines {
        let (head, rest) = line.split_once(SEPARATOR).unwrap_or((line, ""));
        match (head.strip_prefix("keeps"), nodes.last_mut()) {
            (Some(head), Some((_, saved))) => saved.push(kept(head, rest, graph.sizes)),
            _ => nodes.push((node(nodes.len(), head, rest, graph.file), Vec::new())),
        }
    }
    nodes.into_iter().map(|(node, saved)| Node { saved: Vec::leak(saved), ..node }).collect()
}

fn node(id: usize, head: &'static str, rest: &'static str, file: &'static str) -> Node {
    let mut rest = rest.splitn(4, SEPARATOR);
    let mut part = || rest.next().unwrap_or_default();
    let (variable, ty, place, label) = (part(), part(), part(), part());
    let mut words = head.split(' ').filter(|word| !word.is_empty()).peekable();
    let (kind, name, label) = match words.next() {
        Some("input") => {
            let differentiated = words.next_if_eq(&"differentiated").is_some();
            (NodeKind::Input { differentiated }, variable, variable)
        }
        Some("constant") => (NodeKind::Constant, label, label),
        Some("output") => (NodeKind::Output, "result", label),
        Some("control") => (NodeKind::Control, words.next().unwrap_or_default(), label),
        _ => (NodeKind::Operation, words.next().unwrap_or_default(), label),
    };
    let (mut inputs, mut recomputed) = (Vec::new(), false);
    for word in words {
        recomputed |= word == "again";
        inputs.extend(number(word, '%'));
    }
    let position = place
        .split_once(':')
        .and_then(|(line, column)| Some(Position { file, line: line.parse().ok()?, column: column.parse().ok()? }));
    Node {
        id,
        kind,
        name,
        variable,
        label,
        ty,
        inputs: Vec::leak(inputs),
        saved: &[],
        recomputed,
        position: position.unwrap_or(Position::UNKNOWN),
    }
}

fn kept(head: &str, what: &'static str, sizes: &[usize]) -> Saved {
    let of = |sign| head.split(' ').find_map(|word| number(word, sign));
    let of_loop = of('%');
    Saved { per_trip: of_loop.is_some(), of_loop, what, bytes: of('#').and_then(|size| sizes.get(size).copied()) }
}

/// The number behind a sign.
fn number(word: &str, sign: char) -> Option<usize> {
    word.strip_prefix(sign)?.parse().ok()
}
