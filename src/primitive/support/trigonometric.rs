// Trigonometric functions of radians, degrees and half turns. Degrees and half turns are reduced exactly,
// so sind(180) is 0 and sind(30) is 1/2.

/// `1/cos x`.
fn sec(x: f64) -> f64 {
    1.0 / x.cos()
}

/// `1/sin x`.
fn csc(x: f64) -> f64 {
    1.0 / x.sin()
}

/// `1/tan x`.
fn cot(x: f64) -> f64 {
    1.0 / x.tan()
}

/// The inverse of sec, in `[0, π]`; near ±1 by the tangent, which loses nothing there.
fn asec(x: f64) -> f64 {
    if x.abs() > 2.0 {
        (1.0 / x).acos()
    } else {
        // At -1 the product is -0, and so is its root.
        let root = ((x - 1.0) * (x + 1.0)).sqrt().abs();
        root.atan2(1.0_f64.copysign(x))
    }
}

/// The inverse of csc, in `[-π/2, π/2]`.
fn acsc(x: f64) -> f64 {
    if x.abs() > 2.0 {
        (1.0 / x).asin()
    } else {
        1.0_f64.atan2(((x - 1.0) * (x + 1.0)).sqrt()).copysign(x)
    }
}

/// The inverse of cot, odd: `atan(1/x)`, in `[-π/2, π/2]`.
fn acot(x: f64) -> f64 {
    (1.0 / x).atan()
}

/// Sine and cosine of `r` times the number whose two parts are `unit` and `low`, for small angles.
fn sin_cos_scaled(r: f64, unit: f64, low: f64) -> (f64, f64) {
    let angle = r * unit;
    let rest = r.mul_add(unit, -angle) + r * low;
    let (sin, cos) = angle.sin_cos();
    (sin + rest * cos, cos - rest * sin)
}

/// Sine and cosine of `x`, given the length of a quarter turn and a degree (or half turn) in radians.
fn sin_cos_turns(x: f64, quarter: f64, unit: f64, low: f64) -> (f64, f64) {
    let r = x % (4.0 * quarter);
    let quadrant = (r / quarter).round();
    let (sin, cos) = sin_cos_scaled(r - quadrant * quarter, unit, low);
    let (sin, cos) = if quadrant % 2.0 == 0.0 {
        (sin, cos)
    } else {
        (cos, -sin)
    };
    let (sin, cos) = if half_turn(quadrant) {
        (-sin, -cos)
    } else {
        (sin, cos)
    };
    if quadrant == 0.0 {
        (sin, cos)
    } else {
        (sin + 0.0, cos + 0.0) // adding 0 makes -0 a 0
    }
}

/// Whether a number of quarter turns from -4 to 4 takes the first quadrant to the third or fourth.
fn half_turn(quadrant: f64) -> bool {
    quadrant == 2.0 || quadrant == 3.0 || quadrant == -1.0 || quadrant == -2.0
}

/// Sine and cosine of `x` degrees.
fn sin_cos_degrees(x: f64) -> (f64, f64) {
    sin_cos_turns(
        x,
        90.0,
        0.017_453_292_519_943_295,
        2.948_652_270_870_168_7e-19,
    )
}

/// Sine and cosine of `πx`.
fn sin_cos_pi(x: f64) -> (f64, f64) {
    sin_cos_turns(x, 0.5, std::f64::consts::PI, 1.224_646_799_147_353_2e-16)
}

/// The sine of `x` degrees.
fn sind(x: f64) -> f64 {
    sin_cos_degrees(x).0
}

/// The cosine of `x` degrees.
fn cosd(x: f64) -> f64 {
    sin_cos_degrees(x).1
}

/// The tangent of `x` degrees.
fn tand(x: f64) -> f64 {
    let (sin, cos) = sin_cos_degrees(x);
    sin / cos
}

/// The secant of `x` degrees.
fn secd(x: f64) -> f64 {
    1.0 / cosd(x)
}

/// The cosecant of `x` degrees.
fn cscd(x: f64) -> f64 {
    1.0 / sind(x)
}

/// The cotangent of `x` degrees.
fn cotd(x: f64) -> f64 {
    let (sin, cos) = sin_cos_degrees(x);
    cos / sin
}

/// `asin x` in degrees.
fn asind(x: f64) -> f64 {
    x.asin().to_degrees()
}

/// `acos x` in degrees.
fn acosd(x: f64) -> f64 {
    x.acos().to_degrees()
}

/// `atan x` in degrees.
fn atand(x: f64) -> f64 {
    x.atan().to_degrees()
}

/// `asec x` in degrees.
fn asecd(x: f64) -> f64 {
    asec(x).to_degrees()
}

/// `acsc x` in degrees.
fn acscd(x: f64) -> f64 {
    acsc(x).to_degrees()
}

/// `acot x` in degrees.
fn acotd(x: f64) -> f64 {
    acot(x).to_degrees()
}

/// `sin(πx)`.
fn sinpi(x: f64) -> f64 {
    sin_cos_pi(x).0
}

/// `cos(πx)`.
fn cospi(x: f64) -> f64 {
    sin_cos_pi(x).1
}

/// `sin(πx)/(πx)`, 1 at 0.
fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else if x.is_infinite() {
        0.0
    } else if x.abs() < 1e-8 {
        1.0
    } else {
        // With what the product lacks.
        let u = std::f64::consts::PI * x;
        let low = std::f64::consts::PI.mul_add(x, -u) + 1.224_646_799_147_353_2e-16 * x;
        let value = sinpi(x) / u;
        value - value * (low / u)
    }
}

/// The derivative of sinc: near 0 by its power series, else `(cos(πx) - sinc(x))/x`.
fn cosc(x: f64) -> f64 {
    if x.abs() > 0.45 {
        return sinc_n(1.0, x);
    }
    let s = 9.869_604_401_089_358 * x * x;
    let sum = (1..=12).rev().fold(0.0, |sum, k| {
        let k = f64::from(k);
        -(1.0 + sum) * s / (2.0 * k * (2.0 * k + 3.0))
    });
    let slope = -3.289_868_133_696_453 * x;
    slope + slope * sum
}

/// The n-th derivative of sinc, `π^n S_n(πx)` with `u S_n + n S_{n-1} = sin(u + nπ/2)` for `S = sin(u)/u`;
/// the recurrence is stable upwards where `|u| > n`, downwards (from any value far up) elsewhere.
fn sinc_n(n: f64, x: f64) -> f64 {
    let u = std::f64::consts::PI * x;
    if n == 0.0 {
        return sinc(x);
    }
    if !is_order(n) || u.is_nan() {
        return f64::NAN;
    }
    if u.is_infinite() {
        return 0.0;
    }
    let (sin, cos) = sin_cos_pi(x);
    let (mut k, mut value) = (0.0, 0.0);
    if u.abs() > n || (n == 1.0 && u.abs() > 1.0) {
        value = sinc(x);
        while k < n {
            k += 1.0;
            value = (shifted_sine(sin, cos, k) - k * value) / u;
        }
    } else {
        k = (n + 40.0 + u.abs()).trunc();
        while k > n {
            value = (shifted_sine(sin, cos, k) - u * value) / k;
            k -= 1.0;
        }
    }
    value * std::f64::consts::PI.powf(n)
}
