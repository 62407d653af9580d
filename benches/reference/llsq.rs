//! ½ Σᵢ (sᵢ − Σⱼ xⱼ tᵢ^(j−1))², tᵢ = −1 + 2(i−1)/(m−1), sᵢ = sign tᵢ; the powers by multiplication.

fn data(i: usize, m: usize) -> (f64, f64) {
    let t = -1.0 + (2 * i) as f64 / (m - 1) as f64;
    (t, if t == 0.0 { 0.0 } else { t.signum() })
}

pub fn value(x: &[f64], m: usize) -> f64 {
    let squares = (0..m).map(|i| {
        let (t, s) = data(i, m);
        let rest = s - x.iter().rev().fold(0.0, |sum, x| sum * t + x);
        rest * rest
    });
    0.5 * squares.sum::<f64>()
}

pub fn gradient(x: &[f64], m: usize, x_bar: &mut [f64]) -> f64 {
    x_bar.fill(0.0);
    let mut total = 0.0;
    for i in 0..m {
        let (t, s) = data(i, m);
        let rest = s - x.iter().rev().fold(0.0, |sum, x| sum * t + x);
        total += rest * rest;
        let mut d = -rest;
        for bar in &mut *x_bar {
            *bar += d;
            d *= t;
        }
    }
    0.5 * total
}
