//! Functions that return an error where others would panic: what may fail, and how they say so.

use super::super::EmitError;
use super::super::expression::CALL_WIDTH;
use super::super::integer::{Form, Leaf};
use super::super::module::write_all;
use super::super::walk::visit;
use super::integers::Mode;
use super::writer::Writer;
use super::{Module, comment, function, layout, literal};
use crate::block::{Local, Op, Procedure, Stmt};
use crate::core::FnId;
use crate::primitive::Prim;
use std::borrow::Cow;
use std::collections::HashSet;

/// The errors of a module.
pub(super) const TYPE: &str = "
/// Why a function refuses its arguments.
#[allow(dead_code)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The lengths of the arrays do not agree.
    Length(&'static str),
    /// A condition on the arguments does not hold.
    Condition(&'static str),
    /// An index is outside of its array.
    Index(&'static str),
    /// A number is needed as an integer and is none, or an integer is divided by 0.
    Integer(&'static str),
}

impl core::fmt::Display for Error {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (Error::Length(text)
        | Error::Condition(text)
        | Error::Index(text)
        | Error::Integer(text)) = self;
        f.write_str(text)
    }
}

impl core::error::Error for Error {}
";

/// A kind of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    Length,
    Condition,
    Index,
    Integer,
}

impl Fault {
    fn words(self) -> &'static str {
        match self {
            Fault::Length => "the lengths of the arrays do not agree",
            Fault::Condition => "a condition on the arguments does not hold",
            Fault::Index => "an index is outside of its array",
            Fault::Integer => "a number is not the integer that is needed",
        }
    }
}

/// The functions that may return an error: of their own, or of one that they call.
pub(super) fn failing(module: &Module<'_>, all: &[Cow<'_, Procedure>]) -> Result<HashSet<FnId>, EmitError> {
    let everything = Module {
        signatures: module.signatures.clone(),
        taken: module.taken.clone(),
        support: module.support.clone(),
        generic: module.generic.clone(),
        unknown: module.unknown.clone(),
        failing: all.iter().map(|p| p.id).collect(),
        tried: module.tried.clone(),
        ..*module
    };
    let mut failing = HashSet::new();
    let mut own = Vec::new();
    for written in write_all(all, |p, used, out| function::write(&everything, p, used, out)) {
        own.extend(written?.2);
    }
    failing.extend(all.iter().zip(own).filter(|(_, fails)| *fails).map(|(p, _)| p.id));
    loop {
        let before = failing.len();
        for p in all {
            let mut calls = false;
            visit(&p.body, &mut |stmt| {
                calls |= matches!(stmt, Stmt::Call { f, .. } if failing.contains(f));
            });
            if calls {
                failing.insert(p.id);
            }
        }
        if failing.len() == before {
            return Ok(failing);
        }
    }
}

impl Writer<'_> {
    /// Whether the function returns errors.
    pub fn tries(&self) -> bool {
        self.module.failing.contains(&self.procedure.id)
    }

    /// Notes that the function may fail in this way.
    pub fn may(&mut self, fault: Fault) {
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }

    /// Returns an error if this holds.
    pub fn refuse(&mut self, condition: &str, fault: Fault, message: &str) {
        self.may(fault);
        self.line(format!("if {condition} {{"));
        let error = format!("Error::{fault:?}({})", literal::text(message));
        if layout::width(&error) <= CALL_WIDTH {
            self.line(format!("    return Err({error});"));
        } else {
            self.line(format!("    return Err(Error::{fault:?}("));
            self.line(format!("        {},", literal::text(message)));
            self.line("    ));".to_string());
        }
        self.line("}".to_string());
    }

    /// What stands after the function's name where it is generic.
    pub fn type_parameter(&self) -> &'static str {
        if self.module.generic.contains(&self.procedure.id) { "<T: Real>" } else { "" }
    }

    /// The name under which a function is called, and what stands after the call.
    pub fn callee(&self, f: FnId) -> (String, &'static str) {
        let module = self.module;
        let name = &module.signatures[&f].name;
        let kind = if module.unknown.contains(&f) { "::<T>" } else { "" };
        match module.failing.contains(&f) {
            true => (format!("{}{kind}", module.tried.get(&f).unwrap_or(name)), "?"),
            false => (format!("{name}{kind}"), ""),
        }
    }

    /// The lines that check what may be wrong with an operation.
    pub fn check(&mut self, op: &Op) {
        match op {
            Op::Load { array, at } => self.check_indices(*array, at),
            Op::Prim(p, args)
                if matches!(p.name(), "mod" | "rem") && args.iter().all(|&a| self.is_int(a)) =>
            {
                let form = self.form_of(args[1]);
                if form.as_number().is_none_or(|n| n == 0) {
                    self.name_leaves(&form);
                    let divisor = self.render(&form, Mode::Signed).text;
                    self.refuse(&format!("{divisor} == 0"), Fault::Integer, "an integer is divided by 0");
                }
            }
            Op::Real(_) | Op::Int(_) | Op::Bool(_) | Op::Copy(_) | Op::Prim(..) | Op::Size { .. } => {}
        }
    }

    /// The lines that check what is not certain of these indices.
    pub fn check_indices(&mut self, array: Local, at: &[Local]) {
        if !self.tries() {
            return;
        }
        let array = self.resolve(array);
        for (axis, &index) in at.iter().enumerate() {
            let form = self.form_of(index);
            let length = self.shape(array).and_then(|shape| shape.get(axis).cloned());
            let last = length.as_ref().and_then(|length| length.minus(&form)?.minus(&Form::number(1)));
            let below = self.is_natural(&form) && last.is_some_and(|last| self.is_natural(&last));
            if below || length.as_ref().is_some_and(|length| self.is_inside(&form, length)) {
                continue;
            }
            self.name_leaves(&form);
            let count = match &length {
                Some(length) => self.count(length),
                None => self.measured(array, axis),
            };
            let natural = self.is_natural(&form);
            let condition = if form.as_number() == Some(0) && count.text.ends_with(".len()") {
                count.text.replace(".len()", ".is_empty()")
            } else if let Some(length) = length.filter(|_| natural) {
                self.compare_ints(Prim::GE, &form, &length).text
            } else if natural {
                format!("{} >= {}", self.render(&form, Mode::Unsigned).text, count.text)
            } else {
                let index = self.render(&form, Mode::Signed);
                let index = if index.is_name() { index.text } else { format!("({})", index.text) };
                let end = super::integers::cast(&count, "i64").text;
                format!("!(0..{end}).contains(&{index})")
            };
            let name = self.array_name(array).text;
            self.refuse(&condition, Fault::Index, &format!("an index is outside of {name}"));
        }
    }

    /// Names what is in a sum, which is written more than once.
    fn name_leaves(&mut self, form: &Form) {
        for (leaf, _) in &form.terms {
            if let Leaf::Local(l) = leaf {
                self.materialise(*l);
            }
        }
    }

    /// What the function returns, where it may also return an error.
    pub fn returned_ok(&mut self, texts: &[String]) {
        match texts {
            [] => self.line("Ok(())".to_string()),
            // `Ok(f(x)?)` is `f(x)`.
            [one] if one.ends_with('?') && layout::call_parts(&one[..one.len() - 1]).is_some() => {
                self.line(one[..one.len() - 1].to_string());
            }
            [one] => self.line(format!("Ok({one})")),
            many => {
                let lines = layout::list("Ok((", many, "))", 4 * self.indent + 2, true);
                self.all_lines(lines);
            }
        }
    }

    /// The function that panics where this one returns an error.
    pub fn wrapper(&self, lints: &[&'static str], params: &[String], results: &[String], out: &mut String) {
        let kept: Vec<&str> = lints
            .iter()
            .copied()
            .filter(|lint| {
                ["dead_code", "non_snake_case"].contains(lint)
                    || lint.contains("too_many")
                    || lint.contains("complexity")
                    || lint.contains("doc")
            })
            .collect();
        layout::allow(&kept, out);
        out.push_str("#[track_caller]\n");
        let params: Vec<String> =
            params.iter().map(|p| p.strip_prefix("mut ").unwrap_or(p).to_string()).collect();
        let names: Vec<String> =
            params.iter().map(|p| p.split(':').next().unwrap_or_default().to_string()).collect();
        let name = &self.module.signatures[&self.procedure.id].name;
        layout::head(&format!("pub fn {name}{}", self.type_parameter()), &params, results, out);
        let (tried, _) = self.callee(self.procedure.id);
        let (open, arms): (_, &[&str]) = match results {
            [] => (format!("if let Err(error) = {tried}("), &["        panic!(\"{error}\");"]),
            _ => (
                format!("match {tried}("),
                &["        Ok(value) => value,", "        Err(error) => panic!(\"{error}\"),"],
            ),
        };
        for line in layout::list(&open, &names, ") {", 4, true) {
            out.push_str(&format!("    {line}\n"));
        }
        out.push_str(&format!("{}\n    }}\n}}\n\n", arms.join("\n")));
    }

    /// The documentation of the function that returns errors.
    pub fn errors_doc(&self, out: &mut String) {
        let name = &self.module.signatures[&self.procedure.id].name;
        let mut faults = self.faults.clone();
        faults.sort();
        let own: Vec<&str> = faults.into_iter().map(Fault::words).collect();
        let mut doc = vec![
            format!("The same as `{name}`, with an error instead of a panic."),
            String::new(),
            "# Errors".to_string(),
            String::new(),
        ];
        match own.as_slice() {
            [] => doc.push("If a function that it calls refuses its arguments.".to_string()),
            [one] => doc.push(format!("If {one}.")),
            many => doc.extend(many.iter().map(|words| format!("- If {words}."))),
        }
        comment::doc(&doc, out);
    }
}
