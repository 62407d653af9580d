//! Random programs, as text, through every stage: what each must satisfy is in `judge`, and what it
//! is compared with in `oracle`, which shares nothing with the library.
//!
//! ```text
//! cargo test --test random                                  the suite
//! ZGRAD_RANDOM=1000000 cargo test --test random -- --ignored long
//! ZGRAD_SEED=123 cargo test --test random -- --ignored one  one program, shown
//! ```
//!
//! A failure prints its seed and a program that was made as small as it goes.

mod builtin;
mod bytes;
mod emitted;
mod generate;
mod judge;
mod number;
mod oracle;
mod point;
mod shrink;
mod swallow;
mod text;
mod tree;

use judge::{Case, Verdict};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How many programs the suite runs.
const COUNT: u64 = 20_000;

/// What was seen.
#[derive(Default)]
struct Tally {
    run: u64,
    unclear: BTreeMap<&'static str, u64>,
    /// By what fails: how often, and the first.
    failures: BTreeMap<String, (u64, u64)>,
}

fn number_of(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

fn size_for(seed: u64) -> i32 {
    [8, 14, 20, 30, 45][(seed % 5) as usize]
}

fn programs(first: u64, count: u64) -> Tally {
    judge::quiet();
    let next = AtomicU64::new(first);
    let tally = Mutex::new(Tally::default());
    let threads = std::thread::available_parallelism().map_or(2, |n| n.get());
    let busy: Vec<Mutex<Option<(u64, Instant)>>> = (0..threads).map(|_| Mutex::new(None)).collect();
    let done = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for busy in &busy {
            let work = || {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count {
                        break;
                    }
                    *busy.lock().unwrap() = Some((seed, Instant::now()));
                    let program = generate::program(seed, size_for(seed));
                    let verdict = Case::new(&program, seed).judge();
                    let mut tally = tally.lock().unwrap();
                    tally.run += 1;
                    match verdict {
                        Verdict::Holds => {}
                        Verdict::Unclear(why) => *tally.unclear.entry(why).or_default() += 1,
                        Verdict::Fails { what, .. } => tally.failures.entry(what).or_insert((0, seed)).0 += 1,
                    }
                }
                *busy.lock().unwrap() = None;
                done.fetch_add(1, Ordering::Relaxed);
            };
            std::thread::Builder::new().stack_size(16 << 20).spawn_scoped(scope, work).unwrap();
        }
        // One that does not end is a failure too.
        while done.load(Ordering::Relaxed) < threads as u64 {
            std::thread::sleep(Duration::from_millis(50));
            for busy in &busy {
                if let Some((seed, since)) = *busy.lock().unwrap()
                    && since.elapsed() > Duration::from_secs(120)
                {
                    let program = generate::program(seed, size_for(seed));
                    eprintln!("seed {seed} does not end:\n{}", text::program(&program));
                    std::process::abort();
                }
            }
        }
    });
    tally.into_inner().unwrap()
}

/// Prints what was seen, each failure with a small program; gives how many there are.
fn report(tally: &Tally, start: Instant) -> u64 {
    let unclear: u64 = tally.unclear.values().sum();
    println!(
        "{} programs in {:.1?}, {unclear} not compared: {:?}",
        tally.run,
        start.elapsed(),
        tally.unclear
    );
    let failed: u64 = tally.failures.values().map(|(count, _)| count).sum();
    for (what, (count, seed)) in &tally.failures {
        let program = generate::program(*seed, size_for(*seed));
        let small = shrink::shrink(&program, *seed, what, Duration::from_secs(20));
        let case = Case::new(&small, *seed);
        let how = match case.judge() {
            Verdict::Fails { what, how } => format!("{what}\n{how}"),
            other => format!("{other:?}"),
        };
        println!("── {count} × {what}, first with seed {seed}\n{how}");
        println!("{}at {}", text::program(&small), case.point.text(small.main()));
    }
    assert!(unclear * 5 < tally.run, "too many programs are not compared");
    failed
}

#[test]
fn random_programs_keep_every_promise() {
    let start = Instant::now();
    let count = number_of("ZGRAD_RANDOM").unwrap_or(COUNT);
    let failed = report(&programs(number_of("ZGRAD_SEED").unwrap_or(0), count), start);
    assert!(failed == 0, "{failed} of {count} programs fail");
}

#[test]
#[ignore = "as long as one likes"]
fn long() {
    let start = Instant::now();
    let first = number_of("ZGRAD_SEED").unwrap_or(1_000_000);
    let count = number_of("ZGRAD_RANDOM").unwrap_or(1_000_000);
    let mut failed = 0;
    for chunk in (0..count).step_by(5000) {
        failed += report(&programs(first + chunk, 5000.min(count - chunk)), start);
        let batch = std::panic::catch_unwind(|| emitted::batch(first + chunk, 100));
        failed += u64::from(batch.is_err());
    }
    assert!(failed == 0, "{failed} of {count} programs fail");
}

#[test]
#[ignore = "shows one program"]
fn one() {
    judge::quiet();
    let seed = number_of("ZGRAD_SEED").unwrap_or(0);
    let program = generate::program(seed, size_for(seed));
    println!("{}", text::program(&program));
    let case = Case::new(&program, seed);
    println!("at {}", case.point.text(program.main()));
    println!("{:?}", case.judge());
}
