//! The elements of parts: loops over binders, in an order in which conditions decide early and sums that must be 0
//! give binders instead of being tried.

use super::formula::{Formula, is_known};
use super::reads::Reads;
use super::{Doubt, Known, Missing, Part, Pattern};
use crate::core::{Ex, Graph, VarId, VarKind};

/// More entries are not listed.
const MOST_ENTRIES: usize = 50_000_000;

/// The entries that the parts stand for; all, where not all was read or counting takes more than these steps.
pub fn pattern(
    graph: &mut Graph,
    reads: &Reads,
    rows: &[Vec<i64>],
    columns: &[Vec<i64>],
    known: &Known,
    steps: u64,
) -> Result<Pattern, Missing> {
    let (row_starts, row_count) = starts(rows)?;
    let (column_starts, column_count) = starts(columns)?;
    let mut entries = Vec::new();
    let mut left = steps;
    let mut complete = reads.complete;
    for part in &reads.parts {
        let plan = Plan::new(graph, part, known);
        let (lengths, widths) = (&rows[part.result], &columns[part.variable]);
        let (row, column) = (row_starts[part.result], column_starts[part.variable]);
        let mut take = |at: &[i64], of: &[i64]| {
            if let (Some(at), Some(of)) = (offset(at, lengths), offset(of, widths)) {
                entries.push((row + at, column + of));
            }
            entries.len() < MOST_ENTRIES
        };
        let mut run = Run { plan: &plan, known, left, values: vec![0; plan.slots], scratch: Vec::new() };
        if !run.level(0, &mut take) {
            complete = false;
            break;
        }
        left = run.left;
    }
    let mut doubts = reads.doubts.clone();
    if !complete {
        doubts.insert(Doubt::Size);
        if row_count.saturating_mul(column_count) > MOST_ENTRIES {
            return Err(Missing::TooMany);
        }
        entries = (0..row_count as u32).flat_map(|r| (0..column_count as u32).map(move |c| (r, c))).collect();
    }
    entries.sort_unstable();
    entries.dedup();
    Ok(Pattern { rows: row_count, columns: column_count, entries, doubts })
}

/// Where the elements of each begin among those of all, and how many there are.
fn starts(shapes: &[Vec<i64>]) -> Result<(Vec<u32>, usize), Missing> {
    let mut all = Vec::new();
    let mut next: i64 = 0;
    for shape in shapes {
        all.push(next as u32);
        let count = shape.iter().try_fold(1_i64, |count, &len| count.checked_mul(len));
        next = count.and_then(|count| next.checked_add(count)).ok_or(Missing::TooMany)?;
        if next > i64::from(u32::MAX) {
            return Err(Missing::TooMany);
        }
    }
    Ok((all, next as usize))
}

/// The place of an element, rows first; nothing outside the array.
fn offset(at: &[i64], lengths: &[i64]) -> Option<u32> {
    let mut offset = 0;
    for (&index, &len) in at.iter().zip(lengths) {
        if !(0..len).contains(&index) {
            return None;
        }
        offset = offset * len + index;
    }
    u32::try_from(offset).ok()
}

/// How a binder comes by its values.
enum Source {
    /// All below its length.
    All,
    /// The one that makes a sum 0: the sum without the binder, and the binder's factor in it.
    Solved(Formula, i64),
}

struct Level {
    slot: usize,
    length: Formula,
    source: Source,
    /// What is decided from here on: sums that must be 0, and conditions.
    zeros: Vec<Formula>,
    holds: Vec<(Formula, bool)>,
}

/// The binders of a part in an order, with what is checked at each.
struct Plan {
    slots: usize,
    /// What needs no binder.
    zeros: Vec<Formula>,
    holds: Vec<(Formula, bool)>,
    /// Binders that nothing is indexed by: there must be values.
    nonempty: Vec<Formula>,
    levels: Vec<Level>,
    row: Vec<Formula>,
    column: Vec<Formula>,
}

impl Plan {
    fn new(graph: &mut Graph, part: &Part, known: &Known) -> Plan {
        let used = used(graph, part);
        // Lengths that are not known belong to binders that nothing known is indexed by.
        let lengths: Vec<Option<Ex>> = part
            .binders
            .iter()
            .map(|&b| match graph.var(b).kind {
                VarKind::Index { len } => {
                    is_known(graph, len, known, &|b| part.binders.contains(&b)).then_some(len)
                }
                VarKind::Param | VarKind::Step | VarKind::State { .. } => None,
            })
            .collect();
        let formula = |graph: &Graph, ex: Ex| Formula::of(graph, ex, &part.binders, known);
        let mut planner = Planner { graph, part, assigned: vec![false; part.binders.len()] };
        let mut zeros: Vec<Ex> = part.zeros.clone();
        let mut holds = part.holds.clone();
        let first = planner.ready(&mut zeros, &mut holds);
        let mut levels = Vec::new();
        while let Some((slot, solved)) = planner.next(&used, &lengths, &zeros) {
            let source = match solved {
                None => Source::All,
                Some((sum, factor)) => {
                    let zero = planner.graph.int(0);
                    let rest = planner.graph.substitute(sum, &[(part.binders[slot], zero)]);
                    zeros.retain(|&other| other != sum);
                    Source::Solved(formula(planner.graph, rest), factor)
                }
            };
            planner.assigned[slot] = true;
            let (own, conditions) = planner.ready(&mut zeros, &mut holds);
            let length = lengths[slot].map(|len| formula(planner.graph, len));
            let length = length.unwrap_or(Formula::Sum(1, Vec::new()));
            let zeros = own.iter().map(|&ex| formula(planner.graph, ex)).collect();
            let holds = conditions.iter().map(|&(ex, value)| (formula(planner.graph, ex), value)).collect();
            levels.push(Level { slot, length, source, zeros, holds });
        }
        let graph = planner.graph;
        let unused = (0..part.binders.len()).filter(|&slot| !used[slot]);
        let nonempty = unused.filter_map(|slot| lengths[slot]).map(|len| formula(graph, len)).collect();
        Plan {
            slots: part.binders.len(),
            zeros: first.0.iter().map(|&ex| formula(graph, ex)).collect(),
            holds: first.1.iter().map(|&(ex, value)| (formula(graph, ex), value)).collect(),
            nonempty,
            levels,
            row: part.row.iter().map(|&ex| formula(graph, ex)).collect(),
            column: part.column.iter().map(|&ex| formula(graph, ex)).collect(),
        }
    }
}

/// Which binders anything is indexed by, directly or through lengths.
fn used(graph: &Graph, part: &Part) -> Vec<bool> {
    let exs = part.row.iter().chain(&part.column).chain(&part.zeros).copied();
    let mut stack: Vec<Ex> = exs.chain(part.holds.iter().map(|&(ex, _)| ex)).collect();
    // The length of a binder that is not used may depend on one that is not either: then both are counted.
    let nested = part.binders.iter().filter_map(|&b| graph.index_len(b));
    stack.extend(nested.filter(|&len| graph.depends_on_any(len, &part.binders)));
    part.binders.iter().map(|&b| stack.iter().any(|&ex| graph.depends_on(ex, b))).collect()
}

struct Planner<'a> {
    graph: &'a mut Graph,
    part: &'a Part,
    assigned: Vec<bool>,
}

impl Planner<'_> {
    /// Whether the expression needs none of the binders that have no value yet, but for one.
    fn is_ready(&self, ex: Ex, but: Option<VarId>) -> bool {
        let open = self.part.binders.iter().zip(&self.assigned).filter(|&(_, &assigned)| !assigned);
        open.into_iter().all(|(&b, _)| Some(b) == but || !self.graph.depends_on(ex, b))
    }

    /// Takes what can be decided now.
    fn ready(&self, zeros: &mut Vec<Ex>, holds: &mut Vec<(Ex, bool)>) -> (Vec<Ex>, Vec<(Ex, bool)>) {
        let (now, later) = zeros.iter().partition(|&&ex| self.is_ready(ex, None));
        *zeros = later;
        let (conditions, later) = holds.iter().partition(|&&(ex, _)| self.is_ready(ex, None));
        *holds = later;
        (now, conditions)
    }

    /// The binder that gets its values next: one that a sum gives, with that sum and the binder's factor, else the
    /// first.
    fn next(
        &self,
        used: &[bool],
        lengths: &[Option<Ex>],
        zeros: &[Ex],
    ) -> Option<(usize, Option<(Ex, i64)>)> {
        let open = |slot: &usize| {
            let ready = lengths[*slot].is_none_or(|len| self.is_ready(len, None));
            used[*slot] && !self.assigned[*slot] && ready
        };
        let open: Vec<usize> = (0..used.len()).filter(open).collect();
        for &slot in &open {
            let binder = self.part.binders[slot];
            for &sum in zeros.iter().filter(|&&sum| self.is_ready(sum, Some(binder))) {
                if let Some(factor) = self.factor(sum, binder) {
                    return Some((slot, Some((sum, factor))));
                }
            }
        }
        open.first().map(|&slot| (slot, None))
    }

    /// The factor of a binder in a sum of which the rest is free of it.
    fn factor(&self, sum: Ex, binder: VarId) -> Option<i64> {
        let terms = self.graph.affine(sum).terms;
        let own = |ex: Ex| self.graph.node(ex) == crate::core::Node::Var(binder);
        let rest = terms.iter().all(|&(term, _)| own(term) || !self.graph.depends_on(term, binder));
        terms.iter().find(|&&(term, _)| own(term)).filter(|_| rest).map(|&(_, factor)| factor)
    }
}

struct Run<'a> {
    plan: &'a Plan,
    known: &'a Known,
    left: u64,
    values: Vec<i64>,
    scratch: Vec<Option<i64>>,
}

/// Takes an element of a result and one of a variable; whether to go on.
type Take<'a> = dyn FnMut(&[i64], &[i64]) -> bool + 'a;

impl Run<'_> {
    fn value(&mut self, formula: &Formula) -> Option<i64> {
        formula.value(&self.values, self.known, &mut self.scratch)
    }

    /// Whether sums are 0 and conditions hold; what has no value decides nothing.
    fn fits(&mut self, zeros: &[Formula], holds: &[(Formula, bool)]) -> bool {
        zeros.iter().all(|zero| self.value(zero).is_none_or(|value| value == 0))
            && holds.iter().all(|(cond, wanted)| self.value(cond).is_none_or(|value| (value != 0) == *wanted))
    }

    /// Goes through the values of the binders from a level on; whether it came to the end. Nests as deep as there
    /// are binders.
    fn level(&mut self, number: usize, take: &mut Take) -> bool {
        let plan = self.plan;
        if number == 0 {
            let empty = |run: &mut Self, len: &Formula| run.value(len).is_some_and(|len| len <= 0);
            if !self.fits(&plan.zeros, &plan.holds) || plan.nonempty.iter().any(|len| empty(self, len)) {
                return true;
            }
        }
        let Some(level) = plan.levels.get(number) else {
            let at: Option<Vec<i64>> = plan.row.iter().map(|index| self.value(index)).collect();
            let of: Option<Vec<i64>> = plan.column.iter().map(|index| self.value(index)).collect();
            return at.zip(of).is_none_or(|(at, of)| take(&at, &of));
        };
        let Some(length) = self.value(&level.length) else { return true };
        let range = match &level.source {
            Source::All => 0..length,
            Source::Solved(rest, factor) => match self.value(rest) {
                Some(rest) if rest % factor == 0 && (0..length).contains(&(-rest / factor)) => {
                    -rest / factor..-rest / factor + 1
                }
                Some(_) | None => return true,
            },
        };
        for value in range {
            if self.left == 0 {
                return false;
            }
            self.left -= 1;
            self.values[level.slot] = value;
            if self.fits(&level.zeros, &level.holds) && !self.level(number + 1, take) {
                return false;
            }
        }
        true
    }
}
