"""Classical test problems of unconstrained optimisation, in `valleys/`: Moré, Garbow and Hillstrom's, and others
of the usual collections, most of them for any number of variables.
"""
from mpmath import mp, mpf
from program import Case, write

exp, sqrt, cos, sin, pi, log = mp.exp, mp.sqrt, mp.cos, mp.sin, mp.pi, mp.log
PROBLEMS = []


def problem(text, *points, second=True, wrt=("x",), **more):
    """Takes the definition in the notation and the points; the function below is the same in Python."""

    def add(f):
        points_ = [p if isinstance(p, dict) else {"x": p} for p in points]
        PROBLEMS.append((f.__name__, text, Case(f, points_, wrt, second, **more)))
        return f

    return add


def squares(r):
    return sum(t * t for t in r)


@problem("""
## A curved valley in the plane.
freudenstein(x: R[2]) = (x[1] - x[2]*(2 - x[2]*(5 - x[2])) - 13)^2 + (x[1] - x[2]*(14 - x[2]*(1 + x[2])) - 29)^2
""", [0.5, -2], [5, 4.5])
def freudenstein(x):
    a, b = x
    return squares([-13 + a + ((5 - b) * b - 2) * b, -29 + a + ((b + 1) * b - 14) * b])


@problem("""
## Powell's badly scaled function: one term in ten thousands, one in ones.
powell_badly_scaled(x: R[2]) = (10^4*x[1]*x[2] - 1)^2 + (exp(-x[1]) + exp(-x[2]) - 1.0001)^2
""", [0, 1], [0.5, 2])
def powell_badly_scaled(x):
    return squares([10000 * x[0] * x[1] - 1, 1 / exp(x[0]) + 1 / exp(x[1]) - 1.0001])


@problem("""
## Brown's badly scaled function: a minimum at (10⁶, 2·10⁻⁶).
brown_badly_scaled(x: R[2]) = (x[1] - 10^6)^2 + (x[2] - 2*10^-6)^2 + (x[1]*x[2] - 2)^2
""", [1, 1], [900000, 0.5])
def brown_badly_scaled(x):
    return squares([x[0] - 1000000, x[1] - mpf(2e-6), x[0] * x[1] - 2])


@problem("""
## Beale's: three residuals that share a factor.
beale(x: R[2]) = sum((y[i] - x[1]*(1 - x[2]^i))^2 for i in 1..3) where y = [1.5, 2.25, 2.625]
""", [1, 1], [2.5, 0.25], [-1, -2])
def beale(x):
    a, b = x
    return squares([1.5 - a + a * b, 2.25 - a + a * b * b, 2.625 - a + a * b**3])


@problem("""
## Sums of exponentials of multiples (Jennrich and Sampson).
jennrich(x: R[2], m: Int) = sum((2 + 2i - (exp(i*x[1]) + exp(i*x[2])))^2 for i in 1..m)
""", {"x": [0.3, 0.4], "m": 10}, {"x": [0.2, -0.1], "m": 4})
def jennrich(x, m):
    return squares([2 + 2 * i - exp(x[0]) ** i - exp(x[1]) ** i for i in range(1, m + 1)])


@problem("""
## The helical valley of Fletcher and Powell; its angle has a branch.
turn(a, b) = { arctan(b/a)/(2π) if a > 0; arctan(b/a)/(2π) + 0.5 otherwise }
helical(x: R[3]) = 100*(x[3] - 10*turn(x[1], x[2]))^2 + 100*(sqrt(x[1]^2 + x[2]^2) - 1)^2 + x[3]^2
""", [-1, 0, 0], [1, 0.5, 1], [-0.5, -2, 3])
def helical(x):
    a, b, c = x
    turn = mp.arg(mp.mpc(a, b) if a > 0 else mp.mpc(-a, -b)) / (2 * pi) + (0 if a > 0 else mpf(1) / 2)
    return squares([10 * (c - 10 * turn), 10 * (mp.hypot(a, b) - 1), c])


@problem("""
## Bard's: a rational model with the weights u, v and the lesser of both.
y = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39]
bard(x: R[3]) = sum((y[u] - (x[1] + u/((16 - u)*x[2] + min(u, 16 - u)*x[3])))^2 for u in 1..15)
""", [1, 1, 1], [0.08, 1.1, 2.4])
def bard(x):
    y = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39]
    return squares([t - x[0] - u / ((16 - u) * x[1] + (u if u < 8 else 16 - u) * x[2]) for u, t in enumerate(y, 1)])


@problem("""
## Fitting a Gaussian bell to its own values.
y = [0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989,
     0.3521, 0.2420, 0.1295, 0.0540, 0.0175, 0.0044, 0.0009]
gaussian(x: R[3]) = sum((x[1]*exp(-x[2]*((8 - i)/2 - x[3])^2/2) - y[i])^2 for i in 1..15)
""", [0.4, 1, 0], [0.8, 0.5, 1.5])
def gaussian(x):
    half = [0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521]
    y = half + [0.3989] + half[::-1]
    return squares([x[0] / exp(x[1] * (mpf(7 - i) / 2 - x[2]) ** 2 / 2) - v for i, v in enumerate(y)])


@problem("""
## The Gulf Oil research problem: a power inside an exponential.
gulf(x: R[3], m: Int) = sum((exp(-abs(y - x[2])^x[3]/x[1]) - i/100)^2
  where y = 25 + (-50*log(i/100))^(2/3) for i in 1..m)
""", {"x": [5, 2.5, 0.15], "m": 10}, {"x": [40, 20, 1.2], "m": 5})
def gulf(x, m):
    total = 0
    for i in range(1, m + 1):
        t = mpf(i) / 100
        y = 25 + exp(log(-50 * log(t)) * mpf(2 / 3))
        total += (exp(-abs(y - x[1]) ** x[2] / x[0]) - t) ** 2
    return total


@problem("""
## Box's: three exponentials over a grid of times.
box(x: R[3], m: Int) = sum((exp(-t*x[1]) - exp(-t*x[2]) - x[3]*(exp(-t) - exp(-10t)))^2 where t = i/10 for i in 1..m)
""", {"x": [0, 10, 20], "m": 5}, {"x": [1.5, 8, 0.5], "m": 3})
def box(x, m):
    return squares([
        exp(-x[0] * i / 10) - exp(-x[1] * i / 10) - x[2] * (exp(mpf(-i) / 10) - exp(-i)) for i in range(1, m + 1)
    ])


@problem("""
## Powell's singular function, for any n that is a multiple of 4.
powell(x: R[n]) = sum((a + 10b)^2 + 5*(c - d)^2 + (b - 2c)^4 + 10*(a - d)^4
  where a = x[4i - 3], b = x[4i - 2], c = x[4i - 1], d = x[4i] for i in 1..floor(n/4))
""", [3, -1, 0, 1], [3, -1, 0, 1, 2, 0.5, -1, 1.5])
def powell(x):
    total = 0
    for i in range(0, len(x), 4):
        a, b, c, d = x[i:i + 4]
        total += (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4
    return total


@problem("""
## Wood's.
wood(x: R[4]) = 100*(x[2] - x[1]^2)^2 + (1 - x[1])^2 + 90*(x[4] - x[3]^2)^2 + (1 - x[3])^2
  + 10*(x[2] + x[4] - 2)^2 + (x[2] - x[4])^2/10
""", [-3, -1, -3, -1], [0.5, 1.5, 2, -0.25])
def wood(x):
    a, b, c, d = x
    return 100 * (b - a * a) ** 2 + (1 - a) ** 2 + 90 * (d - c * c) ** 2 + (1 - c) ** 2 + 10 * (b + d - 2) ** 2 + (b - d) ** 2 / 10


@problem("""
## The reaction of an enzyme (Kowalik and Osborne).
y = [0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246]
u = [4, 2, 1, 0.5, 0.25, 0.1670, 0.1250, 0.1, 0.0833, 0.0714, 0.0625]
kowalik(x: R[4]) = sum((y[i] - x[1]*(u[i]^2 + u[i]*x[2])/(u[i]^2 + u[i]*x[3] + x[4]))^2 for i)
""", [0.25, 0.39, 0.415, 0.39], [1, 2, 3, 4])
def kowalik(x):
    y = [0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246]
    u = [4, 2, 1, 0.5, 0.25, 0.1670, 0.1250, 0.1, 0.0833, 0.0714, 0.0625]
    u = [mpf(t) for t in u]
    return squares([s - x[0] * t * (t + x[1]) / (t * (t + x[2]) + x[3]) for s, t in zip(y, u)])


@problem("""
## Brown and Dennis: squares of sums of squares.
brown_dennis(x: R[4], m: Int) = sum(((x[1] + t*x[2] - exp(t))^2 + (x[3] + x[4]*sin(t) - cos(t))^2)^2
  where t = i/5 for i in 1..m)
""", {"x": [25, 5, -5, -1], "m": 20}, {"x": [1, 2, 0.5, 1], "m": 3})
def brown_dennis(x, m):
    total = 0
    for i in range(1, m + 1):
        t = mpf(i) / 5
        total += ((x[0] + t * x[1] - exp(t)) ** 2 + (x[2] + x[3] * sin(t) - cos(t)) ** 2) ** 2
    return total


@problem("""
## Osborne's first: two decays above a floor.
y = [0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751]
osborne(x: R[5]) = sum((y[i] - (x[1] + x[2]*exp(-10*(i - 1)*x[4]) + x[3]*exp(-10*(i - 1)*x[5])))^2 for i in 1..11)
""", [0.5, 1.5, -1, 0.01, 0.02], [0.4, 2, -1.5, 0.013, 0.022])
def osborne(x):
    y = [0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751]
    return squares([v - x[0] - x[1] / exp(10 * i * x[3]) - x[2] / exp(10 * i * x[4]) for i, v in enumerate(y)])


@problem("""
## Biggs's six-parameter exponential.
biggs(x: R[6], m: Int) = sum((x[3]*exp(-t*x[1]) - x[4]*exp(-t*x[2]) + x[6]*exp(-t*x[5]) - y)^2
  where t = i/10, y = exp(-t) - 5*exp(-10t) + 3*exp(-4t) for i in 1..m)
""", {"x": [1, 2, 1, 1, 1, 1], "m": 13}, {"x": [1.5, 8, 0.5, 4, 3, 2], "m": 6})
def biggs(x, m):
    total = 0
    for i in range(1, m + 1):
        e = exp(mpf(-i) / 10)
        y = e - 5 * e**10 + 3 * e**4
        total += (x[2] * e ** x[0] - x[3] * e ** x[1] + x[5] * e ** x[4] - y) ** 2
    return total


@problem("""
## Watson's: a polynomial that should solve u' = u² + 1.
watson(x: R[n]) = sum((sum((j - 1)*x[j]*t^(j - 2) for j in 2..n) - sum(x[j]*t^(j - 1) for j in 1..n)^2 - 1)^2
  where t = i/29 for i in 1..29) + x[1]^2 + (x[2] - x[1]^2 - 1)^2
""", [0, 0, 0, 0], [0.5, 1, -0.25, 0.75, 0.125])
def watson(x):
    total = x[0] ** 2 + (x[1] - x[0] ** 2 - 1) ** 2
    for i in range(1, 30):
        t, u, v = mpf(i) / 29, mpf(0), mpf(0)
        for c in reversed(x):
            v, u = v * t + u, u * t + c
        total += (v - u * u - 1) ** 2
    return total


@problem("""
## Rosenbrock's valley, pair by pair.
rosenbrock_pairs(x: R[n]) = sum(100*(x[2i] - x[2i - 1]^2)^2 + (1 - x[2i - 1])^2 for i in 1..floor(n/2))
""", [-1.2, 1, -1.2, 1, 0.5, 2])
def rosenbrock_pairs(x):
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x[::2], x[1::2]))


@problem("""
## Rosenbrock's valley, each variable coupled to the next.
rosenbrock_chain(x: R[n]) = sum(100*(x[i+1] - x[i]^2)^2 + (1 - x[i])^2 for i in 1..n-1)
""", [-1.2, 1, 0.5, 2, -0.75], [-1.2, 1])
def rosenbrock_chain(x):
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


@problem("""
## Penalty I: a sphere that is held by a very small weight.
penalty1(x: R[n]) = 1e-5*sum((x[i] - 1)^2 for i) + (sum(x[i]^2 for i) - 1/4)^2
""", [1, 2, 3, 4], [0.25, 0.25, 0.25, 0.26, 0.2])
def penalty1(x):
    return mpf(1e-5) * squares([t - 1 for t in x]) + (squares(x) - mpf(0.25)) ** 2


@problem("""
## Penalty II: exponentials of neighbours.
penalty2(x: R[n]) = (x[1] - 0.2)^2 + a*sum((exp(x[i]/10) + exp(x[i-1]/10) - y(i))^2 for i in 2..n)
  + a*sum((exp(x[i]/10) - exp(-1/10))^2 for i in 2..n) + (sum((n - j + 1)*x[j]^2 for j in 1..n) - 1)^2
  where a = 1e-5, y = i -> exp(i/10) + exp((i - 1)/10)
""", [0.5, 0.5, 0.5, 0.5], [1, -2, 0.5, 3, 1])
def penalty2(x):
    n, a, ten = len(x), mpf(1e-5), lambda t: exp(mpf(t) / 10)
    r = [ten(x[i]) + ten(x[i - 1]) - ten(i + 1) - ten(i) for i in range(1, n)] + [ten(t) - ten(-1) for t in x[1:]]
    return (x[0] - 0.2) ** 2 + a * squares(r) + (sum((n - j) * x[j] ** 2 for j in range(n)) - 1) ** 2


@problem("""
## A function whose residuals are all variables, and then two more.
variably_dimensioned(x: R[n]) = sum((x[i] - 1)^2 for i in 1..n) + s^2 + s^4 where s = sum(i*(x[i] - 1) for i in 1..n)
""", [0.75, 0.5, 0.25, 0], [1, 2, 0.5])
def variably_dimensioned(x):
    s = sum(i * (t - 1) for i, t in enumerate(x, 1))
    return squares([t - 1 for t in x]) + s**2 * (1 + s**2)


@problem("""
## Spedicato's trigonometric function.
trigonometric(x: R[n]) = sum((n - c + i*(1 - cos(x[i])) - sin(x[i]))^2 for i in 1..n) where c = sum(cos.(x))
""", [0.2, 0.2, 0.2, 0.2, 0.2], [1, 2, 3])
def trigonometric(x):
    n = len(x)
    c = sum(cos(t) for t in x)
    return squares([n - c + i * (1 - cos(t)) - sin(t) for i, t in enumerate(x, 1)])


@problem("""
## Brown's almost linear function: n - 1 planes and one product.
brown_almost_linear(x: R[n]) = sum((x[i] + s - (n + 1))^2 for i in 1..n-1) + (prod(x) - 1)^2 where s = sum(x)
""", [0.5, 0.5, 0.5, 0.5, 0.5], [2, 0, -1, 3], [0, 0, 1])
def brown_almost_linear(x):
    n, product = len(x), mpf(1)
    for t in x:
        product *= t
    return squares([t + sum(x) - n - 1 for t in x[:-1]] + [product - 1])


@problem("""
## The discrete boundary value problem u'' = (u + t + 1)³/2.
boundary_value(x: R[n]) = sum((2x[i] - left - right + h^2*(x[i] + i*h + 1)^3/2)^2
  where left = (if i > 1 then x[i-1] else 0), right = (if i < n then x[i+1] else 0) for i in 1..n)
  where h = 1/(n + 1)
""", [-0.14, -0.22, -0.22, -0.14], [1, 2, 3, 2, 1])
def boundary_value(x):
    n = len(x)
    h, padded = mpf(1) / (n + 1), [0, *x, 0]
    return squares([
        2 * padded[i] - padded[i - 1] - padded[i + 1] + h**2 * (padded[i] + i * h + 1) ** 3 / 2 for i in range(1, n + 1)
    ])


@problem("""
## The discrete integral equation of the same problem.
integral_equation(x: R[n]) = sum((x[i] + h/2*((1 - t(i))*sum(t(j)*(x[j] + t(j) + 1)^3 for j in 1..i)
  + t(i)*sum((1 - t(j))*(x[j] + t(j) + 1)^3 for j in i+1..n)))^2 for i in 1..n)
  where h = 1/(n + 1), t = i -> i*h
""", [-0.14, -0.22, -0.22, -0.14], [1, 0.5, 2])
def integral_equation(x):
    n = len(x)
    h = mpf(1) / (n + 1)
    t = [h * (i + 1) for i in range(n)]
    c = [(a + b + 1) ** 3 for a, b in zip(x, t)]
    r = []
    for i in range(n):
        s = sum((1 - t[i]) * t[j] * c[j] if j <= i else t[i] * (1 - t[j]) * c[j] for j in range(n))
        r.append(x[i] + h / 2 * s)
    return squares(r)


@problem("""
## Broyden's tridiagonal function.
broyden_tridiagonal(x: R[n]) = sum(((3 - 2x[i])*x[i] - left - 2right + 1)^2
  where left = (if i > 1 then x[i-1] else 0), right = (if i < n then x[i+1] else 0) for i in 1..n)
""", [-1, -1, -1, -1, -1], [0.5, 1, -2, 3])
def broyden_tridiagonal(x):
    p = [0, *x, 0]
    return squares([(3 - 2 * p[i]) * p[i] - p[i - 1] - 2 * p[i + 1] + 1 for i in range(1, len(x) + 1)])


@problem("""
## Broyden's banded function: five neighbours below, one above.
broyden_banded(x: R[n]) = sum((x[i]*(2 + 5x[i]^2) + 1 - sum(x[j]*(1 + x[j]) for j in max(1, i - 5)..min(n, i + 1) if j != i))^2
  for i in 1..n)
""", [-1, -1, -1, -1, -1, -1, -1, -1], [0.5, 1, -0.5, 2, 0.25, -1, 0.75])
def broyden_banded(x):
    n = len(x)
    return squares([
        x[i] * (2 + 5 * x[i] ** 2) + 1 - sum(x[j] * (1 + x[j]) for j in range(n) if j != i and -5 <= j - i <= 1)
        for i in range(n)
    ])


@problem("""
## A linear function of full rank with m residuals.
linear_full_rank(x: R[n], m: Int) = sum((x[i] - 2s/m - 1)^2 for i in 1..n) + (m - n)*(2s/m + 1)^2 where s = sum(x)
""", {"x": [1, 2, 3], "m": 5})
def linear_full_rank(x, m):
    s = 2 * sum(x) / m
    return squares([(x[i] if i < len(x) else 0) - s - 1 for i in range(m)])


@problem("""
## A linear function of rank one.
linear_rank_one(x: R[n], m: Int) = sum((i*sum(j*x[j] for j in 1..n) - 1)^2 for i in 1..m)
""", {"x": [1, 1, 1], "m": 4}, {"x": [0.25, -0.5, 0.125, 1], "m": 6})
def linear_rank_one(x, m):
    return squares([i * sum(j * t for j, t in enumerate(x, 1)) - 1 for i in range(1, m + 1)])


@problem("""
## Chebyquad: the nodes of a quadrature with equal weights. T is the Chebyshev polynomial moved to 0..1.
T(i: Int, x) = { 1 if i == 0; 2x - 1 if i == 1; 2*(2x - 1)*T(i - 1, x) - T(i - 2, x) otherwise }
exact(i: Int) = if mod(i, 2) == 0 then -1/(i^2 - 1) else 0
chebyquad(x: R[n]) = sum((sum(T(i, x[j]) for j in 1..n)/n - exact(i))^2 for i in 1..n)
""", [0.2, 0.4, 0.6, 0.8], [0.1, 0.3, 0.55, 0.75, 0.95])
def chebyquad(x):
    n = len(x)
    r = []
    for i in range(1, n + 1):
        mean = sum(mp.chebyt(i, 2 * t - 1) for t in x) / n
        r.append(mean + (mpf(1) / (i * i - 1) if i % 2 == 0 else 0))
    return squares(r)


@problem("""
## Himmelblau's: four equal minima.
himmelblau(x, y) = (x^2 + y - 11)^2 + (x + y^2 - 7)^2
""", {"x": 1, "y": 1}, {"x": 3, "y": 2}, {"x": -0.25, "y": -1}, wrt=("x", "y"))
def himmelblau(x, y):
    return squares([x * x + y - 11, y * y + x - 7])


@problem("""
## Booth's: a plain bowl.
booth(x, y) = (x + 2y - 7)^2 + (2x + y - 5)^2
""", {"x": 1, "y": 2}, wrt=("x", "y"))
def booth(x, y):
    return squares([x + y + y - 7, x + x + y - 5])


@problem("""
## Goldstein and Price: a polynomial of degree eight.
goldstein_price(x, y) = (1 + (x + y + 1)^2*(19 - 14x + 3x² - 14y + 6x*y + 3y²))
  *(30 + (2x - 3y)^2*(18 - 32x + 12x² + 48y - 36x*y + 27y²))
""", {"x": 0, "y": -1}, {"x": 0.5, "y": 0.25}, wrt=("x", "y"))
def goldstein_price(x, y):
    s, d = x + y, 2 * x - 3 * y
    return (1 + (s + 1) ** 2 * (19 - 14 * s + 3 * s * s)) * (30 + d**2 * (18 - 16 * d + 3 * d * d))


@problem("""
## Branin's: three equal minima.
branin(x, y) = (y - 5.1/(4π^2)*x^2 + 5/π*x - 6)^2 + 10*(1 - 1/(8π))*cos(x) + 10
""", {"x": 1, "y": 2}, {"x": "pi", "y": 2.275}, wrt=("x", "y"))
def branin(x, y):
    a = y - mpf(5.1) * (x / (2 * pi)) ** 2 + 5 * x / pi - 6
    return a * a + (10 - 5 / (4 * pi)) * cos(x) + 10


@problem("""
## The camel with six humps.
camel(x, y) = (4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (-4 + 4y^2)*y^2
""", {"x": 0.5, "y": -0.75}, {"x": -2, "y": 1}, wrt=("x", "y"))
def camel(x, y):
    return 4 * x**2 - mpf(2.1) * x**4 + x**6 / 3 + x * y - 4 * y**2 + 4 * y**4


@problem("""
## Ackley's: an egg carton in a funnel.
ackley(x: R[n]) = -20*exp(-0.2*sqrt(sum(x[i]^2 for i)/n)) - exp(sum(cos(2π*x[i]) for i)/n) + 20 + exp(1)
""", [1, -0.5, 2], [0.1, 0.2])
def ackley(x):
    n = len(x)
    return 20 + mp.e - 20 * exp(mpf(-0.2) * sqrt(squares(x) / n)) - exp(sum(cos(2 * pi * t) for t in x) / n)


@problem("""
## Rastrigin's: a bowl full of dents.
rastrigin(x: R[n]) = 10n + sum(x[i]^2 - 10*cos(2π*x[i]) for i in 1..n)
""", [0.25, -1.5, 3], [0, 0])
def rastrigin(x):
    return sum(10 + t * t - 10 * cos(2 * pi * t) for t in x)


@problem("""
## Griewank's: a bowl and a product of waves.
griewank(x: R[n]) = sum(x[i]^2 for i)/4000 - prod(cos(x[i]/√(i)) for i) + 1
""", [1, 2, 3], [-5, 0, 7, 1])
def griewank(x):
    product = mpf(1)
    for i, t in enumerate(x, 1):
        product *= cos(t / sqrt(i))
    return squares(x) / 4000 - product + 1


@problem("""
## Styblinski and Tang.
styblinski(x: R[n]) = 1/2*sum(x[i]^4 - 16x[i]^2 + 5x[i] for i)
""", [1, -2, 3], [-2.5, -3])
def styblinski(x):
    return sum(((t * t - 16) * t + 5) * t for t in x) / 2


@problem("""
## McCormick's.
mccormick(x, y) = sin(x + y) + (x - y)² - 1.5x + 2.5y + 1
""", {"x": 1, "y": 2}, {"x": -0.5, "y": -1.5}, wrt=("x", "y"))
def mccormick(x, y):
    return 1 + sin(x + y) + (x - y) ** 2 - mpf(3) / 2 * x + mpf(5) / 2 * y


@problem("""
## Lévy's.
levy(x: R[n]) = sin(π*w(1))^2 + sum((w(i) - 1)^2*(1 + 10*sin(π*w(i) + 1)^2) for i in 1..n-1)
  + (w(n) - 1)^2*(1 + sin(2π*w(n))^2) where w = i -> 1 + (x[i] - 1)/4
""", [2, -1, 0.5], [1, 1.5])
def levy(x):
    w = [(t + 3) / 4 for t in x]
    middle = sum((t - 1) ** 2 * (1 + 10 * sin(pi * t + 1) ** 2) for t in w[:-1])
    return sin(pi * w[0]) ** 2 + middle + (w[-1] - 1) ** 2 * (1 + sin(2 * pi * w[-1]) ** 2)


@problem("""
## Michalewicz's: steep valleys, flat elsewhere.
michalewicz(x: R[n]) = -sum(sin(x[i])*sin(i*x[i]^2/π)^20 for i in 1..n)
""", [2.2, 1.57], [2, 1.5, 1.3], wrt=("x",))
def michalewicz(x):
    return -sum(sin(t) * sin(i * t * t / pi) ** 20 for i, t in enumerate(x, 1))


@problem("""
## Dixon and Price.
dixon_price(x: R[n]) = (x[1] - 1)^2 + sum(i*(2x[i]^2 - x[i-1])^2 for i in 2..n)
""", [1, 2, 3, -1])
def dixon_price(x):
    return (x[0] - 1) ** 2 + sum((i + 1) * (2 * x[i] * x[i] - x[i - 1]) ** 2 for i in range(1, len(x)))


@problem("""
## Zakharov's.
zakharov(x: R[n]) = sum(x[i]^2 for i) + s^2 + s^4 where s = sum(i*x[i] for i)/2
""", [1, -0.5, 0.25])
def zakharov(x):
    s = sum(i * t for i, t in enumerate(x, 1)) / 2
    return squares(x) + s * s + s**4


@problem("""
## Easom's: a flat plain with one hole.
easom(x, y) = -cos(x)*cos(y)*exp(-(x - π)² - (y - π)²)
""", {"x": 3, "y": 2.5}, wrt=("x", "y"))
def easom(x, y):
    return -cos(x) * cos(y) / exp((x - pi) ** 2 + (y - pi) ** 2)


@problem("""
## Schwefel's: the best and the second best far apart. Every variable has a kink at 0.
schwefel(x: R[n]) = 418.9828872724339n - sum(x[i]*sin(√(abs(x[i]))) for i in 1..n)
""", [100, -250, 3], [420.9687, -1])
def schwefel(x):
    return mpf(418.9828872724339) * len(x) - sum(t * sin(sqrt(t if t > 0 else -t)) for t in x)


@problem("""
## The arrow head: each variable coupled to the last.
arwhead(x: R[n]) = sum((x[i]^2 + x[n]^2)^2 - 4x[i] + 3 for i in 1..n-1)
""", [1, 1, 1, 1], [0.5, 2, -1, 0.25, 1])
def arwhead(x):
    return sum((t * t + x[-1] * x[-1]) ** 2 - 4 * t + 3 for t in x[:-1])


@problem("""
## The non-diagonal function: each variable coupled to the first.
nondia(x: R[n]) = (x[1] - 1)^2 + 100*sum((x[1] - x[i-1]^2)^2 for i in 2..n)
""", [-1, -1, -1, -1], [0.5, 2, 1])
def nondia(x):
    return (x[0] - 1) ** 2 + 100 * sum((x[0] - t * t) ** 2 for t in x[:-1])


@problem("""
## ENGVAL1.
engval(x: R[n]) = sum((x[i]^2 + x[i+1]^2)^2 - 4x[i] + 3 for i in 1..n-1)
""", [2, 2, 2, 2], [1, -0.5, 0.25])
def engval(x):
    return sum((a * a + b * b) ** 2 - 4 * a + 3 for a, b in zip(x, x[1:]))


@problem("""
## LIARWHD.
liarwhd(x: R[n]) = sum(4*(x[i]^2 - x[1])^2 + (x[i] - 1)^2 for i in 1..n)
""", [4, 4, 4], [0.5, 2, -1, 1])
def liarwhd(x):
    return sum(4 * (t * t - x[0]) ** 2 + (t - 1) ** 2 for t in x)


@problem("""
## Cragg and Levy: tangents, exponentials and high powers.
cragglvy(x: R[n]) = sum((exp(a) - b)^4 + 100*(b - c)^6 + (tan(c - d) + c - d)^4 + a^8 + (d - 1)^2
  where a = x[2i - 1], b = x[2i], c = x[2i + 1], d = x[2i + 2] for i in 1..floor((n - 2)/2))
""", [1, 2, 2, 2], [0.5, 1, 1.5, 1.25, 0.75, 1])
def cragglvy(x):
    total = 0
    for i in range(0, len(x) - 2, 2):
        a, b, c, d = x[i:i + 4]
        total += (exp(a) - b) ** 4 + 100 * (b - c) ** 6 + (sin(c - d) / cos(c - d) + c - d) ** 4 + a**8 + (d - 1) ** 2
    return total


@problem("""
## EDENSCH.
edensch(x: R[n]) = 16 + sum((x[i] - 2)^4 + (x[i]*x[i+1] - 2x[i+1])^2 + (x[i+1] + 1)^2 for i in 1..n-1)
""", [0, 0, 0, 0], [1, -0.5, 2.5])
def edensch(x):
    return 16 + sum((a - 2) ** 4 + ((a - 2) * b) ** 2 + (b + 1) ** 2 for a, b in zip(x, x[1:]))


@problem("""
## BDQRTIC: a band of quartics.
bdqrtic(x: R[n]) = sum((3 - 4x[i])^2 + (x[i]^2 + 2x[i+1]^2 + 3x[i+2]^2 + 4x[i+3]^2 + 5x[n]^2)^2 for i in 1..n-4)
""", [1, 1, 1, 1, 1, 1], [0.5, -1, 0.25, 2, 1])
def bdqrtic(x):
    total = 0
    for i in range(len(x) - 4):
        band = sum((k + 1) * x[i + k] ** 2 for k in range(4)) + 5 * x[-1] ** 2
        total += (3 - 4 * x[i]) ** 2 + band**2
    return total


@problem("""
## TRIDIA: a shifted tridiagonal quadratic.
tridia(x: R[n]) = (x[1] - 1)^2 + sum(i*(2x[i] - x[i-1])^2 for i in 2..n)
""", [1, 2, 0.5, -1])
def tridia(x):
    return (x[0] - 1) ** 2 + sum((i + 1) * (2 * x[i] - x[i - 1]) ** 2 for i in range(1, len(x)))


@problem("""
## SINQUAD: sines and squares.
sinquad(x: R[n]) = (x[1] - 1)^4 + (x[n]^2 - x[1]^2)^2 + sum((sin(x[i] - x[n]) - x[1]^2 + x[i]^2)^2 for i in 2..n-1)
""", [0.1, 0.1, 0.1, 0.1], [1, 2, -0.5, 0.75, 0.25])
def sinquad(x):
    a, z = x[0], x[-1]
    return (a - 1) ** 4 + (z - a) ** 2 * (z + a) ** 2 + squares([sin(t - z) - a * a + t * t for t in x[1:-1]])


@problem("""
## Hager's: exponentials against straight lines of growing slope.
hager(x: R[n]) = sum(exp(x[i]) - √(i)*x[i] for i in 1..n)
""", [1, 1, 1, 1], [0, -1, 2])
def hager(x):
    return sum(exp(t) - sqrt(i) * t for i, t in enumerate(x, 1))


@problem("""
## The distance of points on a ring, to their neighbours and across.
ring(x: R[n, 2]) = sum((hypot(x[i, 1] - x[j, 1], x[i, 2] - x[j, 2]) - 1)^2 where j = mod(i, n) + 1 for i in 1..n)
  + 1/2*sum(1/(1 + (x[i, 1] - x[j, 1])^2 + (x[i, 2] - x[j, 2])^2) for i in 1..n for j in 1..n if i != j)
""", [[0, 0], [1.5, 0.25], [1, 1], [-0.5, 0.75]])
def ring(x):
    n, total = len(x), 0
    for i in range(n):
        for j in range(n):
            r2 = (x[i][0] - x[j][0]) ** 2 + (x[i][1] - x[j][1]) ** 2
            if j == (i + 1) % n:
                total += (sqrt(r2) - 1) ** 2
            if i < j:
                total += 1 / (1 + r2)
    return total


def main():
    for name, text, case in PROBLEMS:
        write("valleys", name, text, {name: case})


if __name__ == "__main__":
    main()
