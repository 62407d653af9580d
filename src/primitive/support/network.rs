// Activation functions of neural networks.

/// `x` where positive, else 0; NaN of NaN.
fn relu(x: f64) -> f64 {
    max(0.0, x)
}

/// `x` where positive, else `x/100`.
fn leakyrelu(x: f64) -> f64 {
    if x > 0.0 { x } else { 0.01 * x }
}

/// `x` where positive, else `e^x - 1`.
fn elu(x: f64) -> f64 {
    if x > 0.0 { x } else { x.exp_m1() }
}

/// Scaled `elu` (Klambauer et al. 2017): `λx` where positive, else `λα(e^x - 1)`.
fn selu(x: f64) -> f64 {
    if x > 0.0 {
        1.050_700_987_355_480_5 * x
    } else {
        1.758_099_340_847_376_9 * x.exp_m1()
    }
}

/// `x σ(x)`, 0 at minus infinity.
fn swish(x: f64) -> f64 {
    if x.is_nan() || x.abs() > 700.0 {
        return if x > 0.0 { x } else { xexpx(x) };
    }
    let (s, low) = sigmoid_two(x, 0.0);
    let (value, rest) = times_two(x, 0.0, s, low);
    value + rest
}

/// The derivative of swish: `σ(x) σ(-x) (1 + x + e^x)`, whose last factor is, with its root `r`,
/// `(x - r) + e^r (e^(x - r) - 1)`.
fn dswish(x: f64) -> f64 {
    if x > 0.0 {
        let e = (-x).exp();
        let s = 1.0 + e;
        return (1.0 + x * e / s) / s;
    }
    if x < -700.0 {
        return xexpy(1.0 + x, x);
    }
    let e = x.exp();
    let offset = (x + 1.278_464_542_761_073_7) + 1.094_699_418_309_343_7e-16;
    let last = offset + 0.278_464_542_761_073_8 * offset.exp_m1();
    e / ((1.0 + e) * (1.0 + e)) * last
}

/// `x/(1 + |x|)`.
fn softsign(x: f64) -> f64 {
    if x.is_infinite() {
        sign(x)
    } else {
        x / (1.0 + x.abs())
    }
}

/// `x - tanh x`; near 0 by the continued fraction of tanh, whose terms are all positive.
fn tanhshrink(x: f64) -> f64 {
    if x.is_nan() || x.abs() > 20.0 {
        return x - sign(x);
    }
    if x.abs() > 0.5 {
        let (sinh, sinh_low, cosh, cosh_low) = sinh_cosh_two(x);
        let (tanh, tanh_low) = over_two(sinh, sinh_low, cosh, cosh_low);
        let (value, low) = sum_two(x, -tanh);
        return value + (low - tanh_low);
    }
    // x^3/(3 + s + s/(5 + s/(7 + ...))) for the square s.
    let square = x * x;
    let c = (2..=12)
        .rev()
        .fold(0.0, |c, k| square / (f64::from(2 * k + 1) + c));
    let share = (c + square) / 3.0;
    cubic(x, -share / (1.0 + share))
}

/// `x tanh(softplus(x))`.
fn mish(x: f64) -> f64 {
    if x.is_nan() || x.abs() > 340.0 {
        return if x > 0.0 { x } else { xexpx(x) };
    }
    // With e = e^-|x|: tanh is (1 + 2e)/(1 + 2e + 2e^2) or e (e + 2)/(e (e + 2) + 2).
    let (e, e_low) = exp_two(-x.abs());
    let (first, first_low, rest, rest_low) = if x > 0.0 {
        (1.0, 0.0, 2.0 * e * e, 4.0 * e * e_low)
    } else {
        (e, e_low, 2.0, 0.0)
    };
    let (factor, factor_low) = if x > 0.0 {
        plus_two(1.0, 0.0, 2.0 * e, 2.0 * e_low)
    } else {
        plus_two(2.0, 0.0, e, e_low)
    };
    let (top, top_low) = times_two(first, first_low, factor, factor_low);
    let (bottom, bottom_low) = plus_two(top, top_low, rest, rest_low);
    let (tanh, tanh_low) = over_two(top, top_low, bottom, bottom_low);
    let (value, low) = times_two(x, 0.0, tanh, tanh_low);
    value + low
}

/// The derivative of mish: about its root by a fit.
fn dmish(x: f64) -> f64 {
    let offset = (x + 1.192_431_214_515_495_2) + 4.848_482_984_803_104_4e-17;
    if offset.abs() < 0.4 {
        return offset * polynomial(&MISH_SLOPE, offset);
    }
    let e = (-x.abs()).exp();
    if x > 0.0 {
        // tanh(s) + x sech(s)^2 σ(x) with s = softplus(x), all terms positive.
        let root = 1.0 + 2.0 * e + 2.0 * e * e;
        return (1.0 + 2.0 * e) / root + 4.0 * x * e * e * (1.0 + e) / (root * root);
    }
    if x < -700.0 {
        return xexpy(1.0 + x, x);
    }
    let top = 4.0 * (x + 1.0) + e * (4.0 * x + 6.0 + e * (4.0 + e));
    let root = 2.0 + 2.0 * e + e * e;
    e / root * (top / root)
}

/// `x Φ(x)` with the normal distribution function `Φ`, 0 at minus infinity.
fn gelu(x: f64) -> f64 {
    if x > -36.0 {
        let (value, low) = normcdf_two(x);
        let (product, rest) = times_two(x, 0.0, value, low);
        return joined(product, rest);
    }
    // The exponential in two factors: the whole loses digits before the product does.
    let half = gauss(0.5 * x);
    let scaled = 0.5 * x * erfcx(-x * std::f64::consts::FRAC_1_SQRT_2);
    if half == 0.0 {
        0.0
    } else {
        half * scaled * half
    }
}

/// The derivative of gelu, `Φ(x) + x φ(x)`: about its root by a fit.
fn dgelu(x: f64) -> f64 {
    let offset = (x + 0.751_791_524_693_564_5) - 1.495_675_917_700_988_3e-17;
    if offset.abs() < 0.4 {
        return offset * polynomial(&GELU_SLOPE, offset);
    }
    if x < -36.0 {
        let half = gauss(0.5 * x);
        let scaled = 0.5 * erfcx(-x * std::f64::consts::FRAC_1_SQRT_2);
        return half * (scaled + x * 0.398_942_280_401_432_7) * half;
    }
    let density = normpdf(x);
    if density == 0.0 {
        return 1.0;
    }
    normcdf(x) + x * density
}
