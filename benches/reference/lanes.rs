//! Numbers one at a time or four at a time in a register (AVX2 with FMA), behind one trait: a reference that is elementwise
//! over something independent is written once.
//!
//! Of four at a time, `exp`, `ln` and `tanh` have no branches. They are for finite arguments of ordinary size, which is
//! all that the references feed them, with worst errors of about 1 ulp, and 3 ulp of `tanh`.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// Whether this machine has the instructions.
pub fn available() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
    #[cfg(not(target_arch = "x86_64"))]
    false
}

/// One number, or several side by side.
pub trait Number:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    const WIDTH: usize;
    /// The same in all lanes.
    fn of(x: f64) -> Self;
    /// From the first numbers of a slice.
    fn load(from: &[f64]) -> Self;
    fn store(self, to: &mut [f64]);
    /// self·a + b, rounded as the machine likes.
    fn times_plus(self, a: Self, b: Self) -> Self;
    fn larger(self, other: Self) -> Self;
    /// Of each lane, the second or the third: by whether the first is smaller than the second argument.
    fn where_less(self, than: Self, yes: Self, no: Self) -> Self;
    fn exp(self) -> Self;
    fn ln(self) -> Self;
    fn tanh(self) -> Self;
    /// Of all lanes.
    fn sum(self) -> f64;

    #[inline(always)]
    fn sigmoid(self) -> Self {
        Self::of(1.0) / (Self::of(1.0) + (-self).exp())
    }
}

impl Number for f64 {
    const WIDTH: usize = 1;
    #[inline(always)]
    fn of(x: f64) -> f64 {
        x
    }
    #[inline(always)]
    fn load(from: &[f64]) -> f64 {
        from[0]
    }
    #[inline(always)]
    fn store(self, to: &mut [f64]) {
        to[0] = self;
    }
    #[inline(always)]
    fn times_plus(self, a: f64, b: f64) -> f64 {
        self * a + b
    }
    #[inline(always)]
    fn larger(self, other: f64) -> f64 {
        if self > other { self } else { other }
    }
    #[inline(always)]
    fn where_less(self, than: f64, yes: f64, no: f64) -> f64 {
        if self < than { yes } else { no }
    }
    #[inline(always)]
    fn exp(self) -> f64 {
        f64::exp(self)
    }
    #[inline(always)]
    fn ln(self) -> f64 {
        f64::ln(self)
    }
    #[inline(always)]
    fn tanh(self) -> f64 {
        f64::tanh(self)
    }
    #[inline(always)]
    fn sum(self) -> f64 {
        self
    }
}

#[cfg(target_arch = "x86_64")]
pub use four::Four;

#[cfg(target_arch = "x86_64")]
mod four {
    use super::*;
    use std::arch::x86_64::*;

    /// Four numbers. To be used inside functions marked `#[target_feature(enable = "avx2,fma")]` only, which makes all the
    /// calls of instructions below safe; they are inlined there.
    #[derive(Clone, Copy)]
    pub struct Four(__m256d);

    macro_rules! operator {
        ($trait:ident, $method:ident, $instruction:ident) => {
            impl $trait for Four {
                type Output = Four;
                #[inline(always)]
                fn $method(self, other: Four) -> Four {
                    Four(unsafe { $instruction(self.0, other.0) })
                }
            }
        };
    }

    operator!(Add, add, _mm256_add_pd);
    operator!(Sub, sub, _mm256_sub_pd);
    operator!(Mul, mul, _mm256_mul_pd);
    operator!(Div, div, _mm256_div_pd);

    impl Neg for Four {
        type Output = Four;
        #[inline(always)]
        fn neg(self) -> Four {
            Four(unsafe { _mm256_xor_pd(self.0, _mm256_set1_pd(-0.0)) })
        }
    }

    const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    /// Added and subtracted, rounds to an integer, which then stands in the low bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;

    impl Four {
        /// x = k ln 2 + r: r and 2ᵏ.
        #[inline(always)]
        fn reduce(self) -> (Four, Four) {
            let shifted = self.times_plus(Four::of(std::f64::consts::LOG2_E), Four::of(ROUND));
            let k = shifted - Four::of(ROUND);
            let r = k.times_plus(Four::of(-LN2_LOW), k.times_plus(Four::of(-LN2_HIGH), self));
            let power = unsafe {
                let exponent = _mm256_add_epi64(_mm256_castpd_si256(shifted.0), _mm256_set1_epi64x(1023));
                _mm256_castsi256_pd(_mm256_slli_epi64(exponent, 52))
            };
            (r, Four(power))
        }

        /// The polynomial with these coefficients, the highest first.
        #[inline(always)]
        fn polynomial<const N: usize>(self, coefficients: [f64; N]) -> Four {
            let mut sum = Four::of(coefficients[0]);
            let mut i = 1;
            while i < N {
                sum = sum.times_plus(self, Four::of(coefficients[i]));
                i += 1;
            }
            sum
        }

        /// eˣ − 1 for |x| ≤ ½ ln 2, by the series.
        #[inline(always)]
        fn small_exp_minus_1(self) -> Four {
            let tail = self.polynomial([
                1.0 / 6_227_020_800.0,
                1.0 / 479_001_600.0,
                1.0 / 39_916_800.0,
                1.0 / 3_628_800.0,
                1.0 / 362_880.0,
                1.0 / 40_320.0,
                1.0 / 5040.0,
                1.0 / 720.0,
                1.0 / 120.0,
                1.0 / 24.0,
                1.0 / 6.0,
                0.5,
            ]);
            (tail * self).times_plus(self, self)
        }
    }

    impl Number for Four {
        const WIDTH: usize = 4;
        #[inline(always)]
        fn of(x: f64) -> Four {
            Four(unsafe { _mm256_set1_pd(x) })
        }
        #[inline(always)]
        fn load(from: &[f64]) -> Four {
            Four(unsafe { _mm256_loadu_pd(from[..4].as_ptr()) })
        }
        #[inline(always)]
        fn store(self, to: &mut [f64]) {
            unsafe { _mm256_storeu_pd(to[..4].as_mut_ptr(), self.0) }
        }
        #[inline(always)]
        fn times_plus(self, a: Four, b: Four) -> Four {
            Four(unsafe { _mm256_fmadd_pd(self.0, a.0, b.0) })
        }
        #[inline(always)]
        fn larger(self, other: Four) -> Four {
            Four(unsafe { _mm256_max_pd(self.0, other.0) })
        }
        #[inline(always)]
        fn where_less(self, than: Four, yes: Four, no: Four) -> Four {
            Four(unsafe { _mm256_blendv_pd(no.0, yes.0, _mm256_cmp_pd::<_CMP_LT_OQ>(self.0, than.0)) })
        }
        #[inline(always)]
        fn exp(self) -> Four {
            let bounded = self.larger(Four::of(-708.0));
            let (r, power) = bounded.reduce();
            r.small_exp_minus_1().times_plus(power, power)
        }
        /// x = 2ᵏ m with m from √½ to √2; ln m = 2 artanh s, s = (m − 1)/(m + 1).
        #[inline(always)]
        fn ln(self) -> Four {
            let (m, k) = unsafe {
                let bits = _mm256_castpd_si256(self.0);
                let offset = _mm256_sub_epi64(bits, _mm256_set1_epi64x(0x3fe6_a09e_667f_3bcd));
                let exponent = _mm256_and_si256(offset, _mm256_set1_epi64x(0x7ff << 52 | i64::MIN));
                // k + 1024 in the low bits of a number; AVX2 shifts without a sign only.
                let biased = _mm256_srli_epi64(_mm256_add_epi64(offset, _mm256_set1_epi64x(1024 << 52)), 52);
                let k = _mm256_add_epi64(biased, _mm256_set1_epi64x(ROUND.to_bits() as i64));
                (Four(_mm256_castsi256_pd(_mm256_sub_epi64(bits, exponent))), Four(_mm256_castsi256_pd(k)))
            };
            let k = k - Four::of(ROUND + 1024.0);
            let f = m - Four::of(1.0);
            let s = f / (Four::of(2.0) + f);
            let z = s * s;
            let p = z.polynomial([
                1.479_819_860_511_658_6e-1,
                1.531_383_769_920_937_3e-1,
                1.818_357_216_161_805e-1,
                2.222_219_843_214_978_4e-1,
                2.857_142_874_366_239e-1,
                3.999_999_999_940_942e-1,
                6.666_666_666_666_735e-1,
            ]);
            let half = Four::of(0.5) * f * f;
            let rest = s.times_plus(z.times_plus(p, half), k * Four::of(LN2_LOW));
            k.times_plus(Four::of(LN2_HIGH), f - (half - rest))
        }
        /// m/(m + 2) with m = e²ˣ − 1, and the sign of x.
        #[inline(always)]
        fn tanh(self) -> Four {
            let sign = unsafe { _mm256_and_pd(self.0, _mm256_set1_pd(-0.0)) };
            let size = unsafe { _mm256_andnot_pd(_mm256_set1_pd(-0.0), self.0) };
            let twice = Four::of(2.0) * Four(unsafe { _mm256_min_pd(size, _mm256_set1_pd(22.0)) });
            let (r, power) = twice.reduce();
            let m = r.small_exp_minus_1().times_plus(power, power - Four::of(1.0));
            Four(unsafe { _mm256_or_pd((m / (m + Four::of(2.0))).0, sign) })
        }
        #[inline(always)]
        fn sum(self) -> f64 {
            let mut all = [0.0; 4];
            self.store(&mut all);
            (all[0] + all[2]) + (all[1] + all[3])
        }
    }
}
