//! Pictures: boxes, frames and arrows of graphs keep their places; curves have gaps where they should;
//! what is written is well formed.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use zgrad::eval::Limits;
use zgrad::picture::braille::{self, Terminal};
use zgrad::picture::chart::{self, Chart};
use zgrad::picture::compound::{Area, arrange};
use zgrad::picture::contour::{self, Map};
use zgrad::picture::diagram::{Diagram, Edge, Group, Kind, Node};
use zgrad::picture::letters::width;
use zgrad::picture::scene::{View, ticks};
use zgrad::picture::{dot, raster, scene_svg, svg};
use zgrad::session::point::assignments;
use zgrad::session::{Session, drawing, explaining, plotting};
use zgrad::simplify::Forms;

fn session(text: &str) -> Session {
    Session::from_text(Path::new("f.math"), text).unwrap_or_else(|error| panic!("{error:#}"))
}

fn walk(function: Option<&str>, at: &[&str]) -> explaining::Request {
    let at: Vec<String> = at.iter().map(|text| text.to_string()).collect();
    explaining::Request {
        function: function.map(str::to_string),
        at: assignments(&at).unwrap(),
        set: Vec::new(),
        seed: None,
        forward: false,
        limits: Limits { steps: 1_000_000, ..Limits::default() },
    }
}

fn drawn(session: &mut Session, function: Option<&str>, at: &[&str]) -> anyhow::Result<Diagram> {
    let request = drawing::Request { walk: walk(function, at), pointed: !at.is_empty(), most: 250 };
    Ok(drawing::draw(session, &request)?.diagram)
}

fn diagram(text: &str, at: &[&str]) -> Diagram {
    drawn(&mut session(text), None, at).unwrap()
}

fn math_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            math_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "math") {
            out.push(path);
        }
    }
    out.sort();
}

// ── Well formed ──────────────────────────────────────────────────────────────────────────────────────

/// Whether all elements of a document are closed, in their order, and their text is escaped.
fn assert_well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        assert!(!text.contains('>'), "a bare > in {text}");
        for (at, _) in text.match_indices('&') {
            let entity = &text[at..text[at..].find(';').map_or(at + 1, |end| at + end + 1)];
            assert!(["&amp;", "&lt;", "&gt;", "&quot;"].contains(&entity), "{entity} in {text}");
        }
        let end = at + rest[at..].find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "in {}", &rest[..end]);
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().unwrap());
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?} are not closed");
}

// ── Graphs ───────────────────────────────────────────────────────────────────────────────────────────

fn inside(inner: &Area, outer: &Area) -> bool {
    inner.x >= outer.x - 0.01
        && inner.y >= outer.y - 0.01
        && inner.x + inner.width <= outer.x + outer.width + 0.01
        && inner.y + inner.height <= outer.y + outer.height + 0.01
}

fn apart(a: &Area, b: &Area) -> bool {
    a.x + a.width <= b.x + 0.01
        || b.x + b.width <= a.x + 0.01
        || a.y + a.height <= b.y + 0.01
        || b.y + b.height <= a.y + 0.01
}

/// The places that a piece of an arrow goes through.
fn way(points: [(f64, f64); 4]) -> Vec<(f64, f64)> {
    let [from, bend, done, end] = points;
    let middle = (bend.1 + done.1) / 2.0;
    let mut places = Vec::new();
    for k in 0..=40 {
        let t = f64::from(k) / 40.0;
        let u = 1.0 - t;
        let (b, c) = (3.0 * u * u * t, 3.0 * u * t * t);
        places.push((
            u * u * u * bend.0 + b * bend.0 + c * done.0 + t * t * t * done.0,
            u * u * u * bend.1 + b * middle + c * middle + t * t * t * done.1,
        ));
        places.push((from.0, from.1 + t * (bend.1 - from.1)));
        places.push((done.0, done.1 + t * (end.1 - done.1)));
    }
    places
}

/// Boxes do not overlap and hold their text, frames hold what is theirs, no arrow goes through a box, and every
/// edge ends at its box.
fn assert_sound(diagram: &Diagram, what: &str) {
    let arrangement = arrange(diagram);
    let within = |group: Option<usize>, frame: usize| {
        std::iter::successors(group, |&at| diagram.groups[at].parent).any(|at| at == frame)
    };
    for (at, (node, area)) in diagram.nodes.iter().zip(&arrangement.nodes).enumerate() {
        for line in node.lines() {
            assert!(width(line) <= area.width, "{what}: `{line}` does not fit");
        }
        if let Some(group) = node.group {
            assert!(inside(area, &arrangement.groups[group]), "{what}: {} is outside its frame", node.label);
        }
        for other in &arrangement.nodes[..at] {
            assert!(apart(area, other), "{what}: {} overlaps another box", node.label);
        }
        for (frame, other) in arrangement.groups.iter().enumerate().filter(|(g, _)| !within(node.group, *g)) {
            assert!(apart(area, other), "{what}: {} stands in frame {frame}", node.label);
        }
    }
    for (group, area) in diagram.groups.iter().zip(&arrangement.groups) {
        assert!(width(&group.label) <= area.width, "{what}: {}", group.label);
        if let Some(parent) = group.parent {
            assert!(inside(area, &arrangement.groups[parent]), "{what}");
        }
    }
    let mut ended = vec![false; diagram.edges.len()];
    for piece in &arrangement.pieces {
        for &(x, y) in &way(piece.points) {
            for (node, area) in diagram.nodes.iter().zip(&arrangement.nodes) {
                let (left, right) = (area.x + 0.5, area.x + area.width - 0.5);
                let (top, bottom) = (area.y + 0.5, area.y + area.height - 0.5);
                let hit = (left..right).contains(&x) && (top..bottom).contains(&y);
                assert!(!hit, "{what}: an arrow goes through {}", node.label);
            }
        }
        let end = piece.points[3];
        for &edge in &piece.ends {
            ended[edge] = true;
            let area = &arrangement.nodes[diagram.edges[edge].to];
            assert!((end.1 - area.y).abs() < 0.01, "{what}");
            assert!((area.x..=area.x + area.width).contains(&end.0), "{what}");
        }
    }
    assert!(ended.iter().all(|&ended| ended), "{what}: an arrow is missing");
    assert_well_formed(&svg::svg(diagram));
}

#[test]
fn graphs_of_programs_are_sound() {
    let mut files = Vec::new();
    math_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs"), &mut files);
    math_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"), &mut files);
    let (mut sound, mut large) = (0, 0);
    for file in files {
        let Ok(mut session) = Session::open_in(&file, Forms::AsWritten) else { continue };
        let names: Vec<String> = session.module.functions.iter().map(|f| f.name.clone()).collect();
        for name in names {
            match drawn(&mut session, Some(&name), &[]) {
                Ok(diagram) => {
                    assert_sound(&diagram, &format!("{name} of {}", file.display()));
                    sound += 1;
                }
                Err(error) => {
                    assert!(format!("{error:#}").contains("too many for a picture"), "{error:#}");
                    large += 1;
                }
            }
        }
    }
    println!("{sound} sound, {large} too large");
    assert!(sound > 150 && large < sound / 20, "{sound} sound, {large} too large");
}

#[test]
fn random_diagrams_are_sound() {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut below = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % n as u64) as usize
    };
    for round in 0..150 {
        let (nodes, frames) = (1 + below(24), below(5));
        let mut diagram = Diagram::default();
        for at in 0..frames {
            let parent = (at > 0 && below(2) == 0).then(|| below(at));
            diagram.groups.push(Group { label: "for i in 1..n".to_string(), parent });
        }
        for _ in 0..nodes {
            let kind = [Kind::Input, Kind::Operation, Kind::Constant, Kind::Choice][below(4)];
            // Frames come after what they use and before what uses them, as loops and calls do: one run each.
            diagram.nodes.push(Node {
                kind,
                label: "x".repeat(1 + below(20)),
                value: (below(2) == 0).then(|| "1.5".to_string()),
                adjoint: None,
                hint: None,
                group: None,
            });
        }
        for frame in 0..frames {
            let (from, count) = (below(nodes), below(4));
            let free = diagram.nodes[from..(from + count).min(nodes)].iter().all(|node| node.group.is_none());
            if free && diagram.groups[frame].parent.is_none() {
                diagram.nodes[from..(from + count).min(nodes)]
                    .iter_mut()
                    .for_each(|node| node.group = Some(frame));
            }
        }
        for _ in 0..2 * nodes {
            let to = below(nodes);
            if to > 0 {
                let label = if below(4) == 0 { "a".to_string() } else { String::new() };
                diagram.edges.push(Edge { from: below(to), to, label });
            }
        }
        assert_sound(&diagram, &format!("round {round}"));
    }
}

#[test]
fn a_graph_has_the_authors_names_and_shares_what_is_used_twice() {
    let graph = diagram("f(x, y) = a*sin(a) + b where a = x*y, b = a^2/y", &[]);
    let labels: Vec<&str> = graph.nodes.iter().map(|node| node.label.as_str()).collect();
    assert_eq!(labels, ["x", "y", "a = · × ·", "·²", "b = a ÷ b", "sin(·)", "· × ·", "f = · + ·"]);
    assert_eq!(graph.edges.iter().filter(|edge| edge.from == 2).count(), 3);
    let roles: Vec<&str> = graph.edges.iter().filter(|edge| edge.to == 4).map(|e| e.label.as_str()).collect();
    assert_eq!(roles, ["a", "b"]);
}

#[test]
fn loops_and_calls_are_frames() {
    let text = "norm2(v: R[n]) = atan(sum(v[i]^2 for i in 1..n))\n\
                g(v: R[n], p) = norm2(v)*p + fold(s = p for k in 1..n: s*cos(v[k]))";
    let graph = diagram(text, &[]);
    let frames: Vec<(&str, Option<usize>)> =
        graph.groups.iter().map(|g| (g.label.as_str(), g.parent)).collect();
    assert_eq!(frames, [("norm2(v)", None), ("in turn for k in 1..n", None), ("for i in 1..n", Some(0))]);
    let node = |label: &str| {
        graph.nodes.iter().find(|node| node.label == label).unwrap_or_else(|| panic!("{label}"))
    };
    assert_eq!(node("v[i]").group, Some(2));
    assert_eq!(node("atan(·)").group, Some(0));
    assert_eq!(node("next s = · × ·").group, Some(1));
    assert_eq!(node("last s").group, None);
}

/// Two loops over the same binder, one of which waits for the other, are two frames.
#[test]
fn loops_that_wait_for_one_another_are_apart() {
    let text = "f(v: R[n]) = sum(exp(v[i] - m) for i in 1..n) where m = sum(sin(v[i]) for i in 1..n)";
    let graph = diagram(text, &["v=[1, 2, 3]"]);
    assert_eq!(graph.groups.len(), 2, "{:?}", graph.groups);
    assert_sound(&graph, text);
}

#[test]
fn a_graph_at_a_point_has_values_and_adjoints() {
    let graph = diagram("f(x, y) = x*y + sin(x)", &["x=2,y=3"]);
    let found: HashMap<&str, (Option<&str>, Option<&str>)> = graph
        .nodes
        .iter()
        .map(|node| (node.label.as_str(), (node.value.as_deref(), node.adjoint.as_deref())))
        .collect();
    assert_eq!(found["x"], (Some("2"), Some("adjoint 2.58385")));
    assert_eq!(found["y"], (Some("3"), Some("adjoint 2")));
    assert_eq!(found["· × ·"], (Some("6"), Some("adjoint 1")));
    assert_eq!(found["f = · + ·"], (Some("6.9093"), Some("adjoint 1")));
    let hint = graph.nodes[0].hint.as_deref().unwrap();
    assert_eq!(hint, "x: value 2; adjoint 2.5838531634528574");
}

#[test]
fn a_graph_of_many_boxes_is_refused() {
    let mut text = String::from("f(x) = x");
    for k in 0..3000 {
        text.push_str(&format!(" + sin({k}*x)"));
    }
    let error = drawn(&mut session(&text), None, &[]).unwrap_err().to_string();
    assert!(error.contains("more than 250 boxes"), "{error}");
    // What is just below the limit is drawn at once.
    let mut text = String::from("f(x, y) = x");
    for k in 2..52 {
        text.push_str(&format!(" + sin({k}*x*y)"));
    }
    let start = std::time::Instant::now();
    assert_sound(&diagram(&text, &[]), "many");
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
}

/// What the command says, and whether it was done.
fn command(arguments: &[&str], file: &str) -> (String, bool) {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let mut child = Command::new(env!("CARGO_BIN_EXE_zgrad"))
        .args(arguments)
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(file.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (text, output.status.success())
}

#[test]
fn the_ending_of_the_file_says_the_format() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let begins = |name: &str| fs::read(folder.join(name)).unwrap()[..4].to_vec();
    for (name, start) in [("g.svg", &b"<svg"[..]), ("g.dot", b"digr"), ("g.mmd", b"---\n")] {
        assert!(command(&["graph", "-o", name], "f(x) = x^2").1);
        assert_eq!(begins(name), start);
    }
    for (name, start) in [("p.svg", &b"<svg"[..]), ("p.png", b"\x89PNG"), ("p.txt", "⠤⠤".as_bytes())] {
        assert!(command(&["plot", "-o", name], "f(x) = x^2").1);
        assert_eq!(begins(name), start[..4]);
    }
    let (text, done) = command(&["plot", "-o", "p.pdf"], "f(x) = x^2");
    assert!(!done && text.contains("written as .svg, .png or .txt, not as .pdf"), "{text}");
    let (text, done) = command(&["graph"], "f(n: Int) = n + 1");
    assert!(!done && text.contains("there is nothing to draw"), "{text}");
}

#[test]
fn pictures_are_compared_and_have_rules_for_make() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("delivery");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    let path = |name: &str| folder.join(name).display().to_string();
    let (source, depfile) = (path("f.math"), path("g.d"));
    fs::write(&source, "f(x) = x^2").unwrap();
    for (name, of) in [("g.svg", "graph"), ("g.dot", "graph"), ("p.svg", "plot"), ("p.png", "plot")] {
        let file = path(name);
        let (text, done) = command(&[of, "-o", &file, "--check"], "f(x) = x^2");
        assert!(!done && text.contains("there is no such file"), "{name}: {text}");
        let words = [of, &source, "-o", &file, &format!("--depfile={depfile}")];
        assert_eq!(command(&words, ""), (String::new(), true), "{name}");
        let rule = fs::read_to_string(&depfile).unwrap();
        assert!(rule.starts_with(&format!("{file}: \\\n  {source}\n")), "{name}: {rule}");
        assert_eq!(command(&[of, &source, "-o", &file, "--check"], ""), (String::new(), true), "{name}");
        let (text, done) = command(&[of, "-o", &file, "--check"], "f(x) = x^3");
        assert!(!done && text.contains("is out of date"), "{name}: {text}");
    }
}

#[test]
fn graphs_in_other_languages() {
    let graph = diagram("f(x, y) = x*y + sin(x)", &[]);
    assert_eq!(
        dot::dot(&graph),
        "digraph \"Computation graph of f(x, y)\" {\n  \
         node [shape=box, fontname=\"monospace\"];\n  edge [arrowsize=0.7, fontname=\"monospace\"];\n  \
         n0 [label=\"x\", style=\"rounded,filled\", fillcolor=\"#ddf4ff\"];\n  \
         n1 [label=\"y\", style=\"rounded,filled\", fillcolor=\"#ddf4ff\"];\n  \
         n2 [label=\"· × ·\"];\n  n3 [label=\"sin(·)\"];\n  n4 [label=\"f = · + ·\", penwidth=2];\n  \
         n0 -> n2;\n  n1 -> n2;\n  n0 -> n3;\n  n2 -> n4;\n  n3 -> n4;\n}\n"
    );
    assert_eq!(
        dot::mermaid(&graph),
        "---\ntitle: \"Computation graph of f(x, y)\"\n---\nflowchart TD\n  n0([\"x\"])\n  n1([\"y\"])\n  \
         n2[\"· × ·\"]\n  n3[\"sin(·)\"]\n  n4[[\"f = · + ·\"]]\n  n0 --> n2\n  n1 --> n2\n  n0 --> n3\n  \
         n2 --> n4\n  n3 --> n4\n"
    );
}

// ── Plots ────────────────────────────────────────────────────────────────────────────────────────────

fn request(x: &str, y: Option<&str>) -> plotting::Request {
    plotting::Request {
        functions: Vec::new(),
        x: x.to_string(),
        y: y.map(str::to_string),
        at: Vec::new(),
        set: Vec::new(),
        order: 1,
        tangents: Vec::new(),
        limits: Limits { steps: 1_000_000, ..Limits::default() },
    }
}

fn plotted(text: &str, request: &plotting::Request) -> plotting::Plot {
    plotting::plot(&mut session(text), request).unwrap_or_else(|error| panic!("{error:#}")).plot
}

fn chart_of(text: &str, x: &str) -> Chart {
    match plotted(text, &request(x, None)) {
        plotting::Plot::Chart(chart) => chart,
        plotting::Plot::Map(_) => panic!("a map"),
    }
}

fn map_of(text: &str, x: &str, y: &str) -> Map {
    match plotted(text, &request(x, Some(y))) {
        plotting::Plot::Map(map) => map,
        plotting::Plot::Chart(_) => panic!("a chart"),
    }
}

/// The places where a curve is broken, from the end of a piece to the beginning of the next.
fn gaps(chart: &Chart, curve: usize) -> Vec<(f64, f64)> {
    let pieces: Vec<_> = chart.curves[curve].pieces.iter().filter(|piece| piece.len() > 1).collect();
    pieces.windows(2).map(|pair| (pair[0].last().unwrap().0, pair[1][0].0)).collect()
}

fn assert_gaps(chart: &Chart, curve: usize, places: &[f64]) {
    let found = gaps(chart, curve);
    assert_eq!(found.len(), places.len(), "{found:?}");
    for ((from, to), at) in found.iter().zip(places) {
        assert!(from <= at && at <= to && to - from < 0.05, "{from} to {to}, not {at}");
    }
}

#[test]
fn poles_and_jumps_are_gaps() {
    let half = std::f64::consts::FRAC_PI_2;
    assert_gaps(&chart_of("f(x) = tan(x)", "-2*pi..2*pi"), 0, &[-3.0 * half, -half, half, 3.0 * half]);
    assert_gaps(&chart_of("f(x) = 1/(x - 0.3)", "-3..3"), 0, &[0.3]);
    assert_gaps(&chart_of("f(x) = 1/x", "-3..3"), 0, &[0.0]);
    assert_gaps(&chart_of("f(x) = floor(x)", "-0.5..2.5"), 0, &[0.0, 1.0, 2.0]);
    assert_gaps(&chart_of("f(x) = abs(x)", "-1..1.3"), 0, &[]);
    // Its derivative jumps.
    assert_gaps(&chart_of("f(x) = abs(x - 0.1)", "-1..1.3"), 1, &[0.1]);
}

#[test]
fn steep_is_no_jump() {
    assert_gaps(&chart_of("f(x) = tanh(2000*x)", "-3..3.1"), 0, &[]);
    assert_gaps(&chart_of("f(x) = exp(-1000*x^2)", "-3..3.1"), 0, &[]);
    assert_gaps(&chart_of("f(x) = cbrt(x)", "-3..3.1"), 0, &[]);
}

#[test]
fn a_curve_begins_where_it_has_values() {
    let chart = chart_of("f(x) = sqrt(x)", "-2..2");
    let first = chart.curves[0].pieces.iter().find(|piece| piece.len() > 1).unwrap()[0];
    assert!(first.0.abs() < 0.01 && first.1 < 0.1, "{first:?}");
    let removed = chart_of("f(x) = sin(x)/x", "-3..3");
    assert!(gaps(&removed, 0).iter().all(|(from, to)| to - from < 0.05), "{:?}", gaps(&removed, 0));
}

#[test]
fn the_range_of_values_is_robust() {
    let chart = chart_of("f(x) = 1/x", "-3..3");
    assert!(chart.y.1 < 100.0 && chart.y.0 > -100.0, "{:?}", chart.y);
    let chart = chart_of("f(x) = exp(x)", "-3..3");
    assert!(chart.y.1 > 20.0 && chart.y.1 < 25.0, "{:?}", chart.y);
    let chart = chart_of("f(x) = 3 + 0*x", "-3..3");
    assert!(chart.y.0 < 0.0 && chart.y.1 > 3.0, "{:?}", chart.y);
}

#[test]
fn every_point_of_a_curve_is_one_of_the_function() {
    let chart = chart_of("f(x) = sin(3*x) + x^2/4", "-3..3");
    for (curve, truth) in
        chart.curves.iter().zip([(|x: f64| (3.0 * x).sin() + x * x / 4.0) as fn(f64) -> f64, |x| {
            3.0 * (3.0 * x).cos() + x / 2.0
        }])
    {
        let points: Vec<_> = curve.pieces.iter().flatten().collect();
        assert!(points.len() >= 513);
        points.iter().for_each(|&&(x, y)| assert!((y - truth(x)).abs() < 1e-12, "{x}: {y}"));
    }
}

#[test]
fn a_tangent_touches() {
    let mut request = request("-3..3", None);
    request.tangents = assignments(&["x=1.5".to_string()]).unwrap();
    let plotting::Plot::Chart(chart) = plotted("f(x) = x^3", &request) else { panic!("a map") };
    let tangent = &chart.tangents[0];
    assert_eq!((tangent.at, tangent.slope), ((1.5, 3.375), 6.75));
    assert_eq!(tangent.name, "tangent at x = 1.5: slope 6.75");
    let mut session = session("f(x) = sqrt(x)");
    request.tangents = assignments(&["x=0".to_string()]).unwrap();
    let error = plotting::plot(&mut session, &request).err().unwrap().to_string();
    assert!(error.contains("no tangent at x = 0"), "{error}");
}

#[test]
fn contours_are_where_the_value_is() {
    let map = map_of("f(x, y) = x^2 + y^2", "-2..2", "-2..2");
    let contours = map.contours(1.0);
    assert_eq!(contours.len(), 1);
    let points = &contours[0].points;
    assert!(points.len() > 100 && points[0] == points[points.len() - 1]);
    points.iter().for_each(|(x, y)| assert!((x.hypot(*y) - 1.0).abs() < 1e-3, "{x}, {y}"));
    for ((x, y), (dx, dy)) in &map.arrows {
        assert!((dx - 2.0 * x).abs() < 1e-12 && (dy - 2.0 * y).abs() < 1e-12);
    }
    // The first range is of y here.
    let swapped = map_of("f(x, y) = x + 10*y", "y=0..1", "x=0..2");
    assert_eq!(swapped.names, ("y".to_string(), "x".to_string()));
    assert_eq!(swapped.arrows[0].1, (10.0, 1.0));
    assert_eq!(swapped.values[1] - swapped.values[0], 10.0 / 120.0);
    // A saddle, and a place without values.
    assert_eq!(map_of("f(x, y) = x*y", "-1..1", "-1..1").contours(0.25).len(), 2);
    let part = map_of("f(x, y) = sqrt(x) + y", "-1..1", "-1..1");
    assert!(part.contours(0.0).iter().all(|c| c.points.iter().all(|(x, _)| *x >= 0.0)));
}

#[test]
fn questions_that_make_no_picture() {
    let error = |text: &str, request: &plotting::Request| {
        plotting::plot(&mut session(text), request).err().map(|error| error.to_string()).unwrap_or_default()
    };
    let cases = [
        (
            error("f(x, y) = x*y", &request("-1..1", None)),
            "give it a value with --at y=…, or draw a contour map with --y y=LOW..HIGH",
        ),
        (error("f(x, n: Int) = x^n", &request("-1..1", None)), "give it a value with --at n=…"),
        (error("f(x) = (x, x^2)", &request("-1..1", None)), "no single real result"),
        (error("f(x) = x", &request("1..-1", None)), "write the lower end first"),
        (error("f(x) = x", &request("1", None)), "is no range: write LOW..HIGH"),
        (error("f(x) = x", &request("t=0..1", None)), "`f` has no parameter `t`"),
        (error("f(n: Int) = n^2 + 0.5", &request("0..1", None)), "is no real number"),
        (error("f(v: R[3], x) = v[1]*x", &request("0..1", None)), "--at v=…"),
    ];
    for (error, part) in cases {
        assert!(error.contains(part), "`{error}` does not say `{part}`");
    }
}

#[test]
fn marks_on_axes_are_round() {
    let labels =
        |range, most, pi| ticks(range, most, pi).into_iter().map(|(_, label)| label).collect::<Vec<_>>();
    assert_eq!(labels((-3.0, 3.0), 7, false), ["−3", "−2", "−1", "0", "1", "2", "3"]);
    assert_eq!(labels((0.0, 0.5), 5, false), ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
    assert_eq!(labels((0.0, 4e7), 4, false), ["0", "1e7", "2e7", "3e7", "4e7"]);
    let pi = std::f64::consts::PI;
    assert_eq!(labels((-pi, pi), 4, true), ["−π", "−π/2", "0", "π/2", "π"]);
    assert_eq!(labels((0.0, 6.0 * pi), 3, true), ["0", "2π", "4π", "6π"]);
}

#[test]
fn lines_are_cut_at_the_edge_of_the_view() {
    let view = View { x: (0.0, 1.0), y: (0.0, 1.0), area: (0.0, 0.0, 100.0, 100.0) };
    let parts = view.clipped(&[(0.5, -1e300), (0.5, 1e300)]);
    assert_eq!(parts, [[(50.0, 100.0), (50.0, 0.0)]]);
    assert!(view.clipped(&[(2.0, 0.0), (3.0, 1.0)]).is_empty());
    let parts = view.clipped(&[(-1.0, 0.5), (0.5, 0.5), (0.5, 2.0), (0.75, 2.0), (0.75, 0.5)]);
    assert_eq!(parts.len(), 2);
}

#[test]
fn pictures_are_well_formed_and_the_same_each_time() {
    let mut request = request("-3..3", None);
    request.tangents = assignments(&["x=1".to_string()]).unwrap();
    let plotting::Plot::Chart(chart) = plotted("f(x) = tan(x)*\u{3b2} where β = 2", &request) else {
        panic!("a map")
    };
    let map = map_of("f(x, y) = sin(x)*cos(y)", "-pi..pi", "-pi..pi");
    for scene in [chart::scene(&chart), contour::scene(&map)] {
        assert_well_formed(&scene_svg::svg(&scene));
        let bytes = raster::png(&scene, 1.0).unwrap();
        assert_eq!(bytes, raster::png(&scene, 1.0).unwrap());
        let reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let (width, height) = (reader.info().width, reader.info().height);
        assert_eq!((f64::from(width), f64::from(height)), (scene.width.round(), scene.height.round()));
    }
}

#[test]
fn a_chart_in_dots() {
    let terminal = Terminal { columns: 40, rows: 8, color: false };
    let mut request = request("-1..1", None);
    request.order = 0;
    let plotting::Plot::Chart(chart) = plotted("f(x) = x^2", &request) else { panic!("a map") };
    let text = braille::chart(&chart, terminal);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 1 + 8 + 2 + 1, "{text}");
    assert_eq!(lines[0], "⠤⠤⠤ f(x)");
    assert!(lines.iter().all(|line| line.chars().count() <= 40), "{text}");
    assert!(!text.contains('\u{1b}'));
    let colored = braille::chart(&chart, Terminal { color: true, ..terminal });
    assert!(colored.contains("\u{1b}[34m") && colored.contains("\u{1b}[0m"));
    // The curve is highest at both ends and lowest in the middle.
    let row = |needle: usize| {
        lines[1..9].iter().position(|line| line.chars().nth(needle).is_some_and(|c| c > '\u{2800}')).unwrap()
    };
    assert!(row(6) < row(22), "{text}");
}

#[test]
fn fields_of_records_are_named_as_in_the_notation() {
    let text = "type P = {x: R, v: R[n]}\nf(p: P, q: (R, R)) = let (a, b) = q in p.x*sum(p.v) + a*b";
    let labels: Vec<String> = diagram(text, &[]).nodes.iter().map(|node| node.label.clone()).collect();
    for wanted in ["p.x", "p.v", "q_1", "q_2"] {
        assert!(labels.iter().any(|label| label.starts_with(wanted)), "no {wanted} in {labels:?}");
    }
}
