//! Gradient descent with a step that learns its length, for `saddle` and `particle`: η = 1e-5 at first; x − ηg is taken if it
//! lowers f, and after ten such steps in a row η doubles; else η halves. The end is where |g| or the step is at most 1e-5.

/// The minimum of a function that gives its value, and its value with its gradient.
pub fn minimum<const N: usize>(
    start: [f64; N],
    mut value: impl FnMut([f64; N]) -> f64,
    mut gradient: impl FnMut([f64; N]) -> (f64, [f64; N]),
) -> [f64; N] {
    let (mut x, mut eta, mut good) = (start, 1e-5, 0);
    let (mut f, mut g) = gradient(x);
    loop {
        let y: [f64; N] = std::array::from_fn(|i| x[i] - eta * g[i]);
        let step: [f64; N] = std::array::from_fn(|i| y[i] - x[i]);
        if norm(g) <= 1e-5 {
            return x;
        }
        if good == 10 {
            (eta, good) = (2.0 * eta, 0);
        } else if norm(step) <= 1e-5 {
            return x;
        } else if value(y) < f {
            (x, good) = (y, good + 1);
            (f, g) = gradient(x);
        } else {
            (eta, good) = (eta / 2.0, 0);
        }
    }
}

fn norm<const N: usize>(v: [f64; N]) -> f64 {
    v.iter().map(|x| x * x).sum::<f64>().sqrt()
}
