"""Writes the expected values into the `test` lines of `examples/*.math`.

Each list below holds one value for each test of the file, in order; None leaves a test as it is.
"""
import pathlib
import re
from mpmath import mp, mpf
from exact import double, grad, hess, jac, number, second


def N(x):
    """Here a decimal means what it says: the tests compare to rounding."""
    return [N(e) for e in x] if isinstance(x, list) else number(repr(x) if isinstance(x, float) else x)


exp, log, sin, cos, sqrt, tanh = mp.exp, mp.log, mp.sin, mp.cos, mp.sqrt, mp.tanh
FOLDER = pathlib.Path(__file__).resolve().parents[3] / "examples"


def dot(a, b):
    return sum((x * y for x, y in zip(a, b)), mpf(0))


def d(f, x):
    return grad(f, N(x))


def dd(f, x, i=0, j=0):
    return second(f, N(x), i, j)


def logsumexp(v):
    return log(sum(exp(x) for x in v))


def softmax(v):
    total = sum(exp(x) for x in v)
    return [exp(x) / total for x in v]


def first():
    f = lambda x, y: x * y + sin(x)
    return [f(2, mpf(3)), d(lambda x: f(x, 3), 2), d(lambda y: f(2, y), 3), None]


def rosenbrock():
    f = lambda x: sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))
    start = N([-1.2, 1])
    four = N([1, 2, 3, 4])
    return [f(start), grad(f, start), hess(f, start), f(four), grad(f, four), mpf(0), N([0] * 5)]


def leastsquares():
    height = N([20.25, 17.75, 16.25, 14, 12])
    f = lambda p: sum((p[0] + p[1] * t - h) ** 2 for t, h in enumerate(height)) / 2
    p = N([20, -2])
    g = grad(f, p)
    return [f(p), g[0], g[1], None, f(p), g, g]


def logistic():
    X = N([[1, 6], [2, 8], [4, 5], [5, 7], [6, 8]])
    passed = [0, 0, 0, 1, 1]
    sigmoid = lambda z: 1 / (1 + exp(-z))

    def loss(w, b, lam):
        chance = [sigmoid(dot(w, x) + b) for x in X]
        cost = -sum(log(p) if y else log(1 - p) for p, y in zip(chance, passed))
        return cost + lam / 2 * dot(w, w)

    w, lam = N([1, 0.5]), N(0.1)
    far = mpf(1000 + 2000 + 4000)
    return [
        sigmoid(dot(w, N([5, 7])) - 7), loss(w, -7, lam), grad(lambda w: loss(w, -7, lam), w),
        d(lambda b: loss(w, b, lam), -7), hess(lambda w: loss(w, -7, lam), w), far,
    ]


def cross(a, b):
    return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]


def rotate(r, X):
    """By the exponential of the cross product matrix, summed as a power series."""
    total, term = list(X), list(X)
    for k in range(1, 90):
        term = [x / k for x in cross(r, term)]
        total = [a + b for a, b in zip(total, term)]
    return total


def camera():
    c = N([0.1, -0.2, -4])

    def project(r, X):
        Z = rotate(r, [a - b for a, b in zip(X, c)])
        p = [Z[0] / Z[2], Z[1] / Z[2]]
        rho = p[0] ** 2 + p[1] ** 2
        L = 1 + N(-0.12) * rho + N(0.03) * rho**2
        return [800 * L * p[0] + 320, 800 * L * p[1] + 240]

    def error(r, X, seen):
        u, v = project(r, X)
        return (u - seen[0]) ** 2 + (v - seen[1]) ** 2

    r, X, seen = N([0.1, -0.2, 0.3]), N([0.5, 0.4, 1]), [300, 390]
    return [
        None, project(r, X), error(r, X, seen), grad(lambda r: error(r, X, seen), r),
        grad(lambda X: error(r, X, seen), X), grad(lambda r: error(r, X, seen), N([0, 0, 0])),
    ]


def kepler():
    def anomaly(M, ecc):
        return mp.findroot(lambda E: E - ecc * sin(E) - M, M)

    ecc = N(0.3)
    E = anomaly(mpf(1), ecc)
    slope = d(lambda M: anomaly(M, ecc), 1)
    return [
        E, [cos(E) - ecc, sqrt(1 - ecc**2) * sin(E)], slope, slope,
        d(lambda e: anomaly(mpf(1), e), 0.3), dd(lambda M: anomaly(M, ecc), 1), mpf(0),
    ]


def lotka():
    def rates(u, p):
        return [p[0] * u[0] - p[1] * u[0] * u[1], p[3] * u[0] * u[1] - p[2] * u[1]]

    def population(p, u, T, n):
        h = mpf(T) / n
        add = lambda u, s, k: [a + s * b for a, b in zip(u, k)]
        for _ in range(n):
            a = rates(u, p)
            b = rates(add(u, h / 2, a), p)
            c = rates(add(u, h / 2, b), p)
            e = rates(add(u, h, c), p)
            u = [x + h / 6 * (q + 2 * r + 2 * s + t) for x, q, r, s, t in zip(u, a, b, c, e)]
        return u

    p, u = N([1.1, 0.4, 0.4, 0.1]), N([10, 5])
    end = population(p, u, 10, 100)
    hares = lambda p: population(p, u, 10, 100)[0]
    return [population(p, u, 1, 1), end, end[0], grad(hares, p)]


def blackscholes():
    cdf = lambda x: (1 + mp.erf(x / sqrt(2))) / 2

    def call(p):
        S, K, T, r, sigma = p
        a = (log(S / K) + (r + sigma**2 / 2) * T) / (sigma * sqrt(T))
        return S * cdf(a) - K * exp(-r * T) * cdf(a - sigma * sqrt(T))

    p = N([100, 110, 0.5, 0.03, 0.2])
    g = grad(call, p)
    return [call(p), g[0], second(call, p, 0, 0), g[4], -g[2], g[3], second(call, p, 0, 4), None]


def network():
    cases = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)]

    def net(W, b, v, c, x):
        return sum(v[k] * tanh(dot(W[k], x) + b[k]) for k in range(2)) + c

    def loss(p):
        W, b, v, c = p
        return sum((net(W, b, v, c, x) - y) ** 2 for x, y in cases) / 4

    p = N([[[0.5, -0.4], [0.3, 0.8]], [0.1, -0.2], [0.7, -0.6], 0.2])
    g = grad(loss, p)

    def descend(p):
        """One step with the gradient written out by hand."""
        W, b, v, c = p
        gW, gb, gv, gc = [[mpf(0)] * 2, [mpf(0)] * 2], [mpf(0)] * 2, [mpf(0)] * 2, mpf(0)
        for x, y in cases:
            h = [tanh(dot(W[k], x) + b[k]) for k in range(2)]
            e = (dot(v, h) + c - y) / 2
            gc += e
            for k in range(2):
                gv[k] += e * h[k]
                t = e * v[k] * (1 - h[k] ** 2)
                gb[k] += t
                for j in range(2):
                    gW[k][j] += t * x[j]
        eta = N(0.1)
        step = lambda a, b: [step(x, y) for x, y in zip(a, b)] if isinstance(a, list) else a - eta * b
        return step(p, [gW, gb, gv, gc])

    q = p
    for _ in range(3):
        q = descend(q)
    return [net(*p, [1, 0]), loss(p), g[0], g[2], loss(q)]


def mixture():
    x = N([1.8, 3.6, 2.2, 4.5, 4.7])
    normal = lambda x, m, s: exp(-(((x - m) / s) ** 2) / 2) / (s * sqrt(2 * mp.pi))

    def f(p):
        a, m, s = p
        w = softmax(a)
        return sum(log(sum(w[k] * normal(t, m[k], exp(s[k])) for k in range(2))) for t in x)

    p = N([[0, 0.5], [2, 4.3], [-1, -0.8]])
    return [log(normal(mpf(0), 0, mpf(1))), f(p), *grad(f, p)]


def cluster():
    def energy(x):
        total = mpf(0)
        for i in range(len(x)):
            for j in range(i):
                r = sqrt(sum((a - b) ** 2 for a, b in zip(x[i], x[j])))
                total += 4 * (r**-12 - r**-6)
        return total

    x = N([[0, 0, 0], [1.1, 0, 0], [0.5, 1, 0], [0.6, 0.4, 0.9]])
    return [None, energy(x), [[-g for g in row] for row in grad(energy, x)], None]


def babylon():
    return [sqrt(mpf(2)), sqrt(mp.pi), d(sqrt, 2), d(sqrt, "pi"), dd(sqrt, 2)]


def power():
    return [None] * 10


def softmax_regression():
    X = N([[1.4, 0.2], [1.3, 0.2], [4.7, 1.4], [4.5, 1.5], [6.0, 2.5], [5.1, 1.9]])
    kind = [0, 0, 1, 1, 2, 2]
    guess = lambda W, b, x: softmax([dot(w, x) + c for w, c in zip(W, b)])
    surprise = lambda p: -sum(log(guess(*p, x)[k]) for x, k in zip(X, kind)) / 6
    p = N([[[-1, -1], [0.2, 0.1], [0.5, 1]], [3, 1, -2]])
    g = grad(surprise, p)
    return [guess(*p, N([4.5, 1.5])), surprise(p), g[1], g[0], log(mpf(3))]


def pendulum():
    g = N(9.81)

    def acceleration(q, v):
        """From the textbook's equations, by Cramer's rule."""
        c, s = cos(q[0] - q[1]), sin(q[0] - q[1])
        a = -v[1] ** 2 * s - 2 * g * sin(q[0])
        b = v[0] ** 2 * s - g * sin(q[1])
        det = 2 - c * c
        return [(a - c * b) / det, (2 * b - c * a) / det]

    q, v = N([0.5, -0.3]), N([1, 2])
    energy = v[0] ** 2 + v[1] ** 2 / 2 + v[0] * v[1] * cos(q[0] - q[1]) - g * (2 * cos(q[0]) + cos(q[1]))
    return [acceleration(q, N([0, 0])), acceleration(q, v), energy, None, jac(lambda q: acceleration(q, v), q)]


def newton():
    root = mp.findroot(lambda x: x**3 - 2 * x - 5, 2)
    return [root, mp.cbrt(2), d(mp.cbrt, 2), root, None, None]


def fourier():
    f = lambda x, n: 4 / mp.pi * sum(sin((2 * k - 1) * x) / (2 * k - 1) for k in range(1, n + 1))
    return [f(mpf(1), 1), f(mpf(1), 50), d(lambda x: f(x, 3), 1), f(mp.pi / 50, 25), None]


def geometry():
    return [None] * 3


def chain():
    def energy(p, k, rest):
        springs = sum((sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) - rest) ** 2 for a, b in zip(p, p[1:]))
        return k / 2 * springs + sum(b[1] for b in p)

    p = N([[0, 0], [0.6, -0.4], [1.3, -0.5], [2, 0]])
    k, rest = mpf(40), mpf(0.5)
    return [
        energy(p, k, rest), grad(lambda p: energy(p, k, rest), p),
        grad(lambda k: energy(p, k, rest), k), grad(lambda r: energy(p, k, r), rest),
    ]


def rule():
    ramp = lambda x: log(1 + exp(x))
    v = N([1, 2, 3])
    return [
        ramp(mpf(1)), d(ramp, 1), None, dd(ramp, 1), logsumexp(v), grad(logsumexp, v), hess(logsumexp, v),
    ]


def heat():
    def heat(u, k):
        for _ in range(20):
            u = [0] + [b + k * (a - 2 * b + c) for a, b, c in zip(u, u[1:], u[2:])] + [0]
        return sum(u)

    u, k = N([0, 1, 4, 9, 4, 1, 0]), N(0.2)
    return [None, None, heat(u, k), grad(lambda k: heat(u, k), k), grad(lambda u: heat(u, k), u)]


def weather():
    def friend(p):
        """The sum over all eight courses of the weather."""
        start, A = N([0.6, 0.4]), [[p, 1 - p], N([0.4, 0.6])]
        B = N([[0.1, 0.4, 0.5], [0.6, 0.3, 0.1]])
        total = 0
        for a in range(2):
            for b in range(2):
                for c in range(2):
                    total += start[a] * B[a][0] * A[a][b] * B[b][1] * A[b][c] * B[c][2]
        return total

    logged = lambda p: log(friend(p))
    return [None, logged(N(0.7)), d(logged, 0.7), dd(logged, 0.7)]


FILES = [
    first, rosenbrock, leastsquares, logistic, camera, kepler, lotka, blackscholes, network, mixture, cluster,
    babylon, power, ("softmax", softmax_regression), pendulum, newton, fourier, geometry, chain, rule, heat, weather,
]


def text(x):
    if isinstance(x, list):
        return "[" + ", ".join(text(e) for e in x) + "]"
    return repr(x)


def main():
    for entry in FILES:
        name, values = entry if isinstance(entry, tuple) else (entry.__name__, entry)
        path = FOLDER / f"{name}.math"
        lines, values = path.read_text().split("\n"), list(values())
        for k, line in enumerate(lines):
            if not line.startswith("test "):
                continue
            value = values.pop(0)
            if value is not None:
                left = re.match(r"test .*? = ", line).group()
                tail = re.search(r"(\s+(~|where|#) .*)?$", line[len(left):]).group()
                lines[k] = left + text(double(value)) + tail
        assert not values, f"{name}: {len(values)} values too many"
        path.write_text("\n".join(lines))


if __name__ == "__main__":
    main()
