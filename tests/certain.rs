//! Certain digits against values of high precision, and every row of the table of primitives against
//! its certain value: an oracle that shares nothing with the functions on doubles.

use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use zgrad::block;
use zgrad::eval::certain::{self, Effort, Finding};
use zgrad::eval::{Limits, Value};
use zgrad::primitive::{self, Kind, Prim};
use zgrad::session::Session;
use zgrad::session::certainty;
use zgrad::session::derive::{Deriver, Mode};
use zgrad::session::evaluate::{Report, Request, evaluate};
use zgrad::session::losing;
use zgrad::session::plan::real_leaves;
use zgrad::session::point::Given;
use zgrad::simplify::Forms;

fn file(name: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("certain");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.math"));
    fs::write(&path, text).unwrap();
    path
}

/// A file of which every formula is computed as it is written, so that it loses what it loses.
fn open(name: &str, text: &str) -> Session {
    let opened = Session::open_in(&file(name, text), Forms::AsWritten);
    opened.unwrap_or_else(|e| panic!("{name}: {e:#}"))
}

fn report(name: &str, text: &str, at: &[(&str, String)]) -> Report {
    let mut session = open(name, text);
    let request = Request {
        function: None,
        at: at.iter().map(|(name, value)| (name.to_string(), Given::Text(value.clone()))).collect(),
        set: vec![],
        wrt: vec![],
        what: vec![],
        dir: vec![],
        seed: None,
        order: None,
        mode: Mode::Auto,
        digits: true,
        limits: Limits::default(),
    };
    evaluate(&mut session, &request).unwrap_or_else(|e| panic!("{name}: {e:#}"))
}

/// Value and gradient of a report, flat.
fn numbers(report: &Report) -> Vec<f64> {
    let value = report.value.iter().flat_map(|datum| datum.entries());
    let grad = report.grad.iter().flatten().flat_map(|(_, datum)| datum.entries());
    value.chain(grad).map(|(_, x)| x).collect()
}

#[test]
fn programs_agree_with_high_precision() {
    let text = fs::read_to_string("tests/certain/programs.json").unwrap();
    let cases: Vec<Json> = serde_json::from_str(&text).unwrap();
    assert!(cases.len() > 15);
    for (number, case) in cases.iter().enumerate() {
        let name = case["name"].as_str().unwrap();
        let source = case["source"].as_str().unwrap();
        let head = &source[source.find('(').unwrap() + 1..source.find(')').unwrap()];
        let at: Vec<(&str, String)> = head
            .split(", ")
            .zip(case["at"].as_array().unwrap())
            .map(|(name, x)| (name, format!("{:?}", x.as_f64().unwrap())))
            .collect();
        let start = std::time::Instant::now();
        let report = report(&format!("program{number}"), source, &at);
        println!("{name} at {at:?}: {:?}", start.elapsed());
        let certainty = report.certainty.as_ref().unwrap();
        assert_eq!(certainty.uncertain, "", "{name}");
        let grad = case["grad"].as_array().unwrap().iter();
        let wanted: Vec<f64> = std::iter::once(&case["value"])
            .chain(grad)
            .map(|text| text.as_str().unwrap().parse().unwrap())
            .collect();
        assert_eq!(numbers(&report), wanted, "{name} at {at:?}");
        // The digits that are called right are right, and the next one is not.
        for ((certain, double), digits) in
            wanted.iter().zip(numbers(&certainty.double)).zip(numbers(&certainty.digits))
        {
            // Of the value, which stands within half a unit of its double.
            let (error, rounding) = (((double - certain) / certain).abs(), 2e-16);
            let fits = match digits {
                0.0 => true,
                16.0 => double == *certain,
                _some => error <= 10f64.powf(-digits) + rounding,
            };
            let least = digits == 16.0 || error >= 10f64.powf(-digits - 1.0) - rounding;
            assert!(fits && least, "{name}: {double:e} is {certain:e} to {digits} digits");
        }
    }
}

#[test]
fn the_lossy_operation_is_named() {
    let one = report("cosine", "f(x) = (1 - cos(x))/x^2\n", &[("x", "1e-9".into())]);
    assert!(one.notes.iter().any(|note| note.line.starts_with("`1 - cos(x)` (")), "{:?}", one.notes);
    let source = "root(a, b, c) =\n  (-b + sqrt(b^2 - 4a*c))/(2a)\n";
    let at = [("a", "1".to_string()), ("b", "1e9".to_string()), ("c", "1".to_string())];
    let two = report("quadratic", source, &at);
    assert!(
        two.notes.iter().any(|note| note.line.contains("-b + sqrt(b^2 - 4a*c)") && note.line.contains(":2:")),
        "{:?}",
        two.notes
    );
    // Nothing is lost, nothing is noted.
    let three = report("harmless", "f(x) = x*sin(x) + 1\n", &[("x", "2".into())]);
    assert!(three.notes.is_empty(), "{:?}", three.notes);
}

#[test]
fn what_cannot_be_known_is_said() {
    // The two sides are equal, which no enclosure shows.
    let equal = report("equal", "f(x) = if sqrt(x)^2 == x then 1 else x\n", &[("x", "2".into())]);
    assert!(equal.certainty.unwrap().uncertain.contains("cannot be decided"));
    let order = report("order", "f(x) = airybi(x)\n", &[("x", "1e5".into())]);
    assert!(order.certainty.unwrap().uncertain.starts_with("no certain digits"));
    // A comparison that doubles decide otherwise.
    let branch = report("branch", "f(x) = if 0.1x + 0.2x == 0.3x then 1 else 2x\n", &[("x", "3".into())]);
    let double = numbers(&branch.certainty.as_ref().unwrap().double);
    assert_eq!((numbers(&branch)[0], double[0]), (6.0, 6.0));
    let other = report("other", "f(x) = if 1 + x > 1 then 1 else 2\n", &[("x", "1e-20".into())]);
    assert_eq!(numbers(&other)[0], 1.0);
    assert!(other.notes.iter().any(|note| note.line.contains("decided otherwise")), "{:?}", other.notes);
}

#[test]
fn infinities_and_other_results() {
    let values = |name: &str, source: &str, x: &str| numbers(&report(name, source, &[("x", x.into())]));
    assert_eq!(values("pole", "f(x) = 1/x\n", "0"), [f64::INFINITY, f64::NEG_INFINITY]);
    assert_eq!(values("overflow", "f(x) = exp(x)/exp(x - 1)\n", "1000"), [std::f64::consts::E, 0.0]);
    assert!(values("outside", "f(x) = log(x)\n", "-1")[0].is_nan());
    assert_eq!(values("minus", "f(x) = 1/(-x)\n", "0")[0], f64::NEG_INFINITY);
    let array = report("array", "f(x) = [x^i - 1 for i in 1..3]\n", &[("x", "1.0000000000000002".into())]);
    assert_eq!(array.value.unwrap().entries().len(), 3);
    let ints = report("ints", "f(x) = floor(x*3) + len([1, 2])\n", &[("x", "1.5".into())]);
    assert_eq!(ints.value.unwrap().entries()[0].1, 6.0);
    let recursion = "f(x) = g(x, 40)\ng(x, n: Int) = if n <= 0 then x else g(3.9*x*(1 - x), n - 1)\n";
    let loops = "f(x) = fold(y = x for i in 1..40: 3.9*y*(1 - y))\n";
    assert_eq!(
        numbers(&report("recursion", &format!("{recursion}h(x) = f(x)\n"), &[("x", "0.3".into())])),
        values("loops", loops, "0.3"),
    );
}

/// Rows that have no certain value at large arguments: their power series would cancel too much.
const PARTLY: &[&str] = &[
    "airyai",
    "airyaiprime",
    "airyaiprimex",
    "airyaix",
    "airybix",
    "airybiprimex",
    "besselix",
    "besselkx",
    "besselkx_n",
    "cosc",
    "cosint",
    "dairyaiprimex",
    "dairyaix",
    "dairybiprimex",
    "dairybix",
    "dawson",
    "dawson_n",
    "erfcx",
    "sinc_n",
    "sinint",
    "usinc_n",
];

#[test]
fn rows_agree_with_high_precision() {
    let text = fs::read_to_string("tests/primitive/reference.csv").unwrap();
    let (mut checked, mut unknown) = (0, BTreeMap::<&str, Vec<&str>>::new());
    let mut wrong = Vec::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let &[name, args, value, rest, _partials] = fields.as_slice() else { panic!("{line}") };
        let at: Vec<f64> = args.split(' ').map(|arg| arg.parse().unwrap()).collect();
        let (value, rest): (f64, f64) = (value.parse().unwrap(), rest.parse().unwrap());
        match certain::row(primitive::find(name).unwrap(), &at) {
            None => unknown.entry(name).or_default().push(args),
            // The reference itself may stand one double beside a tie.
            Some(got) if got == value || rest.abs() > 0.499 * (value - got).abs() => checked += 1,
            Some(got) => wrong.push(format!("{name}({args}) = {got:e}, not {value:e}")),
        }
    }
    println!("{checked} values checked; not known: {unknown:?}");
    assert!(wrong.is_empty(), "{} wrong: {:#?}", wrong.len(), wrong);
    assert!(checked > 1500, "only {checked} values checked");
    for (name, points) in &unknown {
        let large =
            points.iter().all(|at| at.rsplit(' ').next().unwrap().parse::<f64>().unwrap().abs() > 50.0);
        assert!(PARTLY.contains(name) && large, "`{name}` has no certain value at {points:?}");
    }
}

/// How far a row or its derivative may be off, in units of the last place.
fn bar(name: &str, order: usize) -> f64 {
    let value = match name {
        "gamma" | "ellipe" | "ellipe_n" | "ellipk_n" | "invdigamma" => 8.0,
        // Their derivatives are the second ones of the scaled Airy functions.
        _ if name.starts_with("dairy") => [4.0, 64.0][order],
        _ if name.starts_with("bessel") || name.starts_with("airy") => 24.0,
        "polygamma" | "sinc_n" => 16.0,
        // The difference of two values that may be close.
        "erf2" => 24.0,
        "exprel_n" => 8.0,
        _ => 4.0,
    };
    if order == 0 { value } else { 16.0 * value }
}

/// Rows that have zeros without a branch of their own there: their errors count against the size that they
/// have elsewhere.
const CROSSING: &[&str] = &[
    "cosc",
    "sinc_n",
    "logbeta",
    "dawson",
    "dawson_n",
    "cosint",
    "dswish",
    "dgelu",
    "dmish",
    "polygamma",
    "besselix",
    "besselix_n",
    "besselj",
    "bessely",
    "airyai",
    "airyaiprime",
    "airybi",
    "airybiprime",
    "airybix",
    "logaddexp",
    "usinc_n",
    "dswish",
    "dgelu",
    "dmish",
];

/// The error of a double in units of the last place of the true value.
fn ulps(got: f64, want: f64) -> f64 {
    if got == want || (got.is_nan() && want.is_nan()) {
        return 0.0;
    }
    let unit = (f64::from_bits(want.abs().to_bits() + 1) - want.abs()).max(f64::from_bits(1));
    (got - want).abs() / unit
}

#[test]
fn rows_and_their_derivatives_are_accurate() {
    let mut state = 1u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    let (mut rows, mut without, mut failures) = (0, Vec::new(), Vec::new());
    for p in Prim::all() {
        let row = p.row();
        if !matches!(row.kind, Kind::RealToReal | Kind::Arith) || matches!(row.name, "inv" | "stop" | "show")
        {
            continue;
        }
        if !certain::has_form(p) {
            without.push(row.name);
            continue;
        }
        rows += 1;
        let worst = worst_of_row(p, &mut random);
        for (order, (error, what)) in worst.iter().enumerate() {
            if *error > bar(row.name, order) {
                failures.push(format!("{} order {order}: {error:.1} ulp at {what}", row.name));
            }
        }
    }
    println!("{rows} rows; without a form: {without:?}");
    assert!(failures.is_empty(), "{:#?}", failures);
    assert!(rows > 130 && without.is_empty(), "rows without a form: {without:?}");
}

/// The worst errors of value and derivatives of a row at points of its range, with the place.
fn worst_of_row(p: Prim, random: &mut impl FnMut() -> f64) -> [(f64, String); 2] {
    let row = p.row();
    let known: Vec<&str> = row
        .args
        .iter()
        .zip(row.partials)
        .filter(|(_, partial)| partial.is_some())
        .map(|(arg, _)| *arg)
        .collect();
    let source = format!("f({}) = {}({})\n", row.args.join(", "), row.name, row.args.join(", "));
    let mut session = Session::open(&file(row.name, &source)).unwrap();
    let signature = session.function(None).unwrap();
    let known: Vec<String> = known.iter().map(|name| name.to_string()).collect();
    let variables = session.variables(&signature, &known).unwrap();
    let leaves = real_leaves(&session.module.graph, &variables);
    let f = if known.is_empty() {
        signature.id
    } else {
        let module = &mut session.module;
        let mut deriver = Deriver {
            graph: &mut module.graph,
            rules: &mut module.partials,
            mode: Mode::Auto,
            forms: Forms::AsWritten,
        };
        deriver.value_and_gradient(signature.id, &leaves).unwrap()
    };
    let procedures = block::procedures(&mut session.module.graph, &[f]);
    let effort = Effort { most_bits: 2048, work: 50_000_000 };
    // Errors in units of the last place with the sizes of the true values, by order of derivative.
    let mut errors: [Vec<(f64, f64, String)>; 2] = Default::default();
    for _ in 0..200 {
        let at: Vec<f64> = row
            .args
            .iter()
            .enumerate()
            .map(|(i, _)| {
                let (low, high) = row.samples.get(i).copied().unwrap_or((-3.0, 3.0));
                if low == high { low } else { low + (high - low) * random() }
            })
            .collect();
        let args: Vec<Value> = at.iter().map(|&x| Value::Real(x)).collect();
        let (doubles, outcome) =
            certainty::both(&session, &procedures, f, &args, Limits::default(), effort).unwrap();
        for (i, (double, finding)) in doubles.iter().zip(&outcome.results).enumerate() {
            let (Value::Real(double), Finding::Reals(entries)) = (double, finding) else { panic!("a real") };
            let certain = entries[0].certain.unwrap_or_else(|| panic!("{}{at:?} is not certain", row.name));
            let what = format!("{at:?}: {double:e}, truly {certain:e}");
            errors[i.min(1)].push((ulps(*double, certain), certain.abs(), what));
        }
    }
    let crossing = CROSSING.contains(&row.name);
    errors.map(|errors| {
        let largest = errors.iter().map(|(_, size, _)| *size).fold(0.0, f64::max);
        let least = if crossing { 0.25 * largest } else { 1e-3 };
        let scaled = errors.into_iter().map(|(error, size, what)| (error * (size / least).min(1.0), what));
        scaled.fold((0.0, String::new()), |worst, next| if next.0 > worst.0 { next } else { worst })
    })
}

#[test]
fn ranges_are_searched() {
    let search = |name: &str, source: &str, ranges: &[(&str, &str)]| {
        let mut session = open(name, source);
        let ranges: Vec<(String, Given)> =
            ranges.iter().map(|(name, text)| (name.to_string(), Given::Text(text.to_string()))).collect();
        losing::losing(&mut session, None, &ranges, &[], Limits::default()).unwrap()
    };
    let cosine = search("search1", "f(x) = (1 - cos(x))/x^2\n", &[("x", "0..1")]);
    assert!(!cosine.passed() && cosine.text().contains("`1 - cos(x)`"), "{}", cosine.text());
    let two = search("search2", "f(x, y) = log(x) - log(y)\n", &[("x", "1..2"), ("y", "1..2")]);
    assert!(!two.passed() && two.text().contains("`log(x) - log(y)`"), "{}", two.text());
    let fine = search("search3", "f(x) = exp(x)*x\n", &[("x", "0..1")]);
    assert!(fine.passed(), "{}", fine.text());
}

/// The largest of computed numbers is equal to the one that it is, which no number of digits shows.
#[test]
fn the_largest_number_is_one_of_the_numbers() {
    let text =
        "f(v: R[n]) = a + log(sum(exp(sin(v[i]) - a) for i)) where w = [sin(v[i]) for i], a = max(w)\n";
    let mut session = Session::open(&file("largest", text)).unwrap();
    let request = Request {
        function: None,
        at: vec![("v".into(), Given::Text("[0.1, 0.7]".into()))],
        set: vec![],
        wrt: vec![],
        what: vec![zgrad::session::evaluate::What::Grad],
        dir: vec![],
        seed: None,
        order: None,
        digits: true,
        mode: Mode::Auto,
        limits: Limits::default(),
    };
    let report = evaluate(&mut session, &request).unwrap();
    assert_eq!(report.certainty.unwrap().uncertain, "");
}
