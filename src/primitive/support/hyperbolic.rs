// Hyperbolic functions beside the standard library's sinh, cosh and tanh, and all the inverses: those of
// the standard library lose up to ten bits. Inverses after FDLIBM (e_acosh.c, s_asinh.c, e_atanh.c).

/// `1/cosh x`, without overflow.
fn sech(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    2.0 * e / (1.0 + e * e)
}

/// `1/sinh x`, without overflow.
fn csch(x: f64) -> f64 {
    if x.abs() > 20.0 {
        (2.0 * (-x.abs()).exp()).copysign(x)
    } else {
        1.0 / x.sinh()
    }
}

/// `1/tanh x`.
fn coth(x: f64) -> f64 {
    1.0 / x.tanh()
}

/// The inverse of sinh.
fn asinh(x: f64) -> f64 {
    let a = x.abs();
    let value = if a > 1e9 {
        a.ln() + std::f64::consts::LN_2
    } else if a > 2.0 {
        (2.0 * a + 1.0 / ((a * a + 1.0).sqrt() + a)).ln()
    } else {
        (a + a * a / (1.0 + (a * a + 1.0).sqrt())).ln_1p()
    };
    value.copysign(x)
}

/// The inverse of cosh, not negative.
fn acosh(x: f64) -> f64 {
    if x > 1e9 {
        x.ln() + std::f64::consts::LN_2
    } else if x > 2.0 {
        (2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt())).ln()
    } else {
        let t = x - 1.0;
        (t + (2.0 * t + t * t).sqrt()).ln_1p()
    }
}

/// The inverse of tanh.
fn atanh(x: f64) -> f64 {
    let a = x.abs();
    let twice = if a < 0.5 {
        (2.0 * a + 2.0 * a * a / (1.0 - a)).ln_1p()
    } else {
        (2.0 * a / (1.0 - a)).ln_1p()
    };
    (0.5 * twice).copysign(x)
}

/// The inverse of sech, not negative.
fn asech(x: f64) -> f64 {
    if x < 1e-9 {
        std::f64::consts::LN_2 - x.ln()
    } else if x < 0.5 {
        acosh(1.0 / x)
    } else {
        let t = (1.0 - x) / x;
        (t + (2.0 * t + t * t).sqrt()).ln_1p()
    }
}

/// The inverse of csch.
fn acsch(x: f64) -> f64 {
    if x.abs() < 1e-9 {
        (std::f64::consts::LN_2 - x.abs().ln()).copysign(x)
    } else {
        asinh(1.0 / x)
    }
}

/// The inverse of coth.
fn acoth(x: f64) -> f64 {
    (0.5 * (2.0 / (x.abs() - 1.0)).ln_1p()).copysign(x)
}

/// `ln cosh x`.
fn logcosh(x: f64) -> f64 {
    let a = x.abs();
    if a < 1.0 {
        return a * (a * polynomial(&LOGCOSH, a * a));
    }
    minus_ln_2(a) + (-2.0 * a).exp().ln_1p()
}

/// `ln |sinh x|`, exact near its roots `±ln(1 + √2)`.
fn logabssinh(x: f64) -> f64 {
    let a = x.abs();
    if a > 1.3 {
        a + (-(-2.0 * a).exp()).ln_1p() - std::f64::consts::LN_2
    } else if a > 0.5 {
        let root = 0.881_373_587_019_543;
        let offset = (a - root) + 2.250_545_892_825_866e-17;
        (2.0 * (0.5 * (a + root)).cosh() * (0.5 * offset).sinh()).ln_1p()
    } else {
        a.sinh().ln()
    }
}

/// `ln |tanh x|`.
fn logabstanh(x: f64) -> f64 {
    let a = x.abs();
    if a > 0.3 {
        -2.0 * atanh((-2.0 * a).exp())
    } else {
        a.tanh().ln()
    }
}
