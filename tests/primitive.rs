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

/// The error in units of the last place of the double next to the true value `value + rest`.
fn ulps(got: f64, value: f64, rest: f64) -> f64 {
    let exponent = value.abs().log2().floor().max(-1022.0);
    // Scaling first keeps the unit of a tiny value from vanishing.
    let scale = |x: f64| x * 2.0_f64.powf(-(exponent / 2.0).floor()) * 2.0_f64.powf(-(exponent / 2.0).ceil());
    (scale(got - value) - scale(rest)).abs() * 2.0_f64.powi(52)
}

/// What is allowed where the value is less well determined: near roots, or by long sums.
fn allowed_ulps(name: &str) -> f64 {
    match name {
        _ => 4.0,
    }
}

#[test]
fn values_agree_with_high_precision() {
    let path = std::env::var("ZGRAD_REFERENCE").unwrap_or("tests/primitive/reference.csv".into());
    let text = std::fs::read_to_string(path).unwrap();
    let mut worst: std::collections::BTreeMap<&str, (f64, String, usize, usize)> = Default::default();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let &[name, args, value, rest] = fields.as_slice() else { panic!("{line}") };
        let args: Vec<f64> = args.split(' ').map(|arg| arg.parse().unwrap()).collect();
        let got = primitive::eval_real(primitive::find(name).unwrap(), &args);
        let error = ulps(got, value.parse().unwrap(), rest.parse().unwrap());
        let entry = worst.entry(name).or_default();
        entry.2 += 1;
        entry.3 += usize::from(!(error <= 1.0));
        if !(error <= entry.0) {
            (entry.0, entry.1) = (error, format!("{args:?} = {got:e}, not {value}"));
        }
    }
    let mut bad = 0;
    for (name, (error, what, count, above)) in &worst {
        println!(
            "{name:12} {error:6.2} ulp, {:5.1} % above 1, at {what}",
            100.0 * *above as f64 / *count as f64
        );
        bad += usize::from(!(*error <= allowed_ulps(name)));
    }
    assert_eq!(bad, 0, "rows above their allowed error");
}
