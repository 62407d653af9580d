"""Linear algebra, in `linear/`: systems, determinants, factors, and models made of them.

Determinants are sums over all permutations here and systems are solved by elimination, none of it with the rules that
zgrad has for them.
"""
from itertools import permutations
from mpmath import mp, mpf
from program import Case, write

exp, log, sqrt, pi = mp.exp, mp.log, mp.sqrt, mp.pi
FILES = {}


def program(file, text, *points, wrt=None, second=True, tolerance=None):
    """Takes the definition in the notation and the points; the function below is the same in Python."""

    def add(f):
        FILES.setdefault(file, []).append((f.__name__, text, Case(f, points, wrt, second, tolerance)))
        return f

    return add


# ── The same in Python ───────────────────────────────────────────────────────────────────────────


def transposed(a):
    return [list(row) for row in zip(*a)]


def times(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]


def apply(a, x):
    return [sum(p * q for p, q in zip(row, x)) for row in a]


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def eye(n):
    return [[mpf(int(i == j)) for j in range(n)] for i in range(n)]


def solution(a, b):
    """Gauss and Jordan, of as many columns as b has."""
    n = len(a)
    columns = b if isinstance(b[0], list) else [[x] for x in b]
    rows = [list(a[i]) + list(columns[i]) for i in range(n)]
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(rows[i][k]))
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for i in range(n):
            if i != k:
                rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[k])]
    found = [row[n:] for row in rows]
    return found if isinstance(b[0], list) else [row[0] for row in found]


def inverse(a):
    return solution(a, eye(len(a)))


def determinant(a):
    n, total = len(a), mpf(0)
    for order in permutations(range(n)):
        sign = (-1) ** sum(order[i] > order[j] for i in range(n) for j in range(i + 1, n))
        total += sign * mp.fprod(a[i][order[i]] for i in range(n))
    return total


def lower_factor(a):
    """Of the lower triangle of a."""
    n = len(a)
    l = [[mpf(0)] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            rest = a[i][j] - sum(l[i][k] * l[j][k] for k in range(j))
            l[i][j] = sqrt(rest) if i == j else rest / l[j][j]
    return l


def lower_part(a):
    return [[x if j <= i else mpf(0) for j, x in enumerate(row)] for i, row in enumerate(a)]


# ── Matrices ─────────────────────────────────────────────────────────────────────────────────────

ONE = [[-0.5]]
TWO = [[0, 2], [3, 1]]
THREE = [[0, 1, 2], [1e-20, 4, -1], [5, 0.5, 1]]
FOUR = [[4, 1, -2, 0.5], [1, -3, 0.25, 2], [0.5, 2, 5, -1], [-1, 0.75, 1, 3]]
TRIANGLE = [[2, 0, 0], [-1, 0.5, 0], [3, 1, -4]]
SHIFT = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
SINGULAR = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
RANK_ONE = [[1, 2, -1], [2, 4, -2], [-3, -6, 3]]
COVARIANCE = [[4, 1, 0.5], [1, 3, -0.25], [0.5, -0.25, 2]]
HILBERT = [[1 / (i + j + 1) for j in range(6)] for i in range(6)]


def point(a, **more):
    return {"A": a, **more}


def vector(n):
    return [1.5, -2, 0.75, 3, -1, 0.5][:n]


def columns(n):
    return [[x, 1 - x] for x in vector(n)]


SYSTEMS = [point(a, b=vector(len(a))) for a in (ONE, TWO, THREE, TRIANGLE, SHIFT)]


# ── Systems ──────────────────────────────────────────────────────────────────────────────────────


@program("systems", "weighted(A: R[n, n], b: R[n]) = sum(i*x[i]^2 for i in 1..n) where x = solve(A, b)", *SYSTEMS, point(FOUR, b=vector(4)), tolerance=1e-11)
def weighted(A, b):
    return sum((i + 1) * x**2 for i, x in enumerate(solution(A, b)))


@program("systems", "unknowns(A, b: R[n]) = solve(A, b)", *SYSTEMS, tolerance=1e-11)
def unknowns(A, b):
    return solution(A, b)


@program("systems", "several(A: R[n, n], B: R[n, k]) = sum(X .* X) where X = solve(A, B)",
         *[point(a, B=columns(len(a))) for a in (ONE, TWO, THREE)], tolerance=1e-11)
def several(A, B):
    return sum(x * x for row in solution(A, B) for x in row)


@program("systems", "together(A: R[n, n], B: R[n, k]) = solve(A, B)", *[point(a, B=columns(len(a))) for a in (TWO, THREE)], tolerance=1e-11)
def together(A, B):
    return solution(A, B)


@program("systems", "ill(A: R[n, n], b: R[n]) = sum(solve(A, b))", point(HILBERT, b=vector(6)), second=False, tolerance=1e-8)
def ill(A, b):
    return sum(solution(A, b))


@program("systems", "inverted(A: R[n, n]) = inv(A)", *[point(a) for a in (ONE, TWO, THREE, TRIANGLE)], tolerance=1e-11)
def inverted(A):
    return inverse(A)


@program("systems", "powers(A: R[n, n]) = trace(inv(A)*inv(A)*A) + sum(inv(A)[1, j] for j in 1..n)", *[point(a) for a in (ONE, TWO, THREE)], tolerance=1e-11)
def powers(A):
    x = inverse(A)
    return sum(x[i][i] + x[0][i] for i in range(len(A)))


@program("systems", "lower(L: R[n, n], b: R[n]) = dot(x, x) where x = solve_lower(L, b)", {"L": TRIANGLE, "b": vector(3)}, {"L": FOUR, "b": vector(4)}, tolerance=1e-11)
def lower(L, b):
    x = solution(lower_part(L), b)
    return dot(x, x)


@program("systems", "upper(U: R[n, n], B: R[n, k]) = sum(X .* X) where X = solve_upper(U, B)", {"U": TWO[::-1], "B": columns(2)}, {"U": FOUR, "B": columns(4)}, tolerance=1e-11)
def upper(U, B):
    x = solution(transposed(lower_part(transposed(U))), B)
    return sum(e * e for row in x for e in row)


@program("systems", "upper_column(U: R[n, n], b: R[n]) = solve_upper(U, b)", {"U": FOUR, "b": vector(4)}, tolerance=1e-11)
def upper_column(U, b):
    return solution(transposed(lower_part(transposed(U))), b)


@program("systems", "lower_columns(L: R[n, n], B: R[n, k]) = solve_lower(L, B)", {"L": TRIANGLE, "B": columns(3)}, tolerance=1e-11)
def lower_columns(L, B):
    return solution(lower_part(L), B)


# ── Determinants ─────────────────────────────────────────────────────────────────────────────────


@program("determinants", "volume(A: R[n, n]) = det(A)", *[point(a) for a in (ONE, TWO, THREE, FOUR, TRIANGLE, SHIFT)])
def volume(A):
    return determinant(A)


@program("determinants", "flat(A: R[n, n]) = det(A)", *[point(a) for a in ([[0]], [[1, 2], [2, 4]], [[0, 0], [0, 0]], SINGULAR, RANK_ONE)], tolerance=1e-13)
def flat(A):
    return determinant(A)


@program("determinants", "minors(A: R[n, n]) = sum(i*C[i, j]^2 for i in 1..n, j in 1..n) where C = cofactors(A)", *[point(a) for a in ([[0]], TWO, [[1, 2], [2, 4]])])
def minors(A):
    n = len(A)
    if n == 1:
        return mpf(1)
    cut = lambda i, j: [[x for b, x in enumerate(row) if b != j] for a, row in enumerate(A) if a != i]
    return sum((i + 1) * determinant(cut(i, j)) ** 2 for i in range(n) for j in range(n))


@program("determinants", "line(x, y) = diff(det([[x, y, 1], [y, x*y, x], [1, 0, y]]), x)", {"x": 0, "y": 0}, {"x": 1.5, "y": -2}, {"x": 1, "y": 1})
def line(x, y):
    return 2 * x * y**2


@program("determinants", "log_volume(A: R[n, n]) = logdet(A)", *[point(a) for a in ([[0.25]], [[0, 2], [-3, 1]], COVARIANCE, [FOUR[1], FOUR[0], FOUR[2], FOUR[3]])])
def log_volume(A):
    return log(determinant(A))


@program("determinants", """
## The determinant of a covariance that decays with distance.
correlated(t: R[n], length, noise) = logdet(S)
  where S = [exp(-(t[i] - t[j])^2/(2*length^2)) + (if i == j then noise^2 else 0) for i in 1..n, j in 1..n]
""", {"t": [0, 0.5, 1.25, 2], "length": 0.75, "noise": 0.5}, tolerance=1e-11)
def correlated(t, length, noise):
    return log(determinant([[exp(-(a - b) ** 2 / (2 * length**2)) + (noise**2 if i == j else 0) for j, b in enumerate(t)] for i, a in enumerate(t)]))


# ── Factors ──────────────────────────────────────────────────────────────────────────────────────


@program("factors", "factor(A: R[n, n]) = cholesky(A)", *[point(a) for a in ([[2.25]], [[4, 9], [1, 3]], COVARIANCE)])
def factor(A):
    return lower_factor(A)


@program("factors", "factored(A: R[n, n]) = sum((i + 2*j)*L[i, j]^3 for i in 1..n, j in 1..n) where L = cholesky(A)", *[point(a) for a in ([[2.25]], [[4, 9], [1, 3]], COVARIANCE)], tolerance=1e-11)
def factored(A):
    return sum((i + 1 + 2 * (j + 1)) * x**3 for i, row in enumerate(lower_factor(A)) for j, x in enumerate(row))


@program("factors", """
## The logarithm of the density of a normal distribution.
gaussian(x: R[n], mean: R[n], S: R[n, n]) = -dot(z, z)/2 - sum(log(L[i, i]) for i in 1..n) - n*log(2*pi)/2
  where L = cholesky(S), z = solve_lower(L, x - mean)
""", {"x": [1, -0.5, 2], "mean": [0.25, 0, -1], "S": COVARIANCE}, {"x": [1], "mean": [3], "S": [[0.5]]}, tolerance=1e-11)
def gaussian(x, mean, S):
    l = lower_factor(S)
    z = solution(l, [a - b for a, b in zip(x, mean)])
    return -dot(z, z) / 2 - sum(log(l[i][i]) for i in range(len(x))) - len(x) * log(2 * pi) / 2


@program("factors", """
## The same by a system and a determinant.
gaussian_dense(x: R[n], S: R[n, n]) = -(dot(x, solve(S, x)) + logdet(S) + n*log(2*pi))/2
""", {"x": [1, -0.5, 2], "S": COVARIANCE}, tolerance=1e-11)
def gaussian_dense(x, S):
    return -(dot(x, solution(S, x)) + log(determinant(S)) + len(x) * log(2 * pi)) / 2


# ── Models ───────────────────────────────────────────────────────────────────────────────────────


@program("models", """
## Least squares by normal equations: the sum of squares that is left.
least_squares(A: R[m, n], b: R[m]) = dot(r, r) where x = solve(Aᵀ*A, Aᵀ*b), r = A*x - b
""", {"A": [[1, 0.5], [1, 1.5], [1, 2], [1, 4]], "b": [1, 0.5, 2.5, 3]}, tolerance=1e-10)
def least_squares(A, b):
    t = transposed(A)
    x = solution(times(t, A), apply(t, b))
    r = [p - q for p, q in zip(apply(A, x), b)]
    return dot(r, r)


@program("models", """
## A step of Kalman's filter: the logarithm of the likelihood of what is observed, and what is believed after it.
kalman(F: R[n, n], Q: R[n, n], H: R[m, n], N: R[m, m], x: R[n], P: R[n, n], y: R[m]) =
  dot(after, after) + trace(left) - (dot(r, solve(S, r)) + logdet(S))/2
  where predicted = F*x, spread = F*P*Fᵀ + Q,
        r = y - H*predicted, S = H*spread*Hᵀ + N,
        gain = transpose(solve(Sᵀ, H*spreadᵀ)),
        after = predicted + gain*r,
        left = (eye(n) - gain*H)*spread
""", {"F": [[1, 0.5], [0, 1]], "Q": [[0.1, 0.05], [0.05, 0.2]], "H": [[1, 0], [0.5, 1]], "N": [[0.5, 0], [0, 0.25]], "x": [1, -0.5], "P": [[2, 0.25], [0.25, 1]], "y": [0.5, 1]},
         wrt=("F", "Q", "N", "x", "P"), tolerance=1e-10)
def kalman(F, Q, H, N, x, P, y):
    plus = lambda a, b: [[p + q for p, q in zip(r, s)] for r, s in zip(a, b)]
    predicted = apply(F, x)
    spread = plus(times(times(F, P), transposed(F)), Q)
    r = [a - b for a, b in zip(y, apply(H, predicted))]
    s = plus(times(times(H, spread), transposed(H)), N)
    gain = times(times(spread, transposed(H)), inverse(s))
    after = [a + b for a, b in zip(predicted, apply(gain, r))]
    left = times(plus(eye(2), [[-e for e in row] for row in times(gain, H)]), spread)
    return dot(after, after) + left[0][0] + left[1][1] - (dot(r, solution(s, r)) + log(determinant(s))) / 2


@program("models", """
## The marginal likelihood of a Gaussian process with the squared exponential kernel.
process(t: R[n], y: R[n], scale, length, noise) =
  -dot(z, z)/2 - sum(log(L[i, i]) for i in 1..n) - n*log(2*pi)/2
  where K = [exp(2*scale - (t[i] - t[j])^2*exp(-2*length)/2) + (if i == j then exp(2*noise) else 0) for i in 1..n, j in 1..n],
        L = cholesky(K), z = solve_lower(L, y)
""", {"t": [0, 0.5, 1.25], "y": [0.1, 0.4, -0.3], "scale": 0.25, "length": -0.5, "noise": -1}, wrt=("y", "scale", "length", "noise"), tolerance=1e-10)
def process(t, y, scale, length, noise):
    k = [[exp(2 * scale - (a - b) ** 2 * exp(-2 * length) / 2) + (exp(2 * noise) if i == j else 0) for j, b in enumerate(t)] for i, a in enumerate(t)]
    l = lower_factor(k)
    z = solution(l, y)
    return -dot(z, z) / 2 - sum(log(l[i][i]) for i in range(len(t))) - len(t) * log(2 * pi) / 2


@program("models", """
## Implicit steps of heat along a rod: a system in every step.
heat(u: R[n], k, steps: Int) = sum(fold(u = u for s in 1..steps: solve(M, u))[i]*i for i in 1..n)
  where M = [if i == j then 1 + 2*k else if i == j + 1 or j == i + 1 then -k else 0 for i in 1..n, j in 1..n]
""", {"u": [1, 2, 0.5, -1], "k": 0.75, "steps": 3}, wrt=("u", "k"), tolerance=1e-11)
def heat(u, k, steps):
    n = len(u)
    m = [[1 + 2 * k if i == j else -k if abs(i - j) == 1 else mpf(0) for j in range(n)] for i in range(n)]
    for _ in range(steps):
        u = solution(m, u)
    return sum((i + 1) * x for i, x in enumerate(u))


# ── Vectors ──────────────────────────────────────────────────────────────────────────────────────

V = [0.5, -2, 3, 1]


@program("vectors", "products(a: R[n], b: R[n]) = dot(a, b) + sum(outer(a, b) .* outer(b, b)) + a·b", {"a": V, "b": [2, 0.25, -1, 3]})
def products(a, b):
    return 2 * dot(a, b) + sum(x * y for x in a for y in b) * 0 + sum(a[i] * b[j] * b[i] * b[j] for i in range(4) for j in range(4))


@program("vectors", "area(a: R[3], b: R[3]) = norm(cross(a, b)) + (a×b)[2]", {"a": [1, 2, 3], "b": [-1, 0.5, 2]})
def area(a, b):
    c = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
    return sqrt(dot(c, c)) + c[1]


@program("vectors", "length(v: R[n]) = norm(v)", {"v": V}, {"v": [0, 0, 2]}, tolerance=1e-14)
def length(v):
    return sqrt(dot(v, v))


@program("vectors", "frobenius(A: R[m, n]) = norm(A)^2 + norm(A)", {"A": [[1, 2, 0], [-1, 0.5, 3]]})
def frobenius(A):
    s = sum(x * x for row in A for x in row)
    return s + sqrt(s)


@program("vectors", "traces(A: R[n, n]) = trace(A*A) + trace(diag(diag(A)))^2 + sum(Aᵀ .* A) + len(diag(A))*size(A, 2)", {"A": THREE})
def traces(A):
    n = len(A)
    return sum(A[i][j] * A[j][i] for i in range(n) for j in range(n)) * 2 + sum(A[i][i] for i in range(n)) ** 2 + n * n


@program("vectors", "running(v: R[n]) = sum(cumsum(v)[i]^2*i for i in 1..n)", {"v": V})
def running(v):
    return sum(sum(v[:i + 1]) ** 2 * (i + 1) for i in range(len(v)))


@program("vectors", "shares(v: R[n]) = softmax(v)", {"v": V}, {"v": [1000, 999, -1000]}, {"v": [2, 2, 2]}, {"v": [-1000, -1000]})
def shares(v):
    total = sum(exp(x) for x in v)
    return [exp(x) / total for x in v]


@program("vectors", "smooth_max(v: R[n]) = logsumexp(v)", {"v": V}, {"v": [1000, 999, -1000]}, {"v": [2, 2, 2]}, {"v": [-1000, -1000.5]})
def smooth_max(v):
    return log(sum(exp(x) for x in v))


@program("vectors", "cross_entropy(z: R[n], k: Int) = logsumexp(z) - z[k] + sum(softmax(z)[i]*log(softmax(z)[i]) for i in 1..n)", {"z": V, "k": 2}, wrt=("z",))
def cross_entropy(z, k):
    total = sum(exp(x) for x in z)
    p = [exp(x) / total for x in z]
    return log(total) - z[k - 1] + sum(x * log(x) for x in p)


@program("vectors", "chosen(v: R[n]) = v[argmax(v)]^2 + prod(v)", {"v": V}, {"v": [2, 0, 3, 4]}, {"v": [0, 0, 3]})
def chosen(v):
    return max(v) ** 2 + mp.fprod(v)


for name, programs in FILES.items():
    text = "\n\n".join(text.strip("\n") for _, text, _ in programs)
    write("linear", name, text, {name: case for name, _, case in programs})
