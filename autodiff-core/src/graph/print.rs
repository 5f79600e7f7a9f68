//! A graph as an aligned table.

use std::fmt;

use super::{Graph, Node, NodeKind, Saved};

impl fmt::Display for Graph {
    /// One line per node: number, variable and type, operation and inputs, what is saved, and where it stands.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<[String; 5]> = self.iter().map(row).collect();
        let mut widths = [0; 5];
        for row in &rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        writeln!(f, "graph of `{}`", self.name)?;
        for row in &rows {
            let mut line = String::from(" ");
            for (cell, width) in row.iter().zip(widths) {
                if width > 0 {
                    line.push_str(&format!(" {cell:<width$} "));
                }
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// What is kept, with its size, and how often.
fn keeps(saved: &Saved) -> String {
    let size = saved.bytes.map_or_else(String::new, |bytes| format!(" ({bytes} bytes)"));
    match saved.of_loop {
        Some(of_loop) => format!("saves {}{size} on every trip of %{of_loop}", saved.what),
        None => format!("saves {}{size}", saved.what),
    }
}

/// The cells of a node.
fn row(node: &Node) -> [String; 5] {
    let inputs: Vec<String> = node.inputs.iter().map(|id| format!("%{id}")).collect();
    let inputs = inputs.join(", ");
    let what = match node.kind {
        NodeKind::Input { differentiated: true } => "input, differentiated".to_owned(),
        NodeKind::Input { differentiated: false } => "input".to_owned(),
        NodeKind::Constant => format!("constant {}", node.label),
        NodeKind::Operation | NodeKind::Control => format!("{}({inputs})    {}", node.name, node.label),
        NodeKind::Output => format!("output {inputs}"),
    };
    let mut kept: Vec<String> = node.saved.iter().map(keeps).collect();
    kept.extend(node.recomputed.then(|| "computed again".to_owned()));
    let saved = kept.join(", ");
    let variable = match (node.variable, node.ty) {
        ("", "") => String::new(),
        ("", ty) => format!("_: {ty}"),
        (variable, "") => variable.to_owned(),
        (variable, ty) => format!("{variable}: {ty}"),
    };
    let position = node.position;
    let place = match position.is_known() {
        true => format!("{}:{}:{}", position.file, position.line, position.column),
        false => String::new(),
    };
    [format!("%{}", node.id), variable, what, saved, place]
}
