//! A diagram as SVG that stands on its own: readable in light and in dark, with words for who cannot see it.

use super::compound::{Area, Arrangement, LINE, PAD, arrange};
use super::diagram::{Diagram, Kind, Node};
use super::letters::{FONTS, SIZE, escaped, length};
use std::fmt::Write;

const MARGIN: f64 = 20.0;

const STYLE: &str = "\
:root { color-scheme: light dark }
.paper { fill: #fff }
text { font-size: 13px; fill: #1b1f24 }
.node rect { fill: #fff; stroke: #57606a; stroke-width: 1.2 }
.input rect { fill: #ddf4ff; stroke: #0969da }
.constant rect { fill: #f6f8fa; stroke: #afb8c1 }
.choice rect { fill: #fff8c5; stroke: #9a6700 }
.call rect { fill: #fbefff; stroke: #8250df }
.result rect { stroke: #1a7f37; stroke-width: 2.4 }
.value { fill: #1a7f37 }
.adjoint { fill: #cf222e }
.frame rect { fill: #818b98; fill-opacity: .09; stroke: #818b98; stroke-dasharray: 5 3 }
.head { fill: #59636e; paint-order: stroke; stroke: #f4f5f7; stroke-width: 4px }
.edge { fill: none; stroke: #6e7781; stroke-width: 1.3 }
.tip { fill: #6e7781 }
.mark { font-size: 11px; fill: #59636e; paint-order: stroke; stroke: #fff; stroke-width: 3px }
@media (prefers-color-scheme: dark) {
.paper { fill: #0d1117 }
text { fill: #e6edf3 }
.node rect { fill: #161b22; stroke: #8b949e }
.input rect { fill: #0c2d6b; stroke: #58a6ff }
.constant rect { fill: #161b22; stroke: #484f58 }
.choice rect { fill: #3b2300; stroke: #d29922 }
.call rect { fill: #271052; stroke: #a371f7 }
.result rect { stroke: #3fb950 }
.value { fill: #56d364 }
.adjoint { fill: #ff7b72 }
.head { fill: #9198a1; stroke: #171b22 }
.edge { stroke: #8b949e }
.tip { fill: #8b949e }
.mark { fill: #9198a1; stroke: #0d1117 }
}
";

/// The diagram as an SVG document.
pub fn svg(diagram: &Diagram) -> String {
    let arrangement = arrange(diagram);
    let (width, height) = (arrangement.width + 2.0 * MARGIN, arrangement.height + 2.0 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" \
         aria-labelledby=\"title desc\" font-family=\"{FONTS}\">\n<title id=\"title\">{2}</title>\n\
         <desc id=\"desc\">{3}</desc>\n<style>\n{STYLE}</style>\n<rect class=\"paper\" width=\"{0}\" height=\"{1}\"/>\n\
         <g transform=\"translate({MARGIN} {MARGIN})\">\n",
        length(width),
        length(height),
        escaped(&diagram.title),
        escaped(&diagram.description),
    );
    for (group, area) in diagram.groups.iter().zip(&arrangement.groups) {
        let _ = writeln!(
            out,
            "<g class=\"frame\"><title>{}</title>{}</g>",
            escaped(&group.label),
            rect(area, 10.0)
        );
    }
    edges(diagram, &arrangement, &mut out);
    for (group, area) in diagram.groups.iter().zip(&arrangement.groups) {
        let (x, y) = (length(area.x + PAD), length(area.y + 17.0));
        let _ = writeln!(out, "<text class=\"head\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(&group.label));
    }
    for (node, area) in diagram.nodes.iter().zip(&arrangement.nodes) {
        write_node(node, area, &mut out);
    }
    marks(diagram, &arrangement, &mut out);
    out.push_str("</g>\n</svg>\n");
    out
}

fn rect(area: &Area, round: f64) -> String {
    format!(
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{round}\"/>",
        length(area.x),
        length(area.y),
        length(area.width),
        length(area.height)
    )
}

fn edges(diagram: &Diagram, arrangement: &Arrangement, out: &mut String) {
    for piece in &arrangement.pieces {
        let [from, bend, done, end] = piece.points;
        let tip = piece.ends.iter().any(|&edge| edge < diagram.edges.len());
        let stop = if tip { end.1 - 6.0 } else { end.1 };
        let middle = (bend.1 + done.1) / 2.0;
        let p = |(x, y): (f64, f64)| format!("{} {}", length(x), length(y));
        let mut path = format!("M{}", p(from));
        if from != bend {
            let _ = write!(path, "V{}", length(bend.1));
        }
        let target = (done.0, done.1.min(stop));
        if (bend.0 - done.0).abs() < 0.5 {
            let _ = write!(path, "L{}", p(target));
        } else {
            let _ = write!(path, "C{} {} {}", p((bend.0, middle)), p((done.0, middle)), p(target));
        }
        if stop > target.1 {
            let _ = write!(path, "V{}", length(stop));
        }
        let _ = writeln!(out, "<path class=\"edge\" d=\"{path}\"/>");
        if tip {
            let (x, y) = end;
            let corners = [(x - 4.0, y - 8.0), (x + 4.0, y - 8.0), (x, y)].map(p);
            let _ =
                writeln!(out, "<path class=\"tip\" d=\"M{}L{}L{}Z\"/>", corners[0], corners[1], corners[2]);
        }
    }
}

/// Which operands arrows are, beside their tips.
fn marks(diagram: &Diagram, arrangement: &Arrangement, out: &mut String) {
    for piece in &arrangement.pieces {
        let mut labels: Vec<&str> = Vec::new();
        for &edge in &piece.ends {
            let label = diagram.edges[edge].label.as_str();
            // An operand that is used twice comes with one arrow.
            let again =
                piece.ends.iter().filter(|&&other| diagram.edges[other].to == diagram.edges[edge].to).count()
                    > 1;
            labels.extend(match (label, again) {
                ("", false) => None,
                ("", true) => Some("twice"),
                (label, _) => Some(label),
            });
        }
        labels.dedup();
        if labels.is_empty() {
            continue;
        }
        let (x, y) = piece.points[3];
        let text = escaped(&labels.join(", "));
        let _ = writeln!(
            out,
            "<text class=\"mark\" x=\"{}\" y=\"{}\">{text}</text>",
            length(x + 6.0),
            length(y - 9.0)
        );
    }
}

fn write_node(node: &Node, area: &Area, out: &mut String) {
    let class = match node.kind {
        Kind::Input => "node input",
        Kind::Constant => "node constant",
        Kind::Operation => "node",
        Kind::Choice => "node choice",
        Kind::Call => "node call",
        Kind::Result => "node result",
    };
    let _ = write!(out, "<g class=\"{class}\">");
    if let Some(hint) = &node.hint {
        let _ = write!(out, "<title>{}</title>", escaped(hint));
    }
    out.push_str(&rect(area, if node.kind == Kind::Input { 14.0 } else { 5.0 }));
    let x = length(area.x + area.width / 2.0);
    let mut y = area.y + PAD + SIZE - 4.0;
    let classes = [Some(""), node.value.as_ref().map(|_| "value"), node.adjoint.as_ref().map(|_| "adjoint")];
    for (line, class) in node.lines().zip(classes.into_iter().flatten()) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let _ = write!(
            out,
            "<text{class} x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            length(y),
            escaped(line)
        );
        y += LINE;
    }
    out.push_str("</g>\n");
}
