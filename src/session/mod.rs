//! What a command does: the one place that knows all stages, and the only one that touches files.

pub mod certainty;
pub mod checking;
pub mod columns;
pub mod compressed;
pub mod datum;
pub mod derive;
pub mod difference;
pub mod drawing;
pub mod emitting;
pub mod entries;
mod entry_faces;
pub mod evaluate;
pub mod explaining;
mod faces;
pub mod formulas;
pub mod generate;
pub mod language;
pub mod load;
pub mod losing;
pub mod notebook;
pub mod notes;
pub mod output;
pub mod plan;
pub mod plotting;
pub mod point;
pub mod points;
mod quotients;
pub mod refusal;
pub mod samples;
pub mod sparsity;
pub mod state;
pub mod targets;
pub mod undefined;
mod yaml;

use crate::block::Scheduler;
use crate::check::{self, Generic, Global, Module, Signature, Ty};
use crate::core::VarId;
use crate::diff::Unknown;
use crate::eval::{Fault, Machine, Why};
use crate::refuse;
use crate::simplify::Forms;
use crate::syntax::diagnostic::{Code, Diagnostic, Severity};
use crate::syntax::message::{Message, Messages};
use crate::syntax::tree::{Span, Tree};
use anyhow::Result;
use refusal::{Invalid, messages};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

/// A file that was read and checked, with all that it imports.
pub struct Session {
    pub tree: Tree,
    pub module: Module,
    warnings: Vec<Diagnostic>,
    pub forms: Forms,
    /// The file that every program has without importing it.
    prelude: Option<u32>,
    /// The procedures of the functions that have been run.
    scheduler: Scheduler,
    machine: Machine,
}

/// A variable to differentiate by: a parameter or a `param`, with its scalars and arrays.
#[derive(Debug, Clone)]
pub struct Variable {
    pub name: String,
    pub ty: Ty,
    /// One for each leaf of the type, in order.
    pub leaves: Vec<VarId>,
}

impl Session {
    /// Reads and checks a file; `-` is standard input.
    pub fn open(path: &Path) -> Result<Session> {
        Session::open_in(path, Forms::Stable)
    }

    /// Reads and checks a file, for formulas of one of the forms.
    pub fn open_in(path: &Path, forms: Forms) -> Result<Session> {
        Session::of(load::load(path)?, forms)
    }

    /// Checks a text as if it were the file of this name; what it imports is beside that file.
    pub fn from_text(name: &Path, text: &str) -> Result<Session> {
        Session::of(load::load_text(name, text), Forms::Stable)
    }

    /// The same, where some of what it imports is not saved.
    pub fn from_unsaved(name: &Path, text: &str, unsaved: &load::Unsaved) -> Result<Session> {
        Session::of(load::load_unsaved(name, text, unsaved), Forms::Stable)
    }

    fn of(loaded: load::Loaded, forms: Forms) -> Result<Session> {
        let mut diagnostics = loaded.diagnostics;
        let broken = diagnostics.iter().any(|d| d.severity == Severity::Error);
        let checked = check::check_in(&loaded.tree, &loaded.imports, forms);
        // Names of definitions that could not be read would be reported as missing.
        if !broken {
            diagnostics.extend(checked.diagnostics);
        }
        if diagnostics.iter().any(|d| d.severity == Severity::Error) {
            return Err(Invalid::at(&loaded.tree, &diagnostics).into());
        }
        let mut module = checked.module;
        derive::simplify_derived(&mut module.graph, 0, forms);
        let (scheduler, machine) = (Scheduler::default(), Machine::default());
        let prelude = loaded.imports.prelude;
        let warnings = diagnostics;
        Ok(Session { tree: loaded.tree, module, warnings, forms, prelude, scheduler, machine })
    }

    /// The files that were read, but for standard input.
    pub fn inputs(&self) -> Vec<PathBuf> {
        let read = self.tree.files.iter().zip(0..).filter(|(_, number)| Some(*number) != self.prelude);
        let names = read.map(|(file, _)| file.name.as_str()).filter(|name| *name != load::STDIN);
        names.map(PathBuf::from).collect()
    }

    /// The warnings as messages.
    pub fn warnings(&self) -> Vec<Message> {
        messages(&self.tree, &self.warnings)
    }

    /// The function with this name, or the last one.
    pub fn function(&self, name: Option<&str>) -> Result<Signature> {
        let functions = &self.module.functions;
        let generic = &self.module.generic;
        let Some(name) = name else {
            return match (functions.last(), generic.last()) {
                (Some(last), _) => Ok(last.clone()),
                (None, Some(generic)) => Err(self.takes_function(generic)),
                (None, None) => refuse!(
                    Code::NoSuchFunction,
                    "the file defines no function; write one such as `f(x) = x^2`"
                ),
            };
        };
        if let Some(found) = functions.iter().rev().find(|f| f.name == name) {
            return Ok(found.clone());
        }
        if let Some(found) = generic.iter().rev().find(|f| f.name == name) {
            return Err(self.takes_function(found));
        }
        let names: Vec<&str> = functions.iter().map(|f| f.name.as_str()).collect();
        refuse!(Code::NoSuchFunction, "there is no function `{name}`{}", suggestion(name, &names))
    }

    /// A function that takes a function cannot be asked for by itself.
    fn takes_function(&self, generic: &Generic) -> anyhow::Error {
        let Generic { name, span, takes } = generic;
        let message = format!("`{name}` takes a function, `{takes}`: it has a value only where it is called");
        let diagnostic = Diagnostic::new(Code::TakesFunctions, *span, message).help(format!(
            "define a function that calls it, such as `g(t) = {name}(sin, …)`; if a product is meant, write `{takes}*(…)`"
        ));
        Invalid::at(&self.tree, &[diagnostic]).into()
    }

    /// The variables that the words name; all parameters that hold reals when there are none.
    pub fn variables(&self, signature: &Signature, words: &[String]) -> Result<Vec<Variable>> {
        let params = self.parameters(signature);
        let globals: Vec<Variable> = self.globals(signature).into_iter().map(|(_, v)| v).collect();
        let real = |v: &&Variable| v.ty.leaves().iter().any(|(_, ty)| is_real(ty));
        if words.is_empty() {
            return Ok(params.iter().filter(real).cloned().collect());
        }
        // In the order of the parameters, whatever the order of the words.
        let mut found: Vec<Variable> = Vec::new();
        let mut known: HashSet<String> = HashSet::new();
        for word in words {
            let more: Vec<Variable> = match word.as_str() {
                "params" => self.all_globals().into_iter().filter(|v| real(&v)).collect(),
                "all" => params.iter().chain(&globals).filter(real).cloned().collect(),
                name => vec![self.variable(name, signature, &params)?],
            };
            for variable in more {
                if known.insert(variable.name.clone()) {
                    found.push(variable);
                }
            }
        }
        let params = &self.module.graph.function(signature.id).params;
        let places: HashMap<VarId, usize> = params.iter().copied().zip(0..).collect();
        let place = |leaf: &VarId| places.get(leaf).copied();
        found.sort_by_key(|v| v.leaves.iter().filter_map(place).min().unwrap_or(usize::MAX));
        Ok(found)
    }

    fn variable(&self, name: &str, signature: &Signature, params: &[Variable]) -> Result<Variable> {
        let all = self.all_globals();
        let Some(found) = params.iter().chain(&all).find(|v| v.name == name) else {
            let names: Vec<&str> = params.iter().chain(&all).map(|v| v.name.as_str()).collect();
            refuse!(
                Code::NoSuchVariable,
                "`{}` has no variable `{name}`{}",
                signature.name,
                suggestion(name, &names)
            );
        };
        if !found.ty.leaves().iter().any(|(_, ty)| is_real(ty)) {
            refuse!(Code::ByNoReal, "`{name}` is not real: there is no derivative by it");
        }
        Ok(found.clone())
    }

    /// The function's own parameters as variables.
    pub fn parameters(&self, signature: &Signature) -> Vec<Variable> {
        let mut vars = self.module.graph.function(signature.id).params.iter().copied();
        let own = signature.params.iter().map(|(name, ty)| Variable {
            name: name.clone(),
            ty: ty.clone(),
            leaves: vars.by_ref().take(ty.leaves().len()).collect(),
        });
        own.collect()
    }

    /// The `param`s that the function uses, with their numbers.
    pub fn globals(&self, signature: &Signature) -> Vec<(usize, Variable)> {
        signature.globals.iter().map(|&at| (at, global_variable(&self.module.globals[at]))).collect()
    }

    fn all_globals(&self) -> Vec<Variable> {
        self.module.globals.iter().map(global_variable).collect()
    }

    /// An error of a derivation as a message with its place.
    pub fn unknown(&self, unknown: &Unknown) -> anyhow::Error {
        Invalid(vec![self.at_origin(Code::UnknownDerivative, unknown.origin, &unknown.message)]).into()
    }

    /// An error of an evaluation.
    pub fn fault(&self, fault: &Fault) -> anyhow::Error {
        Invalid(vec![self.told(fault)]).into()
    }

    /// An error of an evaluation as a message with its place.
    pub fn told(&self, fault: &Fault) -> Message {
        let code = match fault.why {
            Why::Outside => Code::IndexOutside,
            Why::Steps => Code::TooManySteps,
            Why::Memory => Code::TooMuchMemory,
            Why::Depth => Code::TooManyCalls,
            Why::Int => Code::IntRange,
            Why::Demand => Code::RequirementFails,
            Why::Arguments => Code::ValueDoesNotFit,
            Why::Uncertain => Code::Uncertain,
        };
        self.at_origin(code, fault.origin, &fault.message)
    }

    /// A message with its place.
    pub fn message(&self, diagnostic: &Diagnostic) -> Message {
        Messages::new(&self.tree.files).message(diagnostic)
    }

    fn at_origin(&self, code: Code, origin: u32, message: &str) -> Message {
        match self.origin_span(origin) {
            Some(span) => self.message(&Diagnostic::new(code, span, message)),
            None => Message::new(code, message),
        }
    }

    /// The place of a mark, if it has one.
    fn origin_span(&self, origin: u32) -> Option<Span> {
        let span = check::place(&self.tree, origin);
        (origin != 0 && span != Span::default()).then_some(span)
    }
}

fn global_variable(global: &Global) -> Variable {
    Variable { name: global.name.clone(), ty: global.ty.clone(), leaves: global.vars.clone() }
}

/// Whether a leaf of a type is real.
pub fn is_real(ty: &Ty) -> bool {
    match ty {
        Ty::Real => true,
        Ty::Array { elem, .. } => *elem == crate::core::Elem::Real,
        Ty::Int | Ty::Bool | Ty::Tuple(_) | Ty::Record(_) | Ty::Function(..) | Ty::Error => false,
    }
}

/// `; did you mean …?` and what there is.
pub fn suggestion(name: &str, known: &[&str]) -> String {
    match check::nearest(name, known.iter().copied()) {
        Some(near) => format!("; did you mean `{near}`?"),
        None if known.is_empty() => String::new(),
        None => {
            let shown: Vec<String> = known.iter().take(12).map(|k| format!("`{k}`")).collect();
            let more = if known.len() > 12 { ", …" } else { "" };
            format!("; there is {}{more}", shown.join(", "))
        }
    }
}
