//! `plot`: functions of one variable as curves, of two as a map; evaluated by blocks of points.

mod axes;

use crate::check::Ty;
use crate::eval::{Fault, Limits, Value, Why};
use crate::picture::chart::{Chart, Curve, Tangent};
use crate::picture::contour::Map;
use crate::picture::letters::number;
use crate::picture::sample::{Sample, pieces, samples};
use crate::refuse;
use crate::session::Session;
use crate::session::derive::Mode;
use crate::session::evaluate::{self, What, value_of};
use crate::session::plan::Plan;
use crate::session::point::Given;
use crate::session::points::engine::{Engine, Program, Values};
use crate::syntax::diagnostic::Code;
use crate::syntax::message::Message;
use anyhow::Result;
use axes::{Bound, Range, bind, range};

/// What was asked of `plot`.
pub struct Request {
    /// The functions; the last one of the file if there are none.
    pub functions: Vec<String>,
    /// `LOW..HIGH`, `NAME=LOW..HIGH`
    pub x: String,
    pub y: Option<String>,
    pub at: Vec<(String, Given)>,
    pub set: Vec<(String, Given)>,
    /// Derivatives up to this order.
    pub order: u32,
    pub tangents: Vec<(String, Given)>,
    pub limits: Limits,
}

/// A picture as numbers.
pub enum Plot {
    Chart(Chart),
    Map(Map),
}

/// A plot, and what is to be said beside it.
pub struct Plotted {
    pub plot: Plot,
    pub notes: Vec<Message>,
}

/// Points along a side of a map, and arrows.
const GRID: usize = 121;
const ARROWS: usize = 15;

/// Evaluates what was asked.
pub fn plot(session: &mut Session, request: &Request) -> Result<Plotted> {
    let x = range(session, &request.x, "--x")?;
    let y = request.y.as_ref().map(|text| range(session, text, "--y")).transpose()?;
    let names: Vec<Option<&str>> = match &request.functions[..] {
        [] => vec![None],
        some => some.iter().map(|name| Some(name.as_str())).collect(),
    };
    let mut functions = Vec::new();
    for name in names {
        let signature = session.function(name)?;
        functions.push(bind(session, signature, &x, y.as_ref(), request)?);
    }
    let mut notes = Vec::new();
    let plot = match &functions[..] {
        [one] if one.axes.len() == 2 => Plot::Map(map(session, one, &x, y.as_ref(), request, &mut notes)?),
        several if several.iter().any(|f| f.axes.len() == 2) => {
            refuse!(
                Code::Question,
                "a contour map is of one function: choose it with --fn, or give values with --at"
            )
        }
        curves => Plot::Chart(chart(session, curves, &x, y.as_ref(), request, &mut notes)?),
    };
    Ok(Plotted { plot, notes })
}

// ── Values ───────────────────────────────────────────────────────────────────────────────────────────

/// How many points run at once.
const BLOCK: usize = 8;

/// Runs a plan at points.
struct Runner<'p> {
    engine: Engine<'p>,
    bound: &'p Bound,
    /// Where what was asked stands among the values of a point, and how many there are in all.
    first: usize,
    width: usize,
    tried: usize,
    failed: usize,
    fault: Option<Fault>,
}

impl<'p> Runner<'p> {
    fn new(program: &'p Program, bound: &'p Bound) -> Runner<'p> {
        let (first, width) = (program.steps[0].start, program.width());
        Runner { engine: Engine::new(program), bound, first, width, tried: 0, failed: 0, fault: None }
    }

    /// Whether all points so far ran into a limit: then the others are not tried, each of which takes as long.
    fn never_ends(&self) -> bool {
        let limited = |fault: &Fault| matches!(fault.why, Why::Steps | Why::Memory | Why::Depth);
        self.tried > 0 && self.failed == self.tried && self.fault.as_ref().is_some_and(limited)
    }

    /// What was asked at each point; not a number where the function stops with an error.
    fn run(&mut self, points: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let mut found = Vec::new();
        let mut values = Values::default();
        for block in points.chunks(BLOCK) {
            if self.never_ends() {
                self.tried += block.len();
                self.failed += block.len();
                found.extend(block.iter().map(|_| vec![f64::NAN; self.width - self.first]));
                continue;
            }
            let mut args = Vec::new();
            for point in block {
                let from = args.len();
                args.extend(self.bound.args.iter().cloned());
                for (&(_, place), &x) in self.bound.axes.iter().zip(point) {
                    args[from + place] = Value::Real(x);
                }
            }
            self.engine.run(&args, block.len(), &mut values);
            self.tried += block.len();
            for row in 0..block.len() {
                let own = &values.flat[row * self.width + self.first..(row + 1) * self.width];
                if let Some(fault) = &values.faults[row] {
                    self.failed += 1;
                    self.fault.get_or_insert(fault.clone());
                    found.push(vec![f64::NAN; own.len()]);
                } else {
                    found.push(own.iter().map(|value| value.as_real().unwrap_or(f64::NAN)).collect());
                }
            }
        }
        found
    }
}

/// Says where a function stopped; an error where it did so everywhere.
fn report(
    session: &Session,
    call: &str,
    tried: usize,
    failed: usize,
    fault: Option<Fault>,
    notes: &mut Vec<Message>,
) -> Result<()> {
    match fault {
        Some(fault) if failed == tried => Err(session.fault(&fault)),
        Some(fault) => {
            let message =
                format!("{call} stops with an error at {failed} of {tried} points: {}", fault.message);
            notes.push(Message::new(Code::NotShown, message));
            Ok(())
        }
        None => Ok(()),
    }
}

fn plan(
    session: &mut Session,
    bound: &Bound,
    what: Vec<What>,
    order: Option<u32>,
    limits: Limits,
) -> Result<Plan> {
    let request = evaluate::Request {
        function: None,
        at: Vec::new(),
        set: Vec::new(),
        wrt: bound.axes.iter().map(|(name, _)| name.clone()).collect(),
        what,
        dir: Vec::new(),
        seed: None,
        order,
        mode: Mode::Auto,
        digits: false,
        limits,
    };
    Plan::new(session, bound.signature.clone(), &request)
}

// ── Curves ───────────────────────────────────────────────────────────────────────────────────────────

fn chart(
    session: &mut Session,
    functions: &[Bound],
    x: &Range,
    y: Option<&Range>,
    request: &Request,
    notes: &mut Vec<Message>,
) -> Result<Chart> {
    let mut chart = Chart {
        title: functions.iter().map(|f| f.call.as_str()).collect::<Vec<_>>().join(", "),
        description: String::new(),
        variable: functions[0].axes[0].0.clone(),
        in_pi: x.in_pi,
        x: x.ends,
        y: y.map_or((f64::INFINITY, f64::NEG_INFINITY), |y| y.ends),
        curves: Vec::new(),
        tangents: Vec::new(),
    };
    let curves = request.order as usize + 1;
    let mut found: Vec<Vec<Sample>> = Vec::new();
    for (of, bound) in functions.iter().enumerate() {
        let plan = derivatives(session, bound, request)?;
        let program = Program::new(session, plan, Vec::new(), request.limits);
        let mut runner = Runner::new(&program, bound);
        let mut evaluate = |xs: &[f64]| -> Result<Vec<Sample>> {
            let points: Vec<Vec<f64>> = xs.iter().map(|&x| vec![x]).collect();
            let values = runner.run(&points);
            Ok(xs.iter().zip(values).map(|(&x, values)| Sample { x, values }).collect())
        };
        let (all, view) = samples(x.ends, curves, y.map(|y| y.ends), &mut evaluate)?;
        if y.is_none() {
            chart.y = (chart.y.0.min(view.0), chart.y.1.max(view.1));
        }
        for (name, given) in &request.tangents {
            chart.tangents.push(tangent(session, bound, of, name, given, &mut evaluate)?);
        }
        let Runner { tried, failed, fault, .. } = runner;
        report(session, &bound.call, tried, failed, fault, notes)?;
        found.push(all);
    }
    for (of, (bound, all)) in functions.iter().zip(&found).enumerate() {
        for order in 0..curves {
            let (name, pieces) = (name(bound, order), pieces(all, order, chart.y));
            if pieces.is_empty() {
                let (low, high) = (number(x.ends.0), number(x.ends.1));
                let message = format!("{name} has no value between {low} and {high}");
                notes.push(Message::new(Code::NotShown, message));
            }
            chart.curves.push(Curve { name, of, order, pieces });
        }
    }
    let names: Vec<&str> = chart.curves.iter().map(|curve| curve.name.as_str()).collect();
    chart.description = format!(
        "{} for {} from {} to {}; values from {} to {} are shown.",
        names.join(", "),
        chart.variable,
        number(chart.x.0),
        number(chart.x.1),
        number(chart.y.0),
        number(chart.y.1)
    );
    Ok(chart)
}

/// The derivatives that are drawn, and one more if it is known: it tells poles and jumps from steep places.
fn derivatives(session: &mut Session, bound: &Bound, request: &Request) -> Result<Plan> {
    let (order, limits) = (request.order, request.limits);
    plan(session, bound, Vec::new(), Some(order + 1), limits).or_else(|_unknown| match order {
        0 => plan(session, bound, vec![What::Value], None, limits),
        order => plan(session, bound, Vec::new(), Some(order), limits),
    })
}

/// `f(x)`, `f′(x)`, `∂f/∂x`
fn name(bound: &Bound, order: usize) -> String {
    let (f, x) = (&bound.signature.name, &bound.axes[0].0);
    let digit = |k: usize| ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"].get(k).copied().unwrap_or("ⁿ");
    match order {
        0 => bound.call.clone(),
        order if bound.signature.params.len() == 1 && order <= 3 => {
            format!("{f}{}({x})", ["", "′", "″", "‴"][order])
        }
        1 => format!("∂{f}/∂{x}"),
        order => format!("∂{0}{f}/∂{x}{0}", digit(order)),
    }
}

fn tangent(
    session: &mut Session,
    bound: &Bound,
    of: usize,
    name: &str,
    given: &Given,
    evaluate: &mut dyn FnMut(&[f64]) -> Result<Vec<Sample>>,
) -> Result<Tangent> {
    let x = &bound.axes[0].0;
    if name != x {
        refuse!(Code::Question, "the tangent is to be at a value of `{x}`: write --tangent {x}=…");
    }
    let datum = value_of(session, name, &Ty::Real, given)?;
    let at = datum.entries().first().map_or(f64::NAN, |(_, x)| *x);
    let sample = evaluate(&[at])?.remove(0);
    let (value, slope) = (sample.values[0], sample.values.get(1).copied().unwrap_or(f64::NAN));
    if !value.is_finite() || !slope.is_finite() {
        refuse!(
            Code::NotDrawn,
            "{} has no tangent at {x} = {}: the value is {}, the derivative {}",
            bound.call,
            number(at),
            number(value),
            number(slope)
        );
    }
    let name = format!("tangent at {x} = {}: slope {}", number(at), number(slope));
    Ok(Tangent { of, at: (at, value), slope, name })
}

// ── Maps ─────────────────────────────────────────────────────────────────────────────────────────────

fn map(
    session: &mut Session,
    bound: &Bound,
    x: &Range,
    y: Option<&Range>,
    request: &Request,
    notes: &mut Vec<Message>,
) -> Result<Map> {
    let Some(y) = y else {
        refuse!(Code::Question, "a range of the second variable is wanted: --y LOW..HIGH")
    };
    if !request.tangents.is_empty() {
        refuse!(
            Code::Question,
            "a tangent is of a function of one variable: give {} a value with --at",
            bound.axes[1].0
        );
    }
    let between = |range: (f64, f64), part: f64| range.0 + (range.1 - range.0) * part;
    let grid = |count: usize, part: &dyn Fn(usize) -> f64| -> Vec<Vec<f64>> {
        let rows = (0..count).flat_map(|row| (0..count).map(move |column| (column, row)));
        rows.map(|(c, r)| vec![between(x.ends, part(c)), between(y.ends, part(r))]).collect()
    };
    let plan_values = plan(session, bound, vec![What::Value], None, request.limits)?;
    let plan_slopes = plan(session, bound, vec![What::Grad], None, request.limits)?;
    let points = grid(GRID, &|k| k as f64 / (GRID - 1) as f64);
    let program = Program::new(session, plan_values, Vec::new(), request.limits);
    let mut runner = Runner::new(&program, bound);
    let values: Vec<f64> = runner.run(&points).into_iter().map(|values| values[0]).collect();
    let Runner { tried, failed, fault, .. } = runner;
    report(session, &bound.call, tried, failed, fault, notes)?;
    let places = grid(ARROWS, &|k| (k as f64 + 0.5) / ARROWS as f64);
    let program = Program::new(session, plan_slopes, Vec::new(), request.limits);
    // The gradient comes in the order of the parameters, the axes in that of the ranges.
    let swapped = bound.axes[0].1 > bound.axes[1].1;
    let slopes = Runner::new(&program, bound).run(&places);
    let arrows = places.iter().zip(slopes).map(|(at, slope)| {
        let (dx, dy) = if swapped { (slope[2], slope[1]) } else { (slope[1], slope[2]) };
        ((at[0], at[1]), (dx, dy))
    });
    let arrows = arrows.collect();
    let finite = values.iter().copied().filter(|z| z.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), z| (a.min(z), b.max(z)));
    if low > high {
        refuse!(Code::NotDrawn, "{} has no value in these ranges", bound.call);
    }
    let (first, second) = (bound.axes[0].0.clone(), bound.axes[1].0.clone());
    Ok(Map {
        title: bound.call.clone(),
        description: format!(
            "Contour map of {} with arrows along its gradient: {first} from {} to {} to the right, {second} from {} to {} up; values from {} to {}.",
            bound.call,
            number(x.ends.0),
            number(x.ends.1),
            number(y.ends.0),
            number(y.ends.1),
            number(low),
            number(high)
        ),
        names: (first, second),
        in_pi: (x.in_pi, y.in_pi),
        x: x.ends,
        y: y.ends,
        columns: GRID,
        rows: GRID,
        values,
        arrows,
    })
}
