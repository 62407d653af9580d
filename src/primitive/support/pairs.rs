// Numbers in two doubles, the second being what the first lacks: for results that are to be rounded once
// (Dekker 1971; Ogita, Rump and Oishi 2005). The elementary functions here are good to about 60 bits.

/// A number in two doubles as the one next to it; beyond the range of the numbers the first is all there is.
fn joined(high: f64, low: f64) -> f64 {
    if low.is_nan() { high } else { high + low }
}

/// A number in two doubles again, so that the first is the one next to it.
fn renewed(high: f64, low: f64) -> (f64, f64) {
    let sum = high + low;
    if sum.is_finite() {
        (sum, low - (sum - high))
    } else {
        (high, 0.0)
    }
}

/// `a + b`.
fn sum_two(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

/// `a b`.
fn product_two(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    (product, a.mul_add(b, -product))
}

/// The sum of `(a, a_low)` and `(b, b_low)`.
fn plus_two(a: f64, a_low: f64, b: f64, b_low: f64) -> (f64, f64) {
    let (sum, rest) = sum_two(a, b);
    renewed(sum, rest + (a_low + b_low))
}

/// The product of `(a, a_low)` and `(b, b_low)`.
fn times_two(a: f64, a_low: f64, b: f64, b_low: f64) -> (f64, f64) {
    let product = a * b;
    renewed(product, a.mul_add(b, -product) + (a * b_low + a_low * b))
}

/// The sum of `(sum, low)` and the product of `(a, a_low)` and `(b, b_low)`.
fn more_two(sum: f64, low: f64, a: f64, a_low: f64, b: f64, b_low: f64) -> (f64, f64) {
    let (product, rest) = times_two(a, a_low, b, b_low);
    plus_two(sum, low, product, rest)
}

/// The quotient of `(a, a_low)` and `(b, b_low)`.
fn over_two(a: f64, a_low: f64, b: f64, b_low: f64) -> (f64, f64) {
    let quotient = a / b;
    renewed(
        quotient,
        ((-quotient).mul_add(b, a) + (a_low - quotient * b_low)) / b,
    )
}

/// The square root of `(a, a_low)`.
fn root_two(a: f64, a_low: f64) -> (f64, f64) {
    let root = a.sqrt();
    if root == 0.0 {
        return (root, 0.0);
    }
    (root, ((-root).mul_add(root, a) + a_low) / (2.0 * root))
}

/// `e^x` by `e^r 2^k` with `|r|` up to `ln(2)/2`.
fn exp_two(x: f64) -> (f64, f64) {
    if x.is_nan() || x.abs() > 708.0 {
        return (x.exp(), 0.0);
    }
    let k = (x / std::f64::consts::LN_2).round();
    // The high part of ln 2 has 32 bits, so that its multiples are exact.
    let high = x - k * 0.693_147_180_369_123_8;
    let low = k * 1.908_214_929_270_587_8e-10;
    let r = high - low;
    let rest = (high - r) - low;
    // 1 + r + r^2 (1/2 + tail): the sum of its terms from the small end, each with its rounding error.
    let tail = r * polynomial(&EXP_TAIL, r);
    let square = 0.5 * r * r;
    let square_low = (0.5 * r).mul_add(r, -square);
    let small = square * tail + square_low + rest * (1.0 + r);
    let first = 1.0 + r;
    let first_low = r - (first - 1.0);
    let second = first + square;
    let second_low = square - (second - first);
    let low = first_low + second_low + small;
    let high = second + low;
    let low = low - (high - second);
    let scale = 2.0_f64.powf(k);
    (high * scale, low * scale)
}

/// `e^(x + low) - 1` for `|x|` up to 700 and a small `low`.
fn expm1_two(x: f64, low: f64) -> (f64, f64) {
    // 2 sinh(x/2) e^(x/2)
    let (sinh, sinh_low, _, _) = sinh_cosh_two(0.5 * x);
    let (power, power_low) = exp_two(0.5 * x);
    let (value, rest) = times_two(2.0 * sinh, 2.0 * sinh_low, power, power_low);
    renewed(value, rest + (1.0 + value) * low)
}

/// `e^(x + low)` for a small `low`.
fn exp_of_two(x: f64, low: f64) -> (f64, f64) {
    let (high, rest) = exp_two(x);
    renewed(high, rest + high * low)
}

/// The terms of `2 (e^r - 1 - r - r^2/2)/r^3`.
const EXP_TAIL: [f64; 15] = [
    0.333_333_333_333_333_3,
    0.083_333_333_333_333_33,
    0.016_666_666_666_666_666,
    0.002_777_777_777_777_777_6,
    0.000_396_825_396_825_396_8,
    4.960_317_460_317_46e-5,
    5.511_463_844_797_178e-6,
    5.511_463_844_797_178e-7,
    5.010_421_677_088_344e-8,
    4.175_351_397_573_62e-9,
    3.211_808_767_364_323e-10,
    2.294_149_119_545_945e-11,
    1.529_432_746_363_963e-12,
    9.558_954_664_774_77e-14,
    5.622_914_508_691_041e-15,
];

/// `ln(x + low)` for `x > 0` and a small `low`: the logarithm and a step of Newton's method.
fn log_two(x: f64, low: f64) -> (f64, f64) {
    let log = x.ln();
    if !(1e-300..=1e300).contains(&x) {
        return (log, 0.0);
    }
    let (e, e_low) = exp_two(-log);
    let rest = x.mul_add(e, -1.0) + (x * e_low + low * e);
    renewed(log, rest - 0.5 * rest * rest)
}

/// `ln(1 + x + low)` for `x > -1` and a small `low`.
fn log1p_two(x: f64, low: f64) -> (f64, f64) {
    let (sum, rest) = sum_two(1.0, x);
    if x.is_infinite() {
        return (x, 0.0);
    }
    log_two(sum, rest + low)
}

/// Sine and cosine of `x + low` for `|x|` up to 1, where `low` is small.
fn sin_cos_two(x: f64, low: f64) -> (f64, f64, f64, f64) {
    let (square, square_low) = product_two(x, x);
    let square_low = square_low + 2.0 * x * low;
    let (cube, cube_low) = product_two(square, x);
    let cube_low = cube_low + square_low * x + square * low;
    let sixth = cube / 6.0;
    let sixth_low = ((-sixth).mul_add(6.0, cube) + cube_low) / 6.0;
    let tail = cube * square * polynomial(&SIN_TAIL, square);
    let (sin, rest) = sum_two(x, -sixth);
    let sin_low = rest + (low + (tail - sixth_low));
    let (cos, rest) = sum_two(1.0, -0.5 * square);
    let cos_low = rest + (square * square * polynomial(&COS_TAIL, square) - 0.5 * square_low);
    let (sin, sin_low) = sum_two(sin, sin_low);
    let (cos, cos_low) = sum_two(cos, cos_low);
    (sin, sin_low, cos, cos_low)
}

/// The terms of `(sin x - x + x^3/6)/x^5` in `x^2`.
const SIN_TAIL: [f64; 9] = [
    0.008_333_333_333_333_333,
    -0.000_198_412_698_412_698_4,
    2.755_731_922_398_589_3e-6,
    -2.505_210_838_544_172e-8,
    1.605_904_383_682_161_3e-10,
    -7.647_163_731_819_816e-13,
    2.811_457_254_345_520_6e-15,
    -8.220_635_246_624_33e-18,
    1.957_294_106_339_126e-20,
];

/// The terms of `(cos x - 1 + x^2/2)/x^4` in `x^2`.
const COS_TAIL: [f64; 9] = [
    0.041_666_666_666_666_664,
    -0.001_388_888_888_888_889,
    2.480_158_730_158_73e-5,
    -2.755_731_922_398_589e-7,
    2.087_675_698_786_81e-9,
    -1.147_074_559_772_972_5e-11,
    4.779_477_332_387_385e-14,
    -1.561_920_696_858_622_6e-16,
    4.110_317_623_312_165e-19,
];

/// Sine and cosine of `x` radians; beyond 1e30 with the digits of one double.
fn sin_cos_radians(x: f64) -> (f64, f64, f64, f64) {
    if x.is_nan() || x.abs() > 1e30 {
        return (x.sin(), 0.0, x.cos(), 0.0);
    }
    let (angle, low, quarters) = radians_in_quarters(x);
    quarter_turned(angle, low, quarters)
}

/// The angle `x` less a number of quarters of a turn, and how many, less whole turns; for `|x|` up to 1e30.
fn radians_in_quarters(x: f64) -> (f64, f64, f64) {
    if x.abs() > 1e6 {
        // The quarters of a turn, less whole turns, by 2/π in four doubles.
        let (mut quarters, mut low) = (0.0, 0.0);
        for part in TWO_OVER_PI {
            let (product, rest) = product_two(x, part);
            let (sum, sum_low) = plus_two(quarters, low, product % 4.0, rest % 4.0);
            (quarters, low) = (sum % 4.0, sum_low);
        }
        let k = quarters.round();
        let (rest, rest_low) = plus_two(quarters, low, -k, 0.0);
        let half_pi_low = 6.123_233_995_736_766e-17;
        let (angle, low) = times_two(rest, rest_low, std::f64::consts::FRAC_PI_2, half_pi_low);
        return (angle, low, k % 4.0);
    }
    // Three parts of π/2, the first two of 33 bits.
    let k = (x / std::f64::consts::FRAC_PI_2).round();
    let first = x - k * 1.570_796_326_734_125_6;
    let (angle, rest) = sum_two(first, -k * 6.077_100_506_303_966e-11);
    let rest = rest - k * 2.022_266_248_795_950_6e-21;
    let high = angle + rest;
    (high, rest - (high - angle), k % 4.0)
}

/// The number 2/π in four doubles.
const TWO_OVER_PI: [f64; 4] = [
    std::f64::consts::FRAC_2_PI,
    -3.935_735_335_036_497e-17,
    -2.144_287_256_578_600_8e-33,
    1.610_712_785_318_822_4e-49,
];

/// Sine and cosine of `angle + low` plus `k` quarters of a turn, for `k` from -3 to 3.
fn quarter_turned(angle: f64, low: f64, k: f64) -> (f64, f64, f64, f64) {
    let (sin, sin_low, cos, cos_low) = sin_cos_two(angle, low);
    turned(sin, sin_low, cos, cos_low, k)
}

/// Sine and cosine of an angle, `k` quarters of a turn further, for `k` from -4 to 4.
fn turned(sin: f64, sin_low: f64, cos: f64, cos_low: f64, k: f64) -> (f64, f64, f64, f64) {
    let (sin, sin_low, cos, cos_low) = if k % 2.0 == 0.0 {
        (sin, sin_low, cos, cos_low)
    } else {
        (cos, cos_low, -sin, -sin_low)
    };
    if half_turn(k) {
        (-sin, -sin_low, -cos, -cos_low)
    } else {
        (sin, sin_low, cos, cos_low)
    }
}

/// `asin(x + low)` for `|x|` up to 0.8 and a small `low`: a step of Newton's method.
fn asin_two(x: f64, low: f64) -> (f64, f64) {
    let angle = x.asin();
    let (sin, sin_low, cos, cos_low) = sin_cos_two(angle, 0.0);
    (angle, ((x - sin) + (low - sin_low)) / (cos + cos_low))
}

/// `atan(x)`.
fn atan_two(x: f64) -> (f64, f64) {
    let angle = x.atan();
    if x.abs() > 1e15 {
        return (angle, 0.0);
    }
    let (sin, sin_low, cos, cos_low) = sin_cos_radians(angle);
    let (left, left_low) = times_two(x, 0.0, cos, cos_low);
    (
        angle,
        ((left - sin) + (left_low - sin_low)) / (1.0 + x * x).sqrt(),
    )
}

/// `sinh x` and `cosh x`, for `|x|` up to 350.
fn sinh_cosh_two(x: f64) -> (f64, f64, f64, f64) {
    let (grown, grown_low) = exp_two(x);
    let (fallen, fallen_low) = over_two(0.5, 0.0, grown, grown_low);
    let (grown, grown_low) = (0.5 * grown, 0.5 * grown_low);
    let (cosh, cosh_low) = plus_two(grown, grown_low, fallen, fallen_low);
    if x.abs() > 0.5 {
        let (sinh, sinh_low) = plus_two(grown, grown_low, -fallen, -fallen_low);
        return (sinh, sinh_low, cosh, cosh_low);
    }
    // x + x^3/6 + ..., the second term in two doubles.
    let (square, square_low) = product_two(x, x);
    let (cube, cube_low) = product_two(square, x);
    let sixth = cube / 6.0;
    let sixth_low = ((-sixth).mul_add(6.0, cube) + (cube_low + square_low * x)) / 6.0;
    let tail = cube * square * polynomial(&SINH_TAIL, square);
    let (sinh, rest) = sum_two(x, sixth);
    let (sinh, sinh_low) = sum_two(sinh, rest + (tail + sixth_low));
    (sinh, sinh_low, cosh, cosh_low)
}

/// The terms of `(sinh x - x - x^3/6)/x^5` in `x^2`.
const SINH_TAIL: [f64; 7] = [
    0.008_333_333_333_333_333,
    0.000_198_412_698_412_698_4,
    2.755_731_922_398_589_3e-6,
    2.505_210_838_544_172e-8,
    1.605_904_383_682_161_3e-10,
    7.647_163_731_819_816e-13,
    2.811_457_254_345_520_6e-15,
];
