//! Functions on blocks of numbers, without branches, so that the compiler makes vector instructions of them where
//! it may: inside functions marked `#[target_feature(enable = "avx2,fma")]`.
//!
//! For finite arguments of ordinary size, which is all that the references feed them; worst errors about 1 ulp (`exp`,
//! `ln`) and 3 ulp (`tanh`).

/// Whether this machine can run them.
pub fn available() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// Added and subtracted, rounds to an integer, which then stands in the low bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// eˣ for |x| < 708; below, 0 (or the least numbers).
#[inline(always)]
pub fn exp<const N: usize>(x: [f64; N]) -> [f64; N] {
    x.map(exp1)
}

/// x = k ln 2 + r, eʳ by its series to r¹³, times 2ᵏ.
#[inline(always)]
pub fn exp1(x: f64) -> f64 {
    let x = x.max(-708.0).min(709.0);
    let shifted = x.mul_add(std::f64::consts::LOG2_E, ROUND);
    let k = shifted - ROUND;
    let r = k.mul_add(-LN2_LOW, k.mul_add(-LN2_HIGH, x));
    let p = expm1_reduced(r) + 1.0;
    let bits = (shifted.to_bits() as i64).wrapping_add(1023) << 52;
    p * f64::from_bits(bits as u64)
}

/// eʳ − 1 for |r| ≤ ½ ln 2.
#[inline(always)]
fn expm1_reduced(r: f64) -> f64 {
    let mut p: f64 = 1.0 / 6_227_020_800.0;
    p = p.mul_add(r, 1.0 / 479_001_600.0);
    p = p.mul_add(r, 1.0 / 39_916_800.0);
    p = p.mul_add(r, 1.0 / 3_628_800.0);
    p = p.mul_add(r, 1.0 / 362_880.0);
    p = p.mul_add(r, 1.0 / 40_320.0);
    p = p.mul_add(r, 1.0 / 5040.0);
    p = p.mul_add(r, 1.0 / 720.0);
    p = p.mul_add(r, 1.0 / 120.0);
    p = p.mul_add(r, 1.0 / 24.0);
    p = p.mul_add(r, 1.0 / 6.0);
    p = p.mul_add(r, 0.5);
    (p * r).mul_add(r, r)
}

/// ln x for normal x > 0: x = 2ᵏ m with m from √½ to √2, ln m = 2 artanh s with s = (m − 1)/(m + 1).
#[inline(always)]
pub fn ln1(x: f64) -> f64 {
    let bits = x.to_bits();
    let offset = bits.wrapping_sub(0x3fe6_a09e_667f_3bcd);
    let m = f64::from_bits(bits.wrapping_sub(offset & 0xfff0_0000_0000_0000));
    // k + 1024 in the low bits of a number; AVX2 shifts without a sign only.
    let biased = offset.wrapping_add(1024 << 52) >> 52;
    let k = f64::from_bits(biased.wrapping_add(ROUND.to_bits())) - (ROUND + 1024.0);
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let mut p: f64 = 1.479_819_860_511_658_6e-1;
    p = p.mul_add(z, 1.531_383_769_920_937_3e-1);
    p = p.mul_add(z, 1.818_357_216_161_805e-1);
    p = p.mul_add(z, 2.222_219_843_214_978_4e-1);
    p = p.mul_add(z, 2.857_142_874_366_239e-1);
    p = p.mul_add(z, 3.999_999_999_940_942e-1);
    p = p.mul_add(z, 6.666_666_666_666_735e-1);
    let half = 0.5 * f * f;
    let rest = s.mul_add(half + z * p, k * LN2_LOW);
    k.mul_add(LN2_HIGH, f - (half - rest))
}

#[inline(always)]
pub fn ln<const N: usize>(x: [f64; N]) -> [f64; N] {
    x.map(ln1)
}

/// tanh x = sign x · m/(m + 2), m = e²ˣ − 1 without cancellation.
#[inline(always)]
pub fn tanh1(x: f64) -> f64 {
    let y = 2.0 * x.abs().min(22.0);
    let shifted = y.mul_add(std::f64::consts::LOG2_E, ROUND);
    let k = shifted - ROUND;
    let r = k.mul_add(-LN2_LOW, k.mul_add(-LN2_HIGH, y));
    let power = f64::from_bits(((shifted.to_bits() as i64).wrapping_add(1023) << 52) as u64);
    let m = expm1_reduced(r).mul_add(power, power - 1.0);
    (m / (m + 2.0)).copysign(x)
}

#[inline(always)]
pub fn tanh<const N: usize>(x: [f64; N]) -> [f64; N] {
    x.map(tanh1)
}
