"""The twelve programs of the public scoreboard of automatic differentiation at small sizes, and a thirteenth, in
`scoreboard/`; the programs themselves are in `examples/scoreboard/`. The two with derivatives inside have them by hand here.
"""
from mpmath import mp, mpf
from program import Case, write

exp, log, sqrt, sin, cos, tanh, pi = mp.exp, mp.log, mp.sqrt, mp.sin, mp.cos, mp.tanh, mp.pi


def decimals(count, seed, low=-1.0, high=1.0):
    """Reproducible numbers with three decimals."""
    numbers, state = [], seed
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        numbers.append(round(low + (high - low) * state / 2**31, 3))
    return numbers


def matrix(rows, columns, seed, low=-1.0, high=1.0):
    numbers = decimals(rows * columns, seed, low, high)
    return [numbers[i * columns:(i + 1) * columns] for i in range(rows)]


def dot(a, b):
    return sum((x * y for x, y in zip(a, b)), mpf(0))


def lse(x):
    return log(sum(exp(t) for t in x))


def hello():
    write("scoreboard", "hello", """
## The smallest program there is.
square(x) = x^2
""", {"square": Case(lambda x: x * x, [{"x": 3}, {"x": -0.5}, {"x": 0}])})


def logsumexp():
    write("scoreboard", "lse", """
## The logarithm of a sum of exponentials, with the largest taken out so that nothing overflows.
lse(x: R[n]) = a + log(sum(exp(x[i] - a) for i in 1..n)) where a = max(x)
""", {"lse": Case(lse, [{"x": decimals(7, 1, -3, 3)}, {"x": [1000, 999.5, 998, -1000]}, {"x": [0.25]}])})


def llsq():
    def f(x, m):
        total = mpf(0)
        for i in range(m):
            t = mpf(-(m - 1) + 2 * i) / (m - 1)
            value = mpf(0)
            for c in reversed(x):
                value = value * t + c
            total += (mp.sign(t) - value) ** 2
        return total / 2

    write("scoreboard", "llsq", """
## A polynomial with the coefficients x, fitted to the sign function at m points.
llsq(x: R[n], m: Int) =
  1/2*sum((sign(t) - sum(x[j]*t^(j - 1) for j in 1..n))^2 where t = -1 + 2(i - 1)/(m - 1) for i in 1..m)
""", {"llsq": Case(f, [{"x": decimals(5, 2), "m": 8}, {"x": decimals(4, 3), "m": 9}], ["x"])})


def det():
    def f(A):
        """By elimination with pivots."""
        A, value = [row[:] for row in A], mpf(1)
        for k in range(len(A)):
            p = max(range(k, len(A)), key=lambda i: abs(A[i][k]))
            if p != k:
                A[k], A[p], value = A[p], A[k], -value
            value *= A[k][k]
            for i in range(k + 1, len(A)):
                q = A[i][k] / A[k][k]
                A[i] = [a - q * b for a, b in zip(A[i], A[k])]
        return value

    write("scoreboard", "det", """
## A without its first row and its column j.
minor(A: R[n, n], j: Int) = [A[i + 1, if k < j then k else k + 1] for i in 1..n-1, k in 1..n-1]

## The determinant by expansion along the first row, at a cost of n!.
determinant(A: R[n, n]) =
  if n == 1 then A[1, 1] else sum((-1)^(j + 1)*A[1, j]*determinant(minor(A, j)) for j in 1..n)
""", {"determinant": Case(f, [{"A": matrix(n, n, n)} for n in (1, 2, 3, 4)])})


def kmeans():
    def cost(C, P):
        return sum(min(sum((a - b) ** 2 for a, b in zip(p, c)) for c in C) for p in P)

    def newton(C, P):
        """The points' mean is where the derivative, 2·(count·C − Σ P), is 0; the second derivative is 2·count."""
        rows = []
        for k in range(len(C)):
            mine = []
            for p in P:
                r2 = [sum((a - b) ** 2 for a, b in zip(p, c)) for c in C]
                if r2.index(min(r2)) == k:
                    mine.append(p)
            rows.append([C[k][j] - sum(p[j] for p in mine) / len(mine) for j in range(len(C[k]))])
        return rows

    at = {"C": [[0.5, 0.25], [-0.5, -0.5], [0.25, -0.75]], "P": matrix(12, 2, 4)}
    write("scoreboard", "kmeans", """
## The squared distance of every point to the nearest of the centres.
kmeans(C: R[k, d], P: R[n, d]) = sum(min(sum((P[i, a] - C[j, a])^2 for a in 1..d) for j in 1..k) for i in 1..n)

## The Hessian is diagonal, so that its product with ones is all of it.
curvature(C: R[k, d], P: R[n, d]) = grad(sum(grad(kmeans(C, P), C)), C)

## The step of Newton's method.
newton(C: R[k, d], P: R[n, d]) = grad(kmeans(C, P), C)./curvature(C, P)
""", {"kmeans": Case(cost, [at], ["C"]), "newton": Case(newton, [at], [])})


def gmm():
    def posterior(alpha, mu, q, l, x, gamma, m):
        K, d, n = len(mu), len(mu[0]), len(x)
        likelihood = -n * (mpf(d) / 2 * log(2 * pi) + lse(alpha))
        for p in x:
            terms = []
            for k in range(K):
                z = [a - b for a, b in zip(p, mu[k])]
                lower = iter(l[k])
                y = [exp(q[k][i]) * z[i] for i in range(d)]
                for j in range(d):
                    for i in range(j + 1, d):
                        y[i] += next(lower) * z[j]
                terms.append(alpha[k] + sum(q[k]) - dot(y, y) / 2)
            likelihood += lse(terms)
        v = d + m + 1
        gamma_d = mpf(d * (d - 1)) / 4 * log(pi) + sum(mp.loggamma(mpf(v - j) / 2) for j in range(d))
        prior = -K * (v * d * (log(gamma) - log(mpf(2)) / 2) - gamma_d)
        for k in range(K):
            frobenius = sum(exp(2 * t) for t in q[k]) + dot(l[k], l[k])
            prior += -gamma**2 / 2 * frobenius + m * sum(q[k])
        return likelihood + prior

    at = {"alpha": decimals(2, 5), "mu": matrix(2, 3, 6), "q": matrix(2, 3, 7), "l": matrix(2, 3, 8),
          "x": matrix(4, 3, 9, -2, 2), "gamma": 0.75, "m": 1}
    write("scoreboard", "gmm", """
## Qz, where Q is lower triangular: exp(q) on the diagonal, l below it, column by column.
triangular(q: R[d], l: R[t], z: R[d]) =
  [exp(q[i])*z[i] + sum(l[floor((j - 1)*(2d - j)/2) + i - j]*z[j] for j in 1..i-1) for i in 1..d]

lse(v: R[n]) = a + log(sum(exp(v[i] - a) for i)) where a = max(v)

## The logarithm of the multivariate gamma function.
loggamma_d(a, d: Int) = d*(d - 1)/4*log(π) + sum(loggamma(a + (1 - j)/2) for j in 1..d)

## What is believed of the covariances before a point is seen (Wishart).
prior(q: R[K, d], l: R[K, t], γ, m: Int) =
  sum(-γ^2/2*(sum(exp(2q[k, i]) for i in 1..d) + sum(l[k, i]^2 for i in 1..t)) + m*sum(q[k, i] for i in 1..d)
    for k in 1..K)
  - K*(v*d*(log(γ) - log(2)/2) - loggamma_d(v/2, d))
  where v = d + m + 1

## The log posterior of a mixture of Gaussians.
gmm(alpha: R[K], mu: R[K, d], q: R[K, d], l: R[K, t], x: R[n, d], gamma, m: Int) =
  -n*(d/2*log(2π) + lse(alpha))
  + sum(lse([alpha[k] + sum(q[k, :]) - 1/2*dot(y, y) where y = triangular(q[k, :], l[k, :], x[i, :] - mu[k, :])
      for k in 1..K]) for i in 1..n)
  + prior(q, l, gamma, m)
""", {"gmm": Case(posterior, [at], ["alpha", "mu", "q", "l"])})


def project(cam, X):
    """The camera of the bundle adjustment; the rotation through the angle, in long hand."""
    r, c, f, (u, v), (k1, k2) = cam[0:3], cam[3:6], cam[6], cam[7:9], cam[9:11]
    Y = [a - b for a, b in zip(X, c)]
    angle = sqrt(dot(r, r))
    if angle == 0:
        Z = [Y[0] + r[1] * Y[2] - r[2] * Y[1], Y[1] + r[2] * Y[0] - r[0] * Y[2], Y[2] + r[0] * Y[1] - r[1] * Y[0]]
    else:
        # The matrix of the unit quaternion.
        w = cos(angle / 2)
        x, y, z = (t / angle * sin(angle / 2) for t in r)
        R = [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
        Z = [dot(row, Y) for row in R]
    a, b = Z[0] / Z[2], Z[1] / Z[2]
    rho = a * a + b * b
    L = 1 + k1 * rho + k2 * rho**2
    return f * L * a + u, f * L * b + v


CAMERA = """
## Where the camera sees the point X: rotation r, centre c, focal length f, middle (u, v), distortion k.
## cam = [r1, r2, r3, c1, c2, c3, f, u, v, k1, k2]
project(cam: R[11], X: R[3]) =
  let r = cam[1..3], Y = X - cam[4..6], θ = sqrt(dot(r, r)),
      Z = (if θ == 0 then Y + r×Y
           else let n = r/θ in Y*cos(θ) + (n×Y)*sin(θ) + n*(dot(n, Y)*(1 - cos(θ)))),
      a = Z[1]/Z[3], b = Z[2]/Z[3], ρ = a^2 + b^2, L = 1 + cam[10]*ρ + cam[11]*ρ^2
  in [cam[7]*L*a + cam[8], cam[7]*L*b + cam[9]]
"""
CAMERAS = [[0.1, -0.2, 0.3, 0.5, -0.25, -4, 700, 320, 240, -0.1, 0.02], [-0.3, 0.15, 0.05, -0.5, 0.5, -5, 650, 310, 250, 0.05, -0.01]]


def ba():
    def residuals(cams, X, w, seen, feat):
        rows = []
        for (c, p), t, (s, e) in zip(seen, w, feat):
            a, b = project(cams[int(c) - 1], X[int(p) - 1])
            rows.append([t * (a - s), t * (b - e), 1 - t * t])
        return rows

    at = {"cams": CAMERAS, "X": [[0.5, 0.4, 1], [-0.25, 0.75, 0.5], [1, -0.5, 0.25]], "w": [0.9, 1.1, 0.75, 1],
          "seen": [[1, 1], [2, 1], [1, 2], [2, 3]], "feat": [[300, 280], [350, 240], [250, 390], [480, 200]]}
    write("scoreboard", "ba", CAMERA + """
## How far off one observation is: the point X by this camera, seen at feat, with the weight w.
observation(cam: R[11], X: R[3], w, feat: R[2]) = [w*(z[1] - feat[1]), w*(z[2] - feat[2]), 1 - w^2]
  where z = project(cam, X)

## Bundle adjustment: observation i is of the point seen[i, 2] by the camera seen[i, 1], and its weight is w[i].
residuals(cams: R[k, 11], X: R[q, 3], w: R[p], seen: R[p, 2], feat: R[p, 2]) =
  [observation(cams[round(seen[i, 1]), :], X[round(seen[i, 2]), :], w[i], feat[i, :])[a] for i in 1..p, a in 1..3]
""", {"residuals": Case(residuals, [at], ["cams", "X", "w"])})


def residual():
    def squared(r, c, f, k, X):
        a, b = project([*r, *c, f, 320, 240, *k], X)
        return (a - 300) ** 2 + (b - 280) ** 2

    def direction(r, X):
        return squared(r, [mpf(1) / 2, mpf(-1) / 4, mpf(-4)], mpf(700), [mpf(-1) / 10, mpf(1) / 50], X)

    camera = {"c": [0.5, -0.25, -4], "f": 700, "k": [-0.1, 0.02]}
    turned, unturned = {"r": [0.1, -0.2, 0.3], "X": [0.5, 0.4, 1]}, {"r": [0, 0, 0], "X": [0.5, 0.4, 1]}
    # Where the rotation is 0 the formula of the first order has the right first derivative, but not the second.
    write("scoreboard", "residual", CAMERA + """
## The squared distance in the image between the point X and where it was seen, by a camera at c.
squared(r: R[3], c: R[3], f, k: R[2], X: R[3]) = (z[1] - 300)^2 + (z[2] - 280)^2
  where z = project([r[1], r[2], r[3], c[1], c[2], c[3], f, 320, 240, k[1], k[2]], X)

## The same where only the direction of the camera is sought.
residual(r: R[3], X: R[3]) = squared(r, [0.5, -0.25, -4], 700, [-0.1, 0.02], X)
""", {"squared": Case(squared, [{**turned, **camera}]),
      "residual": Case(direction, [turned, unturned], second=[True, False])})


def lstm():
    sigmoid = lambda z: 1 / (1 + exp(-z))

    def loss(W, B, E, h0, c0, x):
        layers, b = len(W), len(x[0])
        h, c = [row[:] for row in h0], [row[:] for row in c0]
        total = mpf(0)
        for t in range(len(x) - 1):
            z = [x[t][j] * E[0][j] for j in range(b)]
            for k in range(layers):
                for j in range(b):
                    forget = sigmoid(z[j] * W[k][0][j] + B[k][0][j])
                    into = sigmoid(h[k][j] * W[k][1][j] + B[k][1][j])
                    out = sigmoid(z[j] * W[k][2][j] + B[k][2][j])
                    change = tanh(h[k][j] * W[k][3][j] + B[k][3][j])
                    c[k][j] = c[k][j] * forget + into * change
                    h[k][j] = out * tanh(c[k][j])
                z = h[k]
            y = [h[-1][j] * E[1][j] + E[2][j] for j in range(b)]
            norm = log(2 + sum(exp(v) for v in y))
            total += sum(x[t + 1][j] * (y[j] - norm) for j in range(b))
        return -total / ((len(x) - 1) * b)

    blocks = lambda seed: [matrix(4, 2, seed), matrix(4, 2, seed + 1)]
    at = {"W": blocks(10), "B": blocks(20), "E": matrix(3, 2, 30), "h0": matrix(2, 2, 40), "c0": matrix(2, 2, 50),
          "x": [[0, 1], [1, 1], [1, 0], [0, 1], [1, 0]]}
    write("scoreboard", "lstm", """
## One layer, every unit for itself: what it forgets, takes in, gives out, and by how much it changes.
unit(W: R[4, b], B: R[4, b], z: R[b], h: R[b], c: R[b]) =
  let forget = σ.(z.*W[1, :] + B[1, :]),
      into   = σ.(h.*W[2, :] + B[2, :]),
      out    = σ.(z.*W[3, :] + B[3, :]),
      change = tanh.(h.*W[4, :] + B[4, :]),
      next   = c.*forget + into.*change
  in (out.*tanh.(next), next)

## A matrix with its row k replaced.
put(A: R[m, n], k: Int, row: R[n]) = [if i == k then row[j] else A[i, j] for i in 1..m, j in 1..n]

## All layers, one after the other; each takes what the one before gives out.
layers(W: R[l, 4, b], B: R[l, 4, b], z: R[b], h: R[l, b], c: R[l, b]) =
  fold((z1, h1, c1) = (z, h, c) for k in 1..l:
    let (hk, ck) = unit(W[k, :, :], B[k, :, :], z1, h1[k, :], c1[k, :]) in (hk, put(h1, k, hk), put(c1, k, ck)))

## How surprised the network is by the next character of the sequence x, on average.
loss(W: R[l, 4, b], B: R[l, 4, b], E: R[3, b], h0: R[l, b], c0: R[l, b], x: R[n, b]) =
  let (total, h, c) = fold((s, h1, c1) = (0, h0, c0) for t in 1..n-1:
        let (z, h2, c2) = layers(W, B, x[t, :].*E[1, :], h1, c1),
            y = z.*E[2, :] + E[3, :],
            norm = log(2 + sum(exp.(y)))
        in (s + sum(x[t + 1, j]*(y[j] - norm) for j in 1..b), h2, c2))
  in -total/((n - 1)*b)
""", {"loss": Case(loss, [at], ["W", "B", "E"], second=False)})


def ode():
    def last(x, s):
        n, h = len(x), mpf(2) / s

        def rates(y):
            return [x[0]] + [x[i] * y[i - 1] for i in range(1, n)]

        y = [mpf(0)] * n
        for _ in range(s):
            a = rates(y)
            b = rates([u + h / 2 * v for u, v in zip(y, a)])
            c = rates([u + h / 2 * v for u, v in zip(y, b)])
            d = rates([u + h * v for u, v in zip(y, c)])
            y = [u + h / 6 * (p + 2 * q + 2 * r + t) for u, p, q, r, t in zip(y, a, b, c, d)]
        return y[-1]

    write("scoreboard", "ode", """
rates(x: R[n], y: R[n]) = [if i == 1 then x[1] else x[i]*y[i - 1] for i in 1..n]

## One step of the classic Runge–Kutta method.
step(x: R[n], y: R[n], h) = y + h/6*(a + 2b + 2c + d)
  where a = rates(x, y), b = rates(x, y + h/2*a), c = rates(x, y + h/2*b), d = rates(x, y + h*c)

## The last component of y(2), from y(0) = 0 in s equal steps.
last(x: R[n], s: Int) = fold(y = zeros(n) for k in 1..s: step(x, y, 2/s))[n]
""", {"last": Case(last, [{"x": decimals(4, 11, 0.5, 2), "s": 10}, {"x": decimals(3, 12), "s": 1}], ["x"])})


def ht():
    """A finger of three bones with a thumb, five vertices."""
    parents = [0, 1, 2, 1]
    shifts = [[0.0, 0.0, 0.0], [1.0, 0.25, 0.0], [0.75, 0.0, 0.0], [0.25, 0.75, 0.5]]
    weights = [[1.0, 0.5, 0.0, 0.0, 0.25], [0.0, 0.5, 0.75, 0.0, 0.0], [0.0, 0.0, 0.25, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.75]]
    vertices = [[0.1, 0.2, 0.0], [0.9, 0.1, 0.1], [1.5, 0.3, -0.1], [2.2, 0.2, 0.1], [0.3, 0.9, 0.6]]
    triangles = [[1, 2, 5], [2, 3, 4], [1, 3, 5]]

    def times(A, B):
        return [[sum(A[i][k] * B[k][j] for k in range(len(B))) for j in range(len(B[0]))] for i in range(len(A))]

    def euler(a):
        x, y, z = a
        Rx = [[1, 0, 0], [0, cos(x), -sin(x)], [0, sin(x), cos(x)]]
        Ry = [[cos(y), 0, sin(y)], [0, 1, 0], [-sin(y), 0, cos(y)]]
        Rz = [[cos(z), -sin(z), 0], [sin(z), cos(z), 0], [0, 0, 1]]
        return times(Rz, times(Ry, Rx))

    def turn(r, X):
        """Rodrigues by its power series."""
        total, term = list(X), list(X)
        for k in range(1, 80):
            a, b = r, term
            term = [(a[1] * b[2] - a[2] * b[1]) / k, (a[2] * b[0] - a[0] * b[2]) / k, (a[0] * b[1] - a[1] * b[0]) / k]
            total = [p + q for p, q in zip(total, term)]
        return total

    def positions(pose, glob):
        """Each bone as (R, t): it turns about its joint."""
        frames, rest = [], []
        for k, parent in enumerate(parents):
            R, t = euler(pose[k]), [mpf(v) for v in shifts[k]]
            home = t
            if parent:
                P, s = frames[parent - 1]
                R, t = times(P, R), [a + b for a, b in zip(s, [dot(row, t) for row in P])]
                home = [a + b for a, b in zip(rest[parent - 1], home)]
            frames.append((R, t))
            rest.append(home)
        out = []
        for v, p in enumerate(vertices):
            q = [mpf(0)] * 3
            for k, (R, t) in enumerate(frames):
                local = [a - b for a, b in zip(p, rest[k])]
                q = [a + weights[k][v] * (dot(row, local) + s) for a, row, s in zip(q, R, t)]
            scaled = [a * b for a, b in zip(q, glob[1])]
            out.append([a + b for a, b in zip(turn(glob[0], scaled), glob[2])])
        return out

    def simple(pose, glob, points):
        return [[a - b for a, b in zip(p, q)] for p, q in zip(points, positions(pose, glob))]

    def surface(pose, glob, u, points):
        q, rows = positions(pose, glob), []
        for i, p in enumerate(points):
            A, B, C = (q[k - 1] for k in triangles[i])
            s, t = u[i]
            rows.append([e - s * a - t * b - (1 - s - t) * c for e, a, b, c in zip(p, A, B, C)])
        return rows

    at = {"pose": matrix(4, 3, 60, -0.5, 0.5), "glob": [[0.2, -0.1, 0.3], [1.1, 1, 0.9], [0.05, 0.1, -0.15]]}
    first = {**at, "points": matrix(5, 3, 61)}
    second = {**at, "u": [[0.25, 0.5], [0.1, 0.2], [0.6, 0.3]], "points": matrix(3, 3, 62)}
    write("scoreboard", "ht", f"""
# The model of a hand, cut down to four bones and five vertices.
parent    = {parents}
shift     = {shifts}
weight    = {weights}
vertex    = {vertices}
triangles = {triangles}

## Rotations about the three axes, one after the other.
euler(a: R[3]) = Rz*Ry*Rx where
  Rx = [[1, 0, 0], [0, cos(a[1]), -sin(a[1])], [0, sin(a[1]), cos(a[1])]],
  Ry = [[cos(a[2]), 0, sin(a[2])], [0, 1, 0], [-sin(a[2]), 0, cos(a[2])]],
  Rz = [[cos(a[3]), -sin(a[3]), 0], [sin(a[3]), cos(a[3]), 0], [0, 0, 1]]

## A rotation and a shift as one 4×4 matrix.
rigid(A: R[3, 3], t: R[3]) =
  [{{ A[i, j] if i <= 3 and j <= 3; t[i] if i <= 3; 1 if j == 4; 0 otherwise }} for i in 1..4, j in 1..4]

## The matrix of every bone: its own motion, then those of its parents.
skeleton(pose: R[k, 3]) = fold(T = zeros(k, 4, 4) for b in 1..k:
  let own = rigid(euler(pose[b, :]), shift[b, :]),
      here = (if parent[b] == 0 then own else T[round(parent[b]), :, :]*own)
  in [if m == b then here[i, j] else T[m, i, j] for m in 1..k, i in 1..4, j in 1..4])

rotate(r: R[3], X: R[3]) = let θ = sqrt(dot(r, r)) in
  if θ == 0 then X + r×X else let n = r/θ in X*cos(θ) + (n×X)*sin(θ) + n*(dot(n, X)*(1 - cos(θ)))

## Skinning: every vertex goes with its bones by its weights; then the whole hand is scaled, turned, shifted.
## glob holds the rotation, the scale and the shift.
positions(pose: R[k, 3], glob: R[3, 3]) =
  let now = skeleton(pose), rest = skeleton(zeros(k, 3)),
      skinned = [sum(weight[b, v]*(sum(now[b, i, j]*(vertex[v, j] - rest[b, j, 4]) for j in 1..3) + now[b, i, 4])
                 for b in 1..k) for v in 1..5, i in 1..3]
  in [rotate(glob[1, :], skinned[v, :].*glob[2, :])[i] + glob[3, i] for v in 1..5, i in 1..3]

## From each measured point to its vertex.
simple(pose: R[k, 3], glob: R[3, 3], points: R[5, 3]) = points - positions(pose, glob)

## From each measured point to a place u on its triangle.
surface(pose: R[k, 3], glob: R[3, 3], u: R[p, 2], points: R[p, 3]) =
  let q = positions(pose, glob), corner = (i, a) -> round(triangles[i, a])
  in [points[i, a] - u[i, 1]*q[corner(i, 1), a] - u[i, 2]*q[corner(i, 2), a] - (1 - u[i, 1] - u[i, 2])*q[corner(i, 3), a]
      for i in 1..p, a in 1..3]
""", {"simple": Case(simple, [first], ["pose", "glob"]), "surface": Case(surface, [second], ["pose", "glob", "u"])})


def minimum(f, g, x):
    """The gradient descent of the last two programs. A list in, a list out."""
    fx, gx, eta, good = f(x), g(x), mpf(1e-5), 0
    length = lambda v: sqrt(sum(t * t for t in v))
    while length(gx) > 1e-5:
        if good == 10:
            eta, good = 2 * eta, 0
            continue
        y = [a - eta * b for a, b in zip(x, gx)]
        if length([a - b for a, b in zip(x, y)]) <= 1e-5:
            return x
        fy = f(y)
        if fy < fx:
            x, fx, gx, good = y, fy, g(y), good + 1
        else:
            eta, good = eta / 2, 0
    return x


DESCENT = """
## Gradient descent with a step that learns its length. After ten good steps in a row the step doubles, after
## a bad one it halves; it stops where the slope or the step is next to nothing.
minimum(f: R[n] -> R, x0: R[n]) =
  let (x, η, good, done) =
    iterate((x, η, good, done) = (x0, 1e-5, 0, false) while not done:
      let g = grad(f(x), x), y = x - η*g in
      { (x, η, good, true)      if norm(g) <= 1e-5;
        (x, 2η, 0, false)       if good == 10;
        (x, η, good, true)      if norm(y - x) <= 1e-5;
        (y, η, good + 1, false) if f(y) < f(x);
        (x, η/2, 0, false)      otherwise })
  in x

maximum(f: R[n] -> R, x0: R[n]) = minimum(x -> -f(x), x0)
"""


def saddle():
    def f(start):
        inner = {}

        def best(x):
            """Where y is highest does not depend on x."""
            key = tuple(start)
            if key not in inner:
                inner[key] = minimum(lambda y: dot(y, y), lambda y: [2 * t for t in y], start)
            return inner[key]

        value = lambda x: dot(x, x) - dot(best(x), best(x))
        x = minimum(value, lambda x: [2 * t for t in x], start)
        return [*x, *best(x)]

    mp.dps = 40
    write("scoreboard", "saddle", DESCENT + """
hill(x: R[2], y: R[2]) = dot(x, x) - dot(y, y)

## A saddle point: the lowest of the highest. The outer descent differentiates the inner one.
saddle(start: R[2]) =
  let x = minimum(x -> hill(x, maximum(y -> hill(x, y), start)), start),
      y = maximum(y -> hill(x, y), start)
  in [x[1], x[2], y[1], y[2]]
""", {"saddle": Case(f, [{"start": [1, 1]}, {"start": [0.5, -0.25]}], [], tolerance=1e-9)})
    mp.dps = 120


def particle():
    def landing(w):
        charges = [(mpf(10), 10 - w), (mpf(10), mpf(0))]
        x, v, dt = [mpf(0), mpf(8)], [mpf("0.75"), mpf(0)], mpf(0.1)
        while True:
            push = [mpf(0), mpf(0)]
            for c in charges:
                d = [x[0] - c[0], x[1] - c[1]]
                r3 = sqrt(dot(d, d)) ** 3
                push = [p + e / r3 for p, e in zip(push, d)]
            y = [a + dt * b for a, b in zip(x, v)]
            if y[1] <= 0:
                return x[0] - x[1] / v[1] * v[0]
            x, v = y, [a + dt * b for a, b in zip(v, push)]

    miss = lambda w: landing(w) ** 2

    def best(start):
        mp.dps = 50
        h = mpf(10) ** -15
        slope = lambda w: [(miss(w[0] + h) - miss(w[0] - h)) / (2 * h)]
        w = minimum(lambda w: miss(w[0]), slope, [start])[0]
        mp.dps = 120
        return w

    write("scoreboard", "particle", DESCENT + """
## The potential at x of two unit charges, one of which we may move.
potential(x: R[2], w) = 1/norm(x - [10, 10 - w]) + 1/norm(x - [10, 0])

## One small step of time for a particle at x with the speed v. The force is a derivative.
advance(x: R[2], v: R[2], w) = (x + 0.1v, v - 0.1*grad(potential(x, w), x))

## Where the particle lands: it flies until the next step would take it below the ground.
landing(w) =
  let (x, v) = iterate((x, v) = ([0, 8], [0.75, 0]) while x[2] + 0.1v[2] > 0: advance(x, v, w))
  in x[1] - x[2]/v[2]*v[1]

miss(w) = landing(w)^2

## The w with which it lands at the origin: descent on a simulation with a derivative inside.
particle(start) = minimum(w -> miss(w[1]), [start])[1]
""", {"landing": Case(landing, [{"w": 0}, {"w": 0.5}]), "miss": Case(miss, [{"w": 0}, {"w": -1}]),
      "particle": Case(best, [{"start": 0}], [], tolerance=1e-8)})


PROGRAMS = [hello, logsumexp, llsq, det, kmeans, gmm, ba, residual, lstm, ode, ht, saddle, particle]

if __name__ == "__main__":
    import time
    for build in PROGRAMS:
        begun = time.time()
        build()
        print(build.__name__, round(time.time() - begun, 1), "s")
