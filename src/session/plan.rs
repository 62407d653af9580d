//! What is to be run for what was asked of a function: derived once, run at as many points as wanted.

use super::derive::{Deriver, Mode};
use super::evaluate::{Report, Request, What, value_of};
use super::notes::{self, Derivation};
use super::point::Given;
use super::{Session, Variable, is_real, suggestion};
use crate::check::{Signature, Ty};
use crate::core::{FnId, VarId};
use crate::diff::Unknown;
use crate::eval::{Array, Value};
use crate::refuse;
use crate::session::datum::Datum;
use crate::syntax::diagnostic::Code;
use anyhow::Result;

/// The functions that give what was asked.
pub struct Plan {
    pub signature: Signature,
    pub variables: Vec<Variable>,
    pub steps: Vec<Step>,
}

/// A function that gives one thing that was asked.
pub struct Step {
    pub asked: Asked,
    pub function: FnId,
    /// What was differentiated last to make the function; nothing for the value itself.
    pub differentiated: Option<FnId>,
    /// Its arguments after those of the function that was asked about.
    pub more: Vec<More>,
    /// The results before this number are those of the function that was asked about.
    pub first: usize,
    of: Of,
    /// Of the results from number `first` on: which are 0 by their form.
    zeros: Vec<bool>,
}

/// What a step gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    What(What),
    /// The value and the derivatives up to an order.
    Orders,
}

/// An argument of a derived function after those of the function itself.
#[derive(Debug, Clone)]
pub enum More {
    Given(Value),
    /// The zero of the type and shape of the argument with this number.
    ZeroOf(usize),
}

/// Which real results a result of a step is a derivative of.
#[derive(Debug, Clone, Copy)]
enum Of {
    /// None: it is a result itself.
    Itself,
    /// The only one.
    Only,
    /// So many derivatives in a row belong to each.
    Rows(usize),
    All,
}

/// What a plan gives at a point: flat values.
pub struct Outcome {
    /// Of the function itself.
    pub results: Vec<Value>,
    /// Of each step.
    pub steps: Vec<Vec<Value>>,
}

/// How a function is run at its arguments.
pub type Runner<'a, E> = dyn FnMut(FnId, &[Value]) -> Result<Vec<Value>, E> + 'a;

impl Plan {
    /// Derives what was asked of a function.
    pub fn new(session: &mut Session, signature: Signature, request: &Request) -> Result<Plan> {
        let variables = session.variables(&signature, &request.wrt)?;
        let mut planner =
            Planner { session, signature: &signature, variables: &variables, mode: request.mode };
        let mut steps = Vec::new();
        if let Some(order) = request.order {
            steps.push(planner.orders(order)?);
        } else {
            for what in default_what(&signature, &variables, &request.what) {
                steps.push(planner.step(what, request)?);
            }
        }
        Ok(Plan { signature, variables, steps })
    }

    /// Runs all steps at a point, given how to run a function.
    pub fn run<E>(&self, args: &[Value], run: &mut Runner<E>) -> Result<Outcome, E> {
        let mut results: Option<Vec<Value>> = None;
        let mut steps = Vec::new();
        for step in &self.steps {
            let mut values = run(step.function, &step.args(args))?;
            if results.is_none() {
                results = Some(match (step.differentiated, step.first) {
                    (None, _) => values.clone(),
                    (Some(_), first) if step.gives_results() => values[..first].to_vec(),
                    (Some(_), _) => run(self.signature.id, args)?,
                });
            }
            step.mask(results.as_deref().unwrap_or_default(), &mut values);
            steps.push(values);
        }
        Ok(Outcome { results: results.unwrap_or_default(), steps })
    }

    /// What the steps derived, at a point.
    pub fn derivations(&self, args: &[Value]) -> Vec<Derivation> {
        let derived = self.steps.iter().filter_map(|step| {
            step.differentiated?;
            Some(Derivation { derived: step.function, args: step.args(args) })
        });
        derived.collect()
    }

    /// Puts the values of the steps into a report, in the structure that they have.
    pub fn report(&self, steps: Vec<Vec<Value>>, report: &mut Report) {
        for (step, values) in self.steps.iter().zip(steps) {
            self.arrange(step, values, report);
        }
    }

    fn arrange(&self, step: &Step, values: Vec<Value>, report: &mut Report) {
        let result = &self.signature.result;
        let (before, after) = values.split_at(step.first);
        let mut after = after.iter().cloned();
        let mut next = || Datum::Leaf(after.next().expect("a value for each leaf"));
        match step.asked {
            Asked::Orders => {
                report.value = Some(Datum::from_flat(result, &mut before.iter().cloned()));
                let name = self.variables[0].name.clone();
                report.orders = Some((name, after.map(Datum::Leaf).collect()));
            }
            Asked::What(What::Value) => report.value = Some(Datum::from_flat(result, &mut after)),
            Asked::What(What::Grad) => report.grad = Some(by_variable(&self.variables, &mut next)),
            Asked::What(What::Jac) => report.jac = Some(self.jacobian(&values[step.first..])),
            Asked::What(What::Hess) => {
                report.hess = Some(by_variable(&self.variables, &mut || {
                    Datum::Record(by_variable(&self.variables, &mut next))
                }));
            }
            Asked::What(What::Jvp) => report.jvp = Some(shaped(result, &mut next)),
            Asked::What(What::Vjp) => report.vjp = Some(by_variable(&self.variables, &mut next)),
            Asked::What(What::Hvp) => report.hvp = Some(by_variable(&self.variables, &mut next)),
            Asked::What(What::HessDiag) => report.hess_diag = Some(by_variable(&self.variables, &mut next)),
        }
    }

    /// The derivatives of each result by each leaf, results first, as one value a variable.
    fn jacobian(&self, values: &[Value]) -> Vec<(String, Datum)> {
        let reals = |ty: &Ty| ty.leaves().iter().filter(|(_, ty)| is_real(ty)).count();
        let count: usize = self.variables.iter().map(|v| reals(&v.ty)).sum();
        let mut start = 0;
        let each = self.variables.iter().map(|variable| {
            let own = reals(&variable.ty);
            let mut row = 0;
            let datum = shaped(&self.signature.result, &mut || {
                let at = row * count + start;
                row += 1;
                let mut entries = values[at..at + own].iter().cloned();
                shaped(&variable.ty, &mut || Datum::Leaf(entries.next().expect("one for each leaf")))
            });
            start += own;
            (variable.name.clone(), datum)
        });
        each.collect()
    }
}

impl More {
    /// The argument, given those of the function itself.
    pub fn value(&self, args: &[Value]) -> Value {
        match self {
            More::Given(value) => value.clone(),
            More::ZeroOf(at) => zero_like(&args[*at]),
        }
    }
}

impl Step {
    /// Its arguments, given those of the function that was asked about.
    pub fn args(&self, args: &[Value]) -> Vec<Value> {
        args.iter().cloned().chain(self.more.iter().map(|more| more.value(args))).collect()
    }

    /// Whether the results that come first are all that the function itself has.
    pub fn gives_results(&self) -> bool {
        match self.asked {
            Asked::Orders | Asked::What(What::Grad | What::Value) => true,
            Asked::What(What::Jac | What::Hess | What::Jvp | What::Vjp | What::Hvp | What::HessDiag) => false,
        }
    }

    /// Where a result of the function is not a number its derivatives are none either, but for those by
    /// what it does not depend on.
    pub fn mask(&self, results: &[Value], values: &mut [Value]) {
        if matches!(self.of, Of::Itself) || !results.iter().any(notes::is_undefined) {
            return;
        }
        let real: Vec<&Value> = results.iter().filter(|value| value.ty().is_real()).collect();
        let undefined = Value::Real(f64::NAN);
        for (at, value) in values[self.first..].iter_mut().enumerate() {
            let of = match self.of {
                Of::Itself => continue,
                Of::Only => real[0],
                Of::Rows(count) => real[at / count],
                Of::All => &undefined,
            };
            if !self.zeros[at] {
                *value = notes::undefined_with(of, std::mem::replace(value, Value::Bool(false)));
            }
        }
    }
}

/// Value and gradient, or value and Jacobian when there is more than one result.
fn default_what(signature: &Signature, variables: &[Variable], asked: &[What]) -> Vec<What> {
    if !asked.is_empty() {
        return asked.to_vec();
    }
    let reals = signature.result.leaves().iter().filter(|(_, ty)| is_real(ty)).count();
    match (variables.is_empty() || reals == 0, &signature.result) {
        (true, _) => vec![What::Value],
        (false, Ty::Real) => vec![What::Value, What::Grad],
        (false, _) => vec![What::Value, What::Jac],
    }
}

/// Derives the functions of the steps.
struct Planner<'a> {
    session: &'a mut Session,
    signature: &'a Signature,
    variables: &'a [Variable],
    mode: Mode,
}

impl Planner<'_> {
    fn step(&mut self, what: What, request: &Request) -> Result<Step> {
        let (f, mode) = (self.signature.id, self.mode);
        let leaves = real_leaves(&self.session.module.graph, self.variables);
        match what {
            What::Value => Ok(Step {
                asked: Asked::What(what),
                function: f,
                differentiated: None,
                more: Vec::new(),
                first: 0,
                of: Of::Itself,
                zeros: Vec::new(),
            }),
            What::Grad => {
                self.scalar_result("gradient")?;
                let derived = self.derive(mode, |d| d.value_and_gradient(f, &leaves))?;
                Ok(self.derived(what, derived, f, 1, Of::Only, Vec::new()))
            }
            What::Jac => {
                let derived = self.derive(mode, |d| d.jacobian_function(f, &leaves))?;
                Ok(self.derived(what, derived, f, 0, Of::Rows(leaves.len()), Vec::new()))
            }
            What::Hess => {
                self.scalar_result("Hessian")?;
                let gradient = self.derive(mode, |d| d.value_and_gradient(f, &leaves))?;
                let derived = self.derive(mode, |d| d.hessian_function(f, &leaves))?;
                Ok(self.derived(what, derived, gradient, 0, Of::Only, Vec::new()))
            }
            What::HessDiag => {
                self.scalar_result("Hessian")?;
                let gradient = self.derive(mode, |d| d.value_and_gradient(f, &leaves))?;
                let derived = self.derive(mode, |d| d.hessian_diagonal(f, &leaves))?;
                Ok(self.derived(what, derived, gradient, 1 + leaves.len(), Of::Only, Vec::new()))
            }
            What::Jvp => {
                let tangents = self.directions(&request.dir)?;
                let derived = self.derive(Mode::Forward, |d| d.jvp_function(f, &leaves))?;
                let count = self.signature.result.leaves().len();
                Ok(self.derived(what, derived, f, count, Of::Rows(1), tangents))
            }
            What::Hvp => {
                let tangents = self.directions(&request.dir)?;
                self.scalar_result("Hessian")?;
                let gradient = self.derive(mode, |d| d.value_and_gradient(f, &leaves))?;
                let derived = self.derive(mode, |d| d.hvp_function(f, &leaves))?;
                Ok(self.derived(what, derived, gradient, 0, Of::Only, tangents))
            }
            What::Vjp => {
                let seeds = self.seeds(request.seed.as_deref())?;
                let derived = self.derive(Mode::Reverse, |d| d.vjp_function(f, &leaves))?;
                Ok(self.derived(what, derived, f, 0, Of::All, seeds))
            }
        }
    }

    fn orders(&mut self, order: u32) -> Result<Step> {
        self.scalar_result("derivatives of higher order")?;
        let [Variable { ty: Ty::Real, leaves, .. }] = self.variables else {
            refuse!(
                Code::Question,
                "--order is for one real variable: choose it with --wrt, or ask for --what hess"
            );
        };
        let (f, x, mode) = (self.signature.id, leaves[0], self.mode);
        let before = self.derive(mode, |d| d.orders_function(f, x, order as usize - 1))?;
        let derived = self.derive(mode, |d| d.orders_function(f, x, order as usize))?;
        let step = self.derived(What::Grad, derived, before, 1, Of::Only, Vec::new());
        Ok(Step { asked: Asked::Orders, ..step })
    }

    fn derived(
        &self,
        what: What,
        function: FnId,
        differentiated: FnId,
        first: usize,
        of: Of,
        more: Vec<More>,
    ) -> Step {
        let graph = &self.session.module.graph;
        let results = graph.function(function).results.iter().skip(first);
        let zeros = results.map(|&ex| notes::is_structural_zero(graph, ex)).collect();
        let differentiated = Some(differentiated);
        Step { asked: Asked::What(what), function, differentiated, more, first, of, zeros }
    }

    fn derive(
        &mut self,
        mode: Mode,
        make: impl FnOnce(&mut Deriver) -> Result<FnId, Unknown>,
    ) -> Result<FnId> {
        let forms = self.session.forms;
        let module = &mut self.session.module;
        module.partials.keeping = true;
        let mut deriver = Deriver { graph: &mut module.graph, rules: &mut module.partials, mode, forms };
        let made = make(&mut deriver);
        module.partials.keeping = false;
        made.map_err(|unknown| self.session.unknown(&unknown))
    }

    fn scalar_result(&self, what: &str) -> Result<()> {
        if self.signature.result == Ty::Real {
            return Ok(());
        }
        refuse!(
            Code::Question,
            "`{}` has no single real result, so it has no {what}; ask for `--what jac`",
            self.signature.name
        )
    }

    /// The tangent of each real leaf of the variables: as given, else zero.
    fn directions(&mut self, given: &[(String, Given)]) -> Result<Vec<More>> {
        let names: Vec<&str> = self.variables.iter().map(|v| v.name.as_str()).collect();
        if let Some((extra, _)) = given.iter().find(|(name, _)| !names.contains(&name.as_str())) {
            refuse!(Code::NoSuchVariable, "no variable `{extra}` to go along{}", suggestion(extra, &names));
        }
        if given.is_empty() {
            refuse!(
                Code::NoValue,
                "a direction is wanted: add --dir, for example --dir {}=1",
                names.first().unwrap_or(&"x")
            );
        }
        let params = self.session.module.graph.function(self.signature.id).params.clone();
        let mut tangents = Vec::new();
        for variable in self.variables {
            let own: Vec<More> = match given.iter().find(|(name, _)| *name == variable.name) {
                Some((name, given)) => {
                    let mut flat = Vec::new();
                    value_of(self.session, name, &variable.ty, given)?.into_flat(&mut flat);
                    flat.into_iter().map(More::Given).collect()
                }
                None => {
                    let place = |leaf| params.iter().position(|p| p == leaf);
                    let zero = |leaf| place(leaf).map_or(More::Given(Value::Real(0.0)), More::ZeroOf);
                    variable.leaves.iter().map(zero).collect()
                }
            };
            let leaves = variable.ty.leaves();
            let real = own.into_iter().zip(&leaves).filter(|(_, (_, ty))| is_real(ty));
            tangents.extend(real.map(|(more, _)| more));
        }
        Ok(tangents)
    }

    /// The cotangent of each real result.
    fn seeds(&mut self, seed: Option<&str>) -> Result<Vec<More>> {
        let ty = &self.signature.result;
        match (seed, ty) {
            (Some(text), ty) => {
                let mut flat = Vec::new();
                value_of(self.session, "seed", ty, &Given::Text(text.to_string()))?.into_flat(&mut flat);
                let real = flat.into_iter().zip(ty.leaves()).filter(|(_, (_, ty))| is_real(ty));
                Ok(real.map(|(value, _)| More::Given(value)).collect())
            }
            (None, Ty::Real) => Ok(vec![More::Given(Value::Real(1.0))]),
            (None, _) => {
                refuse!(
                    Code::NoValue,
                    "`{}` has several results: say how much each matters with --seed",
                    self.signature.name
                )
            }
        }
    }
}

/// The zero of the type and shape of a value.
fn zero_like(value: &Value) -> Value {
    match value {
        Value::Real(_) => Value::Real(0.0),
        Value::Int(_) => Value::Int(0),
        Value::Bool(_) => Value::Bool(false),
        Value::Array(array) => {
            let n = array.shape().iter().product();
            Value::Array(Array::reals(array.shape(), vec![0.0; n]))
        }
    }
}

/// The real leaves of all variables.
pub fn real_leaves(graph: &crate::core::Graph, variables: &[Variable]) -> Vec<VarId> {
    variables
        .iter()
        .flat_map(|v| v.leaves.iter().copied())
        .filter(|&leaf| graph.var(leaf).ty.is_real())
        .collect()
}

/// For each variable a value of its structure, from one for each real leaf.
fn by_variable(variables: &[Variable], next: &mut dyn FnMut() -> Datum) -> Vec<(String, Datum)> {
    variables.iter().map(|v| (v.name.clone(), shaped(&v.ty, next))).collect()
}

/// A value of the structure of a type, from one for each real leaf; other leaves are 0.
fn shaped(ty: &Ty, next: &mut dyn FnMut() -> Datum) -> Datum {
    match ty {
        Ty::Tuple(parts) => Datum::Tuple(parts.iter().map(|part| shaped(part, next)).collect()),
        Ty::Record(fields) => {
            Datum::Record(fields.iter().map(|(name, field)| (name.clone(), shaped(field, next))).collect())
        }
        leaf if is_real(leaf) => next(),
        Ty::Real | Ty::Int | Ty::Bool | Ty::Array { .. } | Ty::Function(..) | Ty::Error => {
            Datum::Leaf(Value::Int(0))
        }
    }
}
