//! `zgrad build`.

use super::args::Build;
use super::deliver::out_of_date;
use super::{Answer, report, say, tell};
use crate::session::targets::{Made, Targets, times};
use crate::syntax::message::Look;
use anyhow::Result;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

/// Between two looks at the files.
const PAUSE: Duration = Duration::from_millis(200);

pub fn run(args: &Build, look: Look) -> Result<Answer> {
    if !args.watch {
        let targets = Targets::read(&args.file)?;
        return all(args, &targets, look);
    }
    loop {
        let mut inputs = BTreeSet::from([args.file.clone()]);
        let built = Targets::read(&args.file).and_then(|targets| {
            inputs = targets.inputs();
            // Before anything is built, so that no change is missed.
            let before = times(&inputs);
            all(args, &targets, look).map(|_| before)
        });
        let before = built.unwrap_or_else(|error| {
            report(&error, look);
            times(&inputs)
        });
        wait(&inputs, &before);
    }
}

/// Until one of the files is changed.
fn wait(inputs: &BTreeSet<PathBuf>, before: &[Option<std::time::SystemTime>]) {
    while times(inputs) == before {
        std::thread::sleep(PAUSE);
    }
}

/// Makes all targets; an error of one does not keep the others from being made.
fn all(args: &Build, targets: &Targets, look: Look) -> Result<Answer> {
    let mut answer = Answer::Done;
    let mut failed = None;
    for target in &targets.targets {
        match targets.make(target, args.check) {
            Ok((made, warnings)) => {
                tell(&warnings, look);
                match made {
                    Made::Current => {}
                    Made::Written if args.quiet => {}
                    Made::Written => say(&format!("wrote {}\n", target.out.display())),
                    Made::Stale(stale) => answer = out_of_date(&target.out, &stale, look)?,
                }
            }
            Err(error) => {
                if let Some(earlier) = failed.replace(error) {
                    report(&earlier, look);
                }
            }
        }
    }
    failed.map_or(Ok(answer), Err)
}
