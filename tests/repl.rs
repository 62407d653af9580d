//! `zgrad repl` with lines from a pipe.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("repl").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// What is answered to these lines: the answers, what is said beside them, the exit code.
fn enter(folder: &Path, args: &[&str], lines: &str) -> (String, String, i32) {
    let mut repl = Command::new(env!("CARGO_BIN_EXE_zgrad"));
    repl.arg("repl").args(args).current_dir(folder).env("XDG_STATE_HOME", folder.join("state"));
    let mut repl = repl.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    repl.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap_or_default();
    let output = repl.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

#[test]
fn definitions_and_expressions() {
    let folder = folder("plain");
    let lines = "\
f(x, y) = x*y + sin(x)
f(2, 3)
ans*2
diff(f(x, 3), x) where x = 2
grad(f(v[1], v[2]), v) where v = [2, 3]
# only a comment

param k = 2
## Twice.
g(x) = k*x
g
g(4) == 8
test g(1) = 2
g(x) = (k +
  1)*x
g'(1)
f(0.5, g(1)) +
  1
[x^2 for x in 1..3]
{a: 1, b: (2, true)}
-1/0
";
    let (answers, said, code) = enter(&folder, &[], lines);
    let expected = "\
f(x: R, y: R) -> R
6.909297426825682
13.818594853651364
2.5838531634528574
[2.5838531634528574, 2]
g(x: R) -> R
g(x: R) -> R
true
holds
g(x: R) -> R
3
2.979425538604203
[1, 4, 9]
{a: 1, b: (2, true)}
-inf
";
    assert_eq!((answers.as_str(), code), (expected, 0), "{said}");
    assert!(!folder.join("state").exists(), "what comes from a pipe is no history");
}

#[test]
fn what_is_wrong_is_said_and_not_kept() {
    let folder = folder("wrong");
    let lines = "f(x) = x^2\nf(y)\nf(x) = snh(x)\nf(3)\ntest f(1) = 2\nf(x) = = 2\nlog(-1)\nx +\n\nf(\n";
    let (answers, said, code) = enter(&folder, &[], lines);
    assert_eq!(code, 1);
    assert_eq!(answers, "f(x: R) -> R\n9\ntest f(1) = 2: it is 1, not 2\nnan\n", "{said}");
    assert!(said.contains("`y` is not defined") && said.contains("did you mean `sinh`?"), "{said}");
    assert!(said.contains("1 | f(x) = = 2") || said.contains("f(x) = = 2"), "{said}");
    assert!(said.contains("`value` is not a number"), "a note on the value: {said}");
    assert!(said.contains("is missing after `(`"), "{said}");
}

#[test]
fn commands_work_on_what_was_entered() {
    let folder = folder("commands");
    fs::create_dir(folder.join("sub")).unwrap();
    fs::write(folder.join("sub/lib.math"), "h(x) = x^3\n").unwrap();
    fs::write(folder.join("sub/a.math"), "import \"lib.math\"\n# kept\nf(x, v: R[n]) = h(x)*sum(v)\n")
        .unwrap();
    let lines = "\
f(2, [1, 2])
:eval f x=2 v=[1, 2]
:diff h
:diff h --format latex
:type f(1, [1])
:type f
f(x) = x
:list
:save out.math
:clear
:list
:quit
f(1)
";
    let (answers, said, code) = enter(&folder, &["sub/a.math"], lines);
    let expected = "\
f(x: R, v: R[n]) -> R
24
f(2, [1, 2]) = 24
∂f/∂x = 36
∂f/∂v = [8, 8]
dh_dx(x) = 3*x^2
\\frac{\\mathrm{d}h}{\\mathrm{d}x}(x) = 3 x^{2}
R
f(x: R, v: R[n]) -> R
f(x: R) -> R
import \"lib.math\"
# kept

f(x) = x
";
    assert_eq!((answers.as_str(), code), (expected, 0), "{said}");
    assert_eq!(
        fs::read_to_string(folder.join("out.math")).unwrap(),
        "import \"lib.math\"\n# kept\n\nf(x) = x\n"
    );

    let lines = ":evl\n:eval g\n:diff --wrong\n:load none.math\n:load\n:timeout\n:repl\n:eval 'f\n:help diff\n:help\n";
    let (answers, said, code) = enter(&folder, &[], lines);
    assert_eq!(code, 1);
    assert!(
        said.contains("did you mean `eval`?") && said.contains("--wrong") && said.contains("none.math"),
        "{said}"
    );
    assert!(said.contains("wants the name of a file") && said.contains("never closed"), "{said}");
    assert!(answers.contains("zgrad diff") && answers.contains(":quit"), "{answers}");
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let (answers, said, code) = enter(&folder("missing"), &["none.math"], "1 + 1\n");
    assert_eq!((answers.as_str(), code), ("", 2), "{said}");
    assert!(said.contains("none.math"), "{said}");
}
