//! The part of a benchmark that every program shares: seeded data, the check that all agree, the clock, the row of
//! the table.

use crate::clock::thread_time;
use std::time::Instant;

/// Whose code it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Hand-written, scalar.
    Reference,
    /// By zgrad.
    Emitted,
    /// Hand-written, in lanes.
    Lanes,
}

/// What it computes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum What {
    Function,
    Derivative,
}

/// The results of a contestant, array by array; what is allocated beforehand is not timed.
pub type Output = Vec<Vec<f64>>;

/// Results that are arrays of these lengths.
pub fn output(lengths: &[usize]) -> Output {
    lengths.iter().map(|&length| vec![0.0; length]).collect()
}

/// One implementation.
struct Contestant<'a> {
    by: By,
    what: What,
    results: Output,
    run: Box<dyn FnMut(&mut Output) + 'a>,
    /// Calls in a sample: enough for the clock.
    calls: usize,
    /// Nanoseconds a call.
    samples: Vec<f64>,
}

/// All implementations of a program, at one size.
pub struct Contest<'a> {
    size: String,
    contestants: Vec<Contestant<'a>>,
}

impl<'a> Contest<'a> {
    pub fn new(size: impl Into<String>) -> Self {
        Contest { size: size.into(), contestants: Vec::new() }
    }

    /// Adds an implementation whose results are arrays of these lengths.
    pub fn add(
        &mut self,
        by: By,
        what: What,
        lengths: &[usize],
        run: impl FnMut(&mut Output) + 'a,
    ) -> &mut Self {
        let (results, run) = (output(lengths), Box::new(run));
        self.contestants.push(Contestant { by, what, results, run, calls: 1, samples: Vec::new() });
        self
    }

    /// Adds an implementation in lanes, on a machine that has them.
    pub fn add_lanes(
        &mut self,
        what: What,
        lengths: &[usize],
        run: impl FnMut(&mut Output) + 'a,
    ) -> &mut Self {
        if crate::lanes::available() { self.add(By::Lanes, what, lengths, run) } else { self }
    }
}

/// What the command line asks for.
pub struct Options {
    /// All sizes, or the small ones only.
    pub full: bool,
    /// Seconds for a size.
    budget: f64,
}

/// The results of a program as they come in.
pub struct Table {
    program: String,
    pub options: Options,
    failed: bool,
}

/// The relative error that is not one: the order of summation.
const TOLERANCE: f64 = 1e-9;

/// Nanoseconds that a sample takes at least, so that neither the clock counts nor what the one before it left in
/// the caches.
const SAMPLE: f64 = 2e6;

impl Table {
    /// Checks that all agree, times them in turns, and prints the row.
    pub fn row(&mut self, mut contest: Contest) {
        for one in &mut contest.contestants {
            let cold = one.sample();
            let time = if cold < SAMPLE { one.sample() } else { cold };
            one.calls = ((SAMPLE / time) as usize).clamp(1, 10_000_000);
        }
        if let Some(message) = contest.disagreement() {
            println!("{:10} {:26} {message}", self.program, contest.size);
            self.failed = true;
            return;
        }
        let start = Instant::now();
        let mut rounds = 0;
        while rounds < 1 || (start.elapsed().as_secs_f64() < self.options.budget && rounds < 1000) {
            for one in &mut contest.contestants {
                let time = one.sample();
                one.samples.push(time);
            }
            rounds += 1;
        }
        contest.print(&self.program);
    }
}

impl Contestant<'_> {
    /// Nanoseconds a call, over so many calls as make a sample.
    fn sample(&mut self) -> f64 {
        let start = thread_time();
        for _ in 0..self.calls {
            (self.run)(&mut self.results);
            std::hint::black_box(&mut self.results);
        }
        (thread_time() - start) / self.calls as f64
    }

    fn median(&self) -> f64 {
        let mut sorted = self.samples.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    }
}

impl Contest<'_> {
    /// How the results of the contestants differ, in words.
    fn disagreement(&self) -> Option<String> {
        for what in [What::Function, What::Derivative] {
            let mut all = self.contestants.iter().filter(|one| one.what == what);
            let Some(first) = all.next() else { continue };
            for other in all {
                let name = format!("{}, {}", other.by.name(), what.name());
                if first.results.len() != other.results.len() {
                    return Some(format!("WRONG: {name}: other arrays"));
                }
                for (a, (x, y)) in first.results.iter().zip(&other.results).enumerate() {
                    if let Some(message) = difference(x, y) {
                        return Some(format!("WRONG: {name}: array {a}: {message}"));
                    }
                }
            }
        }
        None
    }

    fn time(&self, by: By, what: What) -> Option<f64> {
        let found = self.contestants.iter().find(|one| one.by == by && one.what == what);
        found.map(Contestant::median)
    }

    fn print(&self, program: &str) {
        let [fr, fe, fl] = [By::Reference, By::Emitted, By::Lanes].map(|by| self.time(by, What::Function));
        let [dr, de, dl] = [By::Reference, By::Emitted, By::Lanes].map(|by| self.time(by, What::Derivative));
        println!(
            "{program:10} {:26} {:>8} {:>8} {:>6} {:>8} {:>6}  {:>8} {:>8} {:>6} {:>8} {:>6}  {:>5} {:>5}",
            self.size,
            show(fr),
            show(fe),
            ratio(fe, fr),
            show(fl),
            ratio(fe, fl),
            show(dr),
            show(de),
            ratio(de, dr),
            show(dl),
            ratio(de, dl),
            ratio(dr, fr),
            ratio(de, fe),
        );
    }
}

impl By {
    fn name(self) -> &'static str {
        match self {
            By::Reference => "reference",
            By::Emitted => "emitted",
            By::Lanes => "lanes",
        }
    }
}

impl What {
    fn name(self) -> &'static str {
        match self {
            What::Function => "function",
            What::Derivative => "derivative",
        }
    }
}

/// Where two arrays differ by more than rounding, measured against the largest element.
fn difference(x: &[f64], y: &[f64]) -> Option<String> {
    if x.len() != y.len() {
        return Some(format!("{} elements for {}", y.len(), x.len()));
    }
    let scale = x.iter().fold(1e-300_f64, |most, v| most.max(v.abs()));
    let wrong = x.iter().zip(y).position(|(x, y)| !((x - y).abs() <= TOLERANCE * scale));
    wrong.map(|i| format!("element {i}: {} for {}", y[i], x[i]))
}

fn show(time: Option<f64>) -> String {
    match time {
        None => "-".into(),
        Some(t) if t < 1e3 => format!("{} ns", digits(t)),
        Some(t) if t < 1e6 => format!("{} us", digits(t / 1e3)),
        Some(t) if t < 1e9 => format!("{} ms", digits(t / 1e6)),
        Some(t) => format!("{} s", digits(t / 1e9)),
    }
}

fn ratio(a: Option<f64>, b: Option<f64>) -> String {
    a.zip(b).map_or("-".into(), |(a, b)| digits(a / b))
}

/// About three digits.
fn digits(x: f64) -> String {
    if x < 10.0 {
        format!("{x:.2}")
    } else if x < 100.0 {
        format!("{x:.1}")
    } else {
        format!("{x:.0}")
    }
}

/// Numbers that are the same in every run (SplitMix64).
pub struct Random(u64);

impl Random {
    pub fn new() -> Random {
        Random(20_260_101)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Evenly from this interval.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// An index below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn uniforms(&mut self, count: usize, low: f64, high: f64) -> Vec<f64> {
        (0..count).map(|_| self.uniform(low, high)).collect()
    }

    /// Normally distributed (Box and Muller).
    pub fn normals(&mut self, count: usize) -> Vec<f64> {
        let one = |r: &mut Self| {
            (-2.0 * r.uniform(1e-12, 1.0).ln()).sqrt() * (std::f64::consts::TAU * r.uniform(0.0, 1.0)).cos()
        };
        (0..count).map(|_| one(self)).collect()
    }
}

/// The program `name [--full]`: all sizes of a benchmark.
pub fn main(program: &str, run: impl Fn(&mut Table)) {
    let full = std::env::args().any(|argument| argument == "--full");
    let options = Options { full, budget: if full { 3.0 } else { 0.6 } };
    let mut table = Table { program: program.to_string(), options, failed: false };
    run(&mut table);
    std::process::exit(i32::from(table.failed));
}
