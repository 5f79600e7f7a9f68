//! A graph as a picture: in the language of Graphviz, or as SVG with a simple layered layout.

use std::fmt::Write;

use super::{Graph, Node, NodeKind};

/// Distances of the layout in pixels.
const ROW_HEIGHT: usize = 80;
const BOX_HEIGHT: usize = 44;
const GAP: usize = 24;
const MARGIN: usize = 20;
const CHARACTER: usize = 8;

/// A node with the place of its box.
struct Placed {
    node: &'static Node,
    left: usize,
    top: usize,
    width: usize,
}

impl Graph {
    /// The graph in the language of Graphviz (`dot -Tsvg`).
    ///
    /// Differentiated inputs are green, other inputs and constants grey, and what saves a value is drawn bold.
    pub fn to_dot(&self) -> String {
        let mut dot = String::new();
        let _ = writeln!(dot, "digraph {} {{", quoted(self.name));
        let _ = writeln!(dot, "    node [shape=box, style=\"rounded,filled\", fontname=\"monospace\"];");
        for node in self {
            let [title, detail] = texts(node);
            let label = quoted(&if detail.is_empty() { title } else { format!("{title}\n{detail}") });
            let width = if !node.saved.is_empty() { ", penwidth=2" } else { "" };
            let _ = writeln!(dot, "    n{} [label={label}, fillcolor=\"{}\"{width}];", node.id, color(node));
        }
        for node in self {
            for input in node.inputs {
                let _ = writeln!(dot, "    n{input} -> n{};", node.id);
            }
        }
        dot.push_str("}\n");
        dot
    }

    /// The graph as a stand-alone SVG picture, inputs on top and the result at the bottom.
    pub fn to_svg(&self) -> String {
        let placed = self.place();
        let width = placed.iter().map(|item| item.left + item.width).max().unwrap_or(0) + MARGIN;
        let height = placed.iter().map(|item| item.top + BOX_HEIGHT).max().unwrap_or(0) + MARGIN;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" font-family=\"monospace\" font-size=\"12\" text-anchor=\"middle\">\n"
        );
        let _ = writeln!(svg, "<title>{}</title>", escaped(self.name));
        svg.push_str("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        for to in &placed {
            for from in placed.iter().filter(|from| to.node.inputs.contains(&from.node.id)) {
                draw_edge(&mut svg, from, to);
            }
        }
        for item in &placed {
            draw_box(&mut svg, item);
        }
        svg.push_str("</svg>\n");
        svg
    }

    /// Puts every node one layer below the lowest of its inputs, and centres the layers.
    fn place(&self) -> Vec<Placed> {
        let layers = self.layers();
        let widths: Vec<usize> = self.iter().map(box_width).collect();
        let depth = layers.iter().max().map_or(0, |deepest| deepest + 1);
        let mut totals = vec![0; depth];
        for (&layer, width) in layers.iter().zip(&widths) {
            totals[layer] += width + GAP;
        }
        let widest = totals.iter().copied().max().unwrap_or(0);
        let mut next_left: Vec<usize> = totals.iter().map(|total| MARGIN + (widest - total) / 2).collect();
        let mut placed = Vec::new();
        for (node, (layer, width)) in self.iter().zip(layers.into_iter().zip(widths)) {
            placed.push(Placed { node, left: next_left[layer], top: MARGIN + layer * ROW_HEIGHT, width });
            next_left[layer] += width + GAP;
        }
        placed
    }

    /// The layer of every node; inputs that come later in the order (loops) do not count.
    fn layers(&self) -> Vec<usize> {
        let mut layers: Vec<usize> = Vec::new();
        for node in self {
            let above = |id: &usize| {
                let index = self.iter().position(|other| other.id == *id)?;
                layers.get(index).map(|layer| layer + 1)
            };
            let layer = node.inputs.iter().filter_map(above).max().unwrap_or(0);
            layers.push(layer);
        }
        layers
    }
}

/// The two lines of a box.
fn texts(node: &Node) -> [String; 2] {
    let title = match node.variable {
        "" => node.name.to_owned(),
        variable if variable == node.name => node.name.to_owned(),
        variable => format!("{variable} = {}", node.name),
    };
    let detail = match (node.kind, node.ty) {
        (NodeKind::Operation | NodeKind::Control, _) if node.label != node.name => node.label.to_owned(),
        (_, ty) => ty.to_owned(),
    };
    [title, detail]
}

fn box_width(node: &'static Node) -> usize {
    let longest = texts(node).iter().map(|text| text.chars().count()).max().unwrap_or(0);
    longest * CHARACTER + GAP
}

fn color(node: &Node) -> &'static str {
    match node.kind {
        NodeKind::Input { differentiated: true } => "#c8e6c9",
        NodeKind::Input { differentiated: false } | NodeKind::Constant => "#eeeeee",
        NodeKind::Operation => "#e3f2fd",
        NodeKind::Control => "#fff3e0",
        NodeKind::Output => "#ffcdd2",
    }
}

fn draw_edge(svg: &mut String, from: &Placed, to: &Placed) {
    let (x1, y1) = (from.left + from.width / 2, from.top + BOX_HEIGHT);
    let (x2, y2) = (to.left + to.width / 2, to.top);
    let (c1, c2) = (y1 + ROW_HEIGHT / 3, y2.saturating_sub(ROW_HEIGHT / 3));
    let _ = writeln!(svg, "<path d=\"M{x1} {y1} C{x1} {c1} {x2} {c2} {x2} {y2}\" fill=\"none\" stroke=\"#777777\"/>");
}

fn draw_box(svg: &mut String, item: &Placed) {
    let Placed { node, left, top, width } = item;
    let stroke = if node.saved.is_empty() { 1 } else { 2 };
    let middle = left + width / 2;
    let [title, detail] = texts(node);
    let _ = writeln!(
        svg,
        "<rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{BOX_HEIGHT}\" rx=\"6\" fill=\"{}\" \
         stroke=\"#333333\" stroke-width=\"{stroke}\"/>",
        color(node)
    );
    let _ = writeln!(svg, "<text x=\"{middle}\" y=\"{}\">{}</text>", top + 18, escaped(&title));
    let _ = writeln!(svg, "<text x=\"{middle}\" y=\"{}\" fill=\"#555555\">{}</text>", top + 34, escaped(&detail));
}

/// A string for Graphviz.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// A string for XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
