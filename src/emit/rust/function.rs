//! A whole function.

use super::super::EmitError;
use super::super::signature::{Returned, Signature};
use super::super::support::Used;
use super::Module;
use super::comment;
use super::layout;
use super::writer::{Line, Writer};
use crate::block::{Local, Op, Procedure, Stmt};
use crate::primitive::{Kind, Prim};

/// Appends the text of a function.
pub(super) fn write(
    module: &Module<'_>,
    procedure: &Procedure,
    used: &mut Used,
    out: &mut String,
) -> Result<bool, EmitError> {
    let signature = &module.signatures[&procedure.id];
    let face = module.faces.get(&procedure.id).copied();
    let public = face.is_some_and(|f| f.public);
    let mut w = Writer::new(module, procedure, used);
    w.bind(signature);
    let returned: Vec<Local> = procedure
        .results
        .iter()
        .zip(&signature.results)
        .filter(|(_, (_, r))| !matches!(r, Returned::Out { .. }))
        .map(|(l, _)| *l)
        .collect();
    let plain = w.outs.iter().all(|(_, copied)| copied.is_none());
    let scalars = returned.iter().all(|&l| w.ty(l).rank < 2);
    let tail = if plain && scalars && !w.tries() { returned.as_slice() } else { &[] };
    let written = w.block(&procedure.body, tail)?;
    if !written {
        w.results(&returned)?;
    }
    let (entry, asserted) = w.entry(signature, public);
    let params = w.parameters(signature);
    let mut doc = face.map(|f| f.doc.clone()).unwrap_or_default();
    if module.pieces.contains_key(&procedure.id) {
        doc.push("A part of a function that in one piece would take long to compile.".to_string());
    }
    if (asserted || w.tries()) && !doc.is_empty() {
        doc.push(String::new());
    }
    if asserted && !w.tries() {
        doc.extend([
            "# Panics".to_string(),
            String::new(),
            "If the lengths of the arrays do not agree.".to_string(),
        ]);
    }
    let tried = w.tries() && module.tried.contains_key(&procedure.id);
    if tried {
        doc.extend(["# Panics".to_string(), String::new()]);
        doc.push(format!("If `{}` returns an error.", module.tried[&procedure.id]));
    }
    comment::plain(face.map_or(&[], |f| &f.formula), out);
    comment::doc(&doc, out);
    let lints = w.all_lints(signature, &params, public, &doc);
    let mut results = Writer::result_types(&signature.results, w.precision());
    let mut name = &signature.name;
    if tried {
        w.wrapper(&lints, &params, &results, out);
        w.errors_doc(out);
        name = &module.tried[&procedure.id];
    }
    if w.tries() {
        let given = match results.as_slice() {
            [one] => one.clone(),
            many => format!("({})", many.join(", ")),
        };
        results = vec![format!("Result<{given}, Error>")];
    }
    layout::allow(&lints, out);
    if module.pieces.contains_key(&procedure.id) {
        out.push_str("#[inline(never)]\n");
    }
    // Deep in loops a name may be too long for any layout.
    if w.lines.iter().any(|l| 4 * l.indent + layout::width(&l.text) > layout::WIDTH) {
        out.push_str("#[rustfmt::skip]\n");
    }
    let start = format!("{}fn {name}{}", if public { "pub " } else { "" }, w.type_parameter());
    layout::head(&start, &params, &results, out);
    for line in entry.iter().chain(&w.lines) {
        w.push_line(line, out);
    }
    out.push_str("}\n");
    Ok(!w.faults.is_empty())
}

impl Writer<'_> {
    /// Writes what the function returns.
    fn results(&mut self, returned: &[Local]) -> Result<(), EmitError> {
        for (name, copied) in self.outs.clone() {
            if let Some(result) = copied {
                let source = self.array_reference(result);
                self.line(format!("{name}.copy_from_slice({});", source.text));
            }
        }
        let mut texts = Vec::new();
        let many = returned.len() > 1;
        for &r in returned {
            if self.ty(r).is_scalar() {
                let room =
                    if many || self.tries() { super::super::expression::CALL_WIDTH } else { self.room(0) };
                let piece = self.fit(room, |w| w.operand(r));
                texts.push(piece.text);
                continue;
            }
            let text = self.owned_array(r);
            // A result that is given twice is copied for all but its last place.
            let last = returned.iter().rposition(|other| self.resolve(*other) == self.resolve(r));
            let here = texts.len();
            texts.push(if last == Some(here) || text.ends_with(')') {
                text
            } else {
                format!("{text}.clone()")
            });
            if self.ty(r).rank > 1 {
                for axis in 0..self.ty(r).rank as usize {
                    let length = self.measured(r, axis);
                    texts.push(length.text);
                }
            }
        }
        if self.tries() {
            self.returned_ok(&texts);
            return Ok(());
        }
        match texts.as_slice() {
            [] => {}
            [one] => self.tail_line(one.clone()),
            many => {
                let lines = layout::list("(", many, ")", 4 * self.indent, true);
                self.all_lines(lines);
            }
        }
        Ok(())
    }

    /// Appends a line, unless it sets a variable that nothing names.
    fn push_line(&self, line: &Line, out: &mut String) {
        if line.guard.is_some_and(|g| !self.guards[g]) {
            return;
        }
        for _ in 0..line.indent {
            out.push_str("    ");
        }
        out.push_str(&line.text);
        out.push('\n');
    }

    /// Whether the function calls itself, not through others.
    fn calls_itself(&self) -> bool {
        let mut found = false;
        super::super::walk::visit(&self.procedure.body, &mut |stmt| {
            found |= matches!(stmt, Stmt::Call { f, .. } if *f == self.procedure.id);
        });
        found
    }

    /// Whether something is compared to two numbers at once, which may leave no room between them.
    fn has_narrow_range(&self) -> bool {
        let ops = |local: &Local| self.usage.ops[local.0 as usize].as_slice();
        let is_number = |local: &Local| matches!(ops(local), [Op::Real(_)]);
        let to_number = |local: &Local| matches!(ops(local), [Op::Prim(p, args)] if p.row().kind == Kind::Compare && args.iter().any(is_number));
        let mut found = false;
        super::super::walk::visit(&self.procedure.body, &mut |stmt| {
            if let Stmt::Let { op: Op::Prim(Prim::AND, args), .. } = stmt {
                found |= args.iter().all(to_number);
            }
        });
        found
    }

    /// The lints that this function is known to set off.
    fn all_lints(
        &mut self,
        signature: &Signature,
        params: &[String],
        public: bool,
        doc: &[String],
    ) -> Vec<&'static str> {
        let names: Vec<String> = self.name.iter().flatten().cloned().collect();
        let sizes = self.sizes.iter().map(|s| s.text.clone());
        let outs = self.outs.iter().map(|o| o.0.clone());
        let others: Vec<String> = sizes.chain(outs).chain([signature.name.clone()]).collect();
        names.iter().chain(&others).for_each(|name| self.note_case(name));
        let mut lints = self.lints.clone();
        if public {
            lints.insert("dead_code");
        }
        if self.has_narrow_range() {
            lints.insert("clippy::impossible_comparisons");
        }
        if self.calls_itself() {
            lints.insert("clippy::only_used_in_recursion");
        }
        if params.len() > 7 {
            lints.insert("clippy::too_many_arguments");
        }
        let made = self.sizes.iter().skip(signature.sizes.len());
        let unnamed = self.bound.iter().any(|l| !self.touched[l.0 as usize]);
        if unnamed || made.into_iter().any(|size| !size.touched) {
            lints.insert("unused_variables");
        }
        // As clippy counts: a tuple, its elements, and what is inside of these.
        let (around, number, array) = if self.tries() { (50, 30, 70) } else { (10, 20, 50) };
        let weight = |ty: &String| if ty.starts_with("Vec") { array } else { number };
        if around + Writer::result_types(&signature.results, self.precision()).iter().map(weight).sum::<u32>()
            > 250
        {
            lints.insert("clippy::type_complexity");
        }
        lints.extend(comment::lints(doc));
        lints.into_iter().collect()
    }
}
