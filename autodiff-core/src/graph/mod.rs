//! The static graph of a differentiated function: which operation computed what from what, and what is saved.
//!
//! The graph is a constant; nothing is recorded at run time. With the feature `std` it can be walked, printed, and drawn:
//!
//! ```
//! # #[cfg(feature = "std")] {
//! use autodiff_core::graph::{Graph, Node, Saved};
//!
//! const NODES: &[Node] = &[
//!     Node::input(0, "x", "f64", true).at("src/lib.rs", 3, 6),
//!     Node::operation(1, "mul", "x * x", "f64", &[0]).assigned_to("square").at("src/lib.rs", 4, 18),
//!     Node::operation(2, "sin", "square.sin()", "f64", &[1]).at("src/lib.rs", 5, 5).saves(&[Saved::once("square", Some(8))]),
//!     Node::output(3, "result", "f64", &[2]),
//! ];
//! const GRAPH: Graph = Graph::new("f", NODES);
//!
//! assert_eq!(GRAPH.producer_of("square").unwrap().name, "mul");
//! assert_eq!(GRAPH.leaves().map(|leaf| leaf.name).collect::<Vec<_>>(), ["x"]);
//! let path: Vec<_> = GRAPH.walk().map(|node| node.name).collect();
//! assert_eq!(path, ["result", "sin", "mul", "x"]);
//! println!("{GRAPH}");
//! assert!(GRAPH.to_dot().starts_with("digraph"));
//! # }
//! ```

#[cfg(feature = "std")]
mod draw;
#[cfg(feature = "std")]
mod print;

/// The static graph of one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Graph {
    /// The name of the function.
    pub name: &'static str,
    /// The nodes in the order of evaluation; the inputs of a node precede it, except for values carried by a loop.
    pub nodes: &'static [Node],
}

/// A value of the function: an argument, a constant, or the result of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// The number by which other nodes refer to this one.
    pub id: usize,
    /// What sort of node it is.
    pub kind: NodeKind,
    /// The operation (`add`, `sin`, `cross_entropy`, `for`), or the name of an argument or constant.
    pub name: &'static str,
    /// The variable that the source binds to the value; empty if the value has no name there.
    pub variable: &'static str,
    /// The expression as it stands in the source.
    pub label: &'static str,
    /// The type, as far as the source shows it.
    pub ty: &'static str,
    /// The numbers of the nodes that this one is computed from.
    pub inputs: &'static [usize],
    /// What the forward sweep keeps of the values of this node; for a loop, also of what its trips carry on.
    pub saved: &'static [Saved],
    /// The reverse sweep computes the value again instead of keeping it.
    pub recomputed: bool,
    /// Where the expression stands.
    pub position: Position,
}

/// The sorts of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    /// A parameter of the function.
    Input {
        /// Whether the function is differentiated with respect to it.
        differentiated: bool,
    },
    /// A literal, or something that does not depend on the differentiated parameters.
    Constant,
    /// An operation or a call.
    Operation,
    /// A branch or a loop.
    Control,
    /// The result of the function.
    Output,
}

/// A value that the forward sweep keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// Whether it is kept once for each trip of a loop.
    pub per_trip: bool,
    /// The node of the innermost loop for each of whose trips it is kept.
    pub of_loop: Option<usize>,
    /// The variable or expression that is kept.
    pub what: &'static str,
    /// How many bytes it takes, as far as its type tells; a list has as many as it has elements.
    pub bytes: Option<usize>,
}

impl Saved {
    /// A value that is kept once.
    pub const fn once(what: &'static str, bytes: Option<usize>) -> Self {
        Self { per_trip: false, of_loop: None, what, bytes }
    }

    /// A value that is kept for each trip of the loop with the given number.
    pub const fn each_trip(of_loop: usize, what: &'static str, bytes: Option<usize>) -> Self {
        Self { per_trip: true, of_loop: Some(of_loop), what, bytes }
    }
}

/// A place in the source; line and column count from 1, and 0 stands for unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The file, as the compiler names it.
    pub file: &'static str,
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

impl Position {
    /// No place.
    pub const UNKNOWN: Self = Self { file: "", line: 0, column: 0 };

    /// Whether the place is known.
    pub const fn is_known(&self) -> bool {
        self.line != 0
    }
}

impl Node {
    /// A node of the given sort with no variable, nothing saved, and an unknown place.
    pub const fn new(
        id: usize,
        kind: NodeKind,
        name: &'static str,
        label: &'static str,
        ty: &'static str,
        inputs: &'static [usize],
    ) -> Self {
        Self {
            id,
            kind,
            name,
            variable: "",
            label,
            ty,
            inputs,
            saved: &[],
            recomputed: false,
            position: Position::UNKNOWN,
        }
    }

    /// A parameter of the function.
    pub const fn input(id: usize, name: &'static str, ty: &'static str, differentiated: bool) -> Self {
        Self::new(id, NodeKind::Input { differentiated }, name, name, ty, &[]).assigned_to(name)
    }

    /// A literal or another value without derivative.
    pub const fn constant(id: usize, label: &'static str, ty: &'static str) -> Self {
        Self::new(id, NodeKind::Constant, label, label, ty, &[])
    }

    /// An operation or a call.
    pub const fn operation(
        id: usize,
        name: &'static str,
        label: &'static str,
        ty: &'static str,
        inputs: &'static [usize],
    ) -> Self {
        Self::new(id, NodeKind::Operation, name, label, ty, inputs)
    }

    /// A branch or a loop; `name` is its keyword.
    pub const fn control(
        id: usize,
        name: &'static str,
        label: &'static str,
        ty: &'static str,
        inputs: &'static [usize],
    ) -> Self {
        Self::new(id, NodeKind::Control, name, label, ty, inputs)
    }

    /// The result of the function.
    pub const fn output(id: usize, label: &'static str, ty: &'static str, inputs: &'static [usize]) -> Self {
        Self::new(id, NodeKind::Output, "result", label, ty, inputs)
    }

    /// The same node, bound to a variable.
    #[must_use]
    pub const fn assigned_to(mut self, variable: &'static str) -> Self {
        self.variable = variable;
        self
    }

    /// The same node at a place in the source.
    #[must_use]
    pub const fn at(mut self, file: &'static str, line: u32, column: u32) -> Self {
        self.position = Position { file, line, column };
        self
    }

    /// The same node, with values that are kept.
    #[must_use]
    pub const fn saves(mut self, saved: &'static [Saved]) -> Self {
        self.saved = saved;
        self
    }

    /// The same node, whose value is computed again.
    #[must_use]
    pub const fn computed_again(mut self) -> Self {
        self.recomputed = true;
        self
    }

    /// Whether this is a loop.
    pub fn is_loop(&self) -> bool {
        self.kind == NodeKind::Control && matches!(self.name, "for" | "while" | "loop")
    }

    /// Whether this is a parameter with respect to which the function is differentiated.
    pub const fn is_differentiated_input(&self) -> bool {
        matches!(self.kind, NodeKind::Input { differentiated: true })
    }
}

impl Graph {
    /// The graph of the function `name`.
    pub const fn new(name: &'static str, nodes: &'static [Node]) -> Self {
        Self { name, nodes }
    }

    /// All nodes in the order of evaluation.
    pub fn iter(&self) -> core::slice::Iter<'static, Node> {
        self.nodes.iter()
    }

    /// The node with the given number.
    pub fn by_id(&self, id: usize) -> Option<&'static Node> {
        match self.nodes.get(id) {
            Some(node) if node.id == id => Some(node),
            _ => self.iter().find(|node| node.id == id),
        }
    }

    /// The first node whose operation or parameter has the given name.
    pub fn node(&self, name: &str) -> Option<&'static Node> {
        self.iter().find(|node| node.name == name)
    }

    /// The node that computed a variable: the last one that was bound to it.
    pub fn producer_of(&self, variable: &str) -> Option<&'static Node> {
        self.iter().rev().find(|node| node.variable == variable)
    }

    /// The node of the result; the last node if none is marked as such.
    pub fn root(&self) -> Option<&'static Node> {
        self.iter().rev().find(|node| node.kind == NodeKind::Output).or(self.nodes.last())
    }

    /// The parameters with respect to which the function is differentiated.
    pub fn leaves(&self) -> impl Iterator<Item = &'static Node> + use<> {
        self.iter().filter(|node| node.is_differentiated_input())
    }

    /// The nodes that `node` is computed from.
    pub fn inputs(&self, node: &Node) -> impl Iterator<Item = &'static Node> + use<> {
        let graph = *self;
        node.inputs.iter().filter_map(move |&id| graph.by_id(id))
    }

    /// The nodes that are computed from `node`.
    pub fn users(&self, node: &Node) -> impl Iterator<Item = &'static Node> + use<> {
        let id = node.id;
        self.iter().filter(move |user| user.inputs.contains(&id))
    }

    /// What is saved, each with the node that it belongs to.
    pub fn saved(&self) -> impl Iterator<Item = (&'static Node, Saved)> + use<> {
        self.iter().flat_map(|node| node.saved.iter().map(move |saved| (node, *saved)))
    }

    /// The nodes whose values the reverse sweep computes again.
    pub fn recomputed(&self) -> impl Iterator<Item = &'static Node> + use<> {
        self.iter().filter(|node| node.recomputed)
    }

    /// The loops.
    pub fn loops(&self) -> impl Iterator<Item = &'static Node> + use<> {
        self.iter().filter(|node| node.is_loop())
    }

    /// How many bytes the forward sweep of `vjp` keeps at most for each trip of a loop, beside those for the trips of loops
    /// inside of it; none where something is kept whose size is only known when it runs, like a list. (`grad` keeps as much or
    /// less: it does both sweeps of many loops at once.)
    pub fn bytes_per_trip(&self, node: &Node) -> Option<usize> {
        let id = node.id;
        self.saved().filter(|(_, saved)| saved.of_loop == Some(id)).map(|(_, saved)| saved.bytes).sum()
    }

    /// Visits every node that the result depends on once, from the root along the inputs, depth first.
    #[cfg(feature = "std")]
    pub fn walk(&self) -> Walk {
        Walk { graph: *self, pending: self.root().into_iter().collect(), seen: Vec::new() }
    }
}

impl IntoIterator for &Graph {
    type Item = &'static Node;
    type IntoIter = core::slice::Iter<'static, Node>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The nodes of a graph from the root along the inputs; see [`Graph::walk`].
#[cfg(feature = "std")]
#[derive(Clone, Debug)]
pub struct Walk {
    graph: Graph,
    pending: Vec<&'static Node>,
    seen: Vec<usize>,
}

#[cfg(feature = "std")]
impl Iterator for Walk {
    type Item = &'static Node;

    fn next(&mut self) -> Option<&'static Node> {
        loop {
            let node = self.pending.pop()?;
            if self.seen.contains(&node.id) {
                continue;
            }
            self.seen.push(node.id);
            let inputs: Vec<_> = self.graph.inputs(node).collect();
            self.pending.extend(inputs.into_iter().rev());
            return Some(node);
        }
    }
}
