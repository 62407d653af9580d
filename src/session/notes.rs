//! What a person should know beside the numbers: that a result is not finite, and which step made it
//! so; that a derivative is a matter of convention at this point.

use super::Session;
use super::evaluate::run_machine;
use super::plan::{Plan, real_leaves};
use crate::core::{Ex, FnId, Graph, Node};
use crate::diff::edges::{self, Edge};
use crate::eval::{Array, Birth, Fault, Limits, Machine, Trap, Value};
use crate::primitive::{self, Prim};
use crate::session::datum::number;
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::message::{Marked, Message};
use crate::syntax::tree::{Ast, Expr, Span};

/// A note about a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// In one line, with its place.
    pub line: String,
    /// As a message that shows the place.
    pub report: Message,
}

/// How a derivative was computed: the function and its arguments.
pub struct Derivation {
    pub derived: FnId,
    pub args: Vec<Value>,
}

/// What an evaluation did, for those who look for notes.
pub struct Run<'a> {
    pub plan: &'a Plan,
    pub args: &'a [Value],
    /// Of the function itself.
    pub results: &'a [Value],
    /// The names of derivatives with their numbers.
    pub entries: &'a [(String, f64)],
    pub limits: Limits,
}

/// What may be wrong with the numbers at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// The value is not a number.
    Value,
    /// A derivative is not a number although the value is.
    Undefined,
    /// A derivative is infinite although the value is not.
    Infinite,
}

/// What is wrong with the numbers at a point.
pub fn troubles<'a>(
    args: &[Value],
    results: &[Value],
    derivatives: impl Iterator<Item = &'a [f64]>,
) -> impl Iterator<Item = Trouble> {
    let (mut value, mut undefined, mut infinite) = (false, false, false);
    if results.iter().any(is_undefined) {
        value = !args.iter().any(is_undefined);
    } else {
        for x in derivatives.flatten().filter(|x| !x.is_finite()) {
            undefined |= x.is_nan();
            infinite |= x.is_infinite();
        }
        // Where the value is infinite an infinite derivative is no surprise.
        infinite &= !results.iter().any(is_infinite);
    }
    let all = [(value, Trouble::Value), (undefined, Trouble::Undefined), (infinite, Trouble::Infinite)];
    all.into_iter().filter(|(is, _)| *is).map(|(_, trouble)| trouble)
}

/// The notes on an evaluation.
pub fn notes(session: &mut Session, run: &Run) -> Vec<Note> {
    let numbers = run.entries.iter().map(|(_, x)| std::slice::from_ref(x));
    let troubles: Vec<Trouble> = troubles(run.args, run.results, numbers).collect();
    let mut notes: Vec<Note> = troubles.into_iter().map(|trouble| troubled(session, run, trouble)).collect();
    if !run.entries.is_empty() {
        for edges in edges(session, run.plan) {
            conventions(session, run, &edges, &mut notes);
        }
    }
    notes.dedup();
    notes
}

/// The note on what is wrong with the numbers at a point.
pub fn troubled(session: &mut Session, run: &Run, trouble: Trouble) -> Note {
    match trouble {
        Trouble::Value => undefined_value(session, run),
        Trouble::Undefined => not_finite(session, run, "not a number", f64::is_nan),
        Trouble::Infinite => not_finite(session, run, "infinite", f64::is_infinite),
    }
}

/// The value is not a number: which operation made it so.
fn undefined_value(session: &mut Session, run: &Run) -> Note {
    let Plan { signature, steps, .. } = run.plan;
    let trap = trapped(session, signature.id, run.args, run.limits);
    let derived = steps.iter().any(|step| step.differentiated.is_some());
    let also = if derived { ", and so are its derivatives" } else { "" };
    let message = format!("`{}` is not a number at this point{also}", signature.name);
    born(session, signature.id, &message, cause(session, &trap))
}

/// What made a NaN: where that is of an ∞ out of linear algebra, what made the ∞.
fn cause<'t>(session: &Session, trap: &'t Trap) -> Option<&'t Birth> {
    let nan = trap.nan();
    let infinite = nan.is_some_and(|birth| birth.operands.iter().any(|x| x.is_infinite()));
    let unsolved = |birth: &&Birth| infinite && unsolved_at(session, birth).is_some();
    trap.infinity().filter(unsolved).or(nan)
}

/// The place of a call of linear algebra in which a number was born, and why it has no finite value.
fn unsolved_at(session: &Session, birth: &Birth) -> Option<(u32, &'static str)> {
    let mut places = std::iter::once(&birth.origin).chain(&birth.calls).copied();
    let place = places.find(|&origin| span_of(session, origin).is_some())?;
    Some((place, no_solution(called_at(session, place)?)?))
}

/// Derivatives that are not finite although the value is.
fn not_finite(session: &mut Session, run: &Run, what: &str, is: fn(f64) -> bool) -> Note {
    let mut entries = run.entries.iter().filter(|(_, x)| is(*x)).map(|(name, _)| name.as_str());
    let first = entries.next().unwrap_or_default();
    let more = match entries.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let value = if run.results.iter().any(is_infinite) { "" } else { " although the value is finite" };
    let message = format!("{first} is {what}{value}{more}");
    let mut birth = None;
    for derivation in run.plan.derivations(run.args) {
        let trap = trapped(session, derivation.derived, &derivation.args, run.limits);
        birth = birth.or(if is(f64::NAN) { cause(session, &trap) } else { trap.infinity() }.cloned());
    }
    born(session, run.plan.signature.id, &message, birth.as_ref())
}

/// Runs a function again to see where numbers are not finite.
fn trapped(session: &mut Session, f: FnId, args: &[Value], limits: Limits) -> Trap {
    let mut trap = Trap::default();
    // Observed, it may need more steps than it was given: then there is nothing to tell.
    let _ = run_machine(session, f, args, limits, &mut |machine, run| {
        machine.set_trap();
        run(machine)?;
        trap = machine.take_trap();
        Ok(())
    });
    trap
}

/// A function that calls those of its sites where the derivatives of a plan pass over an edge.
pub struct Edges {
    pub watched: FnId,
    pub sites: Vec<Site>,
}

/// A place with an edge.
pub struct Site {
    /// The function that is called.
    pub called: FnId,
    origin: u32,
    /// What is decided there.
    text: String,
}

/// The edges of what a plan differentiates.
pub fn edges(session: &mut Session, plan: &Plan) -> Vec<Edges> {
    let wrt = real_leaves(&session.module.graph, &plan.variables);
    let mut differentiated: Vec<FnId> = Vec::new();
    for f in plan.steps.iter().filter_map(|step| step.differentiated) {
        if !differentiated.contains(&f) {
            differentiated.push(f);
        }
    }
    let mut all = Vec::new();
    for f in differentiated {
        let module = &mut session.module;
        let (watched, sites) = edges::watched(&mut module.graph, &mut module.partials, f, &wrt);
        let told = sites.into_iter().filter_map(|site| {
            span_of(session, site.origin)?;
            let text = convention(session, site.edge, site.origin)?;
            Some(Site { called: site.called, origin: site.origin, text })
        });
        let sites: Vec<Site> = told.collect();
        if !sites.is_empty() {
            all.push(Edges { watched, sites });
        }
    }
    all
}

/// The places where the derivatives of a function pass over an edge, each once.
fn conventions(session: &mut Session, run: &Run, edges: &Edges, notes: &mut Vec<Note>) {
    let mut counts = Vec::new();
    let _ = run_machine(session, edges.watched, run.args, run.limits, &mut |machine, run| {
        machine.count_calls();
        run(machine)?;
        counts = edges.sites.iter().map(|site| machine.calls(site.called)).collect();
        Ok(())
    });
    let mut found: Vec<(&Site, u64)> = Vec::new();
    for (site, &count) in edges.sites.iter().zip(&counts).filter(|(_, count)| **count > 0) {
        match found.iter_mut().find(|(known, _)| known.same(site)) {
            Some((_, known)) => *known += count,
            None => found.push((site, count)),
        }
    }
    for (site, count) in found {
        let label = if count > 1 { format!("{count} times") } else { String::new() };
        let note = site.note(session, &label);
        if !notes.contains(&note) {
            notes.push(note);
        }
    }
}

impl Site {
    /// Whether the same is said of both.
    pub fn same(&self, other: &Site) -> bool {
        self.origin == other.origin && self.text == other.text
    }

    pub fn note(&self, session: &Session, label: &str) -> Note {
        note(session, Code::Convention, self.origin, &self.text, label, "")
    }
}

/// What is decided at an edge; nothing where a built-in function made it that has none to tell of.
fn convention(session: &Session, edge: Edge, origin: u32) -> Option<String> {
    let called = called_at(session, origin);
    // A built-in function that is made of others tells of its own edges.
    let inside = called.is_some_and(|name| primitive::find(name).is_none());
    // A test of a length that the author wrote is a test.
    let written = matches!(edge, Edge::Kink(_) | Edge::Norm) && is_comparison(session, origin);
    match if written { Edge::Test } else { edge } {
        Edge::Kink(_) if inside => None,
        Edge::Kink(p) => Some(p.row().edge.to_string()),
        Edge::Norm => Some("norm at 0: derivative 0 in every component by convention".to_string()),
        Edge::Tie if called.is_some_and(|name| name != "max" && name != "min") => None,
        Edge::Tie => Some("a tie: all that reach it share the derivative equally".to_string()),
        Edge::Test => match called {
            Some(_) => {
                primitive_at(session, origin).map(|p| p.row().edge.to_string()).filter(|e| !e.is_empty())
            }
            None if !is_comparison(session, origin) => None,
            None => Some(
                "both sides of this test are equal: the derivative is that of the branch taken, \
                 which need not be that of the function"
                    .to_string(),
            ),
        },
    }
}

fn ast_of(session: &Session, origin: u32) -> Option<Ast> {
    let at = origin.checked_sub(1)?;
    ((at as usize) < session.tree.len()).then_some(Ast(at))
}

/// Whether a comparison stands at a place: none that a rule of the table made.
fn is_comparison(session: &Session, origin: u32) -> bool {
    ast_of(session, origin).is_some_and(|ast| matches!(session.tree.expr(ast), Expr::Compare(..)))
}

/// The name of the built-in function that is called at a place, if one is.
fn called_at(session: &Session, origin: u32) -> Option<&str> {
    let tree = &session.tree;
    let Expr::Call { callee, .. } = tree.expr(ast_of(session, origin)?) else { return None };
    let Expr::Name(name) = *tree.expr(*callee) else { return None };
    let name = tree.text(name);
    let own = session.module.functions.iter().any(|f| f.name == name);
    Some(name).filter(|_| !own)
}

/// The primitive that is called at a place.
fn primitive_at(session: &Session, origin: u32) -> Option<Prim> {
    let name = called_at(session, origin)?;
    let Expr::Call { args, .. } = session.tree.expr(ast_of(session, origin)?) else { return None };
    primitive::find_call(name, args.len())
}

/// A note with the operation that made a number which is not finite. Where that is none of the
/// person's own, or a partial just says NaN, the place is that of the function.
fn born(session: &Session, f: FnId, message: &str, birth: Option<&Birth>) -> Note {
    let graph = &session.module.graph;
    let whole = graph.function(f).results.first().map_or(0, |&ex| graph.origin(ex));
    let Some(birth) = birth else { return note(session, Code::NotFinite, whole, message, "", "") };
    if let Some((place, reason)) = unsolved_at(session, birth) {
        return note(session, Code::NotFinite, place, message, reason, "");
    }
    let mut places = std::iter::once(&birth.origin).chain(&birth.calls).copied();
    let place = places.find(|&origin| span_of(session, origin).is_some()).unwrap_or(whole);
    let odd = |x: f64| x == 0.0 || x.is_infinite();
    // What is not defined at a point is said; what is special there is of no help.
    let called = primitive_at(session, birth.origin) == Some(birth.primitive);
    let mut places = vec![birth.origin];
    places.extend(birth.operands.iter().zip(&birth.from).filter(|(x, _)| odd(**x)).map(|(_, &at)| at));
    let edge_of = |&origin: &u32| primitive_at(session, origin).map(|p| p.row().edge);
    let edges = places.iter().rev().filter_map(edge_of).filter(|_| !called);
    let edge = edges.into_iter().find(|edge| !edge.is_empty()).unwrap_or_default();
    note(session, Code::NotFinite, place, message, &described(session, birth), edge)
}

/// Why a function of linear algebra has no finite value.
fn no_solution(name: &str) -> Option<&'static str> {
    match name {
        "solve" | "solve_lower" | "solve_upper" | "inv" => Some("the matrix is singular"),
        "cholesky" => Some("the matrix is not positive definite"),
        "logdet" => Some("the determinant is not positive"),
        _other => None,
    }
}

/// An operation with its operands: which factor was 0 and which ∞.
fn described(session: &Session, birth: &Birth) -> String {
    let sign = |p: Prim| match p {
        Prim::ADD => Some("+"),
        Prim::SUB => Some("-"),
        Prim::MUL => Some("·"),
        Prim::DIV => Some("/"),
        _called => None,
    };
    let shown = |x: f64| match x {
        f64::INFINITY => "∞".to_string(),
        f64::NEG_INFINITY => "-∞".to_string(),
        finite => number(finite),
    };
    let operands: Vec<String> = birth.operands.iter().map(|&x| shown(x)).collect();
    let whole = match (sign(birth.primitive), &operands[..]) {
        (Some(sign), [a, b]) => format!("{a}{sign}{b}"),
        _called => {
            let call = format!("{}({})", birth.primitive.name(), operands.join(", "));
            let domain = birth.primitive.row().domain;
            let ends = birth.operands.iter().all(|x| x.is_finite()) && birth.value.is_nan();
            match domain {
                "" => call,
                _ if ends => format!("{call}: defined for {domain}"),
                _ => call,
            }
        }
    };
    // Where the odd operands come from, if that is said by the place of the operation itself.
    let odd = |x: f64| x == 0.0 || x.is_infinite();
    let pieces = birth.operands.iter().zip(&operands).zip(&birth.from);
    let pieces = pieces.filter(|((x, _), at)| odd(**x) && **at != birth.origin);
    let mut sources: Vec<String> = Vec::new();
    for ((_, shown), &at) in pieces {
        if let Some(text) = written(session, at) {
            let source = format!("{shown} from `{text}`");
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
    }
    if sources.is_empty() { whole } else { format!("{whole}: {}", sources.join(", ")) }
}

/// What stands at a place, if it is short.
fn written(session: &Session, origin: u32) -> Option<String> {
    let span = span_of(session, origin)?;
    let text = session.tree.source(span).split_whitespace().collect::<Vec<_>>().join(" ");
    (text.chars().count() <= 40).then_some(text)
}

/// The place in the person's own files.
fn span_of(session: &Session, origin: u32) -> Option<Span> {
    let span = crate::check::place(&session.tree, origin);
    (origin != 0 && span != Span::default() && Some(span.file) != session.prelude).then_some(span)
}

/// A note at a place, or nowhere.
fn note(session: &Session, code: Code, origin: u32, message: &str, label: &str, help: &str) -> Note {
    let mut line = message.to_string();
    if !label.is_empty() {
        line = format!("{line}: {label}");
    }
    let Some(span) = span_of(session, origin) else {
        return Note { report: Message::new(code, &line), line };
    };
    let diagnostic = Diagnostic {
        help: Some(help.to_string()).filter(|help| !help.is_empty()),
        ..Diagnostic::new(code, span, message).label(label)
    };
    let report = session.message(&diagnostic);
    if let Some(text) = written(session, origin) {
        line = format!("{line}, at `{text}`");
    }
    if !help.is_empty() {
        line = format!("{line} ({help})");
    }
    if let Some(Marked { name, start, .. }) = &report.place {
        line = format!("{name}:{}:{}: {line}", start.line, start.column);
    }
    Note { line, report }
}

/// The real numbers of a value.
pub fn reals(value: &Value) -> &[f64] {
    match value {
        Value::Real(x) => std::slice::from_ref(x),
        Value::Array(array) => array.as_reals().unwrap_or_default(),
        Value::Int(_) | Value::Bool(_) => &[],
    }
}

/// Whether some number of a value is infinite.
fn is_infinite(value: &Value) -> bool {
    reals(value).iter().any(|x| x.is_infinite())
}

/// Whether some number of a value is none.
pub fn is_undefined(value: &Value) -> bool {
    reals(value).iter().any(|x| x.is_nan())
}

/// The derivatives of a result: where that is not a number they are none either. The indices of the
/// result come first.
pub fn undefined_with(result: &Value, derivative: Value) -> Value {
    let results = reals(result);
    if results.iter().all(|x| !x.is_nan()) {
        return derivative;
    }
    match derivative {
        Value::Real(_) => Value::Real(f64::NAN),
        Value::Array(array) => {
            let Some(elements) = array.as_reals() else { return Value::Array(array) };
            let each = (elements.len() / results.len()).max(1);
            let undefined = |at: usize| results.get(at / each).is_none_or(|x| x.is_nan());
            let elements = elements.iter().enumerate();
            let data = elements.map(|(at, &x)| if undefined(at) { f64::NAN } else { x }).collect();
            Value::Array(Array::reals(array.shape(), data))
        }
        Value::Int(_) | Value::Bool(_) => derivative,
    }
}

/// Whether an expression is 0 by its form: a derivative by what does not matter.
pub fn is_structural_zero(graph: &Graph, ex: Ex) -> bool {
    match graph.node(ex) {
        Node::Build { body, .. } => graph.as_real(body) == Some(0.0),
        Node::Lit { elems, .. } => graph.exs(elems).all(|e| graph.as_real(e) == Some(0.0)),
        _scalar => graph.as_real(ex) == Some(0.0),
    }
}

/// What a machine is made to do, given how to run it.
pub type Watch<'a> =
    dyn FnMut(&mut Machine, &dyn Fn(&mut Machine) -> Result<(), Fault>) -> Result<(), Fault> + 'a;
