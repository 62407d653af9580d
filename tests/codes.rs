//! The codes of messages: every one is explained, used, and shown by an example that draws it and no other;
//! its counterpart draws none.

use serde_json::Value as Json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use zgrad::syntax::code::{Code, Explanation};

/// Codes that no small file draws. What draws them is tested elsewhere, or would take too long.
const UNSHOWN: &[&str] =
    &["E0026", "E0508", "E0606", "E0703", "E0713", "E0714", "E0716", "E0719", "E0721", "E0801"];

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("codes").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn zgrad(folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zgrad"));
    command.current_dir(folder).args(args).env_remove("CLICOLOR_FORCE").output().unwrap()
}

/// The codes of what a command says about a file, each once.
fn codes(folder: &Path, file: &str, run: &str) -> (Vec<String>, Option<i32>) {
    fs::write(folder.join("f.math"), file).unwrap();
    let mut args: Vec<&str> = run.split(' ').collect();
    args.extend(["--message-format", "json"]);
    let output = zgrad(folder, &args);
    let text = String::from_utf8(output.stderr).unwrap();
    let mut codes: Vec<String> = Vec::new();
    for line in text.lines() {
        let message: Json = serde_json::from_str(line).unwrap_or_else(|_| panic!("{run}: not JSON: {line}"));
        let code = message["code"].as_str().unwrap().to_string();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    (codes, output.status.code())
}

#[test]
fn every_example_draws_its_code_and_no_other() {
    let folder = folder("examples");
    let mut failures = Vec::new();
    for code in Code::all() {
        let Explanation { code, run, wrong, right, right_run, .. } = code.explanation();
        assert_eq!(wrong.is_empty(), UNSHOWN.contains(code), "{code} has an example or is in the list");
        if wrong.is_empty() {
            continue;
        }
        let (drawn, _) = codes(&folder, wrong, run);
        if drawn != [*code] {
            failures.push(format!("{code}: the wrong example draws {drawn:?}"));
        }
        let (drawn, status) = codes(&folder, right, right_run);
        if !drawn.is_empty() || status != Some(0) {
            failures.push(format!("{code}: the right example draws {drawn:?}, status {status:?}"));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn sources(path: &Path, out: &mut Vec<PathBuf>) {
    if path.is_dir() {
        fs::read_dir(path).unwrap().for_each(|entry| sources(&entry.unwrap().path(), out));
    } else if path.extension().is_some_and(|e| e == "rs") {
        out.push(path.to_path_buf());
    }
}

/// A code that is used is explained, or it would not compile; this is the other half.
#[test]
fn every_code_is_used() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let all: String = files.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    for code in Code::all() {
        let Explanation { code, name, .. } = code.explanation();
        let name_used = format!("Code::{name}");
        let used = all
            .split(&name_used)
            .skip(1)
            .filter(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
            .count();
        assert!(used > 0, "{code} ({name}) is explained and never used");
    }
}

/// Whatever refuses or warns does so with a code: nothing else makes errors of the tool.
#[test]
fn no_error_is_without_a_code() {
    let mut files = Vec::new();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    ["session", "cli"].iter().for_each(|folder| sources(&src.join(folder), &mut files));
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        for bare in ["bail!(", "anyhow!(", "(\"error: ", "(\"warning: ", "(\"note: "] {
            assert!(!text.contains(bare), "{} makes a message by {bare}", file.display());
        }
    }
}

#[test]
fn help_explains_each_code() {
    let folder = folder("help");
    let list = String::from_utf8(zgrad(&folder, &["help", "errors"]).stdout).unwrap();
    for code in Code::all() {
        let Explanation { code, title, text, wrong, .. } = code.explanation();
        assert!(list.contains(&format!("{code}  {title}\n")), "{code} is in the list");
        let asked = code.to_lowercase();
        let page = String::from_utf8(zgrad(&folder, &["help", &asked]).stdout).unwrap();
        assert!(page.starts_with(&format!("{code}: {title}\n")) && page.contains(text), "{page}");
        assert!(wrong.lines().all(|line| page.contains(line)), "{page}");
        assert!(
            text.ends_with('\n') && text.lines().all(|line| line.chars().count() <= 112),
            "{code}: {text}"
        );
    }
}

#[test]
fn no_message_speaks_of_the_parser() {
    let folder = folder("parser");
    for text in
        ["f(x = 1", "f(x) = ", "f(x: ) = 1", "import 3", "test", "rule f(x) pullback = 1", "type = 1", "§"]
    {
        fs::write(folder.join("f.math"), format!("{text}\n")).unwrap();
        let said = String::from_utf8(zgrad(&folder, &["check", "f.math"]).stderr).unwrap();
        assert!(said.starts_with("error[E0"), "{text}: {said}");
        for word in ["pest", "Rule", "EOI", "expected one of", "parse"] {
            assert!(!said.contains(word), "{text}: {said}");
        }
    }
}

/// What an editor needs: the place by lines and characters and by bytes.
#[test]
fn messages_as_json_have_their_places() {
    let folder = folder("json");
    fs::write(folder.join("f.math"), "# θ\nf(θ) = θ + snh(θ)\nf(x) = (x\n  , 1, y)\n").unwrap();
    let output = zgrad(&folder, &["check", "f.math", "--message-format", "json"]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    let messages: Vec<Json> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(messages.len(), 3, "{text}");
    let first = &messages[0];
    assert_eq!(first["code"], "E0101");
    assert_eq!(first["severity"], "error");
    assert_eq!(first["file"], "f.math");
    assert_eq!(first["help"], "did you mean `sinh`?");
    assert_eq!(first["spans"][0]["start"], serde_json::json!({"line": 2, "column": 12, "byte": 18}));
    assert_eq!(first["spans"][0]["end"], serde_json::json!({"line": 2, "column": 15, "byte": 21}));
    assert!(first["rendered"].as_str().unwrap().contains("2 | f(θ) = θ + snh(θ)"));
}

#[test]
fn messages_have_colours_where_they_are_wanted() {
    let folder = folder("colours");
    fs::write(folder.join("f.math"), "f(x) = snh(x)\n").unwrap();
    let said = |args: &[&str], env: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_zgrad"));
        command.current_dir(&folder).args(args).env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR");
        String::from_utf8(command.envs(env.iter().copied()).output().unwrap().stderr).unwrap()
    };
    let colored = |text: &str| text.contains('\u{1B}');
    assert!(!colored(&said(&["check", "f.math"], &[])));
    assert!(colored(&said(&["check", "f.math", "--color", "always"], &[])));
    assert!(colored(&said(&["check", "f.math"], &[("CLICOLOR_FORCE", "1")])));
    assert!(!colored(&said(&["check", "f.math", "--color", "never"], &[("CLICOLOR_FORCE", "1")])));
    assert!(!colored(&said(&["check", "f.math"], &[("NO_COLOR", "1")])));
    assert!(colored(&said(&["check", "--color=always", "--nothing"], &[])));
    assert!(!colored(&said(&["check", "--nothing"], &[])));
    let short = said(&["check", "f.math", "--message-format", "short"], &[("CLICOLOR_FORCE", "1")]);
    assert_eq!(short, "f.math:1:8: error[E0101]: `snh` is not defined; help: did you mean `sinh`?\n");
}
