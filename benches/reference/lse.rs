//! a + log Σ exp(xᵢ − a), a = max x; its gradient is exp(xᵢ − a)/Σ.

fn largest(x: &[f64]) -> f64 {
    x.iter().copied().fold(f64::NEG_INFINITY, |a, x| if x > a { x } else { a })
}

pub fn value(x: &[f64]) -> f64 {
    let a = largest(x);
    a + x.iter().map(|x| (x - a).exp()).sum::<f64>().ln()
}

pub fn gradient(x: &[f64], x_bar: &mut [f64]) -> f64 {
    let a = largest(x);
    let mut sum = 0.0;
    for (x, bar) in x.iter().zip(&mut *x_bar) {
        *bar = (x - a).exp();
        sum += *bar;
    }
    let scale = 1.0 / sum;
    x_bar.iter_mut().for_each(|bar| *bar *= scale);
    a + sum.ln()
}

/// With four registers at a time; what is left over goes one by one.
#[cfg(target_arch = "x86_64")]
mod lanes {
    use crate::lanes::{Four, Number};

    const N: usize = 16;

    #[inline(always)]
    fn largest(x: &[f64]) -> f64 {
        let (blocks, rest) = x.as_chunks::<N>();
        let mut most = [Four::of(f64::NEG_INFINITY); 4];
        for block in blocks {
            for i in 0..4 {
                most[i] = Four::load(&block[4 * i..]).larger(most[i]);
            }
        }
        let mut all = [f64::NEG_INFINITY; 4];
        most[0].larger(most[1]).larger(most[2].larger(most[3])).store(&mut all);
        rest.iter().chain(&all).copied().fold(f64::NEG_INFINITY, f64::max)
    }

    #[target_feature(enable = "avx2,fma")]
    pub fn value(x: &[f64]) -> f64 {
        let a = largest(x);
        let (blocks, rest) = x.as_chunks::<N>();
        let mut sum = [Four::of(0.0); 4];
        for block in blocks {
            for i in 0..4 {
                sum[i] = sum[i] + (Four::load(&block[4 * i..]) - Four::of(a)).exp();
            }
        }
        let mut total = ((sum[0] + sum[1]) + (sum[2] + sum[3])).sum();
        for x in rest {
            total += (x - a).exp();
        }
        a + total.ln()
    }

    #[target_feature(enable = "avx2,fma")]
    pub fn gradient(x: &[f64], x_bar: &mut [f64]) -> f64 {
        let a = largest(x);
        let (blocks, rest) = x.as_chunks::<N>();
        let (blocks_bar, rest_bar) = x_bar.as_chunks_mut::<N>();
        let mut sum = [Four::of(0.0); 4];
        for (block, bar) in blocks.iter().zip(blocks_bar) {
            for i in 0..4 {
                let e = (Four::load(&block[4 * i..]) - Four::of(a)).exp();
                e.store(&mut bar[4 * i..]);
                sum[i] = sum[i] + e;
            }
        }
        let mut total = ((sum[0] + sum[1]) + (sum[2] + sum[3])).sum();
        for (x, bar) in rest.iter().zip(rest_bar) {
            *bar = (x - a).exp();
            total += *bar;
        }
        let scale = 1.0 / total;
        x_bar.iter_mut().for_each(|bar| *bar *= scale);
        a + total.ln()
    }
}

#[cfg(target_arch = "x86_64")]
pub use lanes::{gradient as gradient_lanes, value as value_lanes};
