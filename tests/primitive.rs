//! The table of primitives against values known from elsewhere.

use zgrad::primitive::{self, Kernel, Kind, Prim};

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
        let primitive::Spelling::Support { name } = p.row().rust else { panic!("{}: no support", p.name()) };
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

/// How many real arguments the kernel takes.
fn real_arguments(p: Prim) -> u32 {
    match p.kernel() {
        Kernel::Real1(_) | Kernel::Arith1(..) => 1,
        Kernel::Real2(_) | Kernel::Arith2(..) => 2,
        Kernel::Real3(_) => 3,
        Kernel::Compare(..) | Kernel::Logic1(_) | Kernel::Logic2(_) | Kernel::ToReal | Kernel::ToInt => 0,
    }
}

/// Every kernel at all combinations of these arguments; each partial is built of the same kernels. The
/// longest computation takes some 1e6 steps: were one in proportion to its argument, it would not end.
#[test]
fn every_kernel_ends_at_huge_arguments_and_orders() {
    let sizes = [0.0, 1e-310, 0.5, 1.0, 2.0, 2.5, 700.5, 1e6, 1e9, 1e15, 1e16, 1e100, 1e300, f64::INFINITY];
    let mut grid: Vec<f64> = sizes.iter().flat_map(|x| [*x, -x]).collect();
    grid.push(f64::NAN);
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for p in Prim::all().filter(|p| real_arguments(*p) > 0) {
            send.send(p.name()).unwrap();
            let count = real_arguments(p);
            for at in 0..grid.len().pow(count) {
                let digit = |place| grid[at / grid.len().pow(place) % grid.len()];
                let _ =
                    std::hint::black_box(primitive::eval_real(p, &(0..count).map(digit).collect::<Vec<_>>()));
            }
        }
    });
    let mut row = "";
    loop {
        match receive.recv_timeout(std::time::Duration::from_secs(20)) {
            Ok(name) => row = name,
            Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => break,
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => panic!("{row} does not end"),
        }
    }
    assert_eq!(Prim::all().filter(|p| real_arguments(*p) > 0).last().map(Prim::name), Some(row));
}

#[test]
fn huge_orders_have_their_limits_or_no_value() {
    let (inf, nan) = (f64::INFINITY, f64::NAN);
    let cases: &[(&str, &[f64], f64)] = &[
        ("expint_n", &[-1e300, 2.5], inf),
        ("expint_n", &[-1e9, 1e15], 0.0),
        ("expint_n", &[-1e9, 1e9], nan),
        ("besselj", &[-1e300, 2.5], 0.0),
        ("besselj", &[1e9, 1e9], nan),
        ("bessely", &[-1e300, 2.5], -inf),
        ("bessely", &[-700.5, 2.5], 0.0),
        ("besselk", &[-1e300, 2.5], inf),
        ("besselk", &[5000.0, 1500.0], inf),
        ("besselk", &[700.5, 1500.0], 0.0),
        ("besseli", &[1e300, 2.5], 0.0),
        ("besseli", &[1e300, 1e300], inf),
        ("besselix", &[600.0, 1500.0], 3.508_719_528_136_837e-54),
        ("besselix", &[1000.0, 1500.0], 9.325_407_185_545_407e-143),
        ("besselkx", &[2e4, 3e4], inf),
        ("besselkx_n", &[3.0, 0.3, 0.5], -17.648_673_334_115_466),
        ("gamma_inc", &[1e300, 2.5], 0.0),
        ("gamma_inc", &[2.5, 1e300], 1.0),
        ("gamma_inc", &[1e12, 1e12], 0.500_000_132_980_760_2),
        ("gamma_upper", &[1e300, 1e300], inf),
        ("gamma_upper", &[1e15, 1e100], 0.0),
        ("polygamma", &[1e300, -700.5], nan),
        ("erfcx_n", &[1e300, 2.5], nan),
    ];
    for &(name, args, value) in cases {
        let got = primitive::eval_real(primitive::find(name).unwrap(), args);
        let same = got == value || (got.is_nan() && value.is_nan());
        assert!(same || (got - value).abs() < 1e-12 * value.abs(), "{name}{args:?} = {got:e}, not {value:e}");
    }
}
