// The error function and its relatives: FDLIBM's rational approximations (s_erf.c, Copyright 1993 Sun
// Microsystems) to erf up to 1.25 and to ln(x e^(x^2) erfc(x)) from there on.

/// Numerator of `erf(x)/x - 1` in `x^2`, up to 0.84375.
const ERF_P: [f64; 5] = [
    0.128_379_167_095_512_56,
    -0.325_042_107_247_001_5,
    -0.028_481_749_575_598_51,
    -0.005_770_270_296_489_442,
    -2.376_301_665_665_016_3e-5,
];

/// Denominator of `erf(x)/x - 1`.
const ERF_Q: [f64; 6] = [
    1.0,
    0.397_917_223_959_155_35,
    0.065_022_249_988_767_3,
    0.005_081_306_281_875_766,
    0.000_132_494_738_004_321_64,
    -3.960_228_278_775_368e-6,
];

/// Numerator of `erf(x) - ERF_1` in `x - 1`, from 0.84375 to 1.25.
const ERF_PA: [f64; 7] = [
    -0.002_362_118_560_752_659_4,
    0.414_856_118_683_748_33,
    -0.372_207_876_035_701_3,
    0.318_346_619_901_161_75,
    -0.110_894_694_282_396_68,
    0.035_478_304_325_618_236,
    -0.002_166_375_594_868_791,
];

/// Denominator of `erf(x) - ERF_1`.
const ERF_QA: [f64; 7] = [
    1.0,
    0.106_420_880_400_844_23,
    0.540_397_917_702_171,
    0.071_828_654_414_196_27,
    0.126_171_219_808_761_64,
    0.013_637_083_912_029_05,
    0.011_984_499_846_799_107,
];

/// Numerator of `ln(x e^(x^2) erfc(x)) + 0.5625` in `1/x^2`, from 1.25 to 1/0.35.
const ERFC_RA: [f64; 8] = [
    -0.009_864_944_034_847_148,
    -0.693_858_572_707_181_8,
    -10.558_626_225_323_291,
    -62.375_332_450_326_006,
    -162.396_669_462_573_47,
    -184.605_092_906_711_04,
    -81.287_435_506_306_6,
    -9.814_329_344_169_145,
];

/// Denominator, from 1.25 to 1/0.35.
const ERFC_SA: [f64; 9] = [
    1.0,
    19.651_271_667_439_257,
    137.657_754_143_519_04,
    434.565_877_475_229_23,
    645.387_271_733_267_9,
    429.008_140_027_567_83,
    108.635_005_541_779_44,
    6.570_249_770_319_282,
    -0.060_424_415_214_858_1,
];

/// Numerator of `ln(x e^(x^2) erfc(x)) + 0.5625` in `1/x^2`, from 1/0.35 to 28.
const ERFC_RB: [f64; 7] = [
    -0.009_864_942_924_700_1,
    -0.799_283_237_680_523,
    -17.757_954_917_754_752,
    -160.636_384_855_821_92,
    -637.566_443_368_389_6,
    -1_025.095_131_611_077_2,
    -483.519_191_608_651_4,
];

/// Denominator, from 1/0.35 to 28.
const ERFC_SB: [f64; 8] = [
    1.0,
    30.338_060_743_482_46,
    325.792_512_996_573_9,
    1_536.729_586_084_437,
    3_199.858_219_508_595_5,
    2_553.050_406_433_164_4,
    474.528_541_206_955_37,
    -22.440_952_446_585_82,
];

/// A short constant near erf(1).
const ERF_1: f64 = 0.845_062_911_510_467_5;

/// `erf(x)/x - 1` for `|x|` below 0.84375.
fn erf_small(x: f64) -> f64 {
    polynomial(&ERF_P, x * x) / polynomial(&ERF_Q, x * x)
}

/// `erf(x) - ERF_1` for `x` from 0.84375 to 1.25.
fn erf_middle(x: f64) -> f64 {
    polynomial(&ERF_PA, x - 1.0) / polynomial(&ERF_QA, x - 1.0)
}

/// `ln(x e^(x^2) erfc(x)) + 0.5625` for `x` from 1.25.
fn erfc_exponent(x: f64) -> f64 {
    let s = 1.0 / (x * x);
    if s > 0.1225 {
        polynomial(&ERFC_RA, s) / polynomial(&ERFC_SA, s)
    } else {
        polynomial(&ERFC_RB, s) / polynomial(&ERFC_SB, s)
    }
}

/// The error function, with the approximations of FDLIBM's `s_erf.c` (Copyright 1993 Sun Microsystems).
fn erf(x: f64) -> f64 {
    let a = x.abs();
    if a < 0.84375 {
        x + x * erf_small(x)
    } else if a < 1.25 {
        (ERF_1 + erf_middle(a)).copysign(x)
    } else if a < 6.0 {
        (1.0 - erfc(a)).copysign(x)
    } else {
        sign(x)
    }
}

/// `erf(y) - erf(x)`, by complements where both are far from 0 on one side.
fn erf2(x: f64, y: f64) -> f64 {
    if x > 0.5 && y > 0.5 {
        erfc(x) - erfc(y)
    } else if x < -0.5 && y < -0.5 {
        erfc(-y) - erfc(-x)
    } else {
        erf(y) - erf(x)
    }
}

/// `1 - erf(x)`.
fn erfc(x: f64) -> f64 {
    let (value, low) = erfc_two(x);
    joined(value, low)
}

/// `erfc(x)`, with the approximations of FDLIBM's `s_erf.c` (Copyright 1993 Sun Microsystems).
fn erfc_two(x: f64) -> (f64, f64) {
    let a = x.abs();
    if a < 0.84375 {
        let (near, low) = sum_two(1.0, -x);
        return sum_two(near, low - x * erf_small(x));
    }
    let (upper, low) = if a < 1.25 {
        sum_two(1.0 - ERF_1, -erf_middle(a))
    } else if a < 26.0 {
        let (square, square_low) = product_two(a, a);
        let (gauss, gauss_low) = exp_of_two(-square, -square_low);
        let (scaled, scaled_low) = erfcx_two(a);
        times_two(gauss, gauss_low, scaled, scaled_low)
    } else {
        // The exponential in two factors: the whole loses digits before the product does.
        let half = (-0.5 * a * a).exp();
        let rest = a.mul_add(a, -a * a);
        let value = half * erfcx(a) * half;
        (value, joined(0.0, -value * rest))
    };
    if x < 0.0 {
        plus_two(2.0, 0.0, -upper, -low)
    } else {
        (upper, low)
    }
}

/// `e^(x^2) erfc(x)` for `x` from 1.25 on.
fn erfcx_two(x: f64) -> (f64, f64) {
    let (exponent, low) = sum_two(-0.5625, erfc_exponent(x));
    let (e, e_low) = exp_of_two(exponent, low);
    over_two(e, e_low, x, 0.0)
}

/// `e^(x^2) erfc(x)`.
fn erfcx(x: f64) -> f64 {
    let (value, low) = if x < 1.25 {
        let (square, square_low) = product_two(x, x);
        let (grown, grown_low) = exp_of_two(square, square_low);
        let (rest, rest_low) = erfc_two(x);
        times_two(grown, grown_low, rest, rest_low)
    } else {
        erfcx_two(x)
    };
    joined(value, low)
}

/// `ln erfc(x)`, without underflow.
fn logerfc(x: f64) -> f64 {
    if x > 1.25 {
        logerfcx(x) - x * x
    } else if x > 0.5 {
        let (rest, low) = erfc_two(x);
        let (log, log_low) = log_two(rest, low);
        log + log_low
    } else {
        (-erf(x)).ln_1p()
    }
}

/// `ln(e^(x^2) erfc(x))`.
fn logerfcx(x: f64) -> f64 {
    if x > 1.25 {
        let (value, low) = erfcx_two(x);
        let (log, rest) = log_two(value, low);
        return joined(log, rest);
    }
    if x < -5.0 {
        return x * x + logerfc(x);
    }
    let (rest, low) = erfc_two(x);
    let (log, log_low) = if x < 0.5 {
        let erf = erf(x);
        log1p_two(-erf, 0.0)
    } else {
        log_two(rest, low)
    };
    let (square, square_low) = product_two(x, x);
    let (value, low) = plus_two(log, log_low, square, square_low);
    value + low
}

/// The distribution function of the standard normal distribution, `erfc(-x/√2)/2`, with the rounding
/// error of the argument taken back.
fn normcdf(x: f64) -> f64 {
    let (value, low) = normcdf_two(x);
    joined(value, low)
}

/// `erfc(-x/√2)/2`.
fn normcdf_two(x: f64) -> (f64, f64) {
    let z = -x * std::f64::consts::FRAC_1_SQRT_2;
    let (value, rest) = erfc_two(z);
    if value == 0.0 || x > 9.0 {
        return (0.5 * value, 0.5 * rest);
    }
    let low = (-x).mul_add(std::f64::consts::FRAC_1_SQRT_2, -z) + x * 4.833_646_656_726_457e-17;
    let slope = std::f64::consts::FRAC_2_SQRT_PI * gauss(z);
    (0.5 * value, 0.5 * (rest - low * slope))
}

/// The density of the standard normal distribution, `e^(-x^2/2)/√(2π)`.
fn normpdf(x: f64) -> f64 {
    let square = x * x;
    if square > 1500.0 {
        return 0.0;
    }
    let low = x.mul_add(x, -square);
    if square > 1400.0 {
        // The exponential in two factors: the whole loses digits before the product does.
        let half = (-0.25 * square).exp();
        return 0.398_942_280_401_432_7 * half * half;
    }
    let (e, e_low) = exp_of_two(-0.5 * square, -0.5 * low);
    let (value, rest) = times_two(e, e_low, 0.398_942_280_401_432_7, -2.492_327_202_277_73e-17);
    value + rest
}
