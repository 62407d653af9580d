"""Values of the primitives to high precision, as CSV on standard output.

    pip install mpmath
    python3 tests/primitive/reference.py > tests/primitive/reference.csv

Each line holds the name, the arguments, the double next to the true value, and what that double lacks.
A count as the only argument asks for more points: the accuracy test reads such a larger table from the
file that the variable ZGRAD_REFERENCE names. The precision doubles until two results agree.
"""

import random
import sys

import mpmath as m
from mpmath import mp, mpf

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 16


def uniform(low, high):
    return lambda r: r.uniform(low, high)


def log(low, high, sign=1):
    """Spread over the magnitudes from 10^low to 10^high; sign 0: both signs."""
    return lambda r: (sign or r.choice([1, -1])) * 10 ** r.uniform(low, high)


def near(centre, low=-12, high=-1, side=0):
    """Close to a centre, at distances from 10^low to 10^high."""
    return lambda r: centre + (side or r.choice([1, -1])) * 10 ** r.uniform(low, high)


def near_root(roots, order):
    """Close to one of the first twenty roots of a Bessel function."""
    return lambda r: float(roots(order, r.randint(1, 20))) + r.choice([1, -1]) * 10 ** r.uniform(-12, 0)


REAL = [uniform(-3, 3), log(-10, 2, 0)]
POSITIVE = [uniform(0, 3), log(-300, 300), near(1)]
ANGLE = [uniform(-10, 10), log(-10, 15, 0)]
UNIT = [uniform(-1, 1), log(-10, 0, 0), near(1, side=-1), near(-1, side=1)]
OUTSIDE = [uniform(1, 3), log(0, 150, 0), near(1, side=1), near(-1, side=-1)]
EXPONENT = [uniform(-3, 3), uniform(-700, 700), log(-10, 1, 0)]
DEGREE = lambda f: lambda x: f(x * m.pi / 180)
ORDER = [lambda r: r.randint(-3, 9), uniform(-5, 15)]
IN_DEGREES = lambda f: lambda x: f(x) * 180 / m.pi


def sinc_n(n, x):
    u = m.pi * x
    if abs(u) < 1:
        total = sum(
            (-1) ** k * u ** (2 * k - n) / (m.factorial(2 * k - n) * (2 * k + 1))
            for k in range((int(n) + 1) // 2, 200)
        )
        return total * m.pi**n
    value = m.sin(u) / u
    for k in range(1, int(n) + 1):
        value = (m.sin(u + k * m.pi / 2) - k * value) / u
    return value * m.pi**n


def usinc_n(n, x):
    return sinc_n(n, x / m.pi) / m.pi**n


def exprel_n(n, x):
    """The integral of s^n e^(sx) for s from 0 to 1."""
    return m.hyp1f1(n + 1, n + 2, x) / (n + 1)


def elliptic_n(a, n, x):
    """The n-th derivative of pi/2 F(a, 1/2; 1; x)."""
    half = mpf(1) / 2
    factor = m.rf(a, n) * m.rf(half, n) / m.rf(1, n)
    return m.pi / 2 * factor * m.hyp2f1(a + n, half + n, 1 + n, x)


def scaled_airy(function, derivative, sign):
    return lambda x: function(x, derivative=derivative) * m.exp(sign * 2 * x * m.sqrt(x) / 3)


def erfcx_n(n, x):
    this, after = m.exp(x * x) * m.erfc(x), 2 * x * m.exp(x * x) * m.erfc(x) - 2 / m.sqrt(m.pi)
    for k in range(1, int(n) + 1):
        this, after = after, 2 * x * after + 2 * k * this
    return this


def dawson_n(n, x):
    this = m.sqrt(m.pi) / 2 * m.exp(-x * x) * m.erfi(x)
    after = 1 - 2 * x * this
    for k in range(1, int(n) + 1):
        this, after = after, -2 * x * after - 2 * k * this
    return this


def inverse(function, derivative, y, x):
    """Newton's method."""
    for _ in range(60):
        x -= (function(x) - y) / derivative(x)
    return x


def erfcinv(x):
    if x > mpf(1) / 10:
        return m.erfinv(1 - x)
    y = m.sqrt(-m.log(x))
    for _ in range(40):
        step = (m.erfc(y) - x) * m.sqrt(m.pi) / 2 * m.exp(y * y)
        y += step / (1 - y * step)
    return y


def sigmoid(x):
    return 1 / (1 + m.exp(-x))


def softplus(x):
    return m.log(1 + m.exp(x))


SELU = mpf("1.0507009873554804934193349852946"), mpf("1.7580993408473768599402175208123")
SMALL = [uniform(-3, 3), log(-8, 1, 0)]

ONE = {
    "sqrt": (m.sqrt, POSITIVE),
    "cbrt": (lambda x: m.sign(x) * m.cbrt(abs(x)), [log(-300, 300, 0)]),
    "exp": (m.exp, EXPONENT),
    "exp2": (lambda x: mpf(2) ** x, [uniform(-3, 3), uniform(-1000, 1000)]),
    "exp10": (lambda x: mpf(10) ** x, [uniform(-3, 3), uniform(-300, 300)]),
    "expm1": (m.expm1, EXPONENT),
    "log": (m.log, POSITIVE),
    "log2": (lambda x: m.log(x, 2), POSITIVE),
    "log10": (lambda x: m.log(x, 10), POSITIVE),
    "log1p": (m.log1p, [uniform(-1, 3), log(-10, 300), log(-10, -1, -1)]),
    "gauss": (lambda x: m.exp(-x * x), [uniform(-26, 26), log(-8, 0, 0)]),
    "expsq": (lambda x: m.exp(x * x), [uniform(-26, 26), log(-8, 0, 0)]),
    "sin": (m.sin, ANGLE),
    "cos": (m.cos, ANGLE),
    "tan": (m.tan, ANGLE),
    "sec": (m.sec, ANGLE),
    "csc": (m.csc, ANGLE),
    "cot": (m.cot, ANGLE),
    "asin": (m.asin, UNIT),
    "acos": (m.acos, UNIT),
    "atan": (m.atan, [uniform(-3, 3), log(-10, 100, 0)]),
    "asec": (lambda x: m.acos(1 / x), OUTSIDE),
    "acsc": (lambda x: m.asin(1 / x), OUTSIDE),
    "acot": (lambda x: m.atan(1 / x), [uniform(-3, 3), log(-10, 100, 0)]),
    "sinh": (m.sinh, EXPONENT),
    "cosh": (m.cosh, EXPONENT),
    "tanh": (m.tanh, EXPONENT),
    "sech": (m.sech, EXPONENT),
    "csch": (m.csch, EXPONENT),
    "coth": (m.coth, [uniform(-3, 3), log(-10, 1.3, 0)]),
    "asinh": (m.asinh, [uniform(-3, 3), log(-10, 300, 0)]),
    "acosh": (m.acosh, [uniform(1, 3), log(0, 300), near(1, side=1)]),
    "atanh": (m.atanh, UNIT),
    "asech": (lambda x: m.acosh(1 / x), [uniform(0, 1), log(-300, 0), near(1, side=-1)]),
    "acsch": (lambda x: m.asinh(1 / x), [uniform(-3, 3), log(-300, 10, 0)]),
    "acoth": (lambda x: m.atanh(1 / x), OUTSIDE),
    "sind": (DEGREE(m.sin), [uniform(-400, 400), log(-10, 10, 0)]),
    "cosd": (DEGREE(m.cos), [uniform(-400, 400), log(-10, 10, 0)]),
    "tand": (DEGREE(m.tan), [uniform(-400, 400), log(-10, 10, 0)]),
    "secd": (DEGREE(m.sec), [uniform(-400, 400)]),
    "cscd": (DEGREE(m.csc), [uniform(-400, 400)]),
    "cotd": (DEGREE(m.cot), [uniform(-400, 400)]),
    "asind": (IN_DEGREES(m.asin), UNIT),
    "acosd": (IN_DEGREES(m.acos), UNIT),
    "atand": (IN_DEGREES(m.atan), [uniform(-3, 3), log(-10, 100, 0)]),
    "asecd": (IN_DEGREES(lambda x: m.acos(1 / x)), OUTSIDE),
    "acscd": (IN_DEGREES(lambda x: m.asin(1 / x)), OUTSIDE),
    "acotd": (IN_DEGREES(lambda x: m.atan(1 / x)), [uniform(-3, 3), log(-10, 100, 0)]),
    "deg2rad": (lambda x: x * m.pi / 180, [uniform(-400, 400)]),
    "rad2deg": (lambda x: x * 180 / m.pi, [uniform(-4, 4)]),
    "sinpi": (lambda x: m.sin(m.pi * x), [uniform(-3, 3), log(-10, 8, 0)]),
    "cospi": (lambda x: m.cos(m.pi * x), [uniform(-3, 3), log(-10, 8, 0)]),
    "sinc": (lambda x: m.sin(m.pi * x) / (m.pi * x), [uniform(-3, 3), log(-10, 8, 0)]),
    "cosc": (lambda x: sinc_n(1, x), [uniform(-3, 3), log(-8, 2, 0)]),
    "xlogx": (lambda x: x * m.log(x), POSITIVE),
    "xexpx": (lambda x: x * m.exp(x), EXPONENT),
    "log1psq": (lambda x: m.log1p(x * x), [uniform(-3, 3), log(-10, 300, 0)]),
    "softplus": (softplus, EXPONENT),
    "log1mexp": (lambda x: m.log(1 - m.exp(x)), [uniform(-3, 0), log(-10, 2, -1)]),
    "log2mexp": (lambda x: m.log(2 - m.exp(x)), [uniform(-3, 0.69), log(-10, 2, -1), near(0.6931471805599453, side=-1)]),
    "logexpm1": (lambda x: m.log(m.expm1(x)), [uniform(0, 3), log(-10, 2), near(0.6931471805599453)]),
    "log1pmx": (lambda x: m.log1p(x) - x, [uniform(-1, 3), log(-8, 10), log(-8, -0.1, -1)]),
    "logmxp1": (lambda x: m.log(x) - x + 1, [uniform(0, 3), log(-100, 10), near(1, -7)]),
    "logcosh": (lambda x: m.log(m.cosh(x)), EXPONENT),
    "logabssinh": (lambda x: m.log(abs(m.sinh(x))), EXPONENT + [near(0.881373587019543)]),
    "logabstanh": (lambda x: m.log(abs(m.tanh(x))), [uniform(-3, 3), log(-10, 2, 0)]),
    "cloglog": (lambda x: m.log(-m.log1p(-x)), [uniform(0, 1), log(-100, -1), near(1, side=-1), near(0.6321205588285577)]),
    "cexpexp": (lambda x: 1 - m.exp(-m.exp(x)), [uniform(-3, 3), uniform(-700, 0)]),
    "sigmoid": (sigmoid, EXPONENT),
    "logit": (lambda x: m.log(x / (1 - x)), [uniform(0, 1), log(-100, -1), near(1, side=-1), near(0.5)]),
    "elu": (lambda x: x if x > 0 else m.expm1(x), REAL),
    "selu": (lambda x: SELU[0] * x if x > 0 else SELU[1] * m.expm1(x), REAL),
    "swish": (lambda x: x * sigmoid(x), EXPONENT),
    "softsign": (lambda x: x / (1 + abs(x)), REAL),
    "tanhshrink": (lambda x: x - m.tanh(x), SMALL),
    "gelu": (lambda x: x * m.ncdf(x), [uniform(-3, 3), uniform(-36, 9), log(-8, 0, 0)]),
    "mish": (lambda x: x * m.tanh(softplus(x)), EXPONENT),
    "erf": (m.erf, SMALL),
    "erfc": (m.erfc, [uniform(-3, 3), uniform(-6, 26), log(-8, 1, 0)]),
    "erfcx": (lambda x: m.exp(x * x) * m.erfc(x), [uniform(-3, 3), uniform(-26, 40), log(-8, 2.5)]),
    "logerfc": (lambda x: m.log(m.erfc(x)), [uniform(-3, 3), uniform(-6, 40), log(-8, 2, 0)]),
    "logerfcx": (lambda x: x * x + m.log(m.erfc(x)), [uniform(-3, 3), uniform(-26, 40), log(-8, 2, 0)]),
    "normcdf": (m.ncdf, [uniform(-3, 3), uniform(-37, 9)]),
    "normpdf": (m.npdf, [uniform(-3, 3), uniform(-37, 37)]),
    "gamma": (m.gamma, [uniform(0, 3), uniform(0, 171), uniform(-170, 0), uniform(-5, 5), log(-10, 0, 0)]),
    "loggamma": (m.loggamma, [uniform(0, 3), uniform(0, 200), log(-100, 300), near(1), near(2)]),
    "digamma": (m.digamma, [uniform(0, 3), uniform(0, 20), log(-10, 300), near(1.4616321449683622)]),
    "invdigamma": (lambda y: inverse(m.digamma, lambda x: m.psi(1, x), y, m.exp(y) + mpf(1) / 2 if y > -2 else -1 / y), [uniform(-10, 5)]),
    "erfi": (m.erfi, [uniform(-3, 3), uniform(-26, 26), log(-8, 1, 0)]),
    "erfinv": (m.erfinv, [uniform(-1, 1), log(-10, 0, 0), near(1, side=-1)]),
    "erfcinv": (erfcinv, [uniform(0, 2), log(-300, 0), near(1, -8)]),
    "dawson": (lambda x: m.sqrt(m.pi) / 2 * m.exp(-x * x) * m.erfi(x), [uniform(-8, 8), log(-8, 2, 0)]),
    "sinint": (m.si, [uniform(-10, 10), log(-8, 3, 0)]),
    "cosint": (m.ci, [uniform(0, 10), log(-8, 3)]),
    "expint": (m.e1, [uniform(0, 10), log(-8, 2.8)]),
    "expinti": (m.ei, [uniform(-10, 10), log(-8, 2.8, 0)]),
    "expintx": (lambda x: m.exp(x) * m.e1(x), [uniform(0, 10), log(-8, 5)]),
    "ellipk": (m.ellipk, [uniform(-1, 1), log(-10, 10, -1), near(1, side=-1), log(-10, 0)]),
    "ellipe": (m.ellipe, [uniform(-1, 1), log(-10, 10, -1), near(1, side=-1), log(-10, 0)]),
    "besselj0": (m.j0, [uniform(-30, 30), log(-8, 6), near_root(m.besseljzero, 0)]),
    "besselj1": (m.j1, [uniform(-30, 30), log(-8, 6), near_root(m.besseljzero, 1)]),
    "bessely0": (lambda x: m.bessely(0, x), [uniform(0, 30), log(-8, 6), near_root(m.besselyzero, 0)]),
    "bessely1": (lambda x: m.bessely(1, x), [uniform(0, 30), log(-8, 6), near_root(m.besselyzero, 1)]),
    "airyai": (m.airyai, [uniform(-10, 10), uniform(-100, 100), log(-8, 0, 0)]),
    "airyaiprime": (lambda x: m.airyai(x, derivative=1), [uniform(-10, 10), uniform(-100, 100), log(-8, 0, 0)]),
    "airybi": (m.airybi, [uniform(-10, 10), uniform(-100, 100), log(-8, 0, 0)]),
    "airybiprime": (lambda x: m.airybi(x, derivative=1), [uniform(-10, 10), uniform(-100, 100), log(-8, 0, 0)]),
    "airyaix": (scaled_airy(m.airyai, 0, 1), [uniform(0, 10), log(-8, 5)]),
    "airyaiprimex": (scaled_airy(m.airyai, 1, 1), [uniform(0, 10), log(-8, 5)]),
    "airybix": (scaled_airy(m.airybi, 0, -1), [uniform(0, 10), log(-8, 5)]),
    "airybiprimex": (scaled_airy(m.airybi, 1, -1), [uniform(0, 10), log(-8, 5)]),
    "trigamma": (lambda x: m.psi(1, x), [uniform(0, 3), uniform(0, 20), log(-10, 10), uniform(-20, 0)]),
    "usinc": (lambda x: m.sin(x) / x, [uniform(-10, 10), log(-10, 12, 0)]),
    "exprel": (lambda x: m.expm1(x) / x, EXPONENT),
    "xmsin": (lambda x: x - m.sin(x), [uniform(-4, 4), log(-10, 12, 0)]),
    "tanmx": (lambda x: m.tan(x) - x, [uniform(-1.5, 1.5), log(-10, 0, 0)]),
    "sinhmx": (lambda x: m.sinh(x) - x, [uniform(-4, 4), log(-10, 2, 0)]),
    "expm1mx": (lambda x: m.expm1(x) - x, EXPONENT),
}

TWO = {
    "pow": (lambda x, y: x**y, [(uniform(0, 3), uniform(-30, 30)), (log(-100, 100), uniform(-2, 2))]),
    "hypot": (m.hypot, [(uniform(-3, 3), uniform(-3, 3)), (log(-150, 300), log(-150, 300))]),
    "atan2": (m.atan2, [(uniform(-3, 3), uniform(-3, 3)), (log(-150, 100, 0), log(-150, 100, 0))]),
    "logb": (lambda b, x: m.log(x) / m.log(b), [(uniform(1.1, 10), log(-5, 5))]),
    "xlogy": (lambda x, y: x * m.log(y), [(uniform(-3, 3), log(-10, 10))]),
    "xlog1py": (lambda x, y: x * m.log1p(y), [(uniform(-3, 3), uniform(-1, 10))]),
    "xexpy": (lambda x, y: x * m.exp(y), [(uniform(-3, 3), uniform(-100, 100))]),
    "logaddexp": (lambda x, y: m.log(m.exp(x) + m.exp(y)), [(uniform(0, 30), uniform(0, 30))]),
    "logsubexp": (lambda x, y: m.log(abs(m.exp(x) - m.exp(y))), [(uniform(20, 30), uniform(0, 19))]),
    "erf2": (lambda x, y: m.erf(y) - m.erf(x), [(uniform(-3, 0), uniform(0, 3)), (uniform(2, 3), uniform(4, 5))]),
    "polygamma": (lambda n, x: m.psi(int(n), x), [(lambda r: r.randint(1, 8), p) for p in (uniform(0, 5), log(-5, 5), uniform(-9, 0))]),
    "sinc_n": (sinc_n, [(lambda r: r.randint(2, 9), p) for p in (uniform(-3, 3), log(-8, 1, 0))]),
    "usinc_n": (usinc_n, [(lambda r: r.randint(1, 9), p) for p in (uniform(-9, 9), log(-8, 1, 0))]),
    "exprel_n": (exprel_n, [(lambda r: r.randint(1, 9), p) for p in (uniform(-9, 9), uniform(-100, 100), log(-8, 2, 0))]),
    "beta": (m.beta, [(uniform(0, 5), uniform(0, 5)), (uniform(0, 140), uniform(0, 10)), (uniform(0, 300), uniform(0, 300))]),
    "logbeta": (lambda a, b: m.log(m.beta(a, b)), [(uniform(0, 5), uniform(0, 5)), (log(-5, 5), log(-5, 5))]),
    "erfcx_n": (erfcx_n, [(lambda r: r.randint(1, 6), p) for p in (uniform(-3, 3), uniform(0, 40), log(-3, 3))]),
    "dawson_n": (dawson_n, [(lambda r: r.randint(1, 3), p) for p in (uniform(-9, 9), log(-3, 3, 0))]),
    "expintx_n": (lambda n, x: (-1) ** int(n) * m.factorial(n) * m.exp(x) * m.expint(n + 1, x) / x**n, [(lambda r: r.randint(1, 6), p) for p in (uniform(0, 9), log(-3, 3))]),
    "digamma_diff": (lambda x, h: m.digamma(x + h) - m.digamma(x), [(uniform(0, 5), uniform(0, 5)), (log(-5, 5), log(-8, 5))]),
    "gamma_upper": (lambda a, x: m.gammainc(a, x), [(uniform(0, 5), uniform(0, 10)), (uniform(0, 100), uniform(0, 100)), (log(-5, 1), log(-5, 1))]),
    "gamma_inc": (lambda a, x: m.gammainc(a, 0, x, regularized=True), [(uniform(0, 5), uniform(0, 10)), (uniform(0, 100), uniform(0, 100)), (log(-5, 1), log(-5, 1))]),
    "expint_n": (lambda n, x: m.expint(n, x), [(lambda r: r.randint(-3, 6), p) for p in (uniform(0, 10), log(-5, 2))]),
    "ellipk_n": (lambda n, x: elliptic_n(mpf(1) / 2, n, x), [(lambda r: r.randint(1, 6), uniform(-2, 1))]),
    "ellipe_n": (lambda n, x: elliptic_n(-mpf(1) / 2, n, x), [(lambda r: r.randint(1, 6), uniform(-2, 1))]),
    "besselj": (m.besselj, [(o, p) for o in ORDER for p in (uniform(0, 40), log(-5, 4))]),
    "bessely": (m.bessely, [(o, p) for o in ORDER for p in (uniform(0, 40), log(-5, 4))]),
    "besseli": (m.besseli, [(o, p) for o in ORDER for p in (uniform(0, 40), log(-5, 2.7))]),
    "besselk": (m.besselk, [(o, p) for o in ORDER for p in (uniform(0, 40), log(-5, 2.7))]),
    "besselix": (lambda n, x: m.exp(-x) * m.besseli(n, x), [(o, p) for o in ORDER for p in (uniform(0, 40), log(-5, 4))]),
    "besselkx": (lambda n, x: m.exp(x) * m.besselk(n, x), [(o, p) for o in ORDER for p in (uniform(0, 40), log(-5, 4))]),
    "zeta": (lambda s, z: m.zeta(s, z), [(uniform(1.01, 12), uniform(0, 10)), (uniform(2, 30), log(-2, 2))]),
}


def exact(function, args):
    """The double next to the value, and what it lacks."""
    last = None
    for digits in (50, 100, 200, 400, 800):
        mp.dps = digits
        value = function(*map(mpf, args))
        if last is not None and abs(value - last) <= abs(value) * mpf(10) ** -24:
            return float(value), float(value - mpf(float(value)))
        last = value
    raise ValueError("no agreement")


def main():
    rng = random.Random(1)
    table = [(n, f, [(p,) for p in points]) for n, (f, points) in ONE.items()]
    table += [(n, f, points) for n, (f, points) in TWO.items()]
    only = sys.argv[2:]
    print("name,arguments,value,rest")
    for name, function, regimes in table:
        if only and name not in only:
            continue
        for k in range(COUNT):
            args = [float(p(rng)) for p in regimes[k % len(regimes)]]
            try:
                value, rest = exact(function, args)
            except (ValueError, ZeroDivisionError, OverflowError) as problem:
                print(name, args, problem, file=sys.stderr)
                continue
            if 2.3e-308 < abs(value) < 1e308:
                print(name, " ".join(map(repr, args)), repr(value), f"{rest:.4g}", sep=",")


main()
