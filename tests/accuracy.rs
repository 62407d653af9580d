//! The accuracy of every row of the primitive table over its whole domain: value, first and second
//! partials against `tests/primitive/reference.csv`, in units of the last place, through what a user runs:
//! a function of a file, differentiated forwards and in reverse.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use zgrad::block;
use zgrad::core::FnId;
use zgrad::eval::{Machine, Value};
use zgrad::primitive::{self, Row};
use zgrad::session::Session;
use zgrad::session::derive::{Deriver, Mode};
use zgrad::session::evaluate::real_leaves;

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
        return f64::INFINITY;
    }
    // Scaling first keeps the unit of a tiny value from vanishing.
    let exponent = value.abs().log2().floor().max(-1022.0);
    let scale = |x: f64| x * 2.0_f64.powf(-(exponent / 2.0).floor()) * 2.0_f64.powf(-(exponent / 2.0).ceil());
    (scale(got) - scale(value) - scale(rest)).abs() * 2.0_f64.powi(52)
}

/// The row as a function of a file, and its derivatives as programs.
struct Subject {
    value: Machine,
    forward: Machine,
    reverse: Machine,
    second: Machine,
    ids: [FnId; 4],
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
        let mut session = Session::open(&path, false).unwrap_or_else(|e| panic!("{}: {e:#}", row.name));
        let signature = session.function(None).unwrap();
        let variables = session.variables(&signature, &known(row)).unwrap();
        let leaves = real_leaves(&session.module.graph, &variables);
        let module = &mut session.module;
        let mut derive = |mode, second: bool| {
            let mut deriver = Deriver { graph: &mut module.graph, rules: &mut module.partials, mode };
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
        let mut machine = |id| Machine::new(block::procedures(&mut session.module.graph, &[id]));
        let [value, forward, reverse, second] = ids.map(&mut machine);
        Subject { value, forward, reverse, second, ids }
    }

    /// Value; gradient forwards; gradient in reverse; upper triangle of the Hessian.
    fn at(&mut self, args: &[f64]) -> [Vec<f64>; 4] {
        let args: Vec<Value> = args.iter().map(|&x| Value::Real(x)).collect();
        let mut run = |machine: &mut Machine, at: usize| -> Vec<f64> {
            let values = machine.run(self.ids[at], &args).unwrap_or_else(|_| panic!("a fault at {args:?}"));
            let real = |value: Value| if let Value::Real(x) = value { x } else { panic!("{value:?}") };
            values.into_iter().map(real).collect()
        };
        let value = run(&mut self.value, 0);
        let forward = run(&mut self.forward, 1).split_off(1);
        let reverse = run(&mut self.reverse, 2).split_off(1);
        let hessian = run(&mut self.second, 3);
        let n = forward.len();
        let upper = (0..n).flat_map(|i| (i..n).map(move |k| (i, k))).map(|(i, k)| hessian[i * n + k]);
        let second = upper.collect();
        [value, forward, reverse, second]
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

const QUANTITIES: [&str; 4] = ["value", "forward", "reverse", "second"];

fn errors_of(row: &Row, points: &[Point], folder: &Path) -> [Errors; 4] {
    let mut errors: [Errors; 4] = Default::default();
    let mut subject = Subject::new(row, folder);
    let first = known(row).len();
    let all = std::env::var("ZGRAD_ALL").is_ok_and(|name| name == row.name);
    for point in points {
        let got = subject.at(&point.args);
        let (gradient, hessian) = point.partials.split_at(first);
        let wanted: [&[f64]; 4] = [&[point.value], gradient, gradient, hessian];
        for (at, (got, wanted)) in got.iter().zip(wanted).enumerate() {
            for (component, (&got, &wanted)) in got.iter().zip(wanted).enumerate() {
                let error = ulps(got, wanted, if at == 0 { point.rest } else { 0.0 });
                let place = || {
                    format!("component {component} at {:?}: {got:e}, not {wanted:e}", point.args)
                };
                if all && error > 4.0 {
                    println!("{} {error:.1} {}", QUANTITIES[at], place());
                }
                errors[at].add(error, place);
            }
        }
    }
    errors
}

#[test]
fn every_row_is_accurate_over_its_domain() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("accuracy");
    fs::create_dir_all(&folder).unwrap();
    for (name, points) in reference() {
        let row = primitive::find(&name).unwrap().row();
        let errors = errors_of(row, &points, &folder);
        for (quantity, errors) in QUANTITIES.iter().zip(&errors) {
            println!(
                "{name:12} {quantity:8} {:4} points, {:8.2} ulp, {:5.1} % above 1, {:5.1} % above 4, {:5.1} % above 64; {}",
                errors.all.len(),
                errors.worst,
                100.0 * errors.above(1.0),
                100.0 * errors.above(4.5),
                100.0 * errors.above(64.5),
                errors.place
            );
        }
    }
}
