//! The static graph of a differentiated function: which operation computed what from what, and what is saved.
//!
//! The graph is a constant of a line of text for each node; nothing is recorded at run time. With the feature `std` it can be
//! walked, printed, and drawn, for which the lines are read once:
//!
//! ```
//! # #[cfg(feature = "std")] {
//! use autodiff_core::graph::Graph;
//!
//! const GRAPH: Graph = Graph::new("f", "src/lib.rs", &[8], &[
//!     "input differentiated | x | f64 | 3:6",
//!     "operation mul %0 %0 | square | f64 | 4:18 | x * x",
//!     "operation sin %1 |  | f64 | 5:5 | square.sin()",
//!     "keeps #0 | square",
//!     "output %2 |  | f64 |  | square.sin()",
//! ]);
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
#[cfg(feature = "std")]
mod read;

/// The static graph of one function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Graph {
    /// The name of the function.
    pub name: &'static str,
    file: &'static str,
    sizes: &'static [usize],
    lines: &'static [&'static str],
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
    /// The graph of the function `name` in a file.
    ///
    /// The nodes are numbered in the order of the lines `KIND | variable | type | line:column | expression`, where what is not
    /// known is empty. `KIND` is `input`, `input differentiated`, `constant`, `operation NAME`, `control NAME` or `output`,
    /// followed by the numbers of the nodes that the node is computed from (`%3 %0`), and by `again` if the reverse sweep
    /// computes the value again. Lines `keeps | what` behind that of a node tell what the forward sweep keeps of it:
    /// `keeps #1 %2` takes as many bytes as the second of `sizes` on every trip of the loop 2.
    pub const fn new(
        name: &'static str,
        file: &'static str,
        sizes: &'static [usize],
        lines: &'static [&'static str],
    ) -> Self {
        Self { name, file, sizes, lines }
    }
}

#[cfg(feature = "std")]
impl Graph {
    /// The nodes in the order of evaluation; the inputs of a node precede it, except for values carried by a loop.
    pub fn nodes(&self) -> &'static [Node] {
        read::nodes(self)
    }

    /// All nodes in the order of evaluation.
    pub fn iter(&self) -> std::slice::Iter<'static, Node> {
        self.nodes().iter()
    }

    /// The node with the given number.
    pub fn by_id(&self, id: usize) -> Option<&'static Node> {
        match self.nodes().get(id) {
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
        self.iter().rev().find(|node| node.kind == NodeKind::Output).or(self.nodes().last())
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
    pub fn walk(&self) -> Walk {
        Walk { graph: *self, pending: self.root().into_iter().collect(), seen: Vec::new() }
    }
}

#[cfg(feature = "std")]
impl IntoIterator for &Graph {
    type Item = &'static Node;
    type IntoIter = std::slice::Iter<'static, Node>;

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
