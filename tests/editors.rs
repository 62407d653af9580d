//! The highlighting of editors in examples/editors knows the words of the grammar and the functions
//! of the table. `ZGRAD_BLESS=1` writes its lists anew.

use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use zgrad::check::builtin_names;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn editors() -> PathBuf {
    root().join("examples/editors")
}

/// The words of the notation, as the grammar has them.
fn reserved() -> BTreeSet<String> {
    let grammar = fs::read_to_string(root().join("src/syntax/grammar.pest")).unwrap();
    let rule = grammar.split("reserved   = _{").nth(1).unwrap().split('}').next().unwrap();
    rule.split('"').skip(1).step_by(2).map(str::to_string).collect()
}

/// The words that are none of the grammar's own in every place: they begin a statement or a form.
const STATEMENTS: [&str; 2] = ["test", "pullback"];
const FORMS: [&str; 7] = ["fold", "scan", "iterate", "diff", "grad", "jac", "hess"];
const CONSTANTS: [&str; 6] = ["e", "pi", "π", "inf", "∞", "nan"];

/// The functions that a file need not define, in order.
fn functions() -> Vec<&'static str> {
    let all: BTreeSet<&str> = builtin_names().filter(|name| !CONSTANTS.contains(name)).collect();
    all.into_iter().collect()
}

/// The words between the first `(?:` and its `)` of a pattern.
fn words(pattern: &Json) -> BTreeSet<String> {
    let pattern = pattern["match"].as_str().unwrap();
    let list = pattern.split("(?:").nth(1).unwrap().split(')').next().unwrap();
    list.split('|').map(str::to_string).collect()
}

fn blessed() -> bool {
    std::env::var_os("ZGRAD_BLESS").is_some()
}

/// Compares a file with what it should be, or writes it.
fn is_up_to_date(path: &Path, known: &str, new: &str) {
    if blessed() {
        fs::write(path, new).unwrap();
    } else {
        assert!(known == new, "{} is stale: run ZGRAD_BLESS=1 cargo test --test editors", path.display());
    }
}

#[test]
fn the_textmate_grammar_knows_all_words() {
    let path = editors().join("vscode/syntaxes/zgrad.tmLanguage.json");
    let known = fs::read_to_string(&path).unwrap();
    let mut grammar: Json = serde_json::from_str(&known).unwrap();
    for (name, list) in [("function", functions()), ("constant", CONSTANTS.to_vec())] {
        let pattern = grammar["repository"][name]["match"].as_str().unwrap();
        let (head, rest) = pattern.split_once("(?:").unwrap();
        let (_, tail) = rest.split_once(')').unwrap();
        let new = format!("{head}(?:{}){tail}", list.join("|"));
        grammar["repository"][name]["match"] = Json::String(new);
    }
    is_up_to_date(&path, &known, &format!("{}\n", serde_json::to_string_pretty(&grammar).unwrap()));
    let parts = &grammar["repository"];
    let of =
        |names: &[&str]| -> BTreeSet<String> { names.iter().flat_map(|name| words(&parts[*name])).collect() };
    let mut keywords = reserved();
    keywords.extend(STATEMENTS.map(str::to_string));
    assert_eq!(of(&["declaration", "keyword", "logic", "truth"]), keywords);
    assert_eq!(of(&["form"]), FORMS.map(str::to_string).into());
    // Each part is used, and in an order in which none hides another's words.
    let used: Vec<&str> = grammar["patterns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| &p["include"].as_str().unwrap()[1..])
        .collect();
    let there: Vec<&String> = parts.as_object().unwrap().keys().collect();
    assert_eq!(used.len(), there.len());
    assert!(used.iter().all(|name| parts[*name].is_object()));
}

#[test]
fn the_vim_syntax_knows_all_words() {
    let path = editors().join("vim/syntax/zgrad.vim");
    let known = fs::read_to_string(&path).unwrap();
    let line = |line: &str| match line.split_whitespace().nth(2) {
        Some("zgradFunction") if line.starts_with("syntax keyword") => {
            format!("syntax keyword zgradFunction {}", functions().join(" "))
        }
        Some("zgradConstant") if line.starts_with("syntax keyword") => {
            format!("syntax keyword zgradConstant {}", CONSTANTS.join(" "))
        }
        Some(_) | None => line.to_string(),
    };
    let new: Vec<String> = known.lines().map(line).collect();
    is_up_to_date(&path, &known, &format!("{}\n", new.join("\n")));
    let of = |group: &str| -> BTreeSet<String> {
        let head = format!("syntax keyword {group} ");
        let line = new.iter().find_map(|line| line.strip_prefix(&head)).unwrap();
        line.split(' ').map(str::to_string).collect()
    };
    let groups = ["zgradDeclaration", "zgradKeyword", "zgradLogic", "zgradTruth"];
    let mut keywords = reserved();
    keywords.extend(STATEMENTS.map(str::to_string));
    assert_eq!(groups.iter().flat_map(|group| of(group)).collect::<BTreeSet<_>>(), keywords);
    assert_eq!(of("zgradForm"), FORMS.map(str::to_string).into());
}

#[test]
fn the_extension_is_whole() {
    let folder = editors().join("vscode");
    let read = |name: &str| -> Json {
        serde_json::from_str(&fs::read_to_string(folder.join(name)).unwrap()).unwrap()
    };
    let package = read("package.json");
    let parts = &package["contributes"];
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        read(parts["grammars"][0]["path"].as_str().unwrap())["scopeName"],
        parts["grammars"][0]["scopeName"]
    );
    assert!(read(parts["languages"][0]["configuration"].as_str().unwrap())["comments"].is_object());
    let main = fs::read_to_string(folder.join(package["main"].as_str().unwrap())).unwrap();
    for setting in parts["configuration"]["properties"].as_object().unwrap().keys() {
        let name = setting.strip_prefix("zgrad.").unwrap();
        assert!(main.contains(&format!("settings.get(\"{name}\")")), "{setting} is not used");
    }
    for module in package["dependencies"].as_object().unwrap().keys() {
        assert!(main.contains(&format!("require(\"{module}")), "{module} is not used");
    }
}

/// With the engine that VS Code has: `npm install vscode-textmate vscode-oniguruma`, and NODE_PATH.
#[test]
fn a_text_is_taken_apart_as_the_notation_is() {
    let script = root().join("tests/editors/tokens.js");
    let grammar = editors().join("vscode/syntaxes/zgrad.tmLanguage.json");
    let there =
        Command::new("node").args(["-e", "require('vscode-textmate'); require('vscode-oniguruma')"]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        eprintln!("SKIPPED: node, vscode-textmate or vscode-oniguruma is not there (NODE_PATH)");
        return;
    }
    let text = "\
## The area. let
# a note
import \"lib.math\" as geo
area(θ, v: R[n]) = let s = 2.5e-3θ in geo.f(v)*softmax(v)·v # if
rule area(θ, v) pullback d = (d, v)
param sinus: Real = sin(pi)
test any(x == 1.0 for x in 1..3) and not true";
    let output = Command::new("node").arg(script).arg(grammar).arg(text).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let pieces = String::from_utf8(output.stdout).unwrap();
    let expected = "\
## The area. let comment.line.documentation
# a note comment.line.number-sign
import keyword.control.import
\"lib.math\" string.quoted.double
as keyword.control.import
geo entity.name.namespace
area entity.name.function
R support.type
= keyword.operator
let keyword.control
= keyword.operator
2.5e-3 constant.numeric
in keyword.control
f entity.name.function.call
* keyword.operator
softmax support.function
· keyword.operator
# if comment.line.number-sign
rule storage.type
area entity.name.function
pullback storage.type
= keyword.operator
param storage.type
Real support.type
= keyword.operator
sin support.function
pi constant.language
test storage.type
any support.function
== keyword.operator
1.0 constant.numeric
for keyword.control
in keyword.control
1 constant.numeric
.. keyword.operator
3 constant.numeric
and keyword.operator.logical
not keyword.operator.logical
true constant.language.boolean
";
    assert_eq!(pieces, expected);
}
