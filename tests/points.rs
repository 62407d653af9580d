//! `eval --points`. Cases are texts in `tests/points`: files, commands, and what they print, which
//! `ZGRAD_BLESS=1` writes anew. And whatever the function, each row is what `eval` gives at that point.

use std::fmt::Write as _;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use zgrad::eval::Limits;
use zgrad::session::datum::Datum;
use zgrad::session::derive::Mode;
use zgrad::session::evaluate::{self, Request, What};
use zgrad::session::point::Given;
use zgrad::session::points::{self, Format, Keep, OnError, Points};
use zgrad::session::{Session, columns};

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("points").join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// What a command prints: its output, then its messages, then its exit code unless that is 0.
fn run(command: &str, folder: &Path) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_zgrad"));
    let mut path = binary.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(command).current_dir(folder).env("PATH", path).stdin(Stdio::null());
    let output = shell.env_remove("CLICOLOR_FORCE").output().unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap();
    text += &String::from_utf8(output.stderr).unwrap();
    match output.status.code() {
        Some(0) => {}
        code => writeln!(text, "exit {}", code.unwrap_or(-1)).unwrap(),
    }
    text
}

/// The text of a file, with what an editor does not keep written as escapes.
fn unescaped(text: &str) -> Vec<u8> {
    let text = text.replace("\\r", "\r").replace("\\t", "\t").replace("\\u{feff}", "\u{feff}");
    let mut bytes = Vec::new();
    for (at, part) in text.split("\\xff").enumerate() {
        bytes.extend((at > 0).then_some(0xff));
        bytes.extend(part.as_bytes());
    }
    bytes
}

/// Makes the files of a case and runs its commands; the case as it should stand.
fn case(path: &Path) -> (String, String) {
    let text = fs::read_to_string(path).unwrap();
    let folder = folder(path.file_stem().unwrap().to_str().unwrap());
    let mut anew = String::new();
    for block in format!("\n{text}").split("\n== ").skip(1) {
        let (head, body) = block.split_once('\n').unwrap_or((block, ""));
        let body = body.trim_end_matches('\n');
        match head.strip_prefix("$ ") {
            Some(command) => {
                let printed = run(command, &folder);
                write!(anew, "== $ {command}\n{}\n\n", printed.trim_end_matches('\n')).unwrap();
            }
            None => {
                let ends = if body.is_empty() { "" } else { "\n" };
                fs::write(folder.join(head), unescaped(&format!("{body}{ends}"))).unwrap();
                write!(anew, "== {head}\n{body}\n\n").unwrap();
            }
        }
    }
    (text, anew.trim_end().to_string() + "\n")
}

#[cfg(unix)]
#[test]
fn cases() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/points");
    let mut paths: Vec<PathBuf> = fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 8, "the cases were not found");
    let mut wrong = String::new();
    for path in paths {
        let (text, anew) = case(&path);
        if std::env::var_os("ZGRAD_BLESS").is_some() {
            fs::write(path, anew).unwrap();
        } else if text != anew {
            let name = path.file_name().unwrap().display();
            write!(wrong, "--- {name}: want\n{text}\n--- got\n{anew}\n").unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// A number of the size of 1, or one where functions are special.
    fn real(&mut self) -> f64 {
        let special = [0.0, -0.0, 1.0, -1.0, 2.0, 1e-300, 1e200, f64::NAN, f64::INFINITY];
        match self.next() % 4 {
            0 => special[self.next() as usize % special.len()],
            _ => (self.next() as f64 / (1u64 << 31) as f64 - 0.5) * 6.0,
        }
    }
}

/// Functions of every kind that rows go different ways through, with what is asked of them and their columns: `r` a
/// real, `i` an integer, `b` a condition.
const FUNCTIONS: &[(&str, &[What], &str)] = &[
    ("f(x, y) = x*y + sin(x)", &[], "x:r y:r"),
    ("f(x, y) = x^y + atan2(x, y)*erf(x) + hypot(x, y)", &[What::Value, What::Grad, What::Hess], "x:r y:r"),
    ("f(x, y) = if x > y then log(x) else if x < 0 then sqrt(-x)*y else x^2", &[], "x:r y:r"),
    ("f(x, y) = max(abs(x), y) + clamp(x, -1, 1)*relu(y)", &[What::Hess, What::Value], "x:r y:r"),
    ("f(x, n: Int) = sum(x^i/i for i in 1..n)", &[], "x:r n:i"),
    ("f(x, n: Int) = fold(s = x for i in 1..n: if s > 1 then s/2 else sin(s) + x)", &[], "x:r n:i"),
    ("f(x, y) = iterate(s = abs(x) + 1 while s > 0.1 and s < 1e300: s/(2 + abs(y)))", &[], "x:r y:r"),
    ("p(x, n: Int) = if n <= 0 then 1 else x*p(x, n - 1)\nf(x, n: Int) = p(x, n) + n", &[], "x:r n:i"),
    ("h(x) = if x > 0 then x*exp(-x) else x\nf(x, y) = h(x)*h(y) + h(h(x))", &[What::Grad], "x:r y:r"),
    ("f(x, n: Int) = x*n*n + n*1000000000000", &[], "x:r n:i"),
    ("f(x where x > 0, y) = log(x)*y", &[], "x:r y:r"),
    ("f(x, q: Bool) = if q then sin(x) else cos(x)", &[], "x:r q:b"),
    ("f(v: R[n], s) = sum(s*v[i]^2 for i in 1..n) + v[1]/v[2]", &[], "v[1]:r s:r v[2]:r"),
    ("f(x, y) = [x*y, x + y, sin(x)]", &[What::Value, What::Jac, What::Vjp, What::Jvp], "x:r y:r"),
    ("f(x, y) = (x/y, {a: x, b: [y, y^2]})", &[], "x:r y:r"),
    ("f(p, q: Int) = (p > 0 and q > 1, q*2)", &[], "p:r q:i"),
    ("f(p: {u: R, w: R}, x) = p.u*exp(p.w*x)", &[What::Value, What::Grad, What::Hvp], "p.u:r p.w:r x:r"),
    ("param k = 2\nf(x, y) = k*x*y", &[What::Value, What::Grad], "x:r y:r k:r"),
];

fn request(what: &[What], source: &str) -> Request {
    let wide = source.contains("[x*y");
    let text = |text: &str| Given::Text(text.to_string());
    let dir = if source.contains("p.u") { vec![("x".to_string(), text("1"))] } else { Vec::new() };
    Request {
        function: Some("f".to_string()),
        at: Vec::new(),
        set: Vec::new(),
        wrt: Vec::new(),
        what: what.to_vec(),
        dir: if wide { vec![("x".to_string(), text("1")), ("y".to_string(), text("-2"))] } else { dir },
        seed: wide.then(|| "[1, 2, -1]".to_string()),
        order: None,
        mode: Mode::Auto,
        digits: false,
        limits: Limits { steps: 3000, ..Limits::default() },
    }
}

/// The point of a row as `--at` and `--set` would give it.
fn at(request: &Request, names: &[&str], cells: &[String]) -> Request {
    let value = |name: &str| cells[names.iter().position(|known| *known == name).unwrap()].clone();
    let (mut at, mut set) = (Vec::new(), Vec::new());
    for name in names {
        let (key, text) = match *name {
            "v[1]" => ("v", format!("[{}, {}]", value("v[1]"), value("v[2]"))),
            "p.u" => ("p", format!("{{u: {}, w: {}}}", value("p.u"), value("p.w"))),
            "v[2]" | "p.w" => continue,
            name => (name, value(name)),
        };
        let list = if key == "k" { &mut set } else { &mut at };
        list.push((key.to_string(), Given::Text(text)));
    }
    let Request { function, wrt, what, dir, seed, order, mode, digits, limits, .. } = request;
    Request {
        function: function.clone(),
        at,
        set,
        wrt: wrt.clone(),
        what: what.clone(),
        dir: dir.clone(),
        seed: seed.clone(),
        order: *order,
        mode: *mode,
        digits: *digits,
        limits: *limits,
    }
}

/// The cells of the results at one point; none where there is an error.
fn results(session: &mut Session, request: &Request) -> Option<Vec<String>> {
    let report = evaluate::evaluate(session, request).ok()?;
    let cells = columns::columns(&report).into_iter().flat_map(|(_, datum)| datum.cells());
    Some(cells.map(|(_, value)| Datum::Leaf(value).text()).collect())
}

#[test]
fn each_row_is_what_eval_gives() {
    let folder = folder("each_row");
    for (number, (source, what, columns)) in FUNCTIONS.iter().enumerate() {
        let columns: Vec<(&str, &str)> = columns.split(' ').map(|c| c.split_once(':').unwrap()).collect();
        let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        let mut random = Random(number as u64 + 1);
        let mut cell = |kind: &str| match kind {
            "r" => Datum::Leaf(zgrad::eval::Value::Real(random.real())).text(),
            "i" => (random.next() as i64 % 12 - 2).to_string(),
            _condition => if random.next().is_multiple_of(2) { "true" } else { "false" }.to_string(),
        };
        // More rows than a block has; the last ones by themselves make no whole one.
        let rows: Vec<Vec<String>> =
            (0..600).map(|_| columns.iter().map(|(_, kind)| cell(kind)).collect()).collect();
        let mut text = names.join(",") + "\n";
        rows.iter().for_each(|row| text += &(row.join(",") + "\n"));
        let (file, output) = (folder.join("points.csv"), folder.join("out.csv"));
        fs::write(&file, text).unwrap();
        let request = request(what, source);
        let points = Points {
            file,
            format: Format::Csv,
            result: Format::Csv,
            output: Some(output.clone()),
            keep: Keep::None,
            on_error: OnError::Nan,
            notes: true,
        };
        let mut session = Session::from_text(Path::new("f.math"), &format!("{source}\n")).unwrap();
        let summary = points::evaluate(&mut session, &request, &points, &mut |_| {}).unwrap();
        assert_eq!(summary.rows, 600, "{source}");
        let text = fs::read_to_string(&output).unwrap();
        let mut lines = text.lines();
        let width = lines.next().unwrap().split(',').count();
        let lines: Vec<&str> = lines.collect();
        assert_eq!(lines.len(), 600, "{source}");
        let mut failed = 0;
        // Each row takes as long as a command: some at the ends of blocks and others.
        for at_row in (0..600).filter(|row| row % 7 == 0 || (254..258).contains(row) || *row > 595) {
            let one = results(&mut session, &at(&request, &names, &rows[at_row]));
            failed += usize::from(one.is_none());
            let want = one.unwrap_or_else(|| vec!["nan".to_string(); width]);
            assert_eq!(lines[at_row], want.join(","), "{source} at {names:?} = {:?}", rows[at_row]);
        }
        assert!(failed < 80, "{source} stops with an error nearly everywhere");
    }
}

#[cfg(unix)]
#[test]
fn rows_come_out_in_order() {
    let folder = folder("order");
    fs::write(folder.join("f.math"), "f(x) = x^2\n").unwrap();
    let mut text = String::from("row,x\n");
    (0..100_000).for_each(|row| writeln!(text, "{row},{}.5", row % 1000).unwrap());
    fs::write(folder.join("points.csv"), &text).unwrap();
    let printed = run("zgrad eval f.math --points points.csv --what value", &folder);
    let mut lines = printed.lines().skip(1);
    for row in 0..100_000 {
        let x = f64::from(row % 1000) + 0.5;
        assert_eq!(lines.next().unwrap(), format!("{row},{x},{}", x * x));
    }
    assert_eq!(lines.next(), None);
    // The same through a pipe, with quotes that hold line ends.
    let mut quoted = String::from("note,row,x\n");
    text.lines().skip(1).for_each(|line| writeln!(quoted, "\"a\n, \"\"b\"\"\n\",{line}").unwrap());
    fs::write(folder.join("quoted.csv"), &quoted).unwrap();
    let piped = run("cat quoted.csv | zgrad eval f.math --points - --what value --keep none", &folder);
    assert_eq!(piped.lines().count(), 100_001);
    assert_eq!(piped, run("zgrad eval f.math --points points.csv --what value --keep none", &folder));
}

#[cfg(unix)]
#[test]
fn streams_flow() {
    let folder = folder("streams");
    fs::write(folder.join("f.math"), "f(x) = x^2\n").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_zgrad"))
        .args(["eval", "f.math", "--points", "-", "--what", "value"])
        .current_dir(&folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    input.write_all(b"x\n3\n").unwrap();
    // What is known comes out while the input is still open, …
    assert_eq!(lines.next().unwrap().unwrap(), "x,f");
    assert_eq!(lines.next().unwrap().unwrap(), "3,9");
    input.write_all(b"4\nfive\n").unwrap();
    assert_eq!(lines.next().unwrap().unwrap(), "4,16");
    // … and so does an error.
    assert_eq!(child.wait().unwrap().code(), Some(2));
    drop(input);
    // A reader that has seen enough is no error.
    let printed =
        run("yes 1 | sed 1cx | head -n 3000000 | zgrad eval f.math --points - | head -n 2", &folder);
    assert_eq!(printed, "x,f,df_dx\n1,1,2\n");
}

#[cfg(unix)]
#[test]
fn a_file_is_whole_or_not_there() {
    let folder = folder("whole");
    fs::write(folder.join("f.math"), "f(x) = x^2\n").unwrap();
    let mut text = "x\n".to_string() + &"1\n".repeat(300_000);
    fs::write(folder.join("good.csv"), &text).unwrap();
    text.push_str("one\n");
    fs::write(folder.join("bad.csv"), &text).unwrap();
    let printed = run("zgrad eval f.math --points bad.csv -o out.csv", &folder);
    assert!(printed.contains("--> bad.csv:300002:1"), "{printed}");
    let files = || {
        let names =
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    };
    assert_eq!(files(), ["bad.csv", "f.math", "good.csv"]);
    let slow = "(echo x; sleep 1) | zgrad --timeout 0.3 eval f.math --points - -o out.csv";
    assert!(run(slow, &folder).contains("not done within 0.3 seconds"));
    assert_eq!(files(), ["bad.csv", "f.math", "good.csv"]);
    assert_eq!(run("zgrad eval f.math --points good.csv -o out.csv", &folder), "");
    assert_eq!(files(), ["bad.csv", "f.math", "good.csv", "out.csv"]);
    assert_eq!(fs::read_to_string(folder.join("out.csv")).unwrap().lines().count(), 300_001);
    // Over the points themselves.
    assert_eq!(run("zgrad eval f.math --points good.csv -o good.csv --what value", &folder), "");
    assert!(fs::read_to_string(folder.join("good.csv")).unwrap().starts_with("x,f\n1,1\n"));
}
