//! `zgrad repl`: definitions and expressions line by line, from a person or from a pipe.

mod commands;
mod line;

use super::args::{Color, Repl};
use super::{Answer, report, tell};
use crate::session::notebook::{Notebook, Reply};
use crate::session::{output, state};
use crate::syntax::message::Look;
use crate::syntax::scan::is_unfinished;
use anyhow::Result;
use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{CompletionType, Config, Editor};
use std::cell::RefCell;
use std::io::{self, BufRead, IsTerminal};
use std::rc::Rc;

/// So many lines are kept.
const MOST_KEPT: usize = 2000;

/// What happens after an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Answered,
    Unanswered,
    End,
}

/// How answers are given.
#[derive(Clone, Copy)]
struct Manner {
    color: Color,
    look: Look,
}

pub fn run(args: &Repl, color: Color, look: Look) -> Result<Answer> {
    let mut notebook = Notebook::default();
    let manner = Manner { color, look };
    if let Some(file) = &args.file {
        say(notebook.load(file)?, manner)?;
    }
    if io::stdin().is_terminal() { converse(notebook, manner) } else { read(&mut notebook, manner) }
}

/// Answers the lines of standard input.
fn read(notebook: &mut Notebook, manner: Manner) -> Result<Answer> {
    let mut answer = Answer::Done;
    let mut entry = String::new();
    for line in io::stdin().lock().lines() {
        let line = line?;
        let line_is_empty = line.trim().is_empty();
        entry += &line;
        // An empty line ends an entry that was not meant to go on.
        if is_unfinished(&entry) && !line_is_empty {
            entry.push('\n');
            continue;
        }
        match take(notebook, &std::mem::take(&mut entry), manner)? {
            Next::Answered => {}
            Next::Unanswered => answer = Answer::No,
            Next::End => return Ok(answer),
        }
    }
    if take(notebook, &entry, manner)? == Next::Unanswered {
        answer = Answer::No;
    }
    Ok(answer)
}

/// Answers a person.
fn converse(notebook: Notebook, manner: Manner) -> Result<Answer> {
    let config = Config::builder().completion_type(CompletionType::List).max_history_size(MOST_KEPT)?;
    let mut editor: Editor<line::Helper, DefaultHistory> = Editor::with_config(config.build())?;
    let notebook = Rc::new(RefCell::new(notebook));
    editor.set_helper(Some(line::Helper::new(notebook.clone())));
    let history = state::history();
    if let Some(path) = &history {
        // The first time there is none.
        let _ = editor.load_history(path);
    }
    super::say("Definitions and expressions; `:help` tells more, `:quit` ends.\n");
    loop {
        match editor.readline("zgrad> ") {
            Ok(entry) => {
                if !entry.trim().is_empty() {
                    let _ = editor.add_history_entry(entry.as_str());
                }
                if take(&mut notebook.borrow_mut(), &entry, manner)? == Next::End {
                    break;
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => break,
            Err(error) => return Err(error.into()),
        }
    }
    if let Some(path) = &history {
        // Nothing that was answered is lost with it.
        let _ = editor.append_history(path);
    }
    Ok(Answer::Done)
}

/// Answers an entry; what is wrong with it is told.
fn take(notebook: &mut Notebook, entry: &str, manner: Manner) -> Result<Next> {
    let answered = match entry.trim().strip_prefix(':') {
        Some(command) => commands::run(notebook, command, manner),
        None => notebook.enter(entry).and_then(|reply| say(reply, manner)),
    };
    match answered {
        Ok(next) => Ok(next),
        // Nobody reads on.
        Err(error) if super::broken_pipe(&error) => Err(error),
        Err(error) => {
            report(&error, manner.look);
            Ok(Next::Unanswered)
        }
    }
}

/// Prints an answer.
fn say(reply: Reply, manner: Manner) -> Result<Next> {
    match reply {
        Reply::Nothing => {}
        Reply::Defined(lines, messages) => {
            tell(&messages, manner.look);
            output::write(None, lines.iter().map(|line| format!("{line}\n")).collect::<String>())?;
        }
        Reply::Fails(why) => {
            output::write(None, format!("{why}\n"))?;
            return Ok(Next::Unanswered);
        }
        Reply::Value(value, messages) => {
            tell(&messages, manner.look);
            output::write(None, format!("{value}\n"))?;
        }
    }
    Ok(Next::Answered)
}
