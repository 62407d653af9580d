//! Work that takes time, on threads of its own. One that does not come back is given up: another
//! takes its place, and the server answers all the while.

use crate::session::language::{Analysis, Derivative, Derivatives};
use crate::session::load::Unsaved;
use serde_json::Value as Json;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// A text as it was at some time.
#[derive(Clone)]
pub struct Snapshot {
    pub uri: String,
    pub revision: u64,
    pub path: PathBuf,
    pub text: Arc<str>,
    pub unsaved: Arc<Unsaved>,
}

pub enum Job {
    Check(Snapshot),
    /// The derivative of the function whose name stands at this byte.
    Derive(Snapshot, u32),
}

/// What the server waits for.
pub enum Event {
    Message(Json),
    /// The editor has gone.
    Closed,
    /// What a worker found; nothing if it failed.
    Checked {
        worker: u64,
        uri: String,
        revision: u64,
        analysis: Option<Box<Analysis>>,
    },
    Derived {
        worker: u64,
        uri: String,
        revision: u64,
        start: u32,
        derivative: Option<Derivative>,
    },
}

/// A thread that does one thing at a time.
pub struct Worker {
    pub number: u64,
    jobs: Sender<Job>,
    events: Sender<Event>,
    /// Since when it is at work.
    pub since: Option<Instant>,
    /// How often a thread was given up.
    given_up: u32,
}

/// Threads have this much stack; untouched it costs nothing.
const STACK: usize = 64 << 20;
/// After so many threads that did not come back there are no more.
const MOST_GIVEN_UP: u32 = 3;

impl Worker {
    pub fn new(number: u64, events: &Sender<Event>) -> Worker {
        let jobs = spawn(number, events.clone());
        Worker { number, jobs, events: events.clone(), since: None, given_up: 0 }
    }

    pub fn is_idle(&self) -> bool {
        self.since.is_none() && self.given_up < MOST_GIVEN_UP
    }

    pub fn start(&mut self, job: Job) {
        self.since = Some(Instant::now());
        // A thread that has ended answers nothing, and is given up when its time is over.
        let _ = self.jobs.send(job);
    }

    /// Whether the thread has been at work for longer than this.
    pub fn is_late(&self, limit: Duration) -> bool {
        self.since.is_some_and(|since| since.elapsed() > limit)
    }

    /// Leaves the thread to itself; a new one takes its place.
    pub fn give_up(&mut self) {
        self.given_up += 1;
        self.since = None;
        // Numbers of the two workers never meet.
        self.number += 2;
        if self.given_up < MOST_GIVEN_UP {
            self.jobs = spawn(self.number, self.events.clone());
        }
    }
}

fn spawn(number: u64, events: Sender<Event>) -> Sender<Job> {
    let (sender, jobs) = channel();
    let thread = std::thread::Builder::new().stack_size(STACK);
    // Without a thread nothing is answered, and the worker is given up.
    let _ = thread.spawn(move || work(number, &jobs, &events));
    sender
}

fn work(worker: u64, jobs: &Receiver<Job>, events: &Sender<Event>) {
    let mut last: Option<(String, u64, Derivatives)> = None;
    for job in jobs {
        let event = match job {
            Job::Check(Snapshot { uri, revision, path, text, unsaved }) => {
                let analysis = catch_unwind(|| Box::new(Analysis::of(&path, &text, &unsaved))).ok();
                Event::Checked { worker, uri, revision, analysis }
            }
            Job::Derive(Snapshot { uri, revision, path, text, unsaved }, start) => {
                // What a panic has left is not used again.
                let known = last.take().filter(|(known, of, _)| (known, of) == (&uri, &revision));
                let derived = catch_unwind(AssertUnwindSafe(|| {
                    let mut derivatives =
                        known.map_or_else(|| Derivatives::of(&path, &text, &unsaved), |(_, _, known)| known);
                    let derivative = derivatives.derive(0, start);
                    (derivatives, derivative)
                }));
                let derivative = derived.ok().and_then(|(derivatives, derivative)| {
                    last = Some((uri.clone(), revision, derivatives));
                    derivative
                });
                Event::Derived { worker, uri, revision, start, derivative }
            }
        };
        if events.send(event).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Event, Job, MOST_GIVEN_UP, Snapshot, Worker};
    use crate::session::load::Unsaved;
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::sync::mpsc::channel;
    use std::time::Duration;

    fn job(text: &str) -> Job {
        let (path, unsaved) = (PathBuf::from("/nowhere/a.math"), Arc::new(Unsaved::new()));
        Job::Derive(Snapshot { uri: "a".into(), revision: 1, path, text: text.into(), unsaved }, 0)
    }

    #[test]
    fn another_thread_takes_the_place_of_one_that_is_late() {
        let (events, inbox) = channel();
        let mut worker = Worker::new(1, &events);
        assert!(worker.is_idle() && !worker.is_late(Duration::ZERO));
        worker.start(job("f(x) = x^2"));
        assert!(!worker.is_idle() && worker.is_late(Duration::ZERO) && !worker.is_late(Duration::MAX));
        worker.give_up();
        assert!(worker.is_idle());
        worker.start(job("g(x) = x^3"));
        let mut found: Vec<(u64, Option<String>)> = Vec::new();
        for event in inbox.iter().take(2) {
            let Event::Derived { worker, derivative, .. } = event else { panic!("another event") };
            found.push((worker, derivative.and_then(|derivative| derivative.line)));
        }
        found.sort();
        let line = |text: &str| Some(text.to_string());
        assert_eq!(found, [(1, line("f′ = 2*x")), (3, line("g′ = 3*x^2"))]);
        (1..MOST_GIVEN_UP).for_each(|_| worker.give_up());
        assert!(!worker.is_idle(), "threads are not given up without end");
    }
}
