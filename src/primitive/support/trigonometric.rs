// Trigonometric functions of radians, degrees and half turns. Degrees and half turns are reduced exactly,
// so sind(180) is 0 and sind(30) is 1/2.

/// `1/cos x`.
fn sec(x: f64) -> f64 {
    let (_, _, cos, low) = sin_cos_radians(x);
    ratio(1.0, 0.0, cos, low)
}

/// `1/sin x`.
fn csc(x: f64) -> f64 {
    let (sin, low, _, _) = sin_cos_radians(x);
    ratio(1.0, 0.0, sin, low)
}

/// `1/tan x`.
fn cot(x: f64) -> f64 {
    let (sin, sin_low, cos, cos_low) = sin_cos_radians(x);
    ratio(cos, cos_low, sin, sin_low)
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

/// Sine and cosine of `x`, in two doubles each, given the length of a quarter turn and a degree (or half turn) in
/// radians.
fn sin_cos_turns(x: f64, quarter: f64, unit: f64, low: f64) -> (f64, f64, f64, f64) {
    let r = x % (4.0 * quarter);
    let quadrant = (r / quarter).round();
    let (angle, rest) = times_two(r - quadrant * quarter, 0.0, unit, low);
    let (sin, sin_low, cos, cos_low) = quarter_turned(angle, rest, quadrant);
    if quadrant == 0.0 {
        (sin, sin_low, cos, cos_low)
    } else {
        (sin + 0.0, sin_low, cos + 0.0, cos_low) // adding 0 makes -0 a 0
    }
}

/// Whether a number of quarter turns from -4 to 4 takes the first quadrant to the third or fourth.
fn half_turn(quadrant: f64) -> bool {
    quadrant == 2.0 || quadrant == 3.0 || quadrant == -1.0 || quadrant == -2.0
}

/// Sine and cosine of `x` degrees.
fn sin_cos_degrees(x: f64) -> (f64, f64, f64, f64) {
    sin_cos_turns(
        x,
        90.0,
        0.017_453_292_519_943_295,
        2.948_652_270_870_168_7e-19,
    )
}

/// Sine and cosine of `πx`.
fn sin_cos_half_turns(x: f64) -> (f64, f64, f64, f64) {
    sin_cos_turns(x, 0.5, std::f64::consts::PI, 1.224_646_799_147_353_2e-16)
}

/// Sine and cosine of `πx`, rounded.
fn sin_cos_pi(x: f64) -> (f64, f64) {
    let (sin, sin_low, cos, cos_low) = sin_cos_half_turns(x);
    (sin + sin_low, cos + cos_low)
}

/// The quotient of two numbers in two doubles, rounded.
fn ratio(a: f64, a_low: f64, b: f64, b_low: f64) -> f64 {
    let (value, low) = over_two(a, a_low, b, b_low);
    joined(value, low)
}

/// The sine of `x` degrees.
fn sind(x: f64) -> f64 {
    let (sin, low, _, _) = sin_cos_degrees(x);
    sin + low
}

/// The cosine of `x` degrees.
fn cosd(x: f64) -> f64 {
    let (_, _, cos, low) = sin_cos_degrees(x);
    cos + low
}

/// The tangent of `x` degrees.
fn tand(x: f64) -> f64 {
    let (sin, sin_low, cos, cos_low) = sin_cos_degrees(x);
    ratio(sin, sin_low, cos, cos_low)
}

/// The secant of `x` degrees.
fn secd(x: f64) -> f64 {
    let (_, _, cos, low) = sin_cos_degrees(x);
    ratio(1.0, 0.0, cos, low)
}

/// The cosecant of `x` degrees.
fn cscd(x: f64) -> f64 {
    let (sin, low, _, _) = sin_cos_degrees(x);
    ratio(1.0, 0.0, sin, low)
}

/// The cotangent of `x` degrees.
fn cotd(x: f64) -> f64 {
    let (sin, sin_low, cos, cos_low) = sin_cos_degrees(x);
    ratio(cos, cos_low, sin, sin_low)
}

/// An angle in degrees: `start` and `factor` times one in radians.
fn in_degrees(start: f64, factor: f64, angle: f64, low: f64) -> f64 {
    let (part, part_low) = times_two(
        angle,
        low,
        57.295_779_513_082_32,
        -1.987_849_567_057_628_3e-15,
    );
    let (sum, rest) = sum_two(start, factor * part);
    sum + (rest + factor * part_low)
}

/// `asin √((a + a_low)/b)` in two doubles.
fn asin_root(a: f64, a_low: f64, b: f64) -> (f64, f64) {
    let (share, share_low) = over_two(a, a_low, b, 0.0);
    let (root, root_low) = root_two(share, share_low);
    asin_two(root, root_low)
}

/// `asin x` in degrees.
fn asind(x: f64) -> f64 {
    let a = x.abs();
    if a == 0.0 {
        x
    } else if a < 0.75 {
        let (angle, low) = asin_two(a, 0.0);
        in_degrees(0.0, 1.0, angle, low).copysign(x)
    } else {
        let (angle, low) = asin_root(1.0 - a, 0.0, 2.0);
        in_degrees(90.0, -2.0, angle, low).copysign(x)
    }
}

/// `acos x` in degrees.
fn acosd(x: f64) -> f64 {
    if x.abs() < 0.5 {
        let (angle, low) = asin_two(x, 0.0);
        in_degrees(90.0, -1.0, angle, low)
    } else {
        let (angle, low) = asin_root(1.0 - x.abs(), 0.0, 2.0);
        if x > 0.0 {
            in_degrees(0.0, 2.0, angle, low)
        } else {
            in_degrees(180.0, -2.0, angle, low)
        }
    }
}

/// `atan x` in degrees.
fn atand(x: f64) -> f64 {
    if x == 0.0 {
        return x;
    }
    let (angle, low) = atan_two(x);
    in_degrees(0.0, 1.0, angle, low)
}

/// `asec x` in degrees.
fn asecd(x: f64) -> f64 {
    if x.abs() > 2.0 {
        let (inverse, rest) = over_two(1.0, 0.0, x, 0.0);
        let (angle, low) = asin_two(inverse, joined(0.0, rest));
        return in_degrees(90.0, -1.0, angle, low);
    }
    let (angle, low) = asin_root(x.abs() - 1.0, 0.0, 2.0 * x.abs());
    if x > 0.0 {
        in_degrees(0.0, 2.0, angle, low)
    } else {
        in_degrees(180.0, -2.0, angle, low)
    }
}

/// `acsc x` in degrees.
fn acscd(x: f64) -> f64 {
    if x.abs() > 1.5 {
        let (inverse, rest) = over_two(1.0, 0.0, x.abs(), 0.0);
        let (angle, low) = asin_two(inverse, joined(0.0, rest));
        return in_degrees(0.0, 1.0, angle, low).copysign(x);
    }
    let (angle, low) = asin_root(x.abs() - 1.0, 0.0, 2.0 * x.abs());
    in_degrees(90.0, -2.0, angle, low).copysign(x)
}

/// `acot x` in degrees.
fn acotd(x: f64) -> f64 {
    if x.abs() > 1e15 {
        let (inverse, rest) = over_two(1.0, 0.0, x, 0.0);
        return in_degrees(0.0, 1.0, inverse, joined(0.0, rest)).copysign(x);
    }
    if x == 0.0 {
        return 90.0_f64.copysign(x);
    }
    let (angle, low) = atan_two(x.abs());
    if x.abs() < 1.0 {
        return in_degrees(90.0, -1.0, angle, low).copysign(x);
    }
    // The angle of 1/x, whose rounding error is taken back.
    let (inverse, rest) = over_two(1.0, 0.0, x.abs(), 0.0);
    let (angle, low) = atan_two(inverse);
    in_degrees(0.0, 1.0, angle, low + rest / (1.0 + inverse * inverse)).copysign(x)
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
    } else if x.abs() < 1e-9 {
        1.0
    } else {
        let (angle, low) = times_two(x, 0.0, std::f64::consts::PI, 1.224_646_799_147_353_2e-16);
        let (sin, sin_low, _, _) = sin_cos_half_turns(x);
        ratio(sin, sin_low, angle, low)
    }
}

/// The derivative of sinc: near 0 by its power series, else `(cos(πx) - sinc(x))/x`.
fn cosc(x: f64) -> f64 {
    if x.is_infinite() {
        return 0.0;
    }
    if x.abs() > 0.45 {
        let pi_low = 1.224_646_799_147_353_2e-16;
        let (sin, sin_low, cos, cos_low) = sin_cos_half_turns(x);
        let (angle, low) = times_two(x, 0.0, std::f64::consts::PI, pi_low);
        let (sinc, sinc_low) = over_two(sin, sin_low, angle, low);
        let (value, low) = plus_two(cos, cos_low, -sinc, -sinc_low);
        return ratio(value, low, x, 0.0);
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
    let (sin, sin_low, cos, cos_low) = sin_cos_half_turns(x);
    let pi_low = 1.224_646_799_147_353_2e-16;
    let (angle, low) = times_two(x, 0.0, std::f64::consts::PI, pi_low);
    let (value, low) = quotient_derivative(n, angle, low, sin, sin_low, cos, cos_low);
    let (mut power, mut power_low) = (1.0, 0.0);
    let mut k = 0.0;
    while k < n && f64::is_finite(power) {
        (power, power_low) = times_two(power, power_low, std::f64::consts::PI, pi_low);
        k += 1.0;
    }
    let (product, rest) = times_two(value, low, power, power_low);
    joined(product, rest)
}
