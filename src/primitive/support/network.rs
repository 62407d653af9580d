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

/// `x Φ(x)` with the normal distribution function `Φ`, 0 at minus infinity.
fn gelu(x: f64) -> f64 {
    let phi = normcdf(x);
    if phi == 0.0 { 0.0 } else { x * phi }
}
