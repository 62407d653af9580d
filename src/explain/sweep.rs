//! The backward pass over a tape: pullbacks are called from the last step to the first, and each adds
//! to the adjoints of what its step was made of.

use super::tape::{Num, Op, StepId, Tape};

/// What one call of a pullback adds to one adjoint.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contribution {
    pub to: StepId,
    /// Which operand of the step it is for.
    pub operand: usize,
    pub partial: f64,
    pub amount: f64,
    /// The adjoint before and after; nothing before the first contribution.
    pub before: Option<f64>,
    pub after: f64,
}

/// A call of a step's pullback.
#[derive(Debug, Clone, PartialEq)]
pub struct Pull {
    pub step: StepId,
    /// The adjoint of the step: what the pullback is called with.
    pub d: f64,
    pub adds: Vec<Contribution>,
}

/// Where the walk ended before its end: at an adjoint that is not finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stop {
    /// The number of the call, and of the contribution in it.
    pub pull: usize,
    pub add: usize,
}

/// The adjoints of a tape's steps, and how they came about.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sweep {
    /// What the results begin with: the step, the seed.
    pub seeds: Vec<(StepId, f64)>,
    pub pulls: Vec<Pull>,
    pub stop: Option<Stop>,
    /// For each step its adjoint, if anything reached it.
    pub adjoints: Vec<Option<f64>>,
    /// For each step how many contributions there were.
    pub counts: Vec<usize>,
}

impl Sweep {
    /// Walks back from the results, each with its seed.
    pub fn new(tape: &Tape, results: &[(Num, f64)]) -> Sweep {
        let count = tape.steps.len();
        let mut sweep = Sweep { adjoints: vec![None; count], counts: vec![0; count], ..Sweep::default() };
        // What does not matter has no part in it, unless nothing does.
        let matters = |seed: f64| seed != 0.0 || results.iter().all(|&(_, seed)| seed == 0.0);
        for &(num, seed) in results.iter().filter(|(_, seed)| matters(*seed)) {
            if let Some(step) = num.step.filter(|&step| tape.steps[step].active) {
                sweep.seeds.push((step, seed));
                sweep.add(step, seed);
            }
        }
        for step in (0..count).rev() {
            if sweep.stop.is_some() {
                break;
            }
            sweep.pull(tape, step);
        }
        sweep
    }

    fn add(&mut self, step: StepId, amount: f64) -> (Option<f64>, f64) {
        let before = self.adjoints[step];
        let after = before.map_or(amount, |before| before + amount);
        self.adjoints[step] = Some(after);
        self.counts[step] += 1;
        (before, after)
    }

    fn pull(&mut self, tape: &Tape, step: StepId) {
        let Some(d) = self.adjoints[step] else { return };
        if matches!(tape.steps[step].op, Op::Input(_)) {
            return;
        }
        let mut adds = Vec::new();
        for (at, operand) in tape.steps[step].operands.iter().enumerate() {
            let (Some(to), true) = (operand.num.step, operand.is_active()) else { continue };
            let amount = d * operand.partial;
            let (before, after) = self.add(to, amount);
            adds.push(Contribution { to, operand: at, partial: operand.partial, amount, before, after });
            if !after.is_finite() {
                self.stop = Some(Stop { pull: self.pulls.len(), add: adds.len() - 1 });
                break;
            }
        }
        self.pulls.push(Pull { step, d, adds });
    }

    /// All contributions to a step, in the order in which they came.
    pub fn contributions(&self, to: StepId) -> Vec<f64> {
        let seeds = self.seeds.iter().filter(|(step, _)| *step == to).map(|&(_, seed)| seed);
        let adds = self.pulls.iter().flat_map(|pull| &pull.adds).filter(|add| add.to == to);
        seeds.chain(adds.map(|add| add.amount)).collect()
    }
}
