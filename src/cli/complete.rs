//! Completion in shells: the scripts that `zgrad completions` prints, and the names of a file that they
//! ask for while a command line is being written.

use super::command;
use crate::session::language::Analysis;
use crate::session::load::{Unsaved, read};
use clap_complete::Shell;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The word by which the scripts ask: then the word that is being written, and those before it.
pub const ASKED: &str = "__complete";

/// The options whose values are names of the file.
const OPTIONS: &[&str] = &["fn", "at", "set", "wrt", "dir"];

/// The script of a shell.
pub fn script(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(), "zgrad", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    match shell {
        Shell::Bash => script.replace("-F _zgrad ", "-F _zgrad_with_names ") + &bash(),
        Shell::Zsh => zsh(&script),
        Shell::Fish => script + &fish(),
        _without_names => script,
    }
}

/// Readline breaks words at `=`, so what it takes for words is put together again, and of a name only
/// the part is given that it takes for the word.
fn bash() -> String {
    let options: Vec<String> = OPTIONS.iter().map(|option| format!("--{option}|--{option}=*")).collect();
    format!(
        r#"
_zgrad_with_names() {{
    local -a words=()
    local word="" i
    for ((i = 0; i <= COMP_CWORD; i++)); do
        if ((i > 0)) && [[ ${{COMP_WORDS[i]}} == "="* || ${{COMP_WORDS[i - 1]}} == *"=" ]] && ((${{#words[@]}})); then
            words[${{#words[@]}} - 1]+=${{COMP_WORDS[i]}}
        else
            words+=("${{COMP_WORDS[i]}}")
        fi
    done
    local last=$((${{#words[@]}} - 1))
    local current=${{words[last]}} before=""
    ((last > 0)) && before=${{words[last - 1]}}
    case "$before" in
        --*) word=$before ;;
    esac
    case "$current" in
        --*=*) word=$current ;;
    esac
    case "$word" in
        {})
            local part=${{COMP_WORDS[COMP_CWORD]}}
            [[ $part == "=" ]] && part=""
            local value=$current
            [[ $value == --*=* ]] && value=${{value#*=}}
            local skip=$((${{#value}} - ${{#part}}))
            COMPREPLY=()
            while IFS= read -r i; do
                COMPREPLY+=("${{i:skip}}")
            done < <("$1" {ASKED} "$current" "${{words[@]:0:last}}" 2>/dev/null)
            if ((${{#COMPREPLY[@]}})); then
                [[ ${{COMPREPLY[0]}} == *= ]] && compopt -o nospace 2>/dev/null
                return
            fi
            ;;
    esac
    _zgrad "$@"
}}
"#,
        options.join("|")
    )
}

fn zsh(script: &str) -> String {
    let mut out = String::new();
    for line in script.lines() {
        let named = OPTIONS.iter().any(|option| line.contains(&format!("--{option}=[")));
        match line.strip_suffix(":_default' \\") {
            Some(head) if named => {
                let _ = writeln!(out, "{head}:_zgrad_names' \\");
            }
            Some(_) | None => {
                let _ = writeln!(out, "{line}");
            }
        }
    }
    let names = format!(
        r#"_zgrad_names() {{
    local -a found
    found=("${{(@f)$(zgrad {ASKED} "${{IPREFIX}}${{PREFIX}}" "${{(@)words[1,CURRENT-1]}}" 2>/dev/null)}}")
    if [[ -n "$found[1]" ]]; then
        if [[ "$found[1]" == *= ]]; then
            compadd -Q -S '' -a found
        else
            compadd -Q -a found
        fi
    else
        _default
    fi
}}

"#
    );
    let place = out.find("if [ \"$funcstack[1]\"").unwrap_or(out.len());
    out.insert_str(place, &names);
    out
}

fn fish() -> String {
    let mut out = format!(
        "\nfunction __fish_zgrad_names\n    zgrad {ASKED} (commandline -ct) (commandline -opc) 2>/dev/null\nend\n\n"
    );
    let all = command();
    for sub in all.get_subcommands() {
        let known: BTreeSet<&str> = sub.get_arguments().filter_map(clap::Arg::get_long).collect();
        for option in OPTIONS.iter().filter(|option| known.contains(**option)) {
            let name = sub.get_name();
            let _ = writeln!(
                out,
                "complete -c zgrad -n \"__fish_zgrad_using_subcommand {name}\" -l {option} -x -a \"(__fish_zgrad_names)\""
            );
        }
    }
    out
}

/// What may be written in place of a word: whole values, a line each. Nothing where no names are wanted
/// or the file cannot be read.
pub fn answer(current: &str, before: &[String]) -> String {
    candidates(current, before).unwrap_or_default().into_iter().map(|word| word + "\n").collect()
}

fn candidates(current: &str, before: &[String]) -> Option<Vec<String>> {
    asked_for(current, before)?;
    let path = file(before)?;
    let text = read(&path).ok()?;
    of_file(&Analysis::of(&path, &text, &Unsaved::new()), current, before)
}

/// The option that a word is the value of, if names are wanted there, and the value as far as it is written.
fn asked_for<'w>(current: &'w str, before: &[String]) -> Option<(&'static str, &'w str)> {
    let joined = current.strip_prefix("--").and_then(|option| option.split_once('='));
    let (option, value) = match joined {
        Some((option, value)) => (option, value),
        None => (before.last()?.strip_prefix("--")?, current),
    };
    OPTIONS.iter().find(|known| **known == option).map(|option| (*option, value))
}

/// What may be written in place of a word of a command on a file.
pub fn of_file(analysis: &Analysis, current: &str, before: &[String]) -> Option<Vec<String>> {
    let (option, value) = asked_for(current, before)?;
    // Several are parted by commas: what stands before the last stays.
    let (kept, _) = value.rsplit_once(',').map_or(("", value), |(kept, last)| (&value[..=kept.len()], last));
    let chosen = values_of("fn", before).pop();
    let given: BTreeSet<String> = values_of(option, before).into_iter().chain([kept.to_string()]).collect();
    let given: BTreeSet<&str> = given
        .iter()
        .flat_map(|values| values.split(','))
        .map(|one| one.split('=').next().unwrap_or("").trim())
        .collect();
    let names = match option {
        "fn" => analysis.function_names(),
        "at" | "dir" => analysis.parameter_names(chosen.as_deref()),
        "set" => analysis.global_names(),
        _wrt => {
            let mut names = analysis.parameter_names(chosen.as_deref());
            names.extend(analysis.global_names());
            names.extend(["params".to_string(), "all".to_string()]);
            names
        }
    };
    let equals = if matches!(option, "at" | "dir" | "set") { "=" } else { "" };
    let fitting = names.into_iter().filter(|name| !given.contains(name.as_str()));
    let fitting = fitting.map(|name| format!("{kept}{name}{equals}")).filter(|word| word.starts_with(value));
    Some(fitting.collect())
}

/// The values that an option has in the words of a command line.
fn values_of(option: &str, words: &[String]) -> Vec<String> {
    let alone = format!("--{option}");
    let joined = format!("--{option}=");
    let apart = words.windows(2).filter(|pair| pair[0] == alone).map(|pair| pair[1].clone());
    let together = words.iter().filter_map(|word| word.strip_prefix(&joined).map(str::to_string));
    apart.chain(together).collect()
}

/// The .math file of a command line.
fn file(words: &[String]) -> Option<PathBuf> {
    let free = words.iter().enumerate().skip(1).filter(|(at, _)| !words[at - 1].starts_with('-'));
    // After an option without a value, too.
    let all = free.chain(words.iter().enumerate().skip(1)).map(|(_, word)| Path::new(word));
    let mut named = all.filter(|path| path.extension().is_some_and(|ending| ending == "math"));
    named.find(|path| path.is_file()).map(Path::to_path_buf)
}
