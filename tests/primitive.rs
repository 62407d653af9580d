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
