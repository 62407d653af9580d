//! The table of primitives against values known from elsewhere.

use zgrad::primitive::{self, Kind, Prim};

#[test]
fn every_row_has_its_checked_value() {
    for p in Prim::all() {
        let row = p.row();
        let Some(check) = row.check else { continue };
        let value = primitive::eval_real(p, check.at);
        let error = (value - check.value).abs() / check.value.abs();
        assert!(error < 1e-15, "{}{:?} = {value:e}, not {:e}", row.name, check.at, check.value);
    }
}

#[test]
fn names_and_aliases_are_found() {
    assert_eq!(primitive::find("ln"), Some(Prim::LOG));
    assert_eq!(primitive::find("nothing"), None);
    for p in Prim::all() {
        assert_eq!(primitive::find(p.name()), Some(p));
        assert!(p.row().aliases.iter().all(|alias| primitive::find(alias) == Some(p)));
    }
}

#[test]
fn integers_and_conditions() {
    assert_eq!(primitive::eval_int(Prim::ADD, &[i64::MAX, 1]), None);
    assert_eq!(primitive::eval_int(Prim::MOD, &[-7, 3]), Some(2));
    assert_eq!(primitive::eval_int(Prim::MOD, &[7, -3]), Some(-2));
    assert_eq!(primitive::eval_int(Prim::REM, &[-7, 3]), Some(-1));
    assert_eq!(primitive::eval_int(Prim::MOD, &[i64::MIN, -1]), Some(0));
    assert!(
        primitive::compare_real(Prim::LE, 1.0, 1.0) && !primitive::compare_real(Prim::EQ, f64::NAN, f64::NAN)
    );
    assert!(primitive::compare_int(Prim::NE, 1, 2));
    assert!(primitive::eval_logic(Prim::AND, &[true, true]) && !primitive::eval_logic(Prim::NOT, &[true]));
    assert_eq!(primitive::real_to_int(3.0), Some(3));
    assert_eq!(primitive::real_to_int(9.3e18), None);
    assert_eq!(Prim::TO_INT.row().kind, Kind::ToInt);
}

/// The support of each primitive in a module of its own, so that the compiler finds what is missing and
/// what is not needed.
fn support_modules() -> String {
    let module = |p: Prim| {
        let items = primitive::rust_support(p)?.join("\n");
        let primitive::Rust::Support { name } = p.row().rust else { panic!("{}: no support", p.name()) };
        Some(format!("mod primitive_{} {{\n{items}\npub fn used() {{ let _ = {name}; }}\n}}\n", p.name()))
    };
    Prim::all().filter_map(module).collect()
}

#[test]
fn support_functions_compile_alone_and_are_formatted() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let run = |program: &str, args: &[&str], file: &str, text: &str| {
        std::fs::write(folder.join(file), text).unwrap();
        let output = std::process::Command::new(program).args(args).arg(file).current_dir(folder).output();
        let output = output.unwrap_or_else(|e| panic!("{program}: {e}"));
        let problems = [output.stderr, output.stdout].concat();
        assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&problems));
    };
    let uses = |p: Prim| primitive::rust_support(p).map(|_| format!("primitive_{}::used();", p.name()));
    let main: String = Prim::all().filter_map(uses).collect();
    let program = format!("{}fn main() {{ {main} }}\n", support_modules());
    run("rustc", &["--edition", "2024", "-D", "warnings", "--emit", "metadata"], "support.rs", &program);

    let support = |p| [primitive::rust_support(p), primitive::rust_support_int(p)];
    let mut items: Vec<&str> = Prim::all().flat_map(support).flatten().flatten().copied().collect();
    items.sort();
    items.dedup();
    let style = "max_width=100,use_small_heuristics=Default";
    let args = ["--edition", "2024", "--check", "--config", style];
    run("rustfmt", &args, "items.rs", &items.join("\n"));
}

#[test]
fn values_at_the_edges() {
    let inf = f64::INFINITY;
    let nan = f64::NAN;
    let at = |name: &str, args: &[f64]| primitive::eval_real(primitive::find(name).unwrap(), args);
    let pi = std::f64::consts::PI;
    let cases: &[(&str, &[f64], f64)] = &[
        ("sign", &[0.0], 0.0),
        ("sign", &[-0.0], 0.0),
        ("sign", &[nan], nan),
        ("max", &[nan, 1.0], nan),
        ("max", &[1.0, nan], nan),
        ("min", &[1.0, nan], nan),
        ("relu", &[nan], nan),
        ("clamp", &[5.0, 1.0, 2.0], 2.0),
        ("clamp", &[0.0, 2.0, 1.0], nan),
        ("mod", &[-7.5, 2.0], 0.5),
        ("mod", &[7.5, -2.0], -0.5),
        ("mod", &[1.0, 0.0], nan),
        ("rem", &[-7.5, 2.0], -1.5),
        ("round", &[2.5], 3.0),
        ("round", &[-2.5], -3.0),
        ("pow", &[-2.0, 3.0], -8.0),
        ("pow", &[0.0, 0.0], 1.0),
        ("pow", &[0.0, -1.0], inf),
        ("pow", &[-8.0, 1.0 / 3.0], nan),
        ("hypot", &[0.0, 0.0], 0.0),
        ("hypot", &[3e200, 4e200], 5e200),
        ("ldexp", &[1.0, -1074.0], 5e-324),
        ("ldexp", &[5e-324, 1074.0], 1.0),
        ("ldexp", &[1.0, 2000.0], inf),
        ("cbrt", &[-8.0], -2.0),
        ("softplus", &[800.0], 800.0),
        ("softplus", &[-800.0], 0.0),
        ("sigmoid", &[-inf], 0.0),
        ("swish", &[-inf], 0.0),
        ("mish", &[-inf], 0.0),
        ("gelu", &[-inf], 0.0),
        ("xlogx", &[0.0], 0.0),
        ("xlogy", &[0.0, 0.0], 0.0),
        ("xlogy", &[0.0, nan], nan),
        ("logaddexp", &[-inf, -inf], -inf),
        ("logsubexp", &[3.0, 3.0], -inf),
        ("logit", &[0.0], -inf),
        ("logit", &[0.5], 0.0),
        ("logb", &[2.0, 8.0], 3.0),
        ("logb", &[10.0, 1000.0], 3.0),
        ("asinh", &[1e300], 691.468_675_078_773_7),
        ("acosh", &[0.5], nan),
        ("atanh", &[1.0], inf),
        ("asec", &[0.5], nan),
        ("acot", &[0.0], pi / 2.0),
        ("sind", &[30.0], 0.5),
        ("sind", &[180.0], 0.0),
        ("sind", &[-90.0], -1.0),
        ("sind", &[330.0], -0.5),
        ("cosd", &[60.0], 0.5),
        ("cosd", &[90.0], 0.0),
        ("cosd", &[300.0], 0.5),
        ("tand", &[45.0], 1.0),
        ("tand", &[135.0], -1.0),
        ("sinpi", &[1.0], 0.0),
        ("cospi", &[0.5], 0.0),
        ("cospi", &[1.0], -1.0),
        ("sinc", &[0.0], 1.0),
        ("sinc", &[3.0], 0.0),
        ("cosc", &[0.0], 0.0),
        ("sinc_n", &[2.0, 0.0], -pi * pi / 3.0),
        ("sinc_n", &[3.0, 0.0], 0.0),
        ("erf", &[inf], 1.0),
        ("erfc", &[-inf], 2.0),
        ("erfinv", &[1.0], inf),
        ("erfcinv", &[2.0], -inf),
        ("gamma", &[5.0], 24.0),
        ("gamma", &[23.0], 1_124_000_727_777_607_680_000.0),
        ("gamma", &[171.0], 7.257_415_615_307_999e306),
        ("gamma", &[172.0], inf),
        ("gamma", &[-1.0], nan),
        ("loggamma", &[1.0], 0.0),
        ("loggamma", &[2.0], 0.0),
        ("digamma", &[0.0], nan),
        ("trigamma", &[inf], 0.0),
        ("besselj0", &[0.0], 1.0),
        ("besselj", &[3.0, 0.0], 0.0),
        ("sinint", &[-inf], -pi / 2.0),
        ("ellipk", &[0.0], pi / 2.0),
        ("ellipk_n", &[1.0, 0.0], pi / 8.0),
        ("ellipe_n", &[1.0, 0.0], -pi / 8.0),
    ];
    for &(name, args, value) in cases {
        let got = at(name, args);
        let same = got == value || (got.is_nan() && value.is_nan());
        assert!(same || (got - value).abs() < 4e-16 * value.abs(), "{name}{args:?} = {got:e}, not {value:e}");
    }
}

#[test]
fn names_with_other_numbers_of_arguments() {
    assert_eq!(primitive::find_call("log", 1), Some(Prim::LOG));
    assert_eq!(primitive::find_call("log", 2), Some(Prim::LOGB));
    assert_eq!(primitive::find_call("erf", 2), Some(Prim::ERF2));
    assert_eq!(primitive::find_call("sin", 2), None);
}
