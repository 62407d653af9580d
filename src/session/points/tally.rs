//! What is to be said of many rows, counted.

use super::engine::Program;
use super::failure::Failure;
use crate::eval::{Limits, Value};
use crate::session::Session;
use crate::session::evaluate::{Report, entries};
use crate::session::notes::{self, Note, Run, Trouble};
use crate::syntax::diagnostic::Severity;
use crate::syntax::message::Message;

/// Rows of which the same is to be said.
#[derive(Debug, Clone)]
pub struct Noted {
    pub rows: u64,
    /// The line of the first one, and its arguments.
    pub line: u64,
    pub args: Vec<Value>,
}

/// What was counted.
#[derive(Debug, Default)]
pub struct Tally {
    pub rows: u64,
    pub failed: u64,
    pub failure: Option<Failure>,
    troubles: [Option<Noted>; 3],
    sites: Vec<Option<Noted>>,
}

const TROUBLES: [Trouble; 3] = [Trouble::Value, Trouble::Undefined, Trouble::Infinite];

impl Tally {
    pub fn trouble(&mut self, trouble: Trouble, line: u64, args: &[Value]) {
        let at = TROUBLES.iter().position(|known| *known == trouble).unwrap_or_default();
        count(&mut self.troubles[at], 1, line, args);
    }

    /// A row meets the site with this number.
    pub fn site(&mut self, number: usize, line: u64, args: &[Value]) {
        if self.sites.len() <= number {
            self.sites.resize(number + 1, None);
        }
        count(&mut self.sites[number], 1, line, args);
    }

    pub fn fail(&mut self, failure: Failure) {
        self.failed += 1;
        self.failure.get_or_insert(failure);
    }

    /// Adds what was counted in later rows.
    pub fn add(&mut self, later: Tally) {
        self.rows += later.rows;
        self.failed += later.failed;
        self.failure = self.failure.take().or(later.failure);
        for (noted, more) in self.troubles.iter_mut().zip(later.troubles) {
            more.into_iter().for_each(|more| count(noted, more.rows, more.line, &more.args));
        }
        self.sites.resize(self.sites.len().max(later.sites.len()), None);
        for (noted, more) in self.sites.iter_mut().zip(later.sites) {
            more.into_iter().for_each(|more| count(noted, more.rows, more.line, &more.args));
        }
    }

    /// A note on each thing that was counted; `name` is that of the points.
    pub fn notes(
        &self,
        session: &mut Session,
        program: &Program,
        name: &str,
        limits: Limits,
    ) -> Vec<Message> {
        let mut shown = Vec::new();
        for (noted, trouble) in self.troubles.iter().zip(TROUBLES) {
            let Some(noted) = noted else { continue };
            let plan = &program.plan;
            let outcome =
                plan.run(&noted.args, &mut |f, args| crate::session::evaluate::run(session, f, args, limits));
            let Ok(outcome) = outcome else { continue };
            let mut report = Report::new(&plan.signature.name);
            plan.report(outcome.steps, &mut report);
            let entries = entries(&report);
            let run = Run { plan, args: &noted.args, results: &outcome.results, entries: &entries, limits };
            shown.push(noted.with_rows(notes::troubled(session, &run, trouble), name));
        }
        let sites = program.edges.iter().flat_map(|edges| &edges.sites);
        for (noted, site) in self.sites.iter().zip(sites) {
            if let Some(noted) = noted {
                shown.push(noted.with_rows(site.note(session, ""), name));
            }
        }
        shown
    }

    /// The first of the rows that have no results, as a warning.
    pub fn warning(&self, session: &Session, name: &str, instead: &str) -> Option<Message> {
        let failure = self.failure.as_ref()?;
        let rows = if self.failed == 1 { "1 row".to_string() } else { format!("{} rows", self.failed) };
        let first = if self.failed == 1 { "" } else { "; this is the first" };
        let remark = Some(format!("{rows} {instead}{first}"));
        Some(Message { severity: Severity::Warning, remark, ..failure.report(session, name) })
    }
}

fn count(noted: &mut Option<Noted>, rows: u64, line: u64, args: &[Value]) {
    match noted {
        Some(noted) => noted.rows += rows,
        None => *noted = Some(Noted { rows, line, args: args.to_vec() }),
    }
}

impl Noted {
    /// The note with the rows that it is about.
    fn with_rows(&self, note: Note, name: &str) -> Message {
        let remark = match self.rows {
            1 => format!("at {name}:{}", self.line),
            rows => format!("in {rows} rows, the first {name}:{}", self.line),
        };
        Message { remark: Some(remark), ..note.report }
    }
}
