//! The accuracy of every row of the primitive table over its whole domain: value, first and second
//! partials against `tests/primitive/reference.csv`, in units of the last place, through what a user runs:
//! a function of a file, differentiated forwards and in reverse.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use zgrad::block;
use zgrad::core::FnId;
use zgrad::eval::{Machine, Value};
use zgrad::primitive::{self, Kind, Prim, Row};
use zgrad::session::Session;
use zgrad::session::derive::{Deriver, Mode};
use zgrad::session::plan::real_leaves;
use zgrad::simplify::Forms;

/// One line of the reference.
struct Point {
    args: Vec<f64>,
    value: f64,
    /// What `value` lacks.
    rest: f64,
    partials: Vec<f64>,
}

/// The points of each row.
fn reference() -> BTreeMap<String, Vec<Point>> {
    let path = std::env::var("ZGRAD_REFERENCE").unwrap_or("tests/primitive/reference.csv".into());
    let text = fs::read_to_string(path).unwrap();
    let numbers = |field: &str| field.split(' ').map(|x| x.parse().unwrap()).collect::<Vec<f64>>();
    let mut rows = BTreeMap::<String, Vec<Point>>::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let &[name, args, value, rest, partials] = fields.as_slice() else { panic!("{line}") };
        rows.entry(name.to_string()).or_default().push(Point {
            args: numbers(args),
            value: value.parse().unwrap(),
            rest: rest.parse().unwrap(),
            partials: numbers(partials),
        });
    }
    rows
}

/// The error in units of the last place of the double next to the true value `value + rest`.
fn ulps(got: f64, value: f64, rest: f64) -> f64 {
    if got == value && rest == 0.0 {
        return 0.0;
    }
    if !got.is_finite() || !value.is_finite() {
        // What overflows may be the largest number.
        let same = got.signum() == value.signum() && got.abs().min(value.abs()) > 1.7e308;
        return if same { 0.0 } else { f64::INFINITY };
    }
    // Scaling first keeps the unit of a tiny value from vanishing.
    let exponent = value.abs().log2().floor().max(-1022.0);
    let scale = |x: f64| x * 2.0_f64.powf(-(exponent / 2.0).floor()) * 2.0_f64.powf(-(exponent / 2.0).ceil());
    (scale(got) - scale(value) - scale(rest)).abs() * 2.0_f64.powi(52)
}

/// The row as a function of a file, and its derivatives as programs: value; value and gradient forwards; the same
/// in reverse; Hessian.
struct Subject {
    programs: Vec<(Machine, FnId)>,
    variables: usize,
}

/// The arguments with a known partial.
fn known(row: &Row) -> Vec<String> {
    let partials = row.partials.iter().zip(row.args);
    partials.filter(|(partial, _)| partial.is_some()).map(|(_, name)| name.to_string()).collect()
}

impl Subject {
    fn new(row: &Row, folder: &Path) -> Subject {
        let path = folder.join(format!("{}.math", row.name));
        let args = row.args.join(", ");
        fs::write(&path, format!("f({args}) = {}({args})\n", row.name)).unwrap();
        let mut session = Session::open(&path).unwrap_or_else(|e| panic!("{}: {e:#}", row.name));
        let signature = session.function(None).unwrap();
        let variables = session.variables(&signature, &known(row)).unwrap();
        let leaves = real_leaves(&session.module.graph, &variables);
        let module = &mut session.module;
        let mut derive = |mode, second: bool| {
            let mut deriver = Deriver {
                graph: &mut module.graph,
                rules: &mut module.partials,
                mode,
                forms: Forms::AsWritten,
            };
            let derived = if second {
                deriver.hessian_function(signature.id, &leaves)
            } else {
                deriver.value_and_gradient(signature.id, &leaves)
            };
            derived.unwrap_or_else(|_| panic!("{}: no derivative", row.name))
        };
        let ids = [
            signature.id,
            derive(Mode::Forward, false),
            derive(Mode::Reverse, false),
            derive(Mode::Auto, true),
        ];
        let machine = |id| (Machine::new(block::procedures(&mut session.module.graph, &[id])), id);
        Subject { programs: ids.map(machine).into(), variables: leaves.len() }
    }

    /// The quantity with this number: the value, the gradient, or the upper triangle of the Hessian.
    fn at(&mut self, quantity: usize, args: &[f64]) -> Vec<f64> {
        let (machine, id) = &mut self.programs[quantity];
        let mut values = run(machine, *id, args);
        let n = self.variables;
        match quantity {
            0 => values,
            1 | 2 => values.split_off(1),
            _hessian => {
                (0..n).flat_map(|i| (i..n).map(move |k| (i, k))).map(|(i, k)| values[i * n + k]).collect()
            }
        }
    }
}

/// The errors of one quantity of one row, and where the largest is.
#[derive(Default)]
struct Errors {
    all: Vec<f64>,
    worst: f64,
    place: String,
}

impl Errors {
    fn add(&mut self, error: f64, place: impl FnOnce() -> String) {
        self.all.push(error);
        if error > self.worst {
            (self.worst, self.place) = (error, place());
        }
    }

    /// The share of the errors above a bound.
    fn above(&self, bound: f64) -> f64 {
        self.all.iter().filter(|&&e| e > bound).count() as f64 / self.all.len().max(1) as f64
    }
}

/// What is compared; the bound in units of the last place for each.
const QUANTITIES: [(&str, f64); 4] = [("value", 4.0), ("first", 64.0), ("first", 64.0), ("second", 4096.0)];

/// Beyond this size of an argument second partials are not held to a bound: squares in them overflow.
const FAR: f64 = 1e60;

/// A bound of one row and quantity instead of the common one.
struct Exception {
    rows: Vec<String>,
    of: Vec<String>,
    ulp: f64,
    scale: Option<String>,
}

fn exceptions() -> Vec<Exception> {
    let text = fs::read_to_string("tests/primitive/bounds.yaml").unwrap();
    let list: serde_json::Value = serde_yaml::from_str(&text).unwrap();
    let words = |value: &serde_json::Value| -> Vec<String> {
        value.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_string()).collect()
    };
    let one = |entry: &serde_json::Value| {
        assert!(entry["reason"].is_string(), "{entry}: no reason");
        let (rows, of) = (words(&entry["rows"]), words(&entry["of"]));
        rows.iter().for_each(|name| assert!(primitive::find(name).is_some(), "no row {name}"));
        let scale = entry.get("scale").map(|scale| scale.as_str().unwrap().to_string());
        Exception { rows, of, ulp: entry["ulp"].as_f64().unwrap(), scale }
    };
    list.as_array().unwrap().iter().map(one).collect()
}

/// The bound of a quantity of a row, and the size that small true numbers are measured against.
fn bound(row: &Row, at: usize, exceptions: &[Exception], folder: &Path) -> (f64, Option<(Machine, FnId)>) {
    let (quantity, common) = QUANTITIES[at];
    let own = exceptions
        .iter()
        .find(|e| e.rows.iter().any(|name| name == row.name) && e.of.iter().any(|q| q == quantity));
    let Some(own) = own else { return (common, None) };
    let scale = own.scale.as_ref().map(|scale| {
        let path = folder.join(format!("{}_{quantity}_scale.math", row.name));
        let args = row.args.join(", ");
        let text = format!("f({args}) = 1.0*({scale}) where out = {}({args})\n", row.name);
        fs::write(&path, text).unwrap();
        let mut session = Session::open(&path).unwrap_or_else(|e| panic!("{}: {e:#}", row.name));
        let id = session.function(None).unwrap().id;
        (Machine::new(block::procedures(&mut session.module.graph, &[id])), id)
    });
    (own.ulp, scale)
}

fn run(machine: &mut Machine, id: FnId, args: &[f64]) -> Vec<f64> {
    let args: Vec<Value> = args.iter().map(|&x| Value::Real(x)).collect();
    let values = machine.run(id, &args).unwrap_or_else(|_| panic!("a fault at {args:?}"));
    let real = |value: Value| if let Value::Real(x) = value { x } else { panic!("{value:?}") };
    values.into_iter().map(real).collect()
}

/// The errors of a row, by quantity: plain, and relative to the scale of its exception.
fn errors_of(
    row: &Row,
    points: &[Point],
    exceptions: &[Exception],
    folder: &Path,
) -> [(Errors, Errors, f64); 4] {
    let mut subject = Subject::new(row, folder);
    let first = known(row).len();
    let mut found: [(Errors, Errors, f64); 4] = Default::default();
    for (at, (plain, scaled, ulp)) in found.iter_mut().enumerate() {
        let (limit, mut scale) = bound(row, at, exceptions, folder);
        *ulp = limit;
        for point in points {
            if at == 3 && point.args.iter().any(|x| x.abs() > FAR) {
                continue;
            }
            let (gradient, hessian) = point.partials.split_at(first);
            let value = [point.value];
            let wanted = [&value, gradient, gradient, hessian][at];
            let floor = scale.as_mut().map_or(0.0, |(machine, id)| run(machine, *id, &point.args)[0]);
            for (component, (&got, &wanted)) in subject.at(at, &point.args).iter().zip(wanted).enumerate() {
                let error = ulps(got, wanted, if at == 0 { point.rest } else { 0.0 });
                let place = || format!("component {component} at {:?}: {got:e}, not {wanted:e}", point.args);
                plain.add(error, place);
                let unit = if floor > wanted.abs() { ulps(floor + got - wanted, floor, 0.0) } else { error };
                scaled.add(unit.min(error), place);
            }
        }
    }
    found
}

#[test]
fn every_row_is_accurate_over_its_domain() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("accuracy");
    fs::create_dir_all(&folder).unwrap();
    let exceptions = exceptions();
    let mut all: [Errors; 4] = Default::default();
    let mut failures = String::new();
    for (name, points) in reference() {
        let row = primitive::find(&name).unwrap().row();
        let errors = errors_of(row, &points, &exceptions, &folder);
        for (at, (plain, scaled, ulp)) in errors.into_iter().enumerate() {
            let quantity = ["value", "forward", "reverse", "second"][at];
            let text = format!(
                "{name:12} {quantity:8} {:4} points, {:8.2} ulp ({:8.2} scaled, {ulp} allowed), {:6.2} % above 1, \
                 {:6.2} % above 4; {}\n",
                plain.all.len(),
                plain.worst,
                scaled.worst,
                100.0 * plain.above(1.0),
                100.0 * plain.above(4.0),
                scaled.place
            );
            print!("{text}");
            if scaled.worst > ulp + 0.5 {
                failures.push_str(&text);
            }
            all[at].all.extend(plain.all);
        }
    }
    for ((quantity, _), errors) in QUANTITIES.iter().zip(&all) {
        println!(
            "all {quantity}: {} numbers, {:.2} % above 1, {:.2} % above 4, {:.2} % above 64",
            errors.all.len(),
            100.0 * errors.above(1.0),
            100.0 * errors.above(4.0),
            100.0 * errors.above(64.0)
        );
    }
    assert!(failures.is_empty(), "beyond their bounds:\n{failures}");
}

#[test]
fn every_differentiable_row_has_references() {
    let rows = reference();
    for p in Prim::all() {
        let row = p.row();
        let real =
            matches!(row.kind, Kind::RealToReal | Kind::Arith) && !["stop", "show"].contains(&row.name);
        assert!(!real || rows.get(row.name).is_some_and(|points| points.len() > 5), "{}", row.name);
    }
}
