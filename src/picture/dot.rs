//! A diagram in the languages of programs that draw graphs: DOT of Graphviz, Mermaid.

use super::diagram::{Diagram, Kind, Node};
use std::fmt::Write;

/// The diagram for Graphviz.
pub fn dot(diagram: &Diagram) -> String {
    let mut out = format!("digraph {} {{\n", quoted(&diagram.title));
    out.push_str(
        "  node [shape=box, fontname=\"monospace\"];\n  edge [arrowsize=0.7, fontname=\"monospace\"];\n",
    );
    nested(diagram, &mut out, "  ", &mut |item, indent, out| match item {
        Item::Open(group) => {
            let label = quoted(&diagram.groups[group].label);
            let _ =
                writeln!(out, "{indent}subgraph cluster_{group} {{\n{indent}  label={label}; style=dashed;");
        }
        Item::Close => {
            let _ = writeln!(out, "{indent}}}");
        }
        Item::Node(at) => {
            let node = &diagram.nodes[at];
            let label = quoted(&lines(node).join("\n"));
            let _ = writeln!(out, "{indent}n{at} [label={label}{}];", dot_look(node.kind));
        }
    });
    for edge in &diagram.edges {
        let label = if edge.label.is_empty() {
            String::new()
        } else {
            format!(" [headlabel={}]", quoted(&edge.label))
        };
        let _ = writeln!(out, "  n{} -> n{}{label};", edge.from, edge.to);
    }
    out.push_str("}\n");
    out
}

fn dot_look(kind: Kind) -> &'static str {
    match kind {
        Kind::Input => ", style=\"rounded,filled\", fillcolor=\"#ddf4ff\"",
        Kind::Constant => ", color=gray",
        Kind::Operation => "",
        Kind::Choice => ", shape=diamond",
        Kind::Call => ", peripheries=2",
        Kind::Result => ", penwidth=2",
    }
}

/// A string of DOT.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

/// The diagram for Mermaid.
pub fn mermaid(diagram: &Diagram) -> String {
    let title: String = diagram.title.chars().map(|c| if c == '"' { '\'' } else { c }).collect();
    let mut out = format!("---\ntitle: \"{}\"\n---\nflowchart TD\n", title.replace('\\', "\\\\"));
    nested(diagram, &mut out, "  ", &mut |item, indent, out| match item {
        Item::Open(group) => {
            let _ =
                writeln!(out, "{indent}subgraph g{group} [\"{}\"]", entities(&diagram.groups[group].label));
        }
        Item::Close => {
            let _ = writeln!(out, "{indent}end");
        }
        Item::Node(at) => {
            let node = &diagram.nodes[at];
            let text = lines(node).iter().map(|line| entities(line)).collect::<Vec<_>>().join("<br/>");
            let [open, close] = mermaid_look(node.kind);
            let _ = writeln!(out, "{indent}n{at}{open}\"{text}\"{close}");
        }
    });
    for edge in &diagram.edges {
        let label =
            if edge.label.is_empty() { String::new() } else { format!("|\"{}\"|", entities(&edge.label)) };
        let _ = writeln!(out, "  n{} -->{label} n{}", edge.from, edge.to);
    }
    out
}

fn mermaid_look(kind: Kind) -> [&'static str; 2] {
    match kind {
        Kind::Input => ["([", "])"],
        Kind::Constant | Kind::Operation => ["[", "]"],
        Kind::Choice => ["{{", "}}"],
        Kind::Call | Kind::Result => ["[[", "]]"],
    }
}

/// Text in which nothing means anything to Mermaid.
fn entities(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' | '|' | '*' | '_' | '~' | '@' | '$' | ';' => {
                let _ = write!(out, "#{};", c as u32);
            }
            c => out.push(c),
        }
    }
    out
}

/// The lines of a node, saying which is which without colours.
fn lines(node: &Node) -> Vec<String> {
    let values = [node.value.as_ref(), node.adjoint.as_ref()];
    [Some(&node.label)].into_iter().chain(values).flatten().cloned().collect()
}

/// What stands in the text of a diagram, frames round it.
enum Item {
    Open(usize),
    Close,
    Node(usize),
}

/// Visits all frames and boxes, what is in a frame between its opening and its closing.
fn nested(diagram: &Diagram, out: &mut String, indent: &str, visit: &mut dyn FnMut(Item, &str, &mut String)) {
    let inside = |group: Option<usize>| {
        let groups = (0..diagram.groups.len()).filter(move |&at| diagram.groups[at].parent == group);
        let nodes = (0..diagram.nodes.len()).filter(move |&at| diagram.nodes[at].group == group);
        nodes.map(Item::Node).chain(groups.map(Item::Open))
    };
    let mut depth = 0;
    let mut stack: Vec<Item> = inside(None).collect();
    stack.reverse();
    while let Some(item) = stack.pop() {
        let own = indent.repeat(depth + 1);
        match item {
            Item::Open(group) => {
                visit(Item::Open(group), &own, out);
                depth += 1;
                stack.push(Item::Close);
                let from = stack.len();
                stack.extend(inside(Some(group)));
                stack[from..].reverse();
            }
            Item::Close => {
                depth -= 1;
                visit(Item::Close, &indent.repeat(depth + 1), out);
            }
            Item::Node(at) => visit(Item::Node(at), &own, out),
        }
    }
}
