//! The properties of one program at one point.

use super::number;
use super::oracle::{Oracle, Stop};
use super::point::Point;
use super::text;
use super::tree::Program;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use zgrad::block;
use zgrad::check::Signature;
use zgrad::core::FnId;
use zgrad::eval::{Limits, Machine, Value};
use zgrad::session::datum::numbers;
use zgrad::session::derive::{Deriver, Mode};
use zgrad::session::plan::real_leaves;
use zgrad::session::sparsity::{self, Matrix};
use zgrad::session::{Session, Variable, formulas};
use zgrad::syntax::parse::{has_errors, parse};
use zgrad::syntax::print;
use zgrad::syntax::tree::{ItemKind, Tree};

/// What a program turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    Holds,
    /// The oracle cannot tell.
    Unclear(&'static str),
    /// A property does not hold: which one, and how.
    Fails {
        what: String,
        how: String,
    },
}

/// The relative error of each operation in the runs that measure the condition: far above rounding,
/// so that what a program makes of it bounds what any order of operations makes of rounding.
const NOISE: f64 = 1e-11;

/// A number that is wanted and how far one may be from it.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    value: f64,
    tolerance: f64,
}

/// What the oracle says: the value, the slope along a direction, the second one along two.
struct Expected {
    value: Wanted,
    first: Result<Wanted, &'static str>,
    second: Option<Wanted>,
}

pub struct Case<'a> {
    pub program: &'a Program,
    pub point: Point,
    pub seed: u64,
    u: Vec<f64>,
    v: Vec<f64>,
}

thread_local! {
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Panics under [`caught`] are not shown.
pub fn quiet() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let shown = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !CATCHING.get() {
                return shown(info);
            }
            let place = info.location().map(|l| format!("{}:{}", l.file(), l.line())).unwrap_or_default();
            let text = info.payload().downcast_ref::<String>().cloned();
            let text = text.or_else(|| info.payload().downcast_ref::<&str>().map(|s| s.to_string()));
            PANIC.with(|p| *p.borrow_mut() = format!("{place}\n{}", text.unwrap_or_default()));
        }));
    });
}

/// What it gives, or the place and the message of its panic.
pub fn caught<T>(run: impl FnOnce() -> T) -> Result<T, String> {
    let before = CATCHING.replace(true);
    let found = catch_unwind(AssertUnwindSafe(run));
    CATCHING.set(before);
    found.map_err(|_| PANIC.with(|p| p.borrow().clone()))
}

fn fails<T>(what: &str, how: impl Into<String>) -> Result<T, Verdict> {
    Err(Verdict::Fails { what: what.to_string(), how: how.into() })
}

/// Runs a stage; a panic is a failure with its place.
fn stage<T>(what: &str, run: impl FnOnce() -> Result<T, String>) -> Result<T, Verdict> {
    match caught(run) {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(message)) => {
            let first = message.lines().next().unwrap_or_default();
            let kind: String = first.split('`').step_by(2).collect::<Vec<_>>().join("…");
            fails(&format!("{what}: {kind}"), message)
        }
        Err(message) => {
            let place = message.lines().next().unwrap_or_default().to_string();
            fails(&format!("{what}: panic at {place}"), message)
        }
    }
}

impl<'a> Case<'a> {
    pub fn new(program: &'a Program, seed: u64) -> Self {
        let point = Point::new(program, seed);
        let (u, v) = (point.direction(seed), point.direction(!seed));
        Case { program, point, seed, u, v }
    }

    /// The value and slopes, with the errors of the noise.
    fn oracle(&self, order: usize, noise: Option<u64>) -> Result<Vec<f64>, Stop> {
        number::set_noise(if noise.is_some() { NOISE } else { 0.0 }, noise.unwrap_or(1));
        let along: Vec<(u32, &[f64])> =
            [(1, &self.u[..]), (2, &self.v[..])].into_iter().take(order).collect();
        let (args, globals) = self.point.for_oracle(self.program.main(), &along, &number::rounded);
        let mut oracle = Oracle::new(self.program, &globals, 400_000);
        let value = oracle.main(&args)?.num()?;
        if order == 2 {
            let (value, outer) = value.split(2);
            let (value, first) = value.split(1);
            return Ok(vec![value.re(), first.re(), outer.slope(1).re()]);
        }
        let (value, slope) = value.split(1);
        Ok([value.re(), slope.re()].into_iter().take(order + 1).collect())
    }

    /// The values and how well they are known; nothing where the function jumps or is not finite.
    fn judged(&self, order: usize) -> Result<Vec<Wanted>, &'static str> {
        const UNCLEAR: [[&str; 3]; 3] = [
            ["a derivative in it is at a kink", "at a kink", "at a kink"],
            ["not finite", "a derivative that is not finite", "second"],
            ["ill conditioned", "ill conditioned derivative", "second"],
        ];
        let run = |noise| match self.oracle(order, noise) {
            Ok(found) => Ok(found),
            Err(Stop::Fault) => Err("an index is outside"),
            Err(Stop::Long) => Err("too many steps"),
            Err(Stop::Broken) => Err("broken"),
        };
        let exact = run(None)?;
        if number::met_kink() {
            return Err(UNCLEAR[0][order]);
        }
        if order > 0 && number::met_infinity() {
            return Err("a step is not finite");
        }
        if exact.iter().any(|x| !x.is_finite() || x.abs() > 1e100) {
            return Err(UNCLEAR[1][order]);
        }
        let mut wanted: Vec<Wanted> =
            exact.iter().map(|&value| Wanted { value, tolerance: 1e-11 * value.abs() + 1e-13 }).collect();
        for k in 0..3 {
            let noisy = run(Some(self.seed.wrapping_mul(3).wrapping_add(k)))?;
            for (w, noisy) in wanted.iter_mut().zip(&noisy) {
                w.tolerance = w.tolerance.max(4.0 * (noisy - w.value).abs());
            }
        }
        // A bad condition, or a branch that the noise turns over.
        let clear = |w: &Wanted| w.tolerance <= 1e-4 * w.value.abs().max(1e-2);
        if !wanted.iter().all(clear) {
            return Err(UNCLEAR[2][order]);
        }
        Ok(wanted)
    }

    fn expected(&self, second: bool) -> Result<Expected, &'static str> {
        let value = self.judged(0)?[0];
        let first = self.judged(1).map(|all| all[1]);
        // Known less often.
        let second = if second { self.judged(2).ok().map(|all| all[2]) } else { None };
        Ok(Expected { value, first, second })
    }

    /// Holds everything that is promised against the program.
    pub fn judge(&self) -> Verdict {
        match self.properties() {
            Ok(()) => Verdict::Holds,
            Err(verdict) => verdict,
        }
    }

    fn properties(&self) -> Result<(), Verdict> {
        let text = text::program(self.program);
        let formatted = self.formatted(&text)?;
        let mut session = match opened("check", &text) {
            // In a branch that is never taken, too.
            Err(Verdict::Fails { what, .. }) if what.contains("is outside") => {
                return Err(Verdict::Unclear("rejected: an index is outside"));
            }
            session => session?,
        };
        let signature = stage("check", || session.function(None).map_err(|e| format!("{e:#}")))?;
        let args = self.args(&session, &signature);
        let deep = self.seed.is_multiple_of(4);
        let expected = match caught(|| self.expected(deep)) {
            Ok(expected) => expected,
            Err(message) => fails("oracle", message)?,
        };
        let value = run("value", &mut session, signature.id, &args);
        let expected = match expected {
            Ok(expected) => expected,
            // Nothing but that it does not break.
            Err(why) => {
                if let Err(Verdict::Fails { what, how }) = value
                    && what.contains("panic")
                {
                    return fails(&what, how);
                }
                self.derivatives(&mut session, &signature, &args, None, deep)?;
                return Err(Verdict::Unclear(why));
            }
        };
        let value = value?;
        near("value", &value, expected.value)?;
        let again = run("value", &mut session, signature.id, &args)?;
        same_bits("twice", &value, &again)?;
        let mut reread = opened("reread", &formatted)?;
        let same = stage("reread", || reread.function(None).map_err(|e| format!("{e:#}")))?;
        let reread = run("reread", &mut reread, same.id, &args)?;
        same_bits("reread", &value, &reread)?;
        if let Err(why) = expected.first {
            self.derivatives(&mut session, &signature, &args, None, deep)?;
            return Err(Verdict::Unclear(why));
        }
        self.derivatives(&mut session, &signature, &args, Some(&expected), deep)
    }

    /// Printing what was parsed, and parsing that, changes nothing more.
    fn formatted(&self, text: &str) -> Result<String, Verdict> {
        let once = formatted(text)?;
        let twice = formatted(&once)?;
        if once != twice {
            return fails("fmt", format!("{once}\nis formatted as\n{twice}"));
        }
        Ok(once)
    }

    /// The arguments, then the `param`s that the function uses.
    fn args(&self, session: &Session, signature: &Signature) -> Vec<Value> {
        let mut args = self.point.values();
        args.extend(self.kept(session, signature).iter().map(|&k| Value::Real(self.point.globals[k])));
        args
    }

    /// Which `param`s the function uses.
    pub fn kept(&self, session: &Session, signature: &Signature) -> Vec<usize> {
        let names = signature.globals.iter().map(|&at| session.module.globals[at].name.as_str());
        let at = |name: &str| self.program.globals.iter().position(|(known, _)| known == name);
        names.map(|name| at(name).expect("a `param` of the program")).collect()
    }

    fn derivatives(
        &self,
        session: &mut Session,
        signature: &Signature,
        args: &[Value],
        expected: Option<&Expected>,
        deep: bool,
    ) -> Result<(), Verdict> {
        let f = signature.id;
        let variables = stage("variables", || {
            session.variables(signature, &["all".into()]).map_err(|e| format!("{e:#}"))
        })?;
        let leaves = real_leaves(&session.module.graph, &variables);
        let kept = self.kept(session, signature);
        let tangents = self.point.tangents(&self.u, &kept);
        let first = expected.and_then(|e| e.first.ok());
        let compare = |what: &str, found: Result<f64, Verdict>, wanted: Option<Wanted>| match (found, wanted)
        {
            (Ok(found), Some(wanted)) => close(what, found, wanted),
            (Err(Verdict::Fails { what, how }), None) if !what.contains("panic") => {
                let _ = how;
                Ok(())
            }
            (Err(verdict), _) => Err(verdict),
            (Ok(_), None) => Ok(()),
        };
        let forward = derive("forward", session, |d| d.jvp_function(f, &leaves))?;
        let both: Vec<Value> = args.iter().chain(&tangents).cloned().collect();
        let slope =
            run("forward", session, forward, &both).map(|r| r.get(1).map_or(0.0, |dot| numbers(dot)[0]));
        compare("forward", slope, first)?;
        let reverse = derive("reverse", session, |d| {
            d.mode = Mode::Reverse;
            d.value_and_gradient(f, &leaves)
        })?;
        let gradient = run("reverse", session, reverse, args);
        if let Ok(gradient) = &gradient {
            let entries: Vec<Value> = gradient[1..].to_vec();
            self.patterned(Matrix::Jacobian, session, (signature, &variables), args, &entries)?;
        }
        compare("reverse", gradient.map(|r| inner(&r[1..], &tangents)), first)?;
        if deep {
            let again = self.point.tangents(&self.v, &kept);
            let second = expected.and_then(|e| e.second);
            let product = derive("hvp", session, |d| d.hvp_function(f, &leaves))?;
            let curve = run("hvp", session, product, &both).map(|r| inner(&r, &again));
            compare("hvp", curve, second)?;
            if self.seed.is_multiple_of(8) {
                let hessian = derive("hessian", session, |d| d.hessian_function(f, &leaves))?;
                let entries = run("hessian", session, hessian, args);
                if let Ok(entries) = &entries {
                    self.patterned(Matrix::Hessian, session, (signature, &variables), args, entries)?;
                }
                compare("hessian", entries.map(|r| twice(&r, &again, &tangents)), second)?;
            }
        }
        if self.seed.is_multiple_of(2) {
            let slope = self.printed(session, args, &tangents);
            compare("printed", slope, first)?;
        }
        Ok(())
    }

    /// What is not in the pattern is 0. The entries are those of each row block and column block.
    fn patterned(
        &self,
        matrix: Matrix,
        session: &mut Session,
        (signature, variables): (&Signature, &[Variable]),
        args: &[Value],
        entries: &[Value],
    ) -> Result<(), Verdict> {
        let found = stage("pattern", || {
            let known = sparsity::known_at(session, signature, args);
            sparsity::found(session, signature, variables, &known, matrix, Limits::default())
                .map_err(|e| format!("{e:#}"))
        })?;
        let columns = found.columns.len();
        for (number, value) in entries.iter().enumerate() {
            let (row, column) = (&found.rows[number / columns], &found.columns[number % columns]);
            for (at, x) in numbers(value).into_iter().enumerate().filter(|&(_, x)| x != 0.0) {
                let entry = (row.first + at / column.count(), column.first + at % column.count());
                if found.pattern.entries.binary_search(&(entry.0 as u32, entry.1 as u32)).is_err() {
                    return fails("outside the pattern", format!("{matrix:?} {entry:?} is {x}"));
                }
            }
        }
        Ok(())
    }

    /// The value and the gradient as the evaluator finds them: scalars first, then arrays.
    pub fn gradient(&self) -> Result<Vec<f64>, Verdict> {
        let mut session = opened("check", &text::program(self.program))?;
        let signature = stage("check", || session.function(None).map_err(|e| format!("{e:#}")))?;
        let args = self.args(&session, &signature);
        let variables = stage("variables", || {
            session.variables(&signature, &["all".into()]).map_err(|e| format!("{e:#}"))
        })?;
        let leaves = real_leaves(&session.module.graph, &variables);
        let gradient = derive("gradient", &mut session, |d| d.value_and_gradient(signature.id, &leaves))?;
        let found = run("gradient", &mut session, gradient, &args)?;
        let (arrays, scalars): (Vec<&Value>, Vec<&Value>) =
            found.iter().partition(|v| v.as_array().is_some());
        Ok(scalars.into_iter().chain(arrays).flat_map(numbers).collect())
    }

    /// The gradient as formulas, read back.
    fn printed(&self, session: &mut Session, args: &[Value], tangents: &[Value]) -> Result<f64, Verdict> {
        let wanted = formulas::What::Grad { order: 1 };
        let all = ["all".to_string()];
        let found = stage("printed", || {
            formulas::derivatives(session, None, &all, wanted).map_err(|e| format!("{e:#}"))
        })?;
        let text = stage("printed", || Ok(found.text(session)))?;
        let with_text = |verdict| match verdict {
            Verdict::Fails { what, how } => Verdict::Fails { what, how: format!("{how}\n{text}") },
            other => other,
        };
        let names: Vec<String> = found
            .asked
            .iter()
            .filter_map(|item| match &item.kind {
                ItemKind::Function { name, .. } => Some(session.tree.text(*name).to_string()),
                _ => None,
            })
            .collect();
        let formatted = formatted(&text).map_err(with_text)?;
        if formatted != text {
            return fails("printed is not formatted", format!("{text}\nis formatted as\n{formatted}"));
        }
        let mut again = opened("printed", &text).map_err(with_text)?;
        let own = self.point.values().len();
        let mut slope = 0.0;
        for (name, tangent) in names.iter().zip(tangents) {
            let signature = stage("printed", || again.function(Some(name)).map_err(|e| format!("{e:#}")))?;
            let mut args = args[..own].to_vec();
            args.extend(self.kept(&again, &signature).iter().map(|&k| Value::Real(self.point.globals[k])));
            let found = run("printed", &mut again, signature.id, &args).map_err(with_text)?;
            slope += inner(&found, std::slice::from_ref(tangent));
        }
        Ok(slope)
    }
}

fn opened(what: &str, text: &str) -> Result<Session, Verdict> {
    stage(what, || Session::from_text(Path::new("random.math"), text).map_err(|e| format!("{e:#}")))
}

fn formatted(text: &str) -> Result<String, Verdict> {
    stage("parse", || {
        let mut tree = Tree::default();
        let diagnostics = parse(&mut tree, "random.math", text);
        if has_errors(&diagnostics) {
            return Err(diagnostics[0].message.clone());
        }
        Ok(print::file(&tree, &tree.items))
    })
}

fn derive(
    what: &str,
    session: &mut Session,
    make: impl FnOnce(&mut Deriver) -> Result<FnId, zgrad::diff::Unknown>,
) -> Result<FnId, Verdict> {
    stage(what, || {
        let module = &mut session.module;
        let mut deriver = Deriver {
            graph: &mut module.graph,
            rules: &mut module.partials,
            mode: Mode::Auto,
            forms: zgrad::simplify::Forms::Stable,
        };
        make(&mut deriver).map_err(|unknown| unknown.message)
    })
}

fn run(what: &str, session: &mut Session, f: FnId, args: &[Value]) -> Result<Vec<Value>, Verdict> {
    stage(what, || {
        let mut machine = Machine::new(block::procedures(&mut session.module.graph, &[f]));
        machine.limits.steps = 5_000_000;
        machine.run(f, args).map_err(|fault| fault.message)
    })
}

fn near(what: &str, values: &[Value], wanted: Wanted) -> Result<(), Verdict> {
    close(what, numbers(&values[0])[0], wanted)
}

fn close(what: &str, found: f64, wanted: Wanted) -> Result<(), Verdict> {
    if (found - wanted.value).abs() <= wanted.tolerance {
        return Ok(());
    }
    let how = format!("{found:?} instead of {:?}, {:.0e} from it at most", wanted.value, wanted.tolerance);
    fails(&format!("{what} is wrong"), how)
}

fn same_bits(what: &str, a: &[Value], b: &[Value]) -> Result<(), Verdict> {
    let bits = |values: &[Value]| values.iter().flat_map(numbers).map(f64::to_bits).collect::<Vec<_>>();
    if bits(a) == bits(b) {
        Ok(())
    } else {
        fails(&format!("{what}: other bits"), format!("{a:?} and {b:?}"))
    }
}

/// The product of gradients with tangents.
fn inner(bars: &[Value], tangents: &[Value]) -> f64 {
    let (bars, tangents) = (bars.iter().flat_map(numbers), tangents.iter().flat_map(numbers));
    bars.zip(tangents).map(|(a, b)| a * b).sum()
}

/// The blocks of a Hessian between two directions.
fn twice(blocks: &[Value], left: &[Value], right: &[Value]) -> f64 {
    let mut blocks = blocks.iter();
    let mut sum = 0.0;
    for a in left {
        for b in right {
            let (a, b, block) = (numbers(a), numbers(b), numbers(blocks.next().expect("a block")));
            for (i, x) in a.iter().enumerate() {
                sum += x * b.iter().enumerate().map(|(j, y)| block[i * b.len() + j] * y).sum::<f64>();
            }
        }
    }
    sum
}
