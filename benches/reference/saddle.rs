//! min over x of max over y of ‖x‖² − ‖y‖², both by gradient descent. The descent in y does not depend on x, so
//! the derivative of the maximum is 2x, by hand.

use descent::minimum;

#[path = "descent.rs"]
mod descent;

fn hill(x: [f64; 2], y: [f64; 2]) -> f64 {
    x[0] * x[0] + x[1] * x[1] - (y[0] * y[0] + y[1] * y[1])
}

fn highest(x: [f64; 2], start: [f64; 2]) -> [f64; 2] {
    minimum(start, |y| -hill(x, y), |y| (-hill(x, y), y.map(|y| 2.0 * y)))
}

pub fn value(start: [f64; 2]) -> [f64; 4] {
    let top = |x| hill(x, highest(x, start));
    let x = minimum(start, top, |x| (top(x), x.map(|x| 2.0 * x)));
    let y = highest(x, start);
    [x[0], x[1], y[0], y[1]]
}
