//! A function at a point: its value, and each kind of derivative by running a function that is derived
//! from it.

use super::certainty::{Pass, Runs};
use super::derive::{Deriver, Mode};
use super::evaluate::{Report, entries, run, value_of};
use super::notes::{self, Derivation, Run};
use super::point::Given;
use super::{Session, Variable, is_real};
use crate::check::{Signature, Ty};
use crate::core::{FnId, VarId};
use crate::diff::Unknown;
use crate::eval::{Limits, Value};
use crate::session::datum::Datum;
use anyhow::{Result, bail};

/// A function at a point, and what is derived from it.
pub struct Evaluation<'a> {
    pub session: &'a mut Session,
    pub signature: Signature,
    args: Vec<Value>,
    limits: Limits,
    /// The results of the function itself, once they are known.
    results: Option<Vec<Value>>,
    derivations: Vec<Derivation>,
    /// The runs with certain digits, if those are wanted.
    pub runs: Option<Runs>,
}

impl<'a> Evaluation<'a> {
    pub fn new(
        session: &'a mut Session,
        signature: Signature,
        args: Vec<Value>,
        limits: Limits,
        runs: Option<Runs>,
    ) -> Self {
        Evaluation { session, signature, args, limits, results: None, derivations: Vec::new(), runs }
    }

    /// From here on gives other values of the runs there were.
    pub fn replay(&mut self, pass: Pass) {
        self.results = None;
        if let Some(runs) = &mut self.runs {
            runs.replay(pass);
        }
    }

    /// The flat values of each variable.
    pub fn args_of(&self, variables: &[Variable]) -> Vec<Vec<Value>> {
        let params = &self.session.module.graph.function(self.signature.id).params;
        let value = |leaf: &VarId| {
            let at = params.iter().position(|p| p == leaf);
            at.map_or(Value::Real(0.0), |at| self.args[at].clone())
        };
        variables.iter().map(|v| v.leaves.iter().map(value).collect()).collect()
    }

    /// The flat results of a function.
    fn values(&mut self, f: FnId, args: &[Value]) -> Result<Vec<Value>> {
        match &mut self.runs {
            Some(runs) => runs.run(self.session, f, args, self.limits),
            None => run(self.session, f, args, self.limits),
        }
    }

    /// The flat results of the function itself.
    fn results(&mut self) -> Result<Vec<Value>> {
        if self.results.is_none() {
            let args = self.args.clone();
            let values = self.values(self.signature.id, &args)?;
            self.results = Some(values);
        }
        Ok(self.results.clone().unwrap_or_default())
    }

    pub fn value(&mut self) -> Result<Datum> {
        let values = self.results()?;
        Ok(Datum::from_flat(&self.signature.result, &mut values.into_iter()))
    }

    /// The results of a derived function; `differentiated` is what was differentiated last.
    fn run(&mut self, derived: FnId, more: &[Value], differentiated: FnId) -> Result<Vec<Value>> {
        let args: Vec<Value> = self.args.iter().chain(more).cloned().collect();
        let values = self.values(derived, &args)?;
        self.derivations.push(Derivation { derived, args, differentiated });
        Ok(values)
    }

    /// The results of a derived function from number `first` on, each a derivative of what `of` picks from
    /// the real results of the function. Where that is not a number they are none either, but for those by what
    /// it does not depend on.
    fn derivatives(
        &mut self,
        derived: FnId,
        values: Vec<Value>,
        first: usize,
        of: impl Fn(&[Value], usize) -> Value,
    ) -> Result<Vec<Value>> {
        let real: Vec<Value> = self.results()?.into_iter().filter(|value| value.ty().is_real()).collect();
        let graph = &self.session.module.graph;
        let exs = &graph.function(derived).results;
        let each = values.into_iter().zip(exs).skip(first).enumerate().map(|(at, (value, &ex))| {
            if notes::is_structural_zero(graph, ex) {
                value
            } else {
                notes::undefined_with(&of(&real, at), value)
            }
        });
        Ok(each.collect())
    }

    /// Looks for what should be said about the report.
    pub fn note(&mut self, variables: &[Variable], report: &mut Report) -> Result<()> {
        if self.runs.as_ref().is_some_and(|runs| !runs.is_plain()) {
            return Ok(());
        }
        let results = self.results()?;
        let run = Run {
            name: &report.function,
            function: self.signature.id,
            args: &self.args,
            results: &results,
            entries: &entries(report),
            derivations: &self.derivations,
            wrt: &real_leaves(&self.session.module.graph, variables),
            limits: self.limits,
        };
        report.notes = notes::notes(self.session, &run);
        Ok(())
    }

    fn derive(
        &mut self,
        mode: Mode,
        make: impl FnOnce(&mut Deriver) -> Result<FnId, Unknown>,
    ) -> Result<FnId> {
        let forms = self.session.forms;
        let module = &mut self.session.module;
        let mut deriver = Deriver { graph: &mut module.graph, rules: &mut module.partials, mode, forms };
        make(&mut deriver).map_err(|unknown| self.session.unknown(&unknown))
    }

    fn scalar_result(&self, what: &str) -> Result<()> {
        if self.signature.result == Ty::Real {
            return Ok(());
        }
        bail!(
            "`{}` has no single real result, so it has no {what}; ask for `--what jac`",
            self.signature.name
        )
    }

    pub fn gradient(&mut self, variables: &[Variable], mode: Mode) -> Result<Vec<(String, Datum)>> {
        self.scalar_result("gradient")?;
        let (f, leaves) = (self.signature.id, real_leaves(&self.session.module.graph, variables));
        let derived = self.derive(mode, |d| d.value_and_gradient(f, &leaves))?;
        let values = self.run(derived, &[], f)?;
        self.results.get_or_insert_with(|| values[..1].to_vec());
        let mut values = self.derivatives(derived, values, 1, |real, _| real[0].clone())?.into_iter();
        Ok(by_variable(variables, &mut || Datum::Leaf(values.next().expect("one for each leaf"))))
    }

    pub fn jacobian(&mut self, variables: &[Variable], mode: Mode) -> Result<Vec<(String, Datum)>> {
        let (f, leaves) = (self.signature.id, real_leaves(&self.session.module.graph, variables));
        let derived = self.derive(mode, |d| d.jacobian_function(f, &leaves))?;
        let values = self.run(derived, &[], f)?;
        let result = self.signature.result.clone();
        let (count, mut start) = (leaves.len(), 0);
        let values = self.derivatives(derived, values, 0, |real, at| real[at / count].clone())?;
        let mut found = Vec::new();
        for variable in variables {
            let own = variable.ty.leaves().iter().filter(|(_, ty)| is_real(ty)).count();
            let mut row = 0;
            let datum = shaped(&result, &mut || {
                let at = row * count + start;
                row += 1;
                let mut entries = values[at..at + own].iter().cloned();
                shaped(&variable.ty, &mut || Datum::Leaf(entries.next().expect("one for each leaf")))
            });
            found.push((variable.name.clone(), datum));
            start += own;
        }
        Ok(found)
    }

    pub fn hessian(&mut self, variables: &[Variable], mode: Mode) -> Result<Vec<(String, Datum)>> {
        self.scalar_result("Hessian")?;
        let (f, leaves) = (self.signature.id, real_leaves(&self.session.module.graph, variables));
        let gradient = self.derive(mode, |d| d.value_and_gradient(f, &leaves))?;
        let derived = self.derive(mode, |d| d.hessian_function(f, &leaves))?;
        let values = self.run(derived, &[], gradient)?;
        let mut values = self.derivatives(derived, values, 0, |real, _| real[0].clone())?.into_iter();
        Ok(by_variable(variables, &mut || {
            Datum::Record(by_variable(variables, &mut || {
                Datum::Leaf(values.next().expect("one for each pair"))
            }))
        }))
    }

    pub fn jvp(&mut self, variables: &[Variable], tangents: Vec<Value>) -> Result<Datum> {
        let (f, leaves) = (self.signature.id, real_leaves(&self.session.module.graph, variables));
        let derived = self.derive(Mode::Forward, |d| d.jvp_function(f, &leaves))?;
        let values = self.run(derived, &tangents, f)?;
        let count = self.signature.result.leaves().len();
        let mut values = self.derivatives(derived, values, count, |real, at| real[at].clone())?.into_iter();
        let result = self.signature.result.clone();
        Ok(shaped(&result, &mut || Datum::Leaf(values.next().expect("one for each real result"))))
    }

    pub fn hvp(
        &mut self,
        variables: &[Variable],
        tangents: Vec<Value>,
        mode: Mode,
    ) -> Result<Vec<(String, Datum)>> {
        self.scalar_result("Hessian")?;
        let (f, leaves) = (self.signature.id, real_leaves(&self.session.module.graph, variables));
        let gradient = self.derive(mode, |d| d.value_and_gradient(f, &leaves))?;
        let derived = self.derive(mode, |d| d.hvp_function(f, &leaves))?;
        let values = self.run(derived, &tangents, gradient)?;
        let mut values = self.derivatives(derived, values, 0, |real, _| real[0].clone())?.into_iter();
        Ok(by_variable(variables, &mut || Datum::Leaf(values.next().expect("one for each leaf"))))
    }

    pub fn vjp(&mut self, variables: &[Variable], seed: Option<&str>) -> Result<Vec<(String, Datum)>> {
        let (f, leaves) = (self.signature.id, real_leaves(&self.session.module.graph, variables));
        let result = self.signature.result.clone();
        let seeds = match (seed, &result) {
            (Some(text), ty) => {
                let datum = value_of(self.session, "seed", ty, &Given::Text(text.to_string()))?;
                let mut flat = Vec::new();
                datum.into_flat(&mut flat);
                flat.into_iter().zip(ty.leaves()).filter(|(_, (_, ty))| is_real(ty)).map(|(v, _)| v).collect()
            }
            (None, Ty::Real) => vec![Value::Real(1.0)],
            (None, _) => {
                bail!("`{}` has several results: say how much each matters with --seed", self.signature.name)
            }
        };
        let derived = self.derive(Mode::Reverse, |d| d.vjp_function(f, &leaves))?;
        let values = self.run(derived, &seeds, f)?;
        // A cotangent has a part of every result.
        let of = |real: &[Value], _: usize| {
            Value::Real(if real.iter().any(notes::is_undefined) { f64::NAN } else { 0.0 })
        };
        let mut values = self.derivatives(derived, values, 0, of)?.into_iter();
        Ok(by_variable(variables, &mut || Datum::Leaf(values.next().expect("one for each leaf"))))
    }

    pub fn orders(&mut self, variables: &[Variable], order: u32, mode: Mode) -> Result<(Datum, Vec<Datum>)> {
        self.scalar_result("derivatives of higher order")?;
        let [Variable { ty: Ty::Real, leaves, .. }] = variables else {
            bail!("--order is for one real variable: choose it with --wrt, or ask for --what hess");
        };
        let (f, x) = (self.signature.id, leaves[0]);
        let before = self.derive(mode, |d| d.orders_function(f, x, order as usize - 1))?;
        let derived = self.derive(mode, |d| d.orders_function(f, x, order as usize))?;
        let values = self.run(derived, &[], before)?;
        let value = Datum::Leaf(values[0].clone());
        self.results.get_or_insert_with(|| values[..1].to_vec());
        let derivatives = self.derivatives(derived, values, 1, |real, _| real[0].clone())?;
        Ok((value, derivatives.into_iter().map(Datum::Leaf).collect()))
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
