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
    let s = sigmoid(x);
    if s == 0.0 { 0.0 } else { x * s }
}

/// The derivative of swish: `σ(x) σ(-x) (1 + x + e^x)`, whose last factor is, with its root `r`,
/// `(x - r) + e^r (e^(x - r) - 1)`.
fn dswish(x: f64) -> f64 {
    if x > 0.0 {
        let e = (-x).exp();
        let s = 1.0 + e;
        return (1.0 + x * e / s) / s;
    }
    let e = x.exp();
    if e == 0.0 {
        return 0.0;
    }
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
    if x.abs() > 1.5 {
        return x - x.tanh();
    }
    let square = x * x;
    let c = (1..=12)
        .rev()
        .fold(0.0, |c, k| square / (f64::from(2 * k + 1) + c));
    x * c / (1.0 + c)
}

/// `x tanh(softplus(x))`.
fn mish(x: f64) -> f64 {
    let e = (-x.abs()).exp();
    if e == 0.0 {
        return max(0.0, x);
    }
    if x > 0.0 {
        let top = 1.0 + 2.0 * e;
        x * (top / (top + 2.0 * e * e))
    } else {
        let top = e * (e + 2.0);
        x * (top / (top + 2.0))
    }
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
    if e == 0.0 {
        return 0.0;
    }
    let top = 4.0 * (x + 1.0) + e * (4.0 * x + 6.0 + e * (4.0 + e));
    let root = 2.0 + 2.0 * e + e * e;
    e / root * (top / root)
}

/// `x Φ(x)` with the normal distribution function `Φ`, 0 at minus infinity.
fn gelu(x: f64) -> f64 {
    if x > -36.0 {
        return x * normcdf(x);
    }
    // The exponential in two factors: the whole loses digits before the product does.
    let half = (-0.25 * x * x).exp();
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
    let density = normpdf(x);
    if density == 0.0 {
        return if x > 0.0 { 1.0 } else { normcdf(x) };
    }
    normcdf(x) + x * density
}
