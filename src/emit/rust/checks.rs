//! Tests of a module, and a measurement of its time: calls of its functions with given numbers.

use super::super::names::Names;
use super::super::sample::{Data, Numbers, Sample, Samples, Wanted};
use super::super::signature::{Returned, Signature};
use super::options::Precision;
use super::{Module, comment, reserved};
use std::fmt::Write;

/// The width of a line of numbers.
const WIDTH: usize = 96;

/// What the tests compare with.
const CLOSE: &str = "    /// Fails unless these are the wanted numbers, each to `within`.
    #[track_caller]
    fn close(found: &[f64], wanted: &[f64], within: f64) {
        assert_eq!(found.len(), wanted.len(), \"of this many numbers\");
        for (k, (&a, &b)) in found.iter().zip(wanted).enumerate() {
            let same = a == b || a.is_nan() && b.is_nan() || (a - b).abs() <= within;
            assert!(same, \"number {k} is {a:?}, not {b:?} to within {within:e}\");
        }
    }
";

/// Appends the module of tests.
pub(super) fn tests(module: &Module<'_>, samples: &Samples, out: &mut String) {
    out.push_str(
        "\n// The numbers that are wanted were computed with as many digits as it takes to be certain of\n",
    );
    out.push_str(
        "// each one; what is found may differ by a little more than the rounding of its operations.\n",
    );
    out.push_str("#[cfg(test)]\n#[rustfmt::skip]\n");
    out.push_str("#[allow(clippy::approx_constant, clippy::excessive_precision, non_snake_case)]\n");
    out.push_str("mod tests {\n");
    for untested in &samples.untested {
        let name = &module.signatures[&untested.id].name;
        let line = format!("{name} is not tested, no arguments for it were found: {}.", untested.reason);
        indented(&[line], out);
    }
    let has_reals = |sample: &Sample| sample.results.iter().any(|r| matches!(r.numbers.data, Data::Real(_)));
    if samples.tests.iter().any(has_reals) {
        let ty = module.options.tested().name();
        out.push_str(&CLOSE.replace("f64", ty));
    }
    let mut names = Names::default();
    names.reserve(["close"]);
    for sample in &samples.tests {
        let signature = &module.signatures[&sample.id];
        let name = names.fresh(&format!("{}_{}", signature.name, sample.label));
        out.push('\n');
        indented(&sample.notes, out);
        let _ = writeln!(out, "    #[test]\n    fn {name}() {{");
        test(module, sample, signature, out);
        out.push_str("    }\n");
    }
    out.push_str("}\n");
}

/// Appends the test that prints how long the functions take.
pub(super) fn bench(module: &Module<'_>, samples: &Samples, out: &mut String) {
    out.push_str(
        "\n/// How long the functions take: `cargo test --release -- --ignored --nocapture bench`.\n",
    );
    out.push_str("#[cfg(test)]\n#[rustfmt::skip]\n");
    out.push_str("#[allow(clippy::approx_constant, clippy::excessive_precision, non_snake_case)]\n");
    out.push_str("mod bench {\n    use std::hint::black_box;\n    use std::time::Instant;\n\n");
    out.push_str(TIME);
    out.push_str("\n    #[test]\n    #[ignore]\n    fn bench() {\n");
    for sample in &samples.timed {
        let signature = &module.signatures[&sample.id];
        let call = Call::new(module, sample, signature);
        out.push_str("        {\n");
        for line in &call.lets {
            let _ = writeln!(out, "        {line}");
        }
        let items: Vec<String> = call.items.iter().map(|item| format!("black_box({item})")).collect();
        let bound = if call.returned.is_empty() { "" } else { "_ = black_box(" };
        let end = if call.returned.is_empty() { ")" } else { "))" };
        packed(
            &format!("time(\"{}\", || {bound}{}(", signature.name, call.function),
            &items,
            &format!("{end});"),
            out,
        );
        out.push_str("        }\n");
    }
    out.push_str("    }\n}\n");
}

/// Prints the time of a call: the shortest of some runs.
const TIME: &str = "    /// Prints how many nanoseconds a call takes, in the best of some runs.
    fn time(name: &str, mut call: impl FnMut()) {
        let mut calls = 1_u32;
        let mut best = f64::INFINITY;
        let mut runs = 0;
        while runs < 10 {
            let start = Instant::now();
            for _ in 0..calls {
                call();
            }
            let seconds = start.elapsed().as_secs_f64();
            if seconds < 0.005 {
                calls *= 2;
                continue;
            }
            best = best.min(seconds / f64::from(calls));
            runs += 1;
        }
        println!(\"{name}: {:.1} ns\", best * 1e9);
    }
";

/// The body of a test.
fn test(module: &Module<'_>, sample: &Sample, signature: &Signature, out: &mut String) {
    let call = Call::new(module, sample, signature);
    for line in &call.lets {
        let _ = writeln!(out, "        {line}");
    }
    let pattern = match call.returned.as_slice() {
        [] => String::new(),
        [one] => format!("let {one} = "),
        many => format!("let ({}) = ", many.join(", ")),
    };
    packed(&format!("{pattern}{}(", call.function), &call.items, ");", out);
    for ((name, lengths), wanted) in call.results.iter().zip(&sample.results) {
        compare(name, wanted, module.options.tested(), out);
        if !lengths.is_empty() {
            let _ =
                writeln!(out, "        assert_eq!([{}], {:?});", lengths.join(", "), wanted.numbers.shape);
        }
    }
}

fn compare(name: &str, wanted: &Wanted, precision: Precision, out: &mut String) {
    let list = literals(&wanted.numbers.data, precision);
    let scalar = wanted.numbers.shape.is_empty();
    let within = wanted.within;
    match (&wanted.numbers.data, scalar) {
        (Data::Real(_), true) => {
            let _ = writeln!(out, "        close(&[{name}], &[{}], {within:e});", list[0]);
        }
        (Data::Real(_), false) => {
            let (open, close) = (format!("close(&{name}, &["), format!("], {within:e});"));
            packed(&open, &list, &close, out);
        }
        (Data::Int(_), true) => {
            let _ = writeln!(out, "        assert_eq!({name}, {});", list[0]);
        }
        (Data::Bool(data), true) => {
            let _ = writeln!(out, "        assert!({}{name});", if data[0] { "" } else { "!" });
        }
        (Data::Int(_) | Data::Bool(_), false) => packed(&format!("assert_eq!({name}, ["), &list, "]);", out),
    }
}

/// Appends a list, with as many items a line as there is room for.
fn packed(open: &str, items: &[String], close: &str, out: &mut String) {
    let line = format!("{open}{}{close}", items.join(", "));
    if line.len() + 8 <= WIDTH {
        let _ = writeln!(out, "        {line}");
        return;
    }
    let _ = writeln!(out, "        {open}");
    let mut line = String::new();
    for item in items {
        if !line.is_empty() && 12 + line.len() + item.len() + 2 > WIDTH {
            let _ = writeln!(out, "            {}", line.trim_end());
            line.clear();
        }
        let _ = write!(line, "{item}, ");
    }
    let _ = writeln!(out, "            {}\n        {close}", line.trim_end());
}

/// A call with the numbers of a sample.
struct Call {
    /// The arrays.
    lets: Vec<String>,
    function: String,
    items: Vec<String>,
    /// What the call returns is bound to these.
    returned: Vec<String>,
    /// The name of each result, and of its lengths if the function gives them.
    results: Vec<(String, Vec<String>)>,
}

impl Call {
    fn new(module: &Module<'_>, sample: &Sample, signature: &Signature) -> Call {
        let mut names = Names::default();
        names.reserve(reserved::NAMES.iter().copied());
        names.reserve(["close"]);
        let mut call = Call {
            lets: Vec::new(),
            function: format!("super::{}", signature.name),
            items: Vec::new(),
            returned: Vec::new(),
            results: Vec::new(),
        };
        let face = module.faces.get(&sample.id).copied();
        let real = module.options.tested().name();
        for (k, numbers) in sample.args.iter().enumerate() {
            let list = literals(&numbers.data, module.options.tested());
            if numbers.shape.is_empty() {
                call.items.push(list[0].clone());
                continue;
            }
            let name = names.fresh(&reserved::identifier(face.map_or("x", |f| &f.params[k].name)));
            call.array(&name, numbers, &list, real);
            call.items.push(format!("&{name}"));
            for size in signature.sizes.iter().filter(|s| s.explicit && s.param == k) {
                call.items.push((numbers.shape[size.axis] as i64 - size.shift).to_string());
            }
        }
        for (k, ((ty, returned), wanted)) in signature.results.iter().zip(&sample.results).enumerate() {
            let name = names.fresh(&reserved::identifier(face.map_or("out", |f| &f.results[k].name)));
            let mut lengths = Vec::new();
            match returned {
                Returned::Out { .. } => {
                    let (ty, unset) = match wanted.numbers.data {
                        Data::Real(_) => (real, format!("{real}::NAN")),
                        Data::Int(_) => ("i64", "i64::MIN".to_string()),
                        Data::Bool(_) => ("bool", "false".to_string()),
                    };
                    let n = wanted.numbers.len();
                    call.lets.push(format!("let mut {name}: [{ty}; {n}] = [{unset}; {n}];"));
                    call.items.push(format!("&mut {name}"));
                }
                Returned::Scalar => call.returned.push(name.clone()),
                Returned::Made => {
                    call.returned.push(name.clone());
                    if ty.rank > 1 {
                        lengths =
                            (1..=ty.rank).map(|axis| names.fresh(&format!("{name}_len{axis}"))).collect();
                        call.returned.extend(lengths.iter().cloned());
                    }
                }
            }
            call.results.push((name, lengths));
        }
        call
    }

    fn array(&mut self, name: &str, numbers: &Numbers, list: &[String], real: &str) {
        let ty = match numbers.data {
            Data::Real(_) => real,
            Data::Int(_) => "i64",
            Data::Bool(_) => "bool",
        };
        let mut text = String::new();
        packed(&format!("let {name}: [{ty}; {}] = [", list.len()), list, "];", &mut text);
        self.lets.extend(text.lines().map(|line| line[8..].to_string()));
    }
}

fn literals(data: &Data, precision: Precision) -> Vec<String> {
    match data {
        Data::Real(data) => data.iter().map(|&x| real(x, precision)).collect(),
        Data::Int(data) => data.iter().map(i64::to_string).collect(),
        Data::Bool(data) => data.iter().map(bool::to_string).collect(),
    }
}

fn real(x: f64, precision: Precision) -> String {
    let ty = precision.name();
    match x {
        x if x.is_nan() => format!("{ty}::NAN"),
        f64::INFINITY => format!("{ty}::INFINITY"),
        f64::NEG_INFINITY => format!("{ty}::NEG_INFINITY"),
        _finite if precision == Precision::Single => format!("{:?}", x as f32),
        _finite => format!("{x:?}"),
    }
}

/// Appends comments inside the module.
fn indented(text: &[String], out: &mut String) {
    let mut plain = String::new();
    comment::plain(text, &mut plain);
    for line in plain.lines() {
        let _ = writeln!(out, "    {line}");
    }
}
