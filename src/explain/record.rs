//! Steps onto the tape: with what they are made of, and the partial by each operand.

use super::machine::{Machine, Trouble};
use super::tape::{Choice, Input, Item, Mention, Num, Op, Operand, Site, Slope, Step, Test};
use super::value::Val;
use crate::core::{Ex, Node};
use crate::primitive::{self, Prim};

/// A tape of more steps than this explains nothing.
const MOST_STEPS: usize = 200_000;

/// Conditions that join more comparisons than this are not shown by their values.
const MOST_TESTS: usize = 4;

impl Machine<'_> {
    /// A number of the point.
    pub fn input(&mut self, value: f64, name: String, from: Input) -> Num {
        let step = self.tape.steps.len();
        self.tape.sites.push(Site { wish: Some(name.clone()), of: None });
        self.tape.inputs.push((step, name));
        self.tape.steps.push(Step {
            op: Op::Input(from),
            operands: Vec::new(),
            value,
            site: self.tape.sites.len() - 1,
            at: Vec::new(),
            active: true,
            origin: 0,
            shown: false,
        });
        Num { value, step: Some(step) }
    }

    fn is_active(&self, num: Num) -> bool {
        num.step.is_some_and(|step| self.tape.steps[step].active)
    }

    /// The value of a primitive; a step unless it depends on no step.
    pub(super) fn record(&mut self, ex: Ex, p: Prim, exs: &[Ex], nums: &[Num]) -> Result<Num, Trouble> {
        let values: Vec<f64> = nums.iter().map(|num| num.value).collect();
        let value = primitive::eval_real(p, &values);
        if nums.iter().all(|num| num.step.is_none()) {
            return Ok(Num::fixed(value));
        }
        let literals: Vec<Option<f64>> = exs.iter().map(|&e| self.graph.as_real(e)).collect();
        let mut operands = Vec::new();
        for (k, &num) in nums.iter().enumerate() {
            let (mut slope, mut partial) = (Slope::Nothing, 0.0);
            if self.is_active(num) {
                self.graph.current_origin = self.graph.origin(ex);
                let found = self.formulas.partial(self.graph, self.rules, (p, k), &literals)?;
                if let Some(formula) = found {
                    slope = Slope::Formula(formula);
                    partial = self.filled(formula, &values, value)?;
                }
            }
            operands.push(Operand { num, slope, partial });
        }
        self.push(ex, Op::Prim(p), operands, value, &[])
    }

    /// The value of a formula of the table.
    fn filled(&mut self, formula: Ex, args: &[f64], out: f64) -> Result<f64, Trouble> {
        if let Some(literal) = self.graph.as_real(formula) {
            return Ok(literal);
        }
        let real = |x: &f64| Val::Real(Num::fixed(*x));
        let vars = self.formulas.bind(&args.iter().map(real).collect::<Vec<_>>(), real(&out));
        let values = self.aside(&[formula], vars)?;
        Ok(values[0].reals().first().map_or(f64::NAN, |num| num.value))
    }

    /// Puts a step on the tape; `more` are indices besides those of the loops around it.
    pub(super) fn push(
        &mut self,
        ex: Ex,
        op: Op,
        operands: Vec<Operand>,
        value: f64,
        more: &[i64],
    ) -> Result<Num, Trouble> {
        if operands.iter().all(|operand| operand.num.step.is_none()) {
            return Ok(Num::fixed(value));
        }
        if self.tape.steps.len() >= MOST_STEPS {
            let message = format!("this takes more than {MOST_STEPS} steps to explain: take smaller arrays");
            return Err(Trouble::Said(message, 0));
        }
        let level = self.level(ex);
        let mut at = self.indices(level);
        at.extend(more);
        let site = self.site(ex, level);
        let origin = self.graph.origin(ex);
        let active = operands.iter().any(|operand| operand.slope != Slope::Nothing);
        let shown = matches!(op, Op::Prim(p) if p == Prim::SHOW);
        let step = self.tape.steps.len();
        self.tape.steps.push(Step { op, operands, value, site, at, active, origin, shown });
        self.add_item(level, Item::Step(step));
        Ok(Num { value, step: Some(step) })
    }

    /// The indices around a scope of the call that runs.
    pub(super) fn indices(&self, level: usize) -> Vec<i64> {
        self.frames.last().map_or_else(Vec::new, |frame| frame.scopes[level].at.clone())
    }

    pub(super) fn add_item(&mut self, level: usize, item: Item) {
        let open = self.frames.last().map_or(0, |frame| frame.scopes[level].open);
        self.open[open].items.push(item);
    }

    /// The place of a node in the chain of calls that runs, and in its loops.
    fn site(&mut self, ex: Ex, level: usize) -> usize {
        let frame = self.frames.last();
        let key = (frame.map_or(0, |frame| frame.path), ex, frame.and_then(|frame| frame.scopes[level].of));
        if let Some(&site) = self.sites.get(&key) {
            return site;
        }
        let own = self.graph.name(ex).filter(|name| name.bound).map(|name| name.text.to_string());
        let wish = own.or_else(|| self.wishes.get(&ex).cloned());
        self.tape.sites.push(Site { wish, of: Some((key.0, ex)) });
        self.sites.insert(key, self.tape.sites.len() - 1);
        self.tape.sites.len() - 1
    }

    /// What stands for a node is called like it.
    pub(super) fn pass_name(&mut self, from: Ex, to: Ex) {
        let own = self.graph.name(from).filter(|name| name.bound).map(|name| name.text.to_string());
        if let Some(name) = own.or_else(|| self.wishes.get(&from).cloned()) {
            self.wishes.entry(to).or_insert(name);
        }
    }

    pub(super) fn note_choice(&mut self, ex: Ex, cond: Ex, branches: [Ex; 2], holds: bool) {
        let mut left = MOST_TESTS;
        let test = self.test(cond, &mut left);
        let origin = |ex: Ex| self.graph.origin(ex);
        let choice =
            Choice { whole: origin(ex), cond: origin(cond), branches: branches.map(origin), holds, test };
        let level = self.level(ex);
        self.add_item(level, Item::Choice(choice));
    }

    /// What a condition compares, as far as it has been found out.
    fn test(&self, cond: Ex, left: &mut usize) -> Option<Test> {
        *left = left.checked_sub(1)?;
        let Node::Prim(p, args) = self.graph.node(cond) else { return None };
        let exs = self.exs(args);
        let sign = match p {
            Prim::LT => "<",
            Prim::LE => "<=",
            Prim::GT => ">",
            Prim::GE => ">=",
            Prim::EQ => "==",
            Prim::NE => "!=",
            Prim::NOT => return Some(Test::Not(Box::new(self.test(exs[0], left)?))),
            Prim::AND | Prim::OR => {
                let (first, second) = (self.test(exs[0], left)?, self.test(exs[1], left));
                let word = if p == Prim::AND { "and" } else { "or" };
                return Some(match second {
                    Some(second) => Test::Both(word, Box::new(first), Box::new(second)),
                    // It was not needed: the first decided.
                    None if self.known(exs[1]).is_none() => first,
                    None => return None,
                });
            }
            _function => return None,
        };
        let side = |ex: Ex| match self.known(ex)? {
            Val::Real(num) => Some(Mention::Real(num)),
            Val::Int(i) => Some(Mention::Int(i)),
            Val::Bool(_) | Val::Array(_) | Val::Many(_) => None,
        };
        Some(Test::Compare(sign, side(exs[0])?, side(exs[1])?))
    }

    /// An operand with a slope of which only the number is known.
    pub(super) fn weighted(&self, num: Num, partial: f64) -> Operand {
        if self.is_active(num) {
            Operand { num, slope: Slope::Plain, partial }
        } else {
            Operand { num, slope: Slope::Nothing, partial: 0.0 }
        }
    }
}
