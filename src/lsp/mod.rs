//! The language server: an editor's questions on standard input, answers on standard output. Takes
//! what `session` knows of texts, and says it in the protocol's words.
//!
//! One thread reads, one answers, one checks texts and one derives. The one that answers never waits
//! for the others longer than an editor's user does: then it answers with what is known.
//!
//! The protocol is JSON, and of its hundreds of types a dozen are spoken here: they are written
//! where they are sent, and no library of them is needed.

mod answers;
mod document;
mod edits;
mod position;
mod publish;
mod transport;
mod uri;
mod worker;

use crate::session::load::Unsaved;
use document::{Derived, Document};
use serde_json::{Value as Json, json};
use std::collections::{HashMap, VecDeque};
use std::io::{self, BufReader, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};
use worker::{Event, Job, Snapshot, Worker};

/// An answer waits this long for a text to be read and for derivatives, then it is given without.
const PATIENCE: Duration = Duration::from_millis(2000);
/// A thread that derives or checks for longer is given up.
const LONGEST_DERIVATION: Duration = Duration::from_secs(4);
const LONGEST_CHECK: Duration = Duration::from_secs(120);

/// Codes of errors in the protocol.
const INVALID_REQUEST: i32 = -32600;
const UNKNOWN_METHOD: i32 = -32601;
const REQUEST_FAILED: i32 = -32803;
const CANCELLED: i32 = -32800;

/// A question that has no answer yet.
struct Waiting {
    id: Json,
    method: String,
    params: Json,
    /// When it is answered with what is known.
    until: Instant,
}

struct Server<W> {
    output: W,
    documents: HashMap<String, Document>,
    waiting: Vec<Waiting>,
    checker: Worker,
    deriver: Worker,
    /// Functions whose derivatives are wanted.
    wanted: VecDeque<(String, u64, u32)>,
    revisions: u64,
    /// What the editor can do and wants.
    client: Client,
    stage: Stage,
    /// The editor said that it would end.
    was_down: bool,
}

#[derive(Default)]
struct Client {
    /// It takes word that hints have changed.
    refreshes_hints: bool,
    /// It does not want derivatives beside definitions.
    no_derivatives: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Before `initialize`.
    New,
    Running,
    /// After `shutdown`.
    Down,
    /// After `exit`, or when the editor has gone.
    Over,
}

/// Serves until the editor ends it; whether it did so in the order of the protocol.
pub fn serve(input: impl Read + Send + 'static, output: impl Write) -> io::Result<bool> {
    let (events, inbox) = channel();
    let reading = events.clone();
    std::thread::spawn(move || read(BufReader::new(input), &reading));
    let mut server = Server {
        output,
        documents: HashMap::new(),
        waiting: Vec::new(),
        checker: Worker::new(0, &events),
        deriver: Worker::new(1, &events),
        wanted: VecDeque::new(),
        revisions: 0,
        client: Client::default(),
        stage: Stage::New,
        was_down: false,
    };
    server.run(&inbox)
}

/// Passes messages on until there are no more.
fn read(mut input: impl io::BufRead, events: &Sender<Event>) {
    while let Ok(Some(message)) = transport::read(&mut input) {
        if events.send(Event::Message(message)).is_err() {
            return;
        }
    }
    let _ = events.send(Event::Closed);
}

impl<W: Write> Server<W> {
    fn run(&mut self, inbox: &Receiver<Event>) -> io::Result<bool> {
        loop {
            match inbox.recv_timeout(self.pause()) {
                Ok(event) => self.take(event)?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(self.was_down),
            }
            // All that has come, so that of many changes of a text only the last is checked.
            while let Ok(event) = inbox.try_recv() {
                self.take(event)?;
            }
            if self.stage == Stage::Over {
                return Ok(self.was_down);
            }
            self.give_up_late();
            self.dispatch();
            self.settle()?;
            // An answer may want a derivative.
            self.dispatch();
        }
    }

    /// How long nothing can happen but a message.
    fn pause(&self) -> Duration {
        let now = Instant::now();
        let busy = self.checker.since.is_some() || self.deriver.since.is_some();
        let longest = if busy { Duration::from_millis(250) } else { Duration::from_secs(3600) };
        let next = self.waiting.iter().map(|waiting| waiting.until.saturating_duration_since(now)).min();
        next.unwrap_or(longest).min(longest)
    }

    fn take(&mut self, event: Event) -> io::Result<()> {
        match event {
            Event::Message(message) => self.message(message),
            Event::Closed => {
                self.stage = Stage::Over;
                Ok(())
            }
            Event::Checked { worker, uri, revision, analysis } => {
                if worker == self.checker.number {
                    self.checker.since = None;
                }
                let Some(document) = self.documents.get_mut(&uri) else { return Ok(()) };
                let newer = document.analysis.as_ref().is_none_or(|(known, _)| *known < revision);
                let Some(analysis) = analysis.filter(|_| newer) else { return Ok(()) };
                document.analysis = Some((revision, analysis));
                self.publish(&uri)
            }
            Event::Derived { worker, uri, revision, start, derivative } => {
                if worker == self.deriver.number {
                    self.deriver.since = None;
                }
                let Some(document) = self.documents.get_mut(&uri) else { return Ok(()) };
                if document.revision == revision {
                    document.derived.insert(start, Derived::Known(derivative));
                }
                if self.wanted.is_empty() && self.client.refreshes_hints {
                    return self.refresh_hints();
                }
                Ok(())
            }
        }
    }

    fn message(&mut self, message: Json) -> io::Result<()> {
        let Some(method) = message["method"].as_str() else {
            // An answer of the editor, or no message at all.
            return Ok(());
        };
        let (method, params) = (method.to_string(), message["params"].clone());
        match message.get("id") {
            Some(id) => self.request(id.clone(), method, params),
            None => self.notification(&method, &params),
        }
    }

    fn request(&mut self, id: Json, method: String, params: Json) -> io::Result<()> {
        match (self.stage, method.as_str()) {
            (Stage::New, "initialize") => {
                self.stage = Stage::Running;
                self.configure(&params["initializationOptions"]);
                let hints = &params["capabilities"]["workspace"]["inlayHint"];
                self.client.refreshes_hints = hints["refreshSupport"] == true;
                self.answer(&id, answers::capabilities())
            }
            (Stage::Running, "shutdown") => {
                self.stage = Stage::Down;
                self.was_down = true;
                self.answer(&id, Json::Null)
            }
            (Stage::Running, method) if answers::is_known(method) => {
                let until = Instant::now() + PATIENCE;
                self.waiting.push(Waiting { id, method: method.to_string(), params, until });
                Ok(())
            }
            (Stage::Running, _) => self.refuse(&id, UNKNOWN_METHOD, &format!("no method {method}")),
            (Stage::New | Stage::Down | Stage::Over, _) => {
                self.refuse(&id, INVALID_REQUEST, "the server is not running")
            }
        }
    }

    fn notification(&mut self, method: &str, params: &Json) -> io::Result<()> {
        let uri = params["textDocument"]["uri"].as_str().unwrap_or("").to_string();
        match method {
            "exit" => self.stage = Stage::Over,
            "textDocument/didOpen" => {
                let text = params["textDocument"]["text"].as_str().unwrap_or("");
                let path = uri::path(&uri).unwrap_or_else(|| PathBuf::from(&uri));
                let version = params["textDocument"]["version"].clone();
                self.documents.insert(uri.clone(), Document::new(path, text, version, 0));
                self.changed(&uri);
            }
            "textDocument/didChange" => {
                let Some(document) = self.documents.get_mut(&uri) else { return Ok(()) };
                document.change(params["contentChanges"].as_array().map_or(&[], Vec::as_slice));
                document.version = params["textDocument"]["version"].clone();
                self.changed(&uri);
            }
            "textDocument/didClose" => {
                let Some(document) = self.documents.remove(&uri) else { return Ok(()) };
                self.importers_changed(&document);
                let empty = json!({"uri": uri, "diagnostics": []});
                return self.notify("textDocument/publishDiagnostics", empty);
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => self.all_changed(),
            "workspace/didChangeConfiguration" => {
                self.configure(&params["settings"]["zgrad"]);
                return if self.client.refreshes_hints { self.refresh_hints() } else { Ok(()) };
            }
            "$/cancelRequest" => {
                let found = self.waiting.iter().position(|waiting| waiting.id == params["id"]);
                let Some(found) = found else { return Ok(()) };
                let id = self.waiting.remove(found).id;
                return self.refuse(&id, CANCELLED, "cancelled");
            }
            _unknown => {}
        }
        Ok(())
    }

    fn configure(&mut self, options: &Json) {
        if let Some(wanted) = options["derivativeHints"].as_bool() {
            self.client.no_derivatives = !wanted;
        }
    }

    /// A text is another now, and so is what imports it.
    fn changed(&mut self, uri: &str) {
        self.renew(uri);
        if let Some(document) = self.documents.remove(uri) {
            self.importers_changed(&document);
            self.documents.insert(uri.to_string(), document);
        }
    }

    fn renew(&mut self, uri: &str) {
        self.revisions += 1;
        if let Some(document) = self.documents.get_mut(uri) {
            document.revision = self.revisions;
            document.derived.clear();
            self.wanted.retain(|(of, ..)| of != uri);
        }
    }

    fn importers_changed(&mut self, changed: &Document) {
        let Some(real) = &changed.real else { return };
        let imports = |document: &Document| {
            let files = document.analysis.iter().flat_map(|(_, analysis)| analysis.files());
            files.skip(1).any(|(_, path)| path.canonicalize().is_ok_and(|path| path == *real))
        };
        let importers = self.documents.iter().filter(|(_, document)| imports(document));
        let importers: Vec<String> = importers.map(|(uri, _)| uri.clone()).collect();
        importers.iter().for_each(|uri| self.renew(uri));
    }

    fn all_changed(&mut self) {
        let all: Vec<String> = self.documents.keys().cloned().collect();
        all.iter().for_each(|uri| self.renew(uri));
    }

    // ── The other threads ────────────────────────────────────────────────────────────────────────

    /// The texts of all open files.
    fn unsaved(&self) -> Unsaved {
        let open = self.documents.values();
        open.filter_map(|document| Some((document.real.clone()?, document.text.clone()))).collect()
    }

    fn snapshot(&self, uri: &str, document: &Document) -> Snapshot {
        Snapshot {
            uri: uri.to_string(),
            revision: document.revision,
            path: document.path.clone(),
            text: document.text.clone(),
            unsaved: Arc::new(self.unsaved()),
        }
    }

    /// Gives the other threads what there is to do.
    fn dispatch(&mut self) {
        if self.checker.is_idle() {
            let open = self.documents.iter().filter(|(_, document)| document.checking != document.revision);
            // The one that was changed last is the one that is looked at.
            if let Some((uri, document)) = open.max_by_key(|(_, document)| document.revision) {
                let (uri, snapshot) = (uri.clone(), self.snapshot(uri, document));
                if let Some(document) = self.documents.get_mut(&uri) {
                    document.checking = document.revision;
                }
                self.checker.start(Job::Check(snapshot));
            }
        }
        while self.deriver.is_idle()
            && let Some((uri, revision, start)) = self.wanted.pop_front()
        {
            let Some(document) = self.documents.get(&uri) else { continue };
            if document.revision == revision {
                let snapshot = self.snapshot(&uri, document);
                self.deriver.start(Job::Derive(snapshot, start));
            }
        }
    }

    /// Replaces threads that do not come back.
    fn give_up_late(&mut self) {
        if self.checker.is_late(LONGEST_CHECK) {
            self.checker.give_up();
        }
        if self.deriver.is_late(LONGEST_DERIVATION) {
            self.deriver.give_up();
        }
    }

    /// Answers what can be answered, and what has waited long enough.
    fn settle(&mut self) -> io::Result<()> {
        for waiting in std::mem::take(&mut self.waiting) {
            let last = waiting.until <= Instant::now();
            match self.try_answer(&waiting.method, &waiting.params, last) {
                Some(Ok(answer)) => self.answer(&waiting.id, answer)?,
                Some(Err(why)) => self.refuse(&waiting.id, REQUEST_FAILED, &why)?,
                None => self.waiting.push(waiting),
            }
        }
        Ok(())
    }

    // ── What is said ─────────────────────────────────────────────────────────────────────────────

    fn answer(&mut self, id: &Json, result: Json) -> io::Result<()> {
        transport::write(&mut self.output, &json!({"jsonrpc": "2.0", "id": id, "result": result}))
    }

    fn refuse(&mut self, id: &Json, code: i32, message: &str) -> io::Result<()> {
        let error = json!({"code": code, "message": message});
        transport::write(&mut self.output, &json!({"jsonrpc": "2.0", "id": id, "error": error}))
    }

    fn notify(&mut self, method: &str, params: Json) -> io::Result<()> {
        transport::write(&mut self.output, &json!({"jsonrpc": "2.0", "method": method, "params": params}))
    }

    fn refresh_hints(&mut self) -> io::Result<()> {
        self.revisions += 1;
        let id = format!("refresh-{}", self.revisions);
        let method = "workspace/inlayHint/refresh";
        transport::write(&mut self.output, &json!({"jsonrpc": "2.0", "id": id, "method": method}))
    }
}
