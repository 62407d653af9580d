//! What `eval` says beside the numbers: notes with their places, `--strict`, `--quiet`, and
//! assumptions that do not hold.

use std::io::Write;
use std::process::{Command, Stdio};

/// Exit code, standard output, standard error.
fn eval(text: &str, args: &[&str]) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_zgrad"))
        .args(["eval", "-"])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("it has a standard input").write_all(text.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("it ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

/// What is said, and the value and derivative that are printed all the same.
fn says(text: &str, at: &str, out: &str, err: &str) {
    let (code, found, said) = eval(text, &["--at", at]);
    assert_eq!((code, found.as_str(), said.trim_end()), (0, out, err.trim_start_matches('\n')), "{text}");
}

#[test]
fn a_step_that_makes_no_number() {
    says(
        "f(x) = x + sqrt(x^2)",
        "x=0",
        "f(0) = 0\n∂f/∂x = nan\n",
        "
note[N0001]: ∂f/∂x is not a number although the value is finite
 --> <stdin>:1:12
  |
1 | f(x) = x + sqrt(x^2)
  |            ^^^^^^^^^ 0/0
  = help: sqrt at 0: derivative +inf",
    );
}

#[test]
fn what_is_not_defined() {
    says(
        "f(x, y) = y^2 + log(x)",
        "x=-1,y=3",
        "f(-1, 3) = nan\n∂f/∂x = nan\n∂f/∂y = nan\n",
        "
note[N0001]: `f` is not a number at this point, and so are its derivatives
 --> <stdin>:1:17
  |
1 | f(x, y) = y^2 + log(x)
  |                 ^^^^^^ log(-1): defined for x > 0",
    );
}

#[test]
fn what_has_no_solution() {
    let note = |column: usize, line: &str, marks: &str, reason: &str| {
        let space = " ".repeat(column - 1);
        format!(
            "
note[N0001]: `f` is not a number at this point, and so are its derivatives
 --> <stdin>:1:{column}
  |
1 | {line}
  | {space}{marks} {reason}"
        )
    };
    let nan = "∂f/∂A = [[nan, nan], [nan, nan]]\n";
    let singular = "A=[[1, 2], [2, 4]]";
    let line = "f(A: R[n, n]) = sum(inv(A))";
    let out = format!("f([[1, 2], [2, 4]]) = nan\n{nan}");
    says(line, singular, &out, &note(21, line, "^^^^^^", "the matrix is singular"));
    let line = "f(A: R[n, n]) = sum(solve(A, [1, 1]))";
    says(line, singular, &out, &note(21, line, "^^^^^^^^^^^^^^^^", "the matrix is singular"));
    let negative = "A=[[1, 2], [2, 1]]";
    let out = format!("f([[1, 2], [2, 1]]) = nan\n{nan}");
    let line = "f(A: R[n, n]) = sum(cholesky(A))";
    says(line, negative, &out, &note(21, line, "^^^^^^^^^^^", "the matrix is not positive definite"));
    let line = "f(A: R[n, n]) = logdet(A)";
    says(line, negative, &out, &note(17, line, "^^^^^^^^^", "the determinant is not positive"));
    // The logarithm of 0.
    let out = "f([[1, 2], [2, 4]]) = -inf\n∂f/∂A = [[-inf, inf], [inf, -inf]]\n";
    says(line, singular, out, "");
}

#[test]
fn conventions() {
    says(
        "f(v: R[n]) = sum(abs(v[i]) for i)",
        "v=[0, 1, 0]",
        "f([0, 1, 0]) = 1\n∂f/∂v = [0, 1, 0]\n",
        "
note[N0002]: abs at 0: derivative 0 by convention
 --> <stdin>:1:18
  |
1 | f(v: R[n]) = sum(abs(v[i]) for i)
  |                  ^^^^^^^^^ 2 times",
    );
}

#[test]
fn strict_and_quiet() {
    let text = "f(x) = abs(x)";
    assert_eq!(eval(text, &["--at", "x=0", "--strict"]).0, 1);
    assert_eq!(eval(text, &["--at", "x=1", "--strict"]).0, 0);
    let (code, out, err) = eval(text, &["--at", "x=0", "--strict", "-q"]);
    assert_eq!((code, out.as_str(), err.as_str()), (1, "f(0) = 0\n∂f/∂x = 0\n", ""));
    let (_, out, _) = eval(text, &["--at", "x=0", "--format", "json"]);
    assert!(
        out.contains(r#""notes":["<stdin>:1:8: abs at 0: derivative 0 by convention, at `abs(x)`"]"#),
        "{out}"
    );
}

/// Where no derivative passes there is nothing to say.
#[test]
fn silence() {
    for (text, at) in [
        ("f(x) = abs(stop(x)) + x", "x=0"),
        ("f(x) = if abs(x) < 1 then x else 2x", "x=0"),
        ("f(x) = if x > 1 then abs(x - 5) else x", "x=0"),
        ("f(x) = abs(3 - 3) + x", "x=0"),
        ("f(x, n: Int) = sum(max(k, 2)*x for k in 1..n)", "x=0,n=4"),
        ("f(x) = let y = abs(x) in x", "x=0"),
        ("f(v: R[n]) = v[argmax(v)]", "v=[2, 2]"),
    ] {
        let (code, _, err) = eval(text, &["--at", at]);
        assert_eq!((code, err.as_str()), (0, ""), "{text}");
    }
}

#[test]
fn through_calls_and_orders() {
    let said = |text: &str, args: &[&str]| eval(text, args).2.matches("note[").count();
    let calls = "g(x) = abs(x)\nf(x) = g(x) + g(2x) + g(x - 1)";
    assert_eq!(said(calls, &["--at", "x=0"]), 1);
    assert!(eval(calls, &["--at", "x=0"]).2.contains("2 times"));
    let recursion = "p(x, n: Int) = if n == 0 then abs(x) else p(x/2, n - 1)";
    assert_eq!(said(recursion, &["--at", "x=0,n=5"]), 1);
    // Of the second derivative of x*abs(x) the first one's sign is at its jump.
    assert_eq!(said("f(x) = x*abs(x)", &["--at", "x=0", "--what", "hess"]), 2);
    assert_eq!(said("f(x) = x*abs(x)", &["--at", "x=0", "--order", "3"]), 2);
    assert_eq!(said("f(x) = abs(x)", &["--at", "x=0", "--what", "value"]), 0);
}

#[test]
fn assumptions() {
    let text = "f(x: R where 0 < x < 1, n: Int where n >= 1) = x^n";
    let (code, _, err) = eval(text, &["--at", "x=2,n=1"]);
    let wanted = "error[E0605]: what `f` requires of its arguments does not hold: 2 is not below 1\n --> <stdin>:1:14\n";
    assert!(code == 2 && err.starts_with(wanted), "{err}");
    let (code, _, err) = eval(text, &["--at", "x=0.5,n=0"]);
    let wanted = "error[E0605]: what `f` requires of its arguments does not hold: 0 is not at least 1\n --> <stdin>:1:38\n";
    assert!(code == 2 && err.starts_with(wanted), "{err}");
    assert_eq!(eval(text, &["--at", "x=0.5,n=1"]).0, 0);
}
