//! The w that brings a particle to the origin: charges at (10, 10 − w) and (10, 0), potential Σ 1/distance, from (0, 8) with
//! the speed (0.75, 0), Euler steps of 0.1 until it would be under the ground, then straight to it; minimise the square
//! of where it lands. The tangent by w goes along with the flight, by hand.

use descent::minimum;

#[path = "descent.rs"]
mod descent;

type V = [f64; 2];

/// The force of a charge: u/|u|³ at u from it, and its tangent.
fn force(u: V, u_dot: V) -> (V, V) {
    let square = u[0] * u[0] + u[1] * u[1];
    let cube = 1.0 / (square * square.sqrt());
    let along = 3.0 * (u[0] * u_dot[0] + u[1] * u_dot[1]) / square;
    (u.map(|u| u * cube), [0, 1].map(|i| (u_dot[i] - u[i] * along) * cube))
}

/// Where it lands, and the derivative of that by w.
fn landing(w: f64) -> (f64, f64) {
    let (mut x, mut v, mut x_dot, mut v_dot) = ([0.0, 8.0], [0.75, 0.0], [0.0; 2], [0.0; 2]);
    while x[1] + 0.1 * v[1] > 0.0 {
        let (f1, f1_dot) = force([x[0] - 10.0, x[1] - (10.0 - w)], [x_dot[0], x_dot[1] + 1.0]);
        let (f2, f2_dot) = force([x[0] - 10.0, x[1]], x_dot);
        for i in 0..2 {
            (x[i], x_dot[i]) = (x[i] + 0.1 * v[i], x_dot[i] + 0.1 * v_dot[i]);
            v[i] += 0.1 * (f1[i] + f2[i]);
            v_dot[i] += 0.1 * (f1_dot[i] + f2_dot[i]);
        }
    }
    let slope = v[0] / v[1];
    let slope_dot = (v_dot[0] - slope * v_dot[1]) / v[1];
    (x[0] - x[1] * slope, x_dot[0] - x_dot[1] * slope - x[1] * slope_dot)
}

pub fn value(start: f64) -> f64 {
    let miss = |[w]: [f64; 1]| landing(w).0.powi(2);
    let gradient = |[w]: [f64; 1]| {
        let (at, at_dot) = landing(w);
        (at * at, [2.0 * at * at_dot])
    };
    minimum([start], miss, gradient)[0]
}
