//! x², 2x.

pub fn value(x: f64) -> f64 {
    x * x
}

pub fn gradient(x: f64) -> (f64, f64) {
    (x * x, 2.0 * x)
}
