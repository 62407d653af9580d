//! `explain`: reverse mode at a point, shown step by step.

use super::datum::Datum;
use super::evaluate::{Report, What, at_point, global_values, run, value_of};
use super::point::Given;
use super::quotients::differences;
use super::refusal::Invalid;
use super::{Session, formulas, is_real};
use crate::check::{Signature, Ty};
use crate::eval::{Array, Limits, Value};
use crate::explain::compose::{Ending, Subject, compose};
use crate::explain::lesson::Lesson;
use crate::explain::sweep::Sweep;
use crate::explain::tape::{Input, Num};
use crate::explain::{Kept, Machine, Names, Trouble, Val};
use crate::refuse;
use crate::session::datum::number;
use crate::syntax::diagnostic::Code;
use crate::syntax::tree::ItemKind;
use anyhow::Result;

/// Longer formulas of pullbacks are not put on the page.
const MOST_LINES: usize = 16;

/// Arrays of more numbers are shown by their ends.
const MOST_NUMBERS: usize = 12;

/// What was asked of `explain`.
pub struct Request {
    pub function: Option<String>,
    pub at: Vec<(String, Given)>,
    pub set: Vec<(String, Given)>,
    pub seed: Option<String>,
    /// Whether forward mode is to stand beside it.
    pub forward: bool,
    pub limits: Limits,
}

/// A leaf of an argument or a `param`: its name and value, and the steps of its real numbers.
pub struct Leaf {
    pub name: String,
    pub value: Value,
    pub nums: Vec<Num>,
}

/// An argument or a `param` with its leaves.
pub struct Supplied {
    pub name: String,
    pub ty: Ty,
    pub datum: Datum,
    pub from: Input,
    pub leaves: Vec<Leaf>,
}

/// A function run at a point and walked back.
pub struct Walk {
    pub inputs: Vec<Supplied>,
    pub values: Vec<Value>,
    pub seeds: Vec<f64>,
    pub kept: Kept,
    pub sweep: Sweep,
}

/// Runs a function at a point operation by operation, and walks back.
pub fn walk(session: &mut Session, signature: &Signature, request: &Request) -> Result<Walk> {
    let mut inputs = inputs(session, signature, request)?;
    let args = flat(&inputs);
    let values = run(session, signature.id, &args, request.limits)?;
    let seeds = seeds(session, signature, request.seed.as_deref(), &values)?;
    let module = &mut session.module;
    let mut machine = Machine::new(&mut module.graph, &mut module.partials, &session.tree);
    let followed = follow(&mut machine, signature, &mut inputs);
    let kept = machine.keep();
    followed.map_err(|trouble| session.trouble(trouble))?;
    let results = kept.tape.results.iter().flatten().copied().zip(seeds.iter().copied());
    let sweep = Sweep::new(&kept.tape, &results.collect::<Vec<_>>());
    Ok(Walk { inputs, values, seeds, kept, sweep })
}

/// The page about a function at a point.
pub fn explain(session: &mut Session, request: &Request) -> Result<Lesson> {
    let signature = session.function(request.function.as_deref())?;
    let Walk { inputs, values, seeds, kept, sweep } = walk(session, &signature, request)?;
    let subject = subject(session, &signature, &inputs, &values, &seeds, request);
    let seed = match &request.seed {
        Some(text) => text.clone(),
        None => seed_datum(&signature.result, &values, &seeds).text(),
    };
    let report = engine(session, &signature, seed, request);
    let ending = ending(session, &signature, &inputs, &sweep, &subject, request, report)?;
    let module = &mut session.module;
    let names = Names::new(&kept.tape, &[&signature.name]);
    let mut machine = Machine::with(&mut module.graph, &mut module.partials, &session.tree, kept);
    Ok(compose(&mut machine, &sweep, &names, &subject, ending))
}

impl Session {
    fn trouble(&self, trouble: Trouble) -> anyhow::Error {
        match trouble {
            Trouble::Unknown(unknown) => self.unknown(&unknown),
            Trouble::Said(message, origin) => {
                Invalid(vec![self.at_origin(Code::NotExplained, origin, &message)]).into()
            }
        }
    }
}

/// The arguments and then the `param`s, with their values.
fn inputs(session: &mut Session, signature: &Signature, request: &Request) -> Result<Vec<Supplied>> {
    let mut all = Vec::new();
    let at = at_point(session, signature, &request.at)?;
    for ((name, datum), (_, ty)) in at.into_iter().zip(signature.params.iter()) {
        all.push(Supplied { name, ty: ty.clone(), datum, from: Input::Argument, leaves: Vec::new() });
    }
    let mut values = global_values(session, signature, &request.set)?.into_iter();
    for (_, global) in session.globals(signature) {
        let datum = Datum::from_flat(&global.ty, &mut values);
        all.push(Supplied {
            name: global.name,
            ty: global.ty,
            datum,
            from: Input::Param,
            leaves: Vec::new(),
        });
    }
    for input in &mut all {
        leaves(&input.name, &input.datum, &mut input.leaves);
    }
    Ok(all)
}

fn leaves(name: &str, datum: &Datum, out: &mut Vec<Leaf>) {
    match datum {
        Datum::Leaf(value) => {
            out.push(Leaf { name: name.to_string(), value: value.clone(), nums: Vec::new() });
        }
        Datum::Tuple(parts) => {
            (1..).zip(parts).for_each(|(at, part)| leaves(&format!("{name}.{at}"), part, out));
        }
        Datum::Record(fields) => {
            fields.iter().for_each(|(field, part)| leaves(&format!("{name}.{field}"), part, out));
        }
    }
}

/// The values of all leaves, in order.
pub fn flat(inputs: &[Supplied]) -> Vec<Value> {
    inputs.iter().flat_map(|input| input.leaves.iter().map(|leaf| leaf.value.clone())).collect()
}

/// Runs the function with its inputs on the tape.
fn follow(machine: &mut Machine, signature: &Signature, inputs: &mut [Supplied]) -> Result<(), Trouble> {
    let mut args = Vec::new();
    for input in inputs {
        for leaf in &mut input.leaves {
            let (name, from) = (&leaf.name, input.from);
            let mut nums = Vec::new();
            args.push(Val::given(&leaf.value, &mut |x, at| {
                let at: Vec<String> = at.iter().map(i64::to_string).collect();
                let at = if at.is_empty() { String::new() } else { format!("[{}]", at.join(", ")) };
                let num = machine.input(x, format!("{name}{at}"), from);
                nums.push(num);
                num
            }));
            leaf.nums = nums;
        }
    }
    machine.run(signature.id, args)
}

/// How much each real number of the result matters.
fn seeds(
    session: &mut Session,
    signature: &Signature,
    seed: Option<&str>,
    values: &[Value],
) -> Result<Vec<f64>> {
    let count = values.iter().map(|value| reals(value).len()).sum();
    if count == 0 {
        refuse!(
            Code::Question,
            "`{}` gives no real number: there is nothing to walk back from",
            signature.name
        );
    }
    let Some(text) = seed else {
        let mut seeds = vec![0.0; count];
        seeds[0] = 1.0;
        return Ok(seeds);
    };
    let datum = value_of(session, "seed", &signature.result, &Given::Text(text.to_string()))?;
    let mut flat = Vec::new();
    datum.into_flat(&mut flat);
    let seeds: Vec<f64> = flat.iter().flat_map(|value| reals(value).to_vec()).collect();
    if seeds.len() != count {
        refuse!(Code::ValueDoesNotFit, "the seed has {} numbers, the result has {count}", seeds.len());
    }
    Ok(seeds)
}

/// The real numbers of a value, rows first.
pub fn reals(value: &Value) -> &[f64] {
    match value {
        Value::Real(x) => std::slice::from_ref(x),
        Value::Array(array) => array.as_reals().unwrap_or_default(),
        Value::Int(_) | Value::Bool(_) => &[],
    }
}

fn subject(
    session: &Session,
    signature: &Signature,
    inputs: &[Supplied],
    values: &[Value],
    seeds: &[f64],
    request: &Request,
) -> Subject {
    let own = inputs.iter().filter(|input| input.from == Input::Argument);
    let arguments: Vec<String> = own.map(|input| argument(&input.name, &input.datum)).collect();
    let arguments = arguments.join(", ");
    let call = if signature.params.is_empty() {
        signature.name.clone()
    } else {
        format!("{}({arguments})", signature.name)
    };
    let value = Datum::from_flat(&signature.result, &mut values.iter().cloned());
    let seed = match (&request.seed, seeds) {
        (Some(text), _) => text.clone(),
        (None, [one]) => number(*one),
        (None, [_, ..]) => ends(&seed_datum(&signature.result, values, seeds)),
        (None, []) => String::new(),
    };
    Subject {
        function: signature.name.clone(),
        definition: definition(session, signature),
        point: inputs.iter().map(|input| format!("{} = {}", input.name, short(&input.datum))).collect(),
        call,
        arguments,
        value: short(&value),
        seed,
        seeds: seeds.to_vec(),
        forward: request.forward,
    }
}

/// The seeds in the structure of the result.
fn seed_datum(ty: &Ty, values: &[Value], seeds: &[f64]) -> Datum {
    let mut next = seeds.iter().copied();
    let values: Vec<Value> = values.iter().map(|value| with_reals(value, &mut next)).collect();
    Datum::from_flat(ty, &mut values.into_iter())
}

/// A value with other real numbers.
pub fn with_reals(value: &Value, next: &mut dyn Iterator<Item = f64>) -> Value {
    match value {
        Value::Real(_) => Value::Real(next.next().unwrap_or(f64::NAN)),
        Value::Int(_) | Value::Bool(_) => value.clone(),
        Value::Array(array) => match array.as_reals() {
            Some(data) => {
                let data = next.take(data.len()).collect();
                Value::Array(Array::reals(array.shape(), data))
            }
            None => value.clone(),
        },
    }
}

/// The definition as it stands in the file.
fn definition(session: &Session, signature: &Signature) -> String {
    let found = session.tree.items.iter().find(|item| match &item.kind {
        ItemKind::Function { name_span, .. } => *name_span == signature.span,
        ItemKind::Constant { .. }
        | ItemKind::Type { .. }
        | ItemKind::Import { .. }
        | ItemKind::Rule { .. }
        | ItemKind::Test { .. } => false,
    });
    let text = found.map(|item| session.tree.source(item.span).trim().to_string());
    text.unwrap_or_else(|| signature.name.clone())
}

/// A value in an argument list: a large one by its name.
pub fn argument(name: &str, datum: &Datum) -> String {
    let text = datum.text();
    if text.len() > 40 { name.to_string() } else { text }
}

/// A value, a large array by its ends and with its length.
fn short(datum: &Datum) -> String {
    match datum.entries().len() {
        count if count > MOST_NUMBERS => format!("{} ({count} numbers)", ends(datum)),
        _few => datum.text(),
    }
}

/// A value, a large array by its ends.
fn ends(datum: &Datum) -> String {
    let entries = datum.entries();
    if entries.len() <= MOST_NUMBERS {
        return datum.text();
    }
    let shown = |at: usize| number(entries[at].1);
    format!("[{}, {}, …, {}]", shown(0), shown(1), shown(entries.len() - 1))
}

// ── What else is known ───────────────────────────────────────────────────────────────────────────────

fn ending(
    session: &mut Session,
    signature: &Signature,
    inputs: &[Supplied],
    sweep: &Sweep,
    subject: &Subject,
    request: &Request,
    report: Result<Report>,
) -> Result<Ending> {
    let slots = |from: Input| {
        let own = inputs.iter().filter(|input| input.from == from);
        own.map(|input| (input.name.clone(), slot(input, sweep))).collect::<Vec<_>>()
    };
    let whole = sweep.stop.is_none();
    let mut ending = Ending {
        arguments: whole.then(|| slots(Input::Argument)),
        params: whole.then(|| slots(Input::Param)),
        differences: differences(session, signature, inputs, sweep, subject, request),
        ..Ending::default()
    };
    let any = inputs.iter().any(|input| input.ty.leaves().iter().any(|(_, ty)| is_real(ty)));
    if !any {
        ending.formula.push(format!("{} has no real input: there is no pullback", signature.name));
        return Ok(ending);
    }
    ending.formula = pullback(session, signature)?;
    let report = report?;
    let found: Vec<String> = report.vjp.iter().flatten().map(|(_, datum)| short(datum)).collect();
    let tuple = if found.len() == 1 { found[0].clone() } else { format!("({})", found.join(", ")) };
    let comma = if subject.arguments.is_empty() { "" } else { ", " };
    let call = format!("{}_pullback({}{comma}{})", signature.name, subject.arguments, subject.seed);
    ending.formula_value.push(format!("{call} = {tuple}"));
    ending.notes = report.notes.iter().map(|note| note.line.clone()).collect();
    Ok(ending)
}

/// The adjoints of an input in its own shape; nothing for what is no real number.
fn slot(input: &Supplied, sweep: &Sweep) -> String {
    if !input.ty.leaves().iter().any(|(_, ty)| is_real(ty)) {
        return "()".to_string();
    }
    let adjoints = input.leaves.iter().map(|leaf| {
        let mut own =
            leaf.nums.iter().map(|num| num.step.and_then(|step| sweep.adjoints[step]).unwrap_or(0.0));
        with_reals(&leaf.value, &mut own)
    });
    let adjoints: Vec<Value> = adjoints.collect();
    short(&Datum::from_flat(&input.ty, &mut adjoints.into_iter()))
}

/// The pullback as a definition, with the functions that it calls.
fn pullback(session: &mut Session, signature: &Signature) -> Result<Vec<String>> {
    let formulas = formulas::pullbacks(session, Some(&signature.name), &["all".to_string()])?;
    let functions = |item: &&crate::syntax::tree::Item| matches!(item.kind, ItemKind::Function { .. });
    let items = formulas.needed.iter().chain(&formulas.asked).filter(functions);
    let text: Vec<String> = items.map(|item| crate::syntax::print::item(&session.tree, item)).collect();
    let lines: Vec<String> = text.iter().flat_map(|text| text.lines().map(str::to_string)).collect();
    if lines.len() <= MOST_LINES {
        return Ok(lines);
    }
    let message = format!("({} lines: `zgrad pullback --fn {}` prints them)", lines.len(), signature.name);
    Ok(vec![message])
}

/// What the derived function gives at the same point.
fn engine(session: &mut Session, signature: &Signature, seed: String, request: &Request) -> Result<Report> {
    let wanted = super::evaluate::Request {
        function: Some(signature.name.clone()),
        at: request.at.clone(),
        set: request.set.clone(),
        wrt: vec!["all".to_string()],
        what: vec![What::Vjp],
        dir: Vec::new(),
        seed: Some(seed),
        order: None,
        mode: super::derive::Mode::Reverse,
        digits: false,
        limits: request.limits,
    };
    super::evaluate::evaluate(session, &wanted)
}
