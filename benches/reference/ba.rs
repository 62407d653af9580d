//! Camera (r₁ r₂ r₃ | c₁ c₂ c₃ | f | u v | k₁ k₂), point X, weight w, feature (s, t). With θ = ‖r‖, n = r/θ, Y = X − c:
//! Z = Y cos θ + (n × Y) sin θ + n (n·Y)(1 − cos θ), and Y + r × Y at θ = 0; (a, b) = (Z₁, Z₂)/Z₃, ρ = a² + b²,
//! L = 1 + k₁ρ + k₂ρ²; the residuals are w (f L a + u − s), w (f L b + v − t), 1 − w².

/// Numbers of a camera.
pub const CAMERA: usize = 11;

pub struct Problem {
    pub cameras: Vec<[f64; CAMERA]>,
    pub points: Vec<[f64; 3]>,
    pub weights: Vec<f64>,
    pub features: Vec<[f64; 2]>,
    /// The camera and the point of each observation.
    pub seen: Vec<[usize; 2]>,
}

/// What is not zero of the derivatives of an observation: by the camera, by the point and by the weight, of the two
/// residuals in the image; and that of the third, by the weight. Rows and columns of the sparse matrix never change.
pub const VALUES: usize = 2 * (CAMERA + 3 + 1) + 1;

type V = [f64; 3];

fn dot(a: V, b: V) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: V, b: V) -> V {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// A turn by an angle: small ones, whose axis is unknown, to the first order.
struct Turn {
    /// The axis; 0 for no turn.
    n: V,
    /// The axis, or the vector itself of no turn: of the term with the sine.
    n_sin: V,
    inverse: f64,
    sin: f64,
    cos: f64,
}

impl Turn {
    fn new(r: V) -> Turn {
        let theta = dot(r, r).sqrt();
        if theta == 0.0 {
            return Turn { n: [0.0; 3], n_sin: r, inverse: 0.0, sin: 1.0, cos: 1.0 };
        }
        let (inverse, (sin, cos)) = (1.0 / theta, theta.sin_cos());
        let n = r.map(|r| r * inverse);
        Turn { n, n_sin: n, inverse, sin, cos }
    }

    fn apply(&self, y: V) -> V {
        let (w, along) = (cross(self.n_sin, y), dot(self.n, y) * (1.0 - self.cos));
        [0, 1, 2].map(|i| y[i] * self.cos + w[i] * self.sin + self.n[i] * along)
    }

    /// What p, of the turned vector, is of the vector and of r.
    fn reverse(&self, y: V, p: V) -> (V, V) {
        let Turn { n, n_sin, inverse, sin, cos } = *self;
        let c1 = 1.0 - cos;
        let (w, along) = (cross(p, n_sin), dot(p, n));
        let y_bar = [0, 1, 2].map(|i| p[i] * cos + w[i] * sin + n[i] * (along * c1));
        let y_p = cross(y, p);
        if inverse == 0.0 {
            return (y_bar, y_p);
        }
        let y_along = dot(n, y);
        let theta_bar = cos * dot(n, y_p) + sin * (y_along * along - dot(p, y));
        let q = [0, 1, 2].map(|i| sin * y_p[i] + c1 * (y_along * p[i] + along * y[i]));
        let radial = theta_bar - dot(n, q) * inverse;
        (y_bar, [0, 1, 2].map(|i| q[i] * inverse + n[i] * radial))
    }
}

/// The first numbers of a camera, three by three.
fn split(camera: &[f64; CAMERA]) -> (V, V) {
    ([camera[0], camera[1], camera[2]], [camera[3], camera[4], camera[5]])
}

pub fn residuals(p: &Problem, out: &mut [f64]) {
    for (i, out) in out.chunks_exact_mut(3).enumerate() {
        let (camera, x, w) = (&p.cameras[p.seen[i][0]], p.points[p.seen[i][1]], p.weights[i]);
        let (r, c) = split(camera);
        let [_, _, _, _, _, _, f, u, v, k1, k2] = *camera;
        let z = Turn::new(r).apply([x[0] - c[0], x[1] - c[1], x[2] - c[2]]);
        let (a, b) = (z[0] / z[2], z[1] / z[2]);
        let rho = a * a + b * b;
        let fl = f * (1.0 + rho * (k1 + rho * k2));
        out[0] = w * (fl * a + u - p.features[i][0]);
        out[1] = w * (fl * b + v - p.features[i][1]);
        out[2] = 1.0 - w * w;
    }
}

/// The values of the sparse Jacobian, observation by observation.
pub fn jacobian(p: &Problem, out: &mut [f64]) {
    for (i, out) in out.chunks_exact_mut(VALUES).enumerate() {
        let (camera, x, w) = (&p.cameras[p.seen[i][0]], p.points[p.seen[i][1]], p.weights[i]);
        let (r, c) = split(camera);
        let [_, _, _, _, _, _, f, u, v, k1, k2] = *camera;
        let (turn, y) = (Turn::new(r), [x[0] - c[0], x[1] - c[1], x[2] - c[2]]);
        let z = turn.apply(y);
        let depth = 1.0 / z[2];
        let image = [z[0] * depth, z[1] * depth];
        let rho = image[0] * image[0] + image[1] * image[1];
        let l = 1.0 + rho * (k1 + rho * k2);
        let (fl, bend) = (w * f * l, 2.0 * w * f * (k1 + 2.0 * rho * k2));
        let middle = [u, v];
        for (axis, row) in out[..VALUES - 1].chunks_exact_mut(CAMERA + 4).enumerate() {
            let this = image[axis];
            let mut d = [bend * this * image[0], bend * this * image[1]];
            d[axis] += fl;
            let p_z = [d[0] * depth, d[1] * depth, -(d[0] * image[0] + d[1] * image[1]) * depth];
            let (y_bar, r_bar) = turn.reverse(y, p_z);
            row[..3].copy_from_slice(&r_bar);
            row[3..6].copy_from_slice(&y_bar.map(|y| -y));
            row[6] = w * l * this;
            row[7..9].fill(0.0);
            row[7 + axis] = w;
            row[9] = w * f * rho * this;
            row[10] = row[9] * rho;
            row[11..14].copy_from_slice(&y_bar);
            row[14] = f * l * this + middle[axis] - p.features[i][axis];
        }
        out[VALUES - 1] = -2.0 * w;
    }
}
