// Signs, bounds, remainders and powers.

/// The sign of `x`: -1, 0 or 1; NaN of NaN.
fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x.abs() // 0 of both zeros
    }
}

/// The larger one; NaN if either is.
fn max(x: f64, y: f64) -> f64 {
    if x > y || x.is_nan() { x } else { y }
}

/// The smaller one; NaN if either is.
fn min(x: f64, y: f64) -> f64 {
    if x < y || x.is_nan() { x } else { y }
}

/// `x` moved into the interval from `lo` to `hi`; NaN if that is empty.
fn clamp(x: f64, lo: f64, hi: f64) -> f64 {
    if lo <= hi {
        min(max(x, lo), hi)
    } else {
        f64::NAN
    }
}

/// The remainder of `x / y` with the sign of `y`.
fn modulo(x: f64, y: f64) -> f64 {
    let r = x % y;
    if r == 0.0 {
        0.0_f64.copysign(y)
    } else if (r < 0.0) == (y < 0.0) {
        r
    } else {
        r + y
    }
}

/// The remainder of `x / y` with the sign of `y`.
fn modulo_int(x: i64, y: i64) -> i64 {
    let r = x % y;
    if r != 0 && (r < 0) != (y < 0) {
        r + y
    } else {
        r
    }
}

/// `x` to the power `y`: the commonest powers by multiplication, which is as exact and faster.
fn pow(x: f64, y: f64) -> f64 {
    if y == 2.0 {
        x * x
    } else if y == 3.0 {
        x * x * x
    } else if y == -1.0 {
        1.0 / x
    } else {
        x.powf(y)
    }
}

/// `x * 2^n`, rounded once; NaN if `n` is not integral.
fn ldexp(x: f64, n: f64) -> f64 {
    if n != n.trunc() {
        return f64::NAN;
    }
    // In steps that leave a factor above 2^-1022 and keep all bits until the last, as in musl's scalbn.
    let (mut x, mut n) = (x, n.clamp(-2200.0, 2200.0));
    while n > 1023.0 {
        x *= 2.0_f64.powf(1023.0);
        n -= 1023.0;
    }
    while n < -969.0 {
        x *= 2.0_f64.powf(-969.0);
        n += 969.0;
    }
    x * 2.0_f64.powf(n)
}

/// The polynomial with these coefficients, the constant first.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// `x^2`.
fn abs2(x: f64) -> f64 {
    x * x
}

/// The highest order of a function that is computed by steps in proportion to its order.
const ORDER_LIMIT: f64 = 1e6;

/// Whether this is the order of a derivative that is computed: an integer from 0 to `ORDER_LIMIT`.
fn is_order(n: f64) -> bool {
    (0.0..=ORDER_LIMIT).contains(&n) && n == n.trunc()
}
