//! What the primitives compute on integers and conditions. Integer results that do not fit give `None`.

pub(super) fn add(a: i64, b: i64) -> Option<i64> {
    a.checked_add(b)
}

pub(super) fn sub(a: i64, b: i64) -> Option<i64> {
    a.checked_sub(b)
}

pub(super) fn mul(a: i64, b: i64) -> Option<i64> {
    a.checked_mul(b)
}

pub(super) fn neg(a: i64) -> Option<i64> {
    a.checked_neg()
}

pub(super) fn abs(a: i64) -> Option<i64> {
    a.checked_abs()
}

pub(super) fn sign(a: i64) -> Option<i64> {
    Some(a.signum())
}

pub(super) fn max(a: i64, b: i64) -> Option<i64> {
    Some(a.max(b))
}

pub(super) fn min(a: i64, b: i64) -> Option<i64> {
    Some(a.min(b))
}

/// The remainder with the sign of `b`.
pub(super) fn modulo(a: i64, b: i64) -> Option<i64> {
    match b {
        0 => None,
        -1 => Some(0), // the machine's quotient would overflow at the least integer
        _ => Some(super::kernels::modulo_of_ints(a, b)),
    }
}

/// The remainder with the sign of `a`.
pub(super) fn rem(a: i64, b: i64) -> Option<i64> {
    (b != 0).then(|| a.wrapping_rem(b))
}

macro_rules! comparison {
    ($real:ident, $int:ident, $op:tt) => {
        pub(super) fn $real(a: f64, b: f64) -> bool {
            a $op b
        }

        pub(super) fn $int(a: i64, b: i64) -> bool {
            a $op b
        }
    };
}

comparison!(lt_real, lt_int, <);
comparison!(le_real, le_int, <=);
comparison!(gt_real, gt_int, >);
comparison!(ge_real, ge_int, >=);
comparison!(eq_real, eq_int, ==);
comparison!(ne_real, ne_int, !=);

pub(super) fn and(a: bool, b: bool) -> bool {
    a && b
}

pub(super) fn or(a: bool, b: bool) -> bool {
    a || b
}

pub(super) fn not(a: bool) -> bool {
    !a
}

/// The `Int` of the same value; `None` where there is none.
pub fn real_to_int(x: f64) -> Option<i64> {
    // 2^63 is the first double above every i64; -2^63 is an i64.
    let fits = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&x);
    (fits && x.trunc() == x).then_some(x as i64)
}
