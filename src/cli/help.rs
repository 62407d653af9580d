//! `zgrad help`: a command, or the code of a message.

use super::Answer;
use super::args::{Completions, Help};
use super::pages::{GUIDES, language};
use crate::refuse;
use crate::session::{output, suggestion};
use crate::syntax::code::{Code, Explanation};
use anyhow::Result;
use std::fmt::Write;

pub fn run(args: &Help) -> Result<Answer> {
    let text = match args.topic.as_deref() {
        None => super::command().render_long_help().to_string(),
        Some("errors" | "codes") => list(),
        Some("language" | "notation") => shown(&language()),
        Some("guides") => shown(GUIDES),
        Some(topic) => match (Code::find(topic), of_command(topic)) {
            (Some(code), _) => page(code.explanation()),
            (None, Some(help)) => help,
            (None, None) => {
                let commands: Vec<String> =
                    super::command().get_subcommands().map(|c| c.get_name().to_string()).collect();
                let commands: Vec<&str> =
                    commands.iter().map(String::as_str).chain(["errors", "language", "guides"]).collect();
                refuse!(Code::NoSuchTopic, "there is no help on `{topic}`{}", suggestion(topic, &commands))
            }
        },
    };
    output::write(None, &text)?;
    Ok(Answer::Done)
}

pub fn completions(args: &Completions) -> Result<Answer> {
    output::write(None, super::complete::script(args.shell))?;
    Ok(Answer::Done)
}

/// A page without the marks round its examples, which are indented instead.
fn shown(page: &str) -> String {
    let (mut text, mut inside) = (String::new(), false);
    for line in page.lines() {
        match (line.starts_with("```"), inside) {
            (true, _) => inside = !inside,
            (false, true) if !line.is_empty() => {
                let _ = writeln!(text, "    {line}");
            }
            (false, _) => {
                let _ = writeln!(text, "{line}");
            }
        }
    }
    text
}

/// What a command's `--help` prints.
fn of_command(name: &str) -> Option<String> {
    let mut command = super::command();
    command.build();
    command.find_subcommand_mut(name).map(|command| command.render_long_help().to_string())
}

/// All codes with their titles.
fn list() -> String {
    Code::all().map(|code| format!("{}  {}\n", code.id(), code.explanation().title)).collect()
}

/// What is told of a code.
fn page(about: &Explanation) -> String {
    let Explanation { code, title, text, run, wrong, right, right_run, .. } = about;
    let mut page = format!("{code}: {title}\n\n{text}");
    let mut example = |what: &str, file: &str, run: &str| {
        let file: String = file.lines().map(|line| format!("  {line}\n")).collect();
        let _ = write!(page, "\n{what}, with `zgrad {run}`:\n\n{file}");
    };
    if !wrong.is_empty() {
        example("Draws it", wrong, run);
        example("Does not", right, right_run);
    }
    page
}
