//! The commands that begin with a colon: a few of the conversation's own, and those of zgrad.

use super::{Manner, Next, say};
use crate::cli::args::{Cli, Command};
use crate::cli::{Answer, command};
use crate::refuse;
use crate::session::notebook::Notebook;
use crate::session::{load, output, suggestion};
use crate::syntax::diagnostic::Code;
use anyhow::Result;
use clap::{CommandFactory, Parser};
use std::path::Path;

/// The commands of the conversation itself, and what each does.
const OWN: &[(&str, &str)] = &[
    (":type EXPR", "the type of an expression, the parameters of a function"),
    (":list", "all definitions"),
    (":load FILE", "begin anew with a file"),
    (":save FILE", "write all definitions into a file"),
    (":clear", "forget all definitions"),
    (":help [COMMAND]", "this, or help on a command of zgrad"),
    (":quit", "end, as the end of the input does"),
];

/// Commands of zgrad that are of no use here.
const ELSEWHERE: &[&str] = &["repl", "lsp", "build", "completions", "help"];

/// Runs a command: what stands after the colon.
pub fn run(notebook: &mut Notebook, text: &str, manner: Manner) -> Result<Next> {
    let (word, rest) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
    let rest = rest.trim();
    match word {
        "quit" | "q" | "exit" => return Ok(Next::End),
        "help" | "h" | "?" if rest.is_empty() => output::write(None, help())?,
        "type" | "t" => output::write(None, format!("{}\n", notebook.type_of(rest)?))?,
        "list" | "l" => output::write(None, notebook.definitions())?,
        "clear" => *notebook = Notebook::default(),
        "load" | "save" if rest.is_empty() => refuse!(Code::Usage, "`:{word}` wants the name of a file"),
        "load" => return say(notebook.load(Path::new(rest))?, manner),
        "save" => notebook.save(Path::new(rest))?,
        _of_zgrad => return command_of_zgrad(notebook, word, rest, manner),
    }
    Ok(Next::Answered)
}

/// The names of all commands.
pub fn names() -> Vec<String> {
    let own = OWN.iter().filter_map(|(form, _)| form[1..].split(' ').next().map(str::to_string));
    own.chain(of_zgrad()).collect()
}

fn of_zgrad() -> Vec<String> {
    let all = command();
    let names = all.get_subcommands().map(|command| command.get_name().to_string());
    names.filter(|name| !ELSEWHERE.contains(&name.as_str())).collect()
}

fn help() -> String {
    let mut text = String::from(
        "A definition such as `f(x) = x^2` is kept, an expression such as `f(3)` or `f'(3)` is answered.\n\n",
    );
    for (form, what) in OWN {
        text += &format!("  {form:<18}{what}\n");
    }
    text += "\nAny command of zgrad works on what is defined, with a function's name and values for `--at` as they are:\n\n";
    text + &format!("  :eval f x=2 y=3   :diff f --wrt x   and {}\n", of_zgrad().join(", "))
}

/// Runs a command of zgrad on what was entered.
fn command_of_zgrad(notebook: &Notebook, word: &str, rest: &str, manner: Manner) -> Result<Next> {
    let known = names();
    let is_help = matches!(word, "help" | "h" | "?");
    if !is_help && !of_zgrad().iter().any(|name| name == word) {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        refuse!(Code::Usage, "there is no command `:{word}`{}", suggestion(word, &known));
    }
    let mut words = vec!["zgrad".to_string(), if is_help { "help".to_string() } else { word.to_string() }];
    words.extend(arguments(notebook, &words[1], rest)?);
    let cli = match Cli::try_parse_from(&words) {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => {
            let text = error.render().to_string();
            let first = text
                .trim_start_matches(crate::cli::CLAP)
                .split("\n\n")
                .next()
                .unwrap_or_default()
                .to_string();
            refuse!(Code::Usage, "{first}");
        }
        Err(error) => {
            output::write(None, error.render().to_string())?;
            return Ok(Next::Answered);
        }
    };
    if cli.timeout.is_some() {
        refuse!(Code::Usage, "--timeout is for commands of their own");
    }
    let run = |command: Command| crate::cli::run(command, manner.color, manner.look);
    match load::instead_of_stdin(&notebook.name, &notebook.text(), || run(cli.command))? {
        Answer::Done => Ok(Next::Answered),
        Answer::No => Ok(Next::Unanswered),
    }
}

/// The words of a command line, where the name of a function stands for `--fn` and `x=2` for `--at`.
fn arguments(notebook: &Notebook, command: &str, rest: &str) -> Result<Vec<String>> {
    let words = split(rest)?;
    let all = Cli::command();
    let takes = |option: &str| {
        let command = all.find_subcommand(command);
        command.is_some_and(|command| command.get_arguments().any(|arg| arg.get_long() == Some(option)))
    };
    let functions = if takes("fn") { notebook.functions() } else { Vec::new() };
    let mut arguments: Vec<String> = Vec::new();
    for (k, word) in words.into_iter().enumerate() {
        let free =
            k == 0 || !arguments.last().is_some_and(|last| last.starts_with('-') && !last.contains('='));
        let is_value = word.split_once('=').is_some_and(|(name, _)| {
            name.starts_with(char::is_alphabetic) && name.chars().all(|c| c.is_alphanumeric() || c == '_')
        });
        if k == 0 && functions.contains(&word) {
            arguments.push(format!("--fn={word}"));
        } else if free && is_value && takes("at") {
            arguments.push(format!("--at={word}"));
        } else {
            arguments.push(word);
        }
    }
    Ok(arguments)
}

/// The words of a line; quotes and brackets hold together what belongs together.
fn split(line: &str) -> Result<Vec<String>> {
    let (mut words, mut word, mut begun) = (Vec::new(), String::new(), false);
    let (mut quote, mut depth) = (None, 0i32);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => (quote, begun) = (Some(c), true),
            (None, c) if c.is_whitespace() && depth <= 0 => {
                if begun {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            (_, c) => {
                depth += i32::from(matches!(c, '(' | '[' | '{')) - i32::from(matches!(c, ')' | ']' | '}'));
                word.push(c);
                begun = true;
            }
        }
    }
    if quote.is_some() {
        refuse!(Code::Usage, "a quote is never closed");
    }
    if begun {
        words.push(word);
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn words_of_a_line() {
        let words = |line| split(line).unwrap();
        assert_eq!(words("f  x=2 --wrt 'a b'"), ["f", "x=2", "--wrt", "a b"]);
        assert_eq!(words("v=[1, 2, 3] p={x: 1}"), ["v=[1, 2, 3]", "p={x: 1}"]);
        assert_eq!(words("\"\" x"), ["", "x"]);
        assert!(words("").is_empty());
        assert!(split("'a").is_err());
    }
}
