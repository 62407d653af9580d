//! Steps and partials as text, by the names of what they are made of and by their values.

use super::machine::Machine;
use super::names::Names;
use super::tape::{Mention, Num, Op, RuleArg, Slope, Step, StepId};
use crate::core::{Ex, Node, Type};
use crate::primitive::Prim;
use crate::print::{Faces, raise};
use crate::syntax::print::{self, decimal};
use crate::syntax::tree::{BinaryOp, Expr, Span, Tree};

/// A sum or product of more terms than this is shown by its ends.
const MOST_TERMS: usize = 5;

/// Arrays of more numbers are not spelled out in a call.
const MOST_NUMBERS: usize = 9;

/// Longer formulas of partials are given by their value alone.
const LONGEST_PARTIAL: usize = 48;

/// A number as an operand: negative ones in brackets.
pub fn operand(x: f64) -> String {
    if x.is_sign_negative() && !x.is_nan() { format!("({})", decimal(x)) } else { decimal(x) }
}

/// Whether a primitive stands between or before its operands.
fn is_operator(p: Prim, count: usize) -> bool {
    match count {
        1 => p == Prim::NEG,
        2 => [Prim::ADD, Prim::SUB, Prim::MUL, Prim::DIV, Prim::POW].contains(&p),
        _more => false,
    }
}

/// What an operation does to these texts.
fn applied(op: &Op, args: &[String]) -> String {
    match (op, args) {
        (Op::Prim(p), [a]) if *p == Prim::NEG => format!("-{a}"),
        (Op::Prim(p), [a, b]) if *p == Prim::ADD => format!("{a} + {b}"),
        (Op::Prim(p), [a, b]) if *p == Prim::SUB => format!("{a} - {b}"),
        (Op::Prim(p), [a, b]) if *p == Prim::MUL => format!("{a}*{b}"),
        (Op::Prim(p), [a, b]) if *p == Prim::DIV => format!("{a}/{b}"),
        (Op::Prim(p), [a, b]) if *p == Prim::POW => format!("{a}^{b}"),
        (Op::Prim(p), args) => format!("{}({})", p.name(), args.join(", ")),
        (Op::Sum, args) => joined(args, " + "),
        (Op::Prod, args) => joined(args, "*"),
        (Op::Max, args) => format!("max({})", joined(args, ", ")),
        (Op::Min, args) => format!("min({})", joined(args, ", ")),
        (Op::Rule { name, args: shapes, result }, args) => {
            format!("{name}({}){result}", structured(shapes, args))
        }
        (Op::Input(_), _) => String::new(),
    }
}

/// Arguments with their numbers in the shapes that they have.
fn structured(shapes: &[RuleArg], numbers: &[String]) -> String {
    let mut rest = numbers;
    let each = shapes.iter().map(|shape| match shape {
        RuleArg::Real => nested(&[], &mut rest),
        RuleArg::Array(lens) if lens.iter().product::<usize>() > MOST_NUMBERS => {
            rest = &rest[lens.iter().product::<usize>().min(rest.len())..];
            "[…]".to_string()
        }
        RuleArg::Array(lens) => nested(lens, &mut rest),
        RuleArg::Other(text) => text.clone(),
    });
    each.collect::<Vec<_>>().join(", ")
}

fn nested(lens: &[usize], rest: &mut &[String]) -> String {
    let Some((&len, inner)) = lens.split_first() else {
        let Some((first, others)) = rest.split_first() else { return String::new() };
        *rest = others;
        return first.clone();
    };
    let items: Vec<String> = (0..len).map(|_| nested(inner, rest)).collect();
    format!("[{}]", items.join(", "))
}

/// The texts with something between, the middle ones left out where they are many.
pub fn joined(args: &[String], between: &str) -> String {
    match args {
        [first, second, .., last] if args.len() > MOST_TERMS => {
            [first.as_str(), second, "…", last].join(between)
        }
        few => few.join(between),
    }
}

impl Machine<'_> {
    fn label(&self, names: &Names, num: Num) -> String {
        num.step.map_or_else(|| operand(num.value), |step| names.of(step).to_string())
    }

    /// What a step computes, by names.
    pub fn symbols(&self, names: &Names, step: StepId) -> String {
        let step = &self.tape.steps[step];
        let args: Vec<String> = step.operands.iter().map(|o| self.label(names, o.num)).collect();
        applied(&step.op, &args)
    }

    /// What a step computes, by values.
    pub fn numbers(&self, step: StepId) -> String {
        let step = &self.tape.steps[step];
        let bare = match &step.op {
            Op::Prim(p) => !is_operator(*p, step.operands.len()),
            Op::Max | Op::Min | Op::Rule { .. } | Op::Input(_) => true,
            Op::Sum | Op::Prod => false,
        };
        let text = |x: f64| if bare { decimal(x) } else { operand(x) };
        let args: Vec<String> = step.operands.iter().map(|o| text(o.num.value)).collect();
        applied(&step.op, &args)
    }

    /// A number or the name of its step.
    pub fn mention(&self, names: &Names, mention: &Mention) -> String {
        match mention {
            Mention::Real(Num { step: Some(step), .. }) => names.of(*step).to_string(),
            Mention::Real(num) => decimal(num.value),
            Mention::Int(i) => i.to_string(),
        }
    }

    /// The pullback kept for a step: `B1(d) = (x: d*y = d*3, y: d*x = d*2)`.
    pub fn pullback(&mut self, names: &Names, step: StepId) -> String {
        let kept = self.tape.steps[step].clone();
        let mut parts: Vec<String> = Vec::new();
        let active: Vec<usize> = (0..kept.operands.len()).filter(|&k| kept.operands[k].is_active()).collect();
        let many = active.len() > MOST_TERMS;
        for (at, &k) in active.iter().enumerate() {
            if many && (2..active.len() - 1).contains(&at) {
                if at == 2 {
                    parts.push("…".to_string());
                }
                continue;
            }
            let name = self.label(names, kept.operands[k].num);
            parts.push(format!("{name}: {}", self.slope(names, step, &kept, k)));
        }
        let name = names.pullback(step);
        match parts.is_empty() {
            true => format!("{name}({}) = (): nothing passes", names.d),
            false => {
                let rule = match &kept.op {
                    Op::Rule { name, .. } => format!("  (by the rule given for {name})"),
                    Op::Input(_) | Op::Prim(_) | Op::Sum | Op::Prod | Op::Max | Op::Min => String::new(),
                };
                format!("{name}({}) = ({}){rule}", names.d, parts.join(", "))
            }
        }
    }

    /// `d*cos(x) = d*0.5`
    fn slope(&mut self, names: &Names, id: StepId, step: &Step, k: usize) -> String {
        let number = format!("{}*{}", names.d, operand(step.operands[k].partial));
        let Slope::Formula(formula) = step.operands[k].slope else { return number };
        let labels: Vec<String> = step.operands.iter().map(|o| self.label(names, o.num)).collect();
        let out = names.of(id).to_string();
        match self.partial_text(names.d, formula, step, &labels, out) {
            Some(text) if text != number => format!("{text} = {number}"),
            Some(_) | None => number,
        }
    }

    /// A pullback's product of `d` and a partial, by names; nothing where it is too long.
    fn partial_text(
        &mut self,
        d: &str,
        formula: Ex,
        step: &Step,
        labels: &[String],
        out: String,
    ) -> Option<String> {
        let formula = self.branch_taken(formula, step);
        let mut named = Vec::new();
        for (var, label) in self.formulas.bind(labels, out) {
            let new = self.graph.param(&label, Type::REAL);
            named.push((var, self.graph.variable(new)));
        }
        let formula = self.graph.substitute(formula, &named);
        let mut tree = Tree::default();
        let partial = raise::expression(self.graph, &mut tree, &Faces::new(), formula);
        let name = tree.intern(d);
        let d = tree.add(Expr::Name(name), Span::default());
        let product = tree.add(Expr::Binary(BinaryOp::Mul, d, partial), Span::default());
        let text = print::expression(&tree, product);
        let plain = !text.contains('\n') && !text.contains(" where ") && !text.contains("let ");
        (plain && text.chars().count() <= LONGEST_PARTIAL).then_some(text)
    }

    /// A partial by cases as the case that holds.
    fn branch_taken(&mut self, formula: Ex, step: &Step) -> Ex {
        let values: Vec<f64> = step.operands.iter().map(|o| o.num.value).collect();
        let mut formula = formula;
        while let Node::If { cond, then, els } = self.graph.node(formula) {
            let real = |x: &f64| super::value::Val::Real(Num::fixed(*x));
            let args: Vec<_> = values.iter().map(real).collect();
            let vars = self.formulas.bind(&args, real(&step.value));
            let Ok(found) = self.aside(&[cond], vars) else { return formula };
            formula = if matches!(found[..], [super::value::Val::Bool(true)]) { then } else { els };
        }
        formula
    }
}
