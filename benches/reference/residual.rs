//! The squared error of one observation: see `ba.rs` for the camera, here with a point seen at (300, 280) by a camera
//! with its middle at (320, 240). Reverse by hand, by rotation, centre, focal length, distortion and point.

/// The gradient: r₁ r₂ r₃, c₁ c₂ c₃, f, k₁ k₂, X₁ X₂ X₃.
pub type Gradient = [f64; 12];

type V = [f64; 3];

fn dot(a: V, b: V) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: V, b: V) -> V {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

pub struct Observation {
    pub r: V,
    pub c: V,
    pub f: f64,
    pub k: [f64; 2],
    pub x: V,
}

const MIDDLE: [f64; 2] = [320.0, 240.0];
const SEEN: [f64; 2] = [300.0, 280.0];

/// Y turned about the axis n by the angle of this sine and cosine.
fn turn(n: V, y: V, sin: f64, cos: f64) -> V {
    let (w, along) = (cross(n, y), dot(n, y) * (1.0 - cos));
    [0, 1, 2].map(|i| y[i] * cos + w[i] * sin + n[i] * along)
}

pub fn value(o: &Observation) -> f64 {
    let y = [0, 1, 2].map(|i| o.x[i] - o.c[i]);
    let theta = dot(o.r, o.r).sqrt();
    let z = if theta == 0.0 {
        let w = cross(o.r, y);
        [0, 1, 2].map(|i| y[i] + w[i])
    } else {
        let (sin, cos) = theta.sin_cos();
        turn(o.r.map(|r| r / theta), y, sin, cos)
    };
    let (a, b) = (z[0] / z[2], z[1] / z[2]);
    let rho = a * a + b * b;
    let fl = o.f * (1.0 + rho * (o.k[0] + rho * o.k[1]));
    let (e0, e1) = (fl * a + MIDDLE[0] - SEEN[0], fl * b + MIDDLE[1] - SEEN[1]);
    e0 * e0 + e1 * e1
}

pub fn gradient(o: &Observation, g: &mut Gradient) -> f64 {
    let y = [0, 1, 2].map(|i| o.x[i] - o.c[i]);
    let theta = dot(o.r, o.r).sqrt();
    let turned = theta != 0.0;
    let inverse = if turned { 1.0 / theta } else { 0.0 };
    let n = o.r.map(|r| r * inverse);
    let (sin, cos) = theta.sin_cos();
    let (w, along) = (cross(if turned { n } else { o.r }, y), dot(n, y));
    let (s, c1) = (if turned { sin } else { 1.0 }, 1.0 - cos);
    let z = [0, 1, 2].map(|i| y[i] * cos + w[i] * s + n[i] * (along * c1));

    let depth = 1.0 / z[2];
    let (a, b) = (z[0] * depth, z[1] * depth);
    let rho = a * a + b * b;
    let l = 1.0 + rho * (o.k[0] + rho * o.k[1]);
    let fl = o.f * l;
    let (e0, e1) = (fl * a + MIDDLE[0] - SEEN[0], fl * b + MIDDLE[1] - SEEN[1]);

    let (d0, d1) = (2.0 * e0, 2.0 * e1);
    let fl_bar = d0 * a + d1 * b;
    let l_bar = fl_bar * o.f;
    let rho_bar = l_bar * (o.k[0] + 2.0 * rho * o.k[1]);
    let a_bar = (d0 * fl + 2.0 * rho_bar * a) * depth;
    let b_bar = (d1 * fl + 2.0 * rho_bar * b) * depth;
    let p = [a_bar, b_bar, -(a_bar * a + b_bar * b)];

    // The turn the other way takes p to y's place; q is what reaches the axis.
    let (p_w, p_along) = (cross(p, if turned { n } else { o.r }), dot(p, n));
    let y_bar = [0, 1, 2].map(|i| p[i] * cos + p_w[i] * s + n[i] * (p_along * c1));
    let (y_p, r_bar) = (cross(y, p), &mut g[..3]);
    if turned {
        let theta_bar = -sin * dot(p, y) + cos * dot(p, w) + sin * along * p_along;
        let q = [0, 1, 2].map(|i| sin * y_p[i] + c1 * (along * p[i] + p_along * y[i]));
        let radial = theta_bar - dot(n, q) * inverse;
        (0..3).for_each(|i| r_bar[i] = q[i] * inverse + n[i] * radial);
    } else {
        r_bar.copy_from_slice(&y_p);
    }
    g[3..6].copy_from_slice(&y_bar.map(|y| -y));
    g[6..9].copy_from_slice(&[fl_bar * l, l_bar * rho, l_bar * rho * rho]);
    g[9..].copy_from_slice(&y_bar);
    e0 * e0 + e1 * e1
}
