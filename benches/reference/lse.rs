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
