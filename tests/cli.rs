//! The binary as a person or a script meets it: exit codes, messages, hostile input.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// Runs the tool in a folder with a text on its standard input.
fn run_in(folder: &Path, args: &[&str], input: &[u8]) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_zgrad"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let mut stdin = child.stdin.take().expect("it has a standard input");
    let input = input.to_vec();
    // It may end before it has read all.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("the writer ends");
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn run(args: &[&str], input: impl AsRef<[u8]>) -> Ran {
    run_in(Path::new("."), args, input.as_ref())
}

/// A new folder for one test.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a folder can be made");
    path
}

const COMMANDS: [&[&str]; 7] = [
    &["eval", "--at", "x=0.5"],
    &["eval", "--at", "x=0.5", "--digits"],
    &["diff"],
    &["pullback"],
    &["emit"],
    &["check"],
    &["fmt"],
];

fn short(text: &str) -> String {
    text.chars().take(400).collect()
}

/// Every command answers or says what is wrong; it does not fall over.
fn survives(name: &str, text: impl AsRef<[u8]>) {
    for args in COMMANDS {
        let ran = run(args, text.as_ref());
        assert!((0..=2).contains(&ran.code), "{name}: {args:?}: exit {}: {}", ran.code, short(&ran.err));
        assert_eq!(ran.code == 2, ran.err.starts_with("error[E"), "{name}: {args:?}: {}", short(&ran.err));
        assert!(ran.code != 2 || ran.out.is_empty(), "{name}: {args:?} prints a part");
    }
}

/// `f(x) = open … x … close`
fn around(open: &str, close: &str, times: usize) -> String {
    format!("f(x) = {}x{}\n", open.repeat(times), close.repeat(times))
}

const DEEP: usize = 100_000;

#[test]
fn deep_brackets() {
    survives("parentheses", around("(", ")", DEEP));
    survives("brackets", around("[", "]", DEEP));
    survives("indices", format!("f(x: R[n]) = x{}{}\n", "[1".repeat(DEEP), "]".repeat(DEEP)));
    survives("open", format!("f(x) = {}\n", "(".repeat(DEEP)));
    survives("sums of one name", around("(x + ", ")", DEEP));
}

#[test]
fn deep_calls() {
    survives("sines", around("sin(", ")", DEEP));
}

#[test]
fn long_sums() {
    survives("sum", format!("f(x) = {}\n", vec!["x"; DEEP].join(" + ")));
}

#[test]
fn deep_choices() {
    survives("then", around("if x > 0 then ", " else 1", DEEP));
}

#[test]
fn deep_lets() {
    let mut text = "f(x) = let a0 = x in ".to_string();
    for i in 1..DEEP {
        text.push_str(&format!("let a{i} = sin(a{}) in ", i - 1));
    }
    survives("lets", format!("{text}a{}\n", DEEP - 1));
}

#[test]
fn deep_loops() {
    survives("folds", around("fold(a = ", " for i in 1..2: a*1.01)", 50));
    survives("sums", around("sum(", " for i in 1..1)", 200));
}

#[test]
fn structures_that_double() {
    let chain = |first: &str, next: &dyn Fn(usize) -> String| {
        (1..60).fold(first.to_string(), |text, i| text + &next(i))
    };
    let records = chain("let r0 = {a: x, b: x}", &|i| format!(", r{i} = {{a: r{0}, b: r{0}}}", i - 1));
    let tuples = chain("let r0 = (x, x)", &|i| format!(", r{i} = (r{0}, r{0})", i - 1));
    let types = chain("type T0 = R\n", &|i| format!("type T{i} = {{a: T{0}, b: T{0}}}\n", i - 1));
    survives("records", format!("f(x) = {records} in x"));
    survives("tuples", format!("f(x) = {tuples} in x"));
    survives("types", format!("{types}f(t: T59) = 1"));
    let squares = chain("let a0 = x", &|i| format!(", a{i} = a{0}*a{0} + a{0}", i - 1));
    survives("squares", format!("f(x) = {squares} in a59"));
}

#[test]
fn far_numbers() {
    for n in ["2^62", "-2^63", "9223372036854775807", "-9223372036854775808", "1e300", "floor(-1e300)"] {
        let text = format!(
            "f(x) = x^({n}) + sum(sin(x*i) for i in 1..{n})\ng(x) = x^({n})\nh(v: R[{n}]) = sum(v)\nk(x) = x*({n})*({n})"
        );
        for name in ["f", "g", "h", "k"] {
            survives(&format!("{name} of {n}"), format!("{text}\nlast(x) = {name}(x)"));
        }
        survives(&format!("a length of {n}"), format!("h(v: R[{n}]) = sum(v)"));
        survives(&format!("states of {n}"), format!("f(x) = sum(scan(s = x for i in 1..{n}: s*x))"));
    }
}

#[test]
fn results_that_are_counts() {
    survives("a loop", "f(x) = iterate((s, k) = (x, 0) while k < 3: (s*x, k + 1))");
    survives("a record", "f(x, n: Int) = {value: x^2, steps: n, done: n > 2}");
}

#[cfg(unix)]
#[test]
fn only_files_are_imported() {
    let folder = folder("only_files_are_imported");
    let pipe = folder.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().is_ok_and(|made| made.success()));
    for (path, what) in [("pipe", "a pipe"), ("/dev/zero", "a device"), (".", "a directory")] {
        std::fs::write(folder.join("f.math"), format!("import \"{path}\"\nf(x) = x\n")).unwrap();
        let ran = run_in(&folder, &["check", "f.math"], b"");
        assert_eq!(ran.code, 2, "{path}");
        assert!(ran.err.contains(&format!("is {what}, not a .math file")), "{path}: {}", ran.err);
    }
    let ran = run_in(&folder, &["check", "/dev/zero"], b"");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("is a device"), "{}", ran.err);
}

#[test]
fn odd_bytes() {
    let name = "a".repeat(1_000_000);
    let junk: Vec<u8> = (0..20_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let texts: [(&str, Vec<u8>); 9] = [
        ("a long name", format!("f({name}) = {name}^2\n").into_bytes()),
        ("a long name of nothing", format!("f(x) = {name}^2\n").into_bytes()),
        ("junk", junk),
        ("control characters", (0..128u8).cycle().take(10_000).collect()),
        ("empty", Vec::new()),
        ("comments", b"# nothing\n## at all\n".to_vec()),
        ("carriage returns", b"# a\r\nf(x) =\r\n  x*2\r\n  + sin(x)\r\n".to_vec()),
        ("byte order mark", b"\xef\xbb\xbff(x) = x^2\n".to_vec()),
        ("NUL", b"f(x) = x\x00 + 1\n".to_vec()),
    ];
    for (name, text) in texts {
        survives(name, text);
    }
    let ran = run(&["diff"], b"f(x) = x\n# \xe2\x88");
    assert_eq!((ran.code, ran.err.as_str()), (2, "error[E0703]: <stdin>:2:3: not UTF-8 text (byte 0xe2)\n"));
}

#[test]
fn comments_alone_are_kept() {
    for text in ["# only\n", "# two\n\n# parts\n", "f(x) = x\n\n# last\n"] {
        assert_eq!(run(&["fmt"], text).out, text);
    }
}

#[test]
fn what_never_ends_is_stopped() {
    for (text, message, place) in [
        ("f(x) = iterate(y = x while true: y + 1)\n", "did not end within", ""),
        ("f(x) = f(x)\n", "calls inside one another", "<stdin>:1:8"),
        ("f(x) = f(x) + 1\n", "calls inside one another", "<stdin>:1:8"),
        ("g(x) = f(x)*2\nf(x) = g(x) + 1\n", "calls inside one another", "<stdin>:2:8"),
        ("f(x) = [x*i for i in 1..10^12]\n", "of memory", "<stdin>:1:25"),
    ] {
        let ran = run(&["eval", "--at", "x=1"], text);
        assert_eq!(ran.code, 2, "{text}");
        assert!(ran.err.contains(message) && ran.err.contains(place), "{text}: {}", ran.err);
    }
}

/// What is wrong with a call: the arguments, and a part of the message.
const WRONG: &[(&str, &str)] = &[
    ("eval f.math --fn valu", "did you mean `value`?"),
    ("eval f.math --at alpha=1", "no value for `y` of `value`: add --at y=…"),
    ("eval f.math --at alpah=1,y=2", "did you mean `alpha`?"),
    ("eval f.math --at alpha=1,y=2,alpha=3", "`alpha` is given twice"),
    ("eval f.math --at alpha", "not of the form NAME=VALUE"),
    ("eval f.math --at alpha=", "not of the form NAME=VALUE"),
    ("eval f.math --at alpha=1,y=(", "value of y:1:1"),
    ("eval f.math --at alpha=1,y=[1,2]", "a number is wanted, not a list of 2"),
    ("eval f.math --at alpha=1,y=2 --wrt alhpa", "did you mean `alpha`?"),
    ("eval f.math --at alpha=1,y=2 --set scal=1", "did you mean `scale`?"),
    ("eval f.math --at alpha=1,y=2,scale=2", "give it with --set scale=…"),
    ("eval f.math --at alpha=1,y=2 --order 2", "choose it with --wrt"),
    ("eval f.math --fn v --at x=[1,2,3] --what hess", "no single real result"),
    ("eval f.math --fn v --at x=[1,2]", "`x` must have 3 elements: 2 is not 3"),
    ("eval f.math --fn v --at x=[1,2,3] --what jvp", "add --dir"),
    ("eval f.math --fn v --at x=[[1],[2,3]]", "a number is wanted"),
    ("eval missing.math", "cannot read `missing.math`"),
    ("eval .", "`.` is a directory"),
    ("eval f.math --at @missing.yaml", "cannot read `missing.yaml`"),
    ("diff f.math --wrt alhpa", "did you mean `alpha`?"),
    ("diff f.math --fn valu", "did you mean `value`?"),
    ("pullback f.math --fn valu", "did you mean `value`?"),
    ("emit f.math --fn valu", "did you mean `value`?"),
    ("emit f.math --wrt alhpa", "`alhpa`"),
    ("rules sine", "did you mean `sin`?"),
    ("emit f.math -o .", "cannot write `.`"),
    ("emit f.math -o missing/f.rs", "cannot write `missing/f.rs`"),
    ("eval f.math --what nothing", "invalid value"),
    ("f.math", "write `zgrad eval f.math`"),
    ("eval f.math --at alpha=1,y=2 --dir y=1", "--dir is the direction of --what jvp"),
    ("eval f.math --at alpha=1,y=2 --seed 2", "--seed is the cotangent of --what vjp"),
    ("eval f.math --at alpha=1,y=2 --order 2 --what hess", "cannot be used with"),
    ("diff f.math --order 3 --what jac", "--order 3 is for derivatives by variables"),
    ("diff f.math --fn v --order 2", "no single real result"),
    ("diff f.math --fn v --order 3", "no single real result"),
    ("eval missing.math", "there is no such file or folder\n"),
    ("rules zzz", "there is no built-in function `zzz`"),
];

#[test]
fn wrong_calls_say_what_to_do() {
    let folder = folder("calls");
    let text = "param scale = 2\nv(x: R[3]) = [x[1]^2, x[2]*x[3]]\nvalue(alpha, y) = alpha*y*scale\n";
    std::fs::write(folder.join("f.math"), text).expect("the file is written");
    for (call, message) in WRONG {
        let args: Vec<&str> = call.split(' ').collect();
        let ran = run_in(&folder, &args, b"");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{call}: {}", ran.err);
        assert!(ran.err.contains(message), "{call}: {}", ran.err);
    }
    let left: Vec<_> = std::fs::read_dir(&folder).expect("the folder is there").collect();
    assert_eq!(left.len(), 1, "nothing is left behind");
}

#[test]
fn files_of_values_are_errors_with_their_place() {
    let folder = folder("values");
    let cases = [
        ("p.yaml", "x: 2\ny: [1\n", "p.yaml:3:1: this is not YAML"),
        ("p.json", "{\"x\": 2,\n \"y\": }", "p.json:2:7: this is not JSON"),
        ("q.yaml", "- 1\n- 2\n", "`q.yaml` must be a map from names to values"),
        ("r.json", "{\"x\": 2, \"y\": 3, \"z\": 4}", "`f` has no parameter `z`"),
        ("s.json", "{\"x\": 2, \"y\": [3]}", "the value of `y` does not fit: a number is wanted"),
    ];
    for (name, text, message) in cases {
        std::fs::write(folder.join(name), text).expect("the file is written");
        let ran = run_in(&folder, &["eval", "--at", &format!("@{name}")], b"f(x, y) = x*y\n");
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{name}: {}", ran.err);
        assert!(ran.err.contains(message), "{name}: {}", ran.err);
    }
    let ran = run(&["eval", "--at", "x=2 y=3"], "f(x, y) = x*y\n");
    assert!(ran.code == 2 && ran.err.contains("put a comma before `y=`"), "{}", ran.err);
    let ran = run(&["eval", "--at", "x=let a = 2 in a, y=3", "--what", "value"], "f(x, y) = x*y\n");
    assert_eq!(ran.out, "f(2, 3) = 6\n", "{}", ran.err);
}

#[test]
fn a_function_that_takes_functions_is_told_from_none() {
    for (text, place) in [("f(x) = x(x + 1)\n", "<stdin>:1:1"), ("y = 2\nf(x) = 3 + x'\n", "<stdin>:2:1")] {
        let ran = run(&["eval", "--at", "x=1"], text);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{text}{}", ran.err);
        assert!(ran.err.contains("`f` takes a function, `x`") && ran.err.contains(place), "{}", ran.err);
        assert!(ran.err.contains("if a product is meant, write `x*(…)`"), "{}", ran.err);
    }
}

#[test]
fn derivatives_of_an_order_are_all_of_them() {
    let ran = run(&["diff", "--order", "2"], "f(x, y) = x^2*y\n");
    let second = "d2f_dx2(x, y) = 2*y\nd2f_dxdy(x, y) = 2*x\nd2f_dydx(x, y) = 2*x\nd2f_dy2(x, y) = 0\n";
    assert_eq!(ran.out, second, "{}", ran.err);
    let ran = run(&["diff", "--order", "3"], "f(x, y, z) = x^2*y*z\n");
    let names: Vec<&str> = ran.out.lines().filter_map(|line| line.split('(').next()).collect();
    let all = [
        "d3f_dx3",
        "d3f_dx2dy",
        "d3f_dx2dz",
        "d3f_dxdy2",
        "d3f_dxdydz",
        "d3f_dxdz2",
        "d3f_dy3",
        "d3f_dy2dz",
        "d3f_dydz2",
        "d3f_dz3",
    ];
    assert_eq!(names, all, "{}{}", ran.out, ran.err);
    let value = run(&["eval", "--fn", "d3f_dxdydz", "--at", "x=3,y=4,z=5", "--what", "value"], &ran.out);
    assert_eq!(value.out, "d3f_dxdydz(3, 4, 5) = 6\n", "{}", value.err);
    let ran = run(&["diff", "--order", "2"], "f(v: R[n], a) = sum(a*v[i]^2 for i in 1..n)\n");
    let value = run(&["eval", "--fn", "d2f_dvda", "--at", "v=[1,2],a=3", "--what", "value"], &ran.out);
    assert_eq!(value.out, "d2f_dvda([1, 2], 3) = [2, 4]\n", "{}{}", ran.out, value.err);
}

#[test]
fn a_full_disk_is_an_error_and_a_closed_pipe_is_not() {
    if Path::new("/dev/full").exists() {
        let ran = run(&["emit", "-o", "/dev/full"], "f(x) = x^2\n");
        assert_eq!(ran.code, 2);
        assert!(ran.err.contains("cannot write `/dev/full`"), "{}", ran.err);
        let mut emit = Command::new(env!("CARGO_BIN_EXE_zgrad"));
        let full = std::fs::File::options().write(true).open("/dev/full").expect("it is a device");
        let emit = emit.arg("emit").stdin(Stdio::piped()).stdout(full).stderr(Stdio::piped());
        let mut child = emit.spawn().expect("the binary starts");
        let mut input = child.stdin.take().expect("it has a standard input");
        input.write_all(b"f(x) = x^2\n").expect("it reads all");
        drop(input);
        let ran = child.wait_with_output().expect("it ends");
        let error = String::from_utf8_lossy(&ran.stderr).into_owned();
        assert_eq!(ran.status.code(), Some(2));
        assert_eq!(error, "error[E0702]: cannot write standard output: No space left on device\n");
    }
    let text: String = (0..2000).map(|i| format!("f{i}(x) = sin(x)^{i}\n")).collect();
    let mut child = Command::new(env!("CARGO_BIN_EXE_zgrad"))
        .args(["fmt"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    drop(child.stdout.take());
    child.stdin.take().expect("it has a standard input").write_all(text.as_bytes()).expect("it reads all");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[test]
fn every_error_is_reported() {
    let ran = run(&["eval"], "f(x) = y + 1\ng(x) = zz*2\n");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("<stdin>:1:8") && ran.err.contains("<stdin>:2:8"), "{}", ran.err);
}

#[test]
fn no_is_1() {
    let ran = run(&["check"], "f(x) = x^2\ntest f(2) = 5\n");
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("<stdin>:2:1: test f(2) = 5: it is 4, not 5"), "{}", ran.out);
    assert_eq!(run(&["fmt", "--check"], "f(x)=x^2\n").code, 1);
    assert_eq!(run(&["fmt", "--check"], "f(x) = x^2\n").code, 0);
}

#[test]
fn commands_join() {
    let text = "f(x, y) = x*y + sin(x)\n";
    let formulas = run(&["diff", "--wrt", "y"], text).out;
    assert_eq!(run(&["eval", "--at", "x=2", "--what", "value"], formulas.replace("(x, y)", "(x)")).code, 0);
    let code = run(&["emit", "--lang", "rust"], &formulas);
    assert!(code.code == 0 && code.out.contains("pub fn df_dy"), "{}{}", code.err, code.out);
    let pullback = run(&["pullback"], text).out;
    let ran = run(&["eval", "--at", "x=2,y=3,f_bar=1", "--what", "value"], &pullback);
    assert_eq!(ran.out, "f_pullback(2, 3, 1) = (2.5838531634528574, 2)\n", "{pullback}{}", ran.err);
}

#[test]
fn explain_answers_or_says_why_not() {
    let input = "f(x, y) = x*y + sin(x)";
    let at = |more: &[&str]| run(&[&["explain", "--at", "x=2,y=3"], more].concat(), input);
    let text = at(&[]);
    assert_eq!((text.code, text.err.as_str()), (0, ""), "{}", text.err);
    assert!(text.out.contains("gradient(f, 2, 3) = (2.5838531634528574, 2)"), "{}", text.out);
    assert!(at(&["--seed", "2"]).out.contains("x: 5.167706326905715, y: 4)"));
    assert!(at(&["--steps", "forward"]).out.contains("6 + 3ε"));
    assert!(at(&["--ascii"]).out.is_ascii());
    assert!(at(&["--format", "markdown"]).out.contains("```text\nv1 = x*y\n"));
    assert!(at(&["--format", "html"]).out.starts_with("<!DOCTYPE html>"));
    let json: serde_json::Value = serde_json::from_str(&at(&["--format", "json"]).out).expect("it is JSON");
    assert_eq!(json["steps"][0]["adjoint"], 2.5838531634528574);
    assert_eq!(json["backward"][0]["d"], 1);
    for (args, input, message) in [
        (&["explain", "--at", "x=2"][..], input, "no value for `y` of `f`"),
        (&["explain", "--at", "z=2"], input, "`f` has no parameter `z`"),
        (
            &["explain", "--at", "n=9999"],
            "f(n: Int) = if n == 0 then 1.0 else f(n - 1)",
            "too many to explain",
        ),
        (&["explain", "--at", "n=2"], "f(n: Int) = n + 1", "gives no real number"),
        (
            &["explain", "--at", "x=2"],
            "f(x) = sum(x^i for i in 1..1000000)",
            "to explain: take smaller arrays",
        ),
    ] {
        let ran = run(args, input);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{message}: {}", ran.err);
        assert!(ran.err.contains(message), "{message}: {}", ran.err);
    }
}
