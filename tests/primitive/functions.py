"""The primitives as mpmath has them, and where their arguments are taken from: the whole domain of each, its
magnitudes from 1e-300 on, and what lies close to its roots, poles and branch points."""

import mpmath as m
from mpmath import mpf

import jets as j
from jets import lift, order, plain, power

# ── where the arguments come from ──────────────────────────────────────────────────────────────────


def uniform(low, high):
    return lambda r: r.uniform(low, high)


def log(low, high, sign=1):
    """Spread over the magnitudes from 10^low to 10^high; sign 0: both signs."""
    return lambda r: (sign or r.choice([1, -1])) * 10 ** r.uniform(low, high)


def near(centre, low=-16, high=-1):
    """Close to a centre, at relative distances from 10^low to 10^high."""
    return lambda r: centre + r.choice([1, -1]) * (abs(centre) or 1) * 10 ** r.uniform(low, high)


def whole(low, high):
    """An integer."""
    return lambda r: r.randint(low, high)


def multiple(step, low=0, high=14):
    """Close to a multiple of the step, up to 10^high of them."""

    def draw(r):
        centre = r.choice([1, -1]) * round(10 ** r.uniform(low, high)) * float(step)
        return centre * (1 + r.choice([0, 1, -1]) * 10 ** r.uniform(-16, -3))

    return draw


def root_of(roots, of):
    """Close to one of the first twenty roots of a Bessel function."""
    return lambda r: float(roots(of, r.randint(1, 20))) + r.choice([1, -1]) * 10 ** r.uniform(-12, 0)


def choice(*values):
    return lambda r: r.choice(values)


class Span:
    """All of an interval: the middle, all magnitudes up to 10^top, fixed points, and the neighbourhood of centres."""

    def __init__(self, low, high, *centres, top=15, bottom=-300, more=()):
        self.low, self.high = low, high
        self.draws = [uniform(max(low, -3), min(high, 3)), uniform(max(low, -40), min(high, 40))]
        for sign, end in ((1, high), (-1, -low)):
            if end > 0:
                self.draws.append(log(bottom, 0, sign))
                self.draws.append(log(-9, min(top, m.log10(end)) if end != m.inf else top, sign))
        self.draws += [near(c) for c in centres] + list(more)
        sizes = [10.0**bottom, 1e-160, 1e-100, 1e-20, 1e-9, 1e-8, 1e-5, 0.1, 0.5, 1, 1.5, 2, 3, 5, 10, 30, 100, 700, 1e3, 1e5, 1e8, 1e10, 1e15, 1e100, 1e300]
        sizes = [s for s in sizes if s <= 10.0**top and s >= 10.0**bottom]
        self.fixed = [s * t for s in sizes for t in (1, -1) if low <= s * t <= high]

    def draw(self, rng, k):
        """The k-th argument: fixed ones among random ones, all inside."""
        if k % 5 == 4 and k // 5 < len(self.fixed):
            return float(self.fixed[(7 * (k // 5)) % len(self.fixed)])
        while True:
            x = float(self.draws[k % len(self.draws)](rng))
            if self.low <= x <= self.high:
                return x
            k += rng.randint(0, 1)


ALL = (-m.inf, m.inf)
REAL = Span(*ALL, top=300)
EXPONENT = Span(*ALL, top=2.8, more=[uniform(-745, 709.7), uniform(-30, 30)])
POSITIVE = Span(0, m.inf, 1, top=300)
ANGLE = Span(*ALL, more=[multiple(m.pi / 2), multiple(m.pi / 4, 0, 2)])
UNIT = Span(-1, 1, 1, -1)
OUTSIDE = Span(*ALL, 1, -1, top=150, bottom=0)
DEGREES = Span(*ALL, top=15, more=[multiple(15, 0, 3), multiple(90, 0, 12)])
TURNS = Span(*ALL, top=15, more=[multiple(0.5, 0, 3), multiple(0.25, 0, 10)])
ERROR = Span(*ALL, top=2, bottom=-100, more=[uniform(-6, 6), uniform(-27, 27)])
LN2 = 0.6931471805599453


# ── the functions ──────────────────────────────────────────────────────────────────────────────────


def degrees(f):
    return lambda x: f(x * (m.pi / 180))


def in_degrees(f):
    return lambda x: f(x) * (180 / m.pi)


def sinc_n(n, x):
    u = m.pi * x
    if abs(u) < 1:
        terms = range((int(n) + 1) // 2, int(m.mp.prec / 4) + int(n))
        total = sum((-1) ** k * u ** (2 * k - n) / (m.factorial(2 * k - n) * (2 * k + 1)) for k in terms)
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


def expintx_n(n, x):
    return (-1) ** int(n) * m.factorial(n) * m.exp(x) * m.expint(n + 1, x) / x**n


def newton(function, derivative, y, x):
    """Where the function is y, by Newton's method."""
    for _ in range(200):
        step = (function(x) - y) / derivative(x)
        x -= step
        if abs(step) <= abs(x) * mpf(2) ** (-m.mp.prec + 8):
            break
    return x


def invdigamma(y):
    return newton(m.digamma, lambda x: m.psi(1, x), y, m.exp(y) + mpf(1) / 2 if y > -2 else -1 / (y + m.euler))


def erfcinv(x):
    if x > mpf(1) / 10:
        return m.erfinv(1 - x)
    y = m.sqrt(-m.log(x))
    for _ in range(60):
        step = (m.erfc(y) - x) * m.sqrt(m.pi) / 2 * m.exp(y * y)
        y += step / (1 - y * step)
    return y


def erfcinv_whole(x):
    return erfcinv(x) if x <= 1 else -erfcinv(2 - x)


def erfinv(x):
    return m.sign(x) * erfcinv(1 - abs(x)) if abs(x) > 0.9 else m.erfinv(x)


def scaled_airy(function, derivative, sign):
    """An Airy function or its derivative times exp(sign 2/3 x^(3/2)), with two derivatives."""

    def family(n, x):
        a, b = function(x), function(x, derivative=1)
        first = (a, b, x * a, a + x * b)
        s = sign * m.sqrt(x)
        e = m.exp(sign * 2 * x * m.sqrt(x) / 3)
        f = first[derivative:]
        if n == 0:
            return f[0] * e
        if n == 1:
            return (f[1] + s * f[0]) * e
        return (f[2] + 2 * s * f[1] + (x + sign / m.sqrt(x) / 2) * f[0]) * e

    return order(family)


def scaled_airy_slope(function, derivative, sign):
    """The derivative of such a function, with two more; all of them combinations of f and f'."""

    def family(n, x):
        root = m.sqrt(x)
        # p f + q f' in half powers of x, differentiated with the exponential.
        p, q = {0: mpf(1)}, {}
        if derivative:
            p, q = {}, {0: mpf(1)}
        for _ in range(int(n) + 1):
            new_p, new_q = {}, {}

            def add(terms, power, weight):
                terms[power] = terms.get(power, mpf(0)) + weight

            for h, w in p.items():
                add(new_p, h - 2, w * mpf(h) / 2)
                add(new_p, h + 1, w * sign)
                add(new_q, h, w)
            for h, w in q.items():
                add(new_q, h - 2, w * mpf(h) / 2)
                add(new_q, h + 1, w * sign)
                add(new_p, h + 2, w)
            p, q = new_p, new_q
        value = lambda terms: sum(w * root**h for h, w in terms.items() if w)
        return (value(p) * function(x) + value(q) * function(x, derivative=1)) * m.exp(sign * 2 * x * root / 3)

    return order(family)


def airy(function, derivative):
    def family(n, x):
        a, b = function(x), function(x, derivative=1)
        return (a, b, x * a, a + x * b)[derivative + n]

    return order(family)


def bessel(function, before, after):
    """A Bessel function by its argument; its derivative is half of `before` and `after` times the neighbours."""

    def make(nu, x):
        f = lambda k: function(nu + k, x_value)
        x_value = plain(x)
        first = (before * f(-1) + after * f(1)) / 2
        second = (before * before * f(-2) + 2 * before * after * f(0) + after * after * f(2)) / 4
        return x.chain(f(0), first, second)

    return make


def scaled(function, sign):
    return lambda nu, x: function(nu, x) * j.exp(abs(x) * sign if sign < 0 else x * sign)


def scaled_n(function, sign):
    """The n-th derivative of a Bessel function times e^(sign x), and two more."""

    def shift(values):
        """The operator of one derivative: the neighbours by half, and sign times itself."""
        found = {}
        for k, weight in values.items():
            outer = mpf(1) / 2 if sign < 0 else -mpf(1) / 2
            for place, factor in ((k - 1, outer), (k, sign), (k + 1, outer)):
                found[place] = found.get(place, 0) + weight * factor
        return found

    def make(n, nu, x):
        values = {0: mpf(1)}
        derivatives = []
        scale = m.exp(sign * x.v)
        for k in range(int(n) + 3):
            if k >= n:
                derivatives.append(scale * sum(w * function(nu + at, x.v) for at, w in values.items()))
            values = shift(values)
        return x.chain(*derivatives)

    return make


def by_last(family):
    """A family of derivatives with its number as the first argument."""
    return lambda n, x: x.chain(family(int(n), x.v), family(int(n) + 1, x.v), family(int(n) + 2, x.v))


def softplus(x):
    return j.log1p(j.exp(x)) if plain(x) < 0 else x + j.log1p(j.exp(-x))


def sigmoid(x):
    return 1 / (1 + j.exp(-x))


def slope_of(f):
    """The derivative of a function of one jet; its own second derivative by a difference of jets."""

    def slope(x):
        step = mpf(10) ** (-m.mp.dps // 3)
        t = plain(x)
        before, here, after = (f(*j.Jet.variables([t + k * step])) for k in (-1, 0, 1))
        third = (after.h[0][0] - before.h[0][0]) / (2 * step)
        return x.chain(here.g[0], here.h[0][0], third)

    return slope


def hypot(x, y):
    return j.sqrt(x * x + y * y)


def atan2(y, x):
    if abs(x.v) > abs(y.v):
        shift = 0 if x.v > 0 else (m.pi if y.v > 0 else -m.pi)
        return j.atan(y / x) + shift
    return -j.atan(x / y) + (m.pi / 2 if y.v > 0 else -m.pi / 2)


def logsubexp(x, y):
    high, low = (x, y) if x.v > y.v else (y, x)
    return high + j.log(-j.expm1(low - high))


def logaddexp(x, y):
    high, low = (x, y) if x.v > y.v else (y, x)
    return high + j.log1p(j.exp(low - high))


def gamma_upper(a, x):
    x0 = x.v
    density = m.exp(-x0) * x0 ** (a - 1)
    return x.chain(m.gammainc(a, x0), -density, density * (1 - (a - 1) / x0))


def gamma_inc(a, x):
    x0 = x.v
    density = m.exp(-x0) * x0 ** (a - 1) / m.gamma(a)
    return x.chain(m.gammainc(a, 0, x0, regularized=True), density, density * ((a - 1) / x0 - 1))


def pick(condition, a, b):
    return lambda x: a(x) if condition(x.v) else b(x)


SELU = mpf("1.0507009873554804934193349852946"), mpf("1.7580993408473768599402175208123")
POLYGAMMA = by_last(lambda n, x: m.psi(n, x))
INTEGERS = multiple(1, 0, 1.5)
GAMMA = Span(*ALL, 1, 2, top=2.24, bottom=-100, more=[uniform(-170, 171), uniform(-10, 10), INTEGERS])

ONE = {
    "neg": (lambda x: -x, REAL),
    "inv": (j.inverse, REAL),
    "abs2": (lambda x: x * x, REAL),
    "abs": (abs, REAL),
    "sign": (lambda x: x * 0 + m.sign(x.v), REAL),
    "floor": (lambda x: x * 0 + m.floor(x.v), REAL),
    "ceil": (lambda x: x * 0 + m.ceil(x.v), REAL),
    "trunc": (lambda x: x * 0 + m.sign(x.v) * m.floor(abs(x.v)), REAL),
    "round": (lambda x: x * 0 + m.sign(x.v) * m.floor(abs(x.v) + mpf(1) / 2), Span(*ALL, 0.5, 2.5, top=15)),
    "sqrt": (j.sqrt, POSITIVE),
    "cbrt": (lift(lambda x: m.sign(x) * m.cbrt(abs(x)), lambda x: m.cbrt(abs(x)) / abs(x) / 3, lambda x: -2 * m.cbrt(abs(x)) / abs(x) / x / 9), REAL),
    "exp": (j.exp, EXPONENT),
    "exp2": (lambda x: j.exp(x * m.log(2)), Span(*ALL, top=3.01, more=[uniform(-1074, 1024)])),
    "exp10": (lambda x: j.exp(x * m.log(10)), Span(*ALL, top=2.49, more=[uniform(-323, 308)])),
    "expm1": (j.expm1, EXPONENT),
    "log": (j.log, POSITIVE),
    "log2": (lambda x: j.log(x) / m.log(2), POSITIVE),
    "log10": (lambda x: j.log(x) / m.log(10), POSITIVE),
    "log1p": (j.log1p, Span(-1, m.inf, -1, top=300)),
    "gauss": (j.gauss, ERROR),
    "expsq": (lambda x: j.exp(x * x), ERROR),
    "sin": (j.sin, ANGLE),
    "cos": (j.cos, ANGLE),
    "tan": (j.tan, ANGLE),
    "sec": (lambda x: 1 / j.cos(x), ANGLE),
    "csc": (lambda x: 1 / j.sin(x), ANGLE),
    "cot": (lambda x: j.cos(x) / j.sin(x), ANGLE),
    "asin": (j.asin, UNIT),
    "acos": (j.acos, UNIT),
    "atan": (j.atan, REAL),
    "asec": (lambda x: j.acos(1 / x), OUTSIDE),
    "acsc": (lambda x: j.asin(1 / x), OUTSIDE),
    "acot": (lambda x: j.atan(1 / x), REAL),
    "sinh": (j.sinh, EXPONENT),
    "cosh": (j.cosh, EXPONENT),
    "tanh": (j.tanh, EXPONENT),
    "sech": (lambda x: 1 / j.cosh(x), EXPONENT),
    "csch": (lambda x: 1 / j.sinh(x), EXPONENT),
    "coth": (lambda x: 1 / j.tanh(x), EXPONENT),
    "asinh": (j.asinh, REAL),
    "acosh": (j.acosh, Span(1, m.inf, 1, top=300)),
    "atanh": (j.atanh, UNIT),
    "asech": (lambda x: j.acosh(1 / x), Span(0, 1, 1)),
    "acsch": (lambda x: j.asinh(1 / x), REAL),
    "acoth": (lambda x: j.atanh(1 / x), OUTSIDE),
    "sind": (degrees(j.sin), DEGREES),
    "cosd": (degrees(j.cos), DEGREES),
    "tand": (degrees(j.tan), DEGREES),
    "secd": (degrees(lambda x: 1 / j.cos(x)), DEGREES),
    "cscd": (degrees(lambda x: 1 / j.sin(x)), DEGREES),
    "cotd": (degrees(lambda x: j.cos(x) / j.sin(x)), DEGREES),
    "asind": (in_degrees(j.asin), UNIT),
    "acosd": (in_degrees(j.acos), UNIT),
    "atand": (in_degrees(j.atan), REAL),
    "asecd": (in_degrees(lambda x: j.acos(1 / x)), OUTSIDE),
    "acscd": (in_degrees(lambda x: j.asin(1 / x)), OUTSIDE),
    "acotd": (in_degrees(lambda x: j.atan(1 / x)), REAL),
    "deg2rad": (lambda x: x * (m.pi / 180), REAL),
    "rad2deg": (lambda x: x * (180 / m.pi), REAL),
    "sinpi": (lambda x: j.sin(m.pi * x), TURNS),
    "cospi": (lambda x: j.cos(m.pi * x), TURNS),
    "sinc": (order(sinc_n), TURNS),
    "cosc": (order(lambda n, x: sinc_n(n + 1, x)), TURNS),
    "usinc": (order(usinc_n), Span(*ALL, top=8, bottom=-60)),
    "exprel": (order(exprel_n), Span(*ALL, top=2.8, bottom=-60, more=[uniform(-700, 700)])),
    "xmsin": (lambda x: x - j.sin(x), Span(*ALL, top=8, bottom=-60)),
    "tanmx": (lambda x: j.tan(x) - x, Span(-1.5, 1.5, bottom=-60)),
    "sinhmx": (lambda x: j.sinh(x) - x, Span(*ALL, top=2.8, bottom=-60)),
    "expm1mx": (lambda x: j.expm1(x) - x, Span(*ALL, top=2.8, bottom=-100)),
    "xlogx": (lambda x: x * j.log(x), POSITIVE),
    "xexpx": (lambda x: x * j.exp(x), Span(*ALL, -1, -2, top=2.8, more=[uniform(-745, 709)])),
    "log1psq": (lambda x: j.log1p(x * x), REAL),
    "softplus": (softplus, EXPONENT),
    "log1mexp": (lambda x: j.log(-j.expm1(x)), Span(-m.inf, 0, -LN2, top=2.8)),
    "log2mexp": (lambda x: j.log1p(-j.expm1(x)), Span(-m.inf, LN2, LN2, top=2.8)),
    "dlog2mexp": (lambda x: 1 / (1 - 2 * j.exp(-x)), Span(-m.inf, LN2, LN2, top=2.8)),
    "logexpm1": (lambda x: j.log(j.expm1(x)), Span(0, m.inf, LN2, top=15)),
    "log1pmx": (lambda x: j.log1p(x) - x, Span(-1, m.inf, -1, top=15, bottom=-150)),
    "logmxp1": (lambda x: j.log(x) - x + 1, POSITIVE),
    "logcosh": (lambda x: j.log(j.cosh(x)), Span(*ALL, top=3)),
    "logabssinh": (lambda x: j.log(abs(j.sinh(x))), Span(*ALL, 0.881373587019543, top=3)),
    "logabstanh": (lambda x: j.log(abs(j.tanh(x))), Span(*ALL, top=2.5)),
    "cloglog": (lambda x: j.log(-j.log1p(-x)), Span(0, 1, 1, 0.6321205588285577)),
    "cexpexp": (lambda x: -j.expm1(-j.exp(x)), Span(-745, 8, 0, more=[uniform(-5, 6.5)])),
    "expmexp": (lambda x: j.exp(x - j.exp(x)), Span(-745, 6.6, 0, more=[uniform(-5, 6.5)])),
    "sigmoid": (sigmoid, EXPONENT),
    "logit": (lambda x: j.log(x / (1 - x)), Span(0, 1, 1, 0.5)),
    "relu": (pick(lambda x: x > 0, lambda x: x, lambda x: x * 0), REAL),
    "leakyrelu": (pick(lambda x: x > 0, lambda x: x, lambda x: x * mpf(0.01)), REAL),
    "elu": (pick(lambda x: x > 0, lambda x: x, j.expm1), EXPONENT),
    "selu": (pick(lambda x: x > 0, lambda x: x * SELU[0], lambda x: j.expm1(x) * SELU[1]), EXPONENT),
    "swish": (lambda x: x * sigmoid(x), Span(*ALL, -1.278464542761074, -2.399357280515468, 2.399357280515468, top=2.8, more=[uniform(-745, 745)])),
    "softsign": (lambda x: x / (1 + abs(x)), REAL),
    "tanhshrink": (lambda x: x - j.tanh(x), Span(*ALL, top=15, bottom=-100)),
    "gelu": (lambda x: x * j.erfc(x / -m.sqrt(2)) / 2, Span(*ALL, -0.7517915246935645, -1.4142135623730951, top=1.6, more=[uniform(-38, 9)])),
    "mish": (lambda x: x * j.tanh(softplus(x)), Span(*ALL, -1.1924312144513553, -2.2564, 1.4905, top=2.8, more=[uniform(-745, 40)])),
    "dswish": (slope_of(lambda x: x * sigmoid(x)), Span(*ALL, -1.278464542761074, -2.399357280515468, 2.399357280515468, top=2.8, bottom=-100, more=[uniform(-740, 740), uniform(-9, 9)])),
    "dgelu": (lift(lambda x: m.ncdf(x) + x * m.npdf(x), lambda x: (2 - x * x) * m.npdf(x), lambda x: (x**3 - 4 * x) * m.npdf(x)), Span(*ALL, -0.7517915246935645, top=1.5, more=[uniform(-37, 9)])),
    "dmish": (slope_of(lambda x: x * j.tanh(softplus(x))), Span(*ALL, -1.1924312145154952, -2.2564, top=2.8, bottom=-100, more=[uniform(-740, 40), uniform(-9, 9)])),
    "erf": (j.erf, ERROR),
    "erfc": (j.erfc, ERROR),
    "erfcx": (order(erfcx_n), Span(*ALL, bottom=-30, top=15, more=[uniform(-26, 40), uniform(-6, 6)])),
    "logerfc": (lambda x: j.log(j.erfc(x)), Span(*ALL, bottom=-30, top=5, more=[uniform(-26, 40), uniform(-6, 6)])),
    "logerfcx": (lambda x: x * x + j.log(j.erfc(x)), Span(*ALL, bottom=-30, top=5, more=[uniform(-26, 40), uniform(-6, 6)])),
    "normcdf": (lambda x: j.erfc(x / -m.sqrt(2)) / 2, Span(*ALL, top=1.6, more=[uniform(-38, 9)])),
    "normpdf": (lambda x: j.gauss(x / m.sqrt(2)) / m.sqrt(2 * m.pi), Span(*ALL, 1, -1, top=1.6, more=[uniform(-38, 38)])),
    "gamma": (j.gamma, GAMMA),
    "loggamma": (j.loggamma, Span(0, m.inf, 1, 2, 1.4616321449683622, bottom=-30, top=300, more=[uniform(0, 30), uniform(0, 3)])),
    "digamma": (order(lambda n, x: m.psi(n, x)), Span(*ALL, 1.4616321449683622, -0.5040830082644555, top=15, bottom=-100, more=[uniform(-10, 20), INTEGERS])),
    "trigamma": (order(lambda n, x: m.psi(n + 1, x)), Span(*ALL, top=15, bottom=-70, more=[uniform(-10, 20), INTEGERS])),
    "invdigamma": (lift(invdigamma, lambda y: 1 / m.psi(1, invdigamma(y)), lambda y: -m.psi(2, invdigamma(y)) / m.psi(1, invdigamma(y)) ** 3), Span(-1e15, 300, 0, -0.5772156649015329, top=15, bottom=-20, more=[uniform(-30, 30)])),
    "erfi": (j.erfi, ERROR),
    "erfinv": (lift(erfinv, lambda x: m.exp(erfinv(x) ** 2) * m.sqrt(m.pi) / 2, lambda x: erfinv(x) * m.exp(2 * erfinv(x) ** 2) * m.pi / 2), Span(-1, 1, 1, -1, bottom=-30, top=15)),
    "erfcinv": (lift(erfcinv_whole, lambda x: -m.exp(erfcinv_whole(x) ** 2) * m.sqrt(m.pi) / 2, lambda x: erfcinv_whole(x) * m.exp(2 * erfcinv_whole(x) ** 2) * m.pi / 2), Span(0, 2, 1, 2, 0.5, 1.5, bottom=-30)),
    "dawson": (order(dawson_n), Span(*ALL, 0.9241388730045916, 1.5019752682681637, bottom=-30, top=15, more=[uniform(-8, 8)])),
    "sinint": (lift(m.si, m.sinc, lambda x: (x * m.cos(x) - m.sin(x)) / x**2), Span(*ALL, bottom=-30, top=15, more=[multiple(m.pi, 0, 2)])),
    "cosint": (lift(m.ci, lambda x: m.cos(x) / x, lambda x: (-x * m.sin(x) - m.cos(x)) / x**2), Span(0, m.inf, 0.6165054856207162, bottom=-30, top=15, more=[root_of(lambda _, k: m.findroot(m.ci, k * m.pi if k else 0.6), 0), multiple(m.pi / 2, 0, 2), uniform(0, 30)])),
    "expint": (lift(m.e1, lambda x: -m.exp(-x) / x, lambda x: m.exp(-x) * (1 + x) / x**2), Span(0, m.inf, 1, bottom=-30, top=2.85, more=[uniform(0, 700), uniform(0, 10)])),
    "expinti": (lift(m.ei, lambda x: m.exp(x) / x, lambda x: m.exp(x) * (x - 1) / x**2), Span(*ALL, 0.3725074107813666, 1, -1, bottom=-30, top=2.85, more=[uniform(-700, 700), uniform(-60, 60)])),
    "expintx": (order(expintx_n), Span(0, m.inf, 1, top=15, bottom=-100, more=[uniform(0, 50)])),
    "ellipk": (order(lambda n, x: elliptic_n(mpf(1) / 2, n, x)), Span(-m.inf, 1, 1, bottom=-30, top=15)),
    "ellipe": (order(lambda n, x: elliptic_n(-mpf(1) / 2, n, x)), Span(-m.inf, 1, 1, bottom=-30, top=15)),
    "besselj0": (lambda x: bessel(m.besselj, 1, -1)(0, x), Span(*ALL, bottom=-30, top=15, more=[uniform(-60, 60), root_of(m.besseljzero, 0), root_of(m.besseljzero, 1)])),
    "besselj1": (lambda x: bessel(m.besselj, 1, -1)(1, x), Span(*ALL, bottom=-30, top=15, more=[uniform(-60, 60), root_of(m.besseljzero, 1), root_of(m.besseljzero, 0)])),
    "bessely0": (lambda x: bessel(m.bessely, 1, -1)(0, x), Span(0, m.inf, bottom=-30, top=15, more=[uniform(0, 60), root_of(m.besselyzero, 0), root_of(m.besselyzero, 1)])),
    "bessely1": (lambda x: bessel(m.bessely, 1, -1)(1, x), Span(0, m.inf, bottom=-30, top=15, more=[uniform(0, 60), root_of(m.besselyzero, 1), root_of(m.besselyzero, 0)])),
    "airyai": (airy(m.airyai, 0), Span(*ALL, -2.338107410459767, bottom=-30, top=5, more=[uniform(-10, 10), uniform(-100, 100)])),
    "airyaiprime": (airy(m.airyai, 1), Span(*ALL, -1.018792971647471, bottom=-30, top=5, more=[uniform(-10, 10), uniform(-100, 100)])),
    "airybi": (airy(m.airybi, 0), Span(*ALL, -1.173713222709128, bottom=-30, top=5, more=[uniform(-10, 10), uniform(-100, 100)])),
    "airybiprime": (airy(m.airybi, 1), Span(*ALL, -2.2944396826, bottom=-30, top=5, more=[uniform(-10, 10), uniform(-100, 100)])),
    "airyaix": (scaled_airy(m.airyai, 0, 1), Span(0, m.inf, bottom=-30, top=5)),
    "dairyaix": (scaled_airy_slope(m.airyai, 0, 1), Span(0, m.inf, bottom=-30, top=5)),
    "dairyaiprimex": (scaled_airy_slope(m.airyai, 1, 1), Span(0, m.inf, bottom=-30, top=5)),
    "dairybix": (scaled_airy_slope(m.airybi, 0, -1), Span(0, m.inf, bottom=-30, top=5)),
    "dairybiprimex": (scaled_airy_slope(m.airybi, 1, -1), Span(0, m.inf, bottom=-30, top=5)),
    "airyaiprimex": (scaled_airy(m.airyai, 1, 1), Span(0, m.inf, bottom=-30, top=5)),
    "airybix": (scaled_airy(m.airybi, 0, -1), Span(0, m.inf, bottom=-30, top=5)),
    "airybiprimex": (scaled_airy(m.airybi, 1, -1), Span(0, m.inf, bottom=-30, top=5)),
}

WIDE = Span(*ALL, top=150, bottom=-150)
MODERATE = Span(*ALL, top=15, bottom=-100)
BESSEL_ORDER = [whole(0, 9), uniform(-5, 15), choice(0, 1, 2, 0.5, -0.5, 1.5, 2.5, -2)]
BESSEL = Span(0, m.inf, top=6, bottom=-20, more=[uniform(0, 60)])
BESSEL_EXP = Span(0, m.inf, top=2.7, bottom=-20, more=[uniform(0, 60)])

# Rows of several arguments: the function; how many of the first arguments are constants; where each is from.
MORE = {
    "add": (lambda x, y: x + y, 0, [REAL, Span(*ALL, top=300)]),
    "sub": (lambda x, y: x - y, 0, [REAL, Span(*ALL, top=300)]),
    "mul": (lambda x, y: x * y, 0, [WIDE, WIDE]),
    "div": (lambda x, y: x / y, 0, [WIDE, WIDE]),
    "ldiv": (lambda x, y: y / x, 0, [WIDE, WIDE]),
    "fma": (lambda x, y, z: x * y + z, 0, [WIDE, WIDE, WIDE]),
    "pow": (power, 0, [Span(0, m.inf, 1, top=20, bottom=-20), Span(*ALL, top=1.5, more=[whole(-9, 9), choice(0.5, -0.5, 1.5, 2.5, 1, 2, 3)])]),
    "hypot": (hypot, 0, [WIDE, WIDE]),
    "atan2": (atan2, 0, [WIDE, WIDE]),
    "logb": (lambda b, x: j.log(x) / j.log(b), 0, [Span(0, m.inf, 1, top=100, bottom=-100, more=[choice(2, 10, 3, 0.5)]), Span(0, m.inf, 1, top=100, bottom=-100)]),
    "max": (lambda x, y: x if x.v > y.v else y, 0, [REAL, REAL]),
    "min": (lambda x, y: x if x.v < y.v else y, 0, [REAL, REAL]),
    "mod": (lambda x, y: x - y * m.floor(x.v / y.v), 0, [Span(*ALL, top=6, bottom=-6), Span(*ALL, top=6, bottom=-3)]),
    "rem": (lambda x, y: x - y * (m.sign(x.v / y.v) * m.floor(abs(x.v / y.v))), 0, [Span(*ALL, top=6, bottom=-6), Span(*ALL, top=6, bottom=-3)]),
    "copysign": (lambda x, y: x * (m.sign(x.v) * m.sign(y.v)) + y * 0, 0, [REAL, REAL]),
    "xlogy": (lambda x, y: x * j.log(y), 0, [WIDE, Span(0, m.inf, 1, top=150, bottom=-150)]),
    "xlog1py": (lambda x, y: x * j.log1p(y), 0, [WIDE, Span(-1, m.inf, -1, top=150, bottom=-150)]),
    "xexpy": (lambda x, y: x * j.exp(y), 0, [MODERATE, Span(*ALL, top=2.6)]),
    "logaddexp": (logaddexp, 0, [Span(*ALL, top=3, bottom=-20), Span(*ALL, top=3, bottom=-20)]),
    "sigmoid_diff": (lambda x, y: sigmoid(x - y), 0, [Span(*ALL, top=2.5, bottom=-20), Span(*ALL, top=2.5, bottom=-20)]),
    "logsubexp": (logsubexp, 0, [Span(*ALL, top=3, bottom=-20), Span(*ALL, top=3, bottom=-20)]),
    "bose_diff": (lambda x, y: -1 / j.expm1(y - x), 0, [Span(*ALL, top=3, bottom=-20), Span(*ALL, top=3, bottom=-20)]),
    "erf2": (lambda x, y: j.erf(y) - j.erf(x), 0, [Span(*ALL, top=1.4, bottom=-20), Span(*ALL, top=1.4, bottom=-20)]),
    "beta": (lambda a, b: j.gamma(a) * j.gamma(b) / j.gamma(a + b), 0, [Span(0, m.inf, top=2.5, bottom=-8), Span(0, m.inf, top=2.5, bottom=-8)]),
    "logbeta": (lambda a, b: j.loggamma(a) + j.loggamma(b) - j.loggamma(a + b), 0, [Span(0, m.inf, top=10, bottom=-8), Span(0, m.inf, top=10, bottom=-8)]),
    "digamma_diff": (lambda x, h: lift(m.digamma, lambda t: m.psi(1, t), lambda t: m.psi(2, t))(x + h) - lift(m.digamma, lambda t: m.psi(1, t), lambda t: m.psi(2, t))(x), 0, [Span(0, m.inf, top=10, bottom=-20), Span(0, m.inf, top=10, bottom=-20)]),
    "clamp": (lambda x, low, high: low if x.v < low.v else high if x.v > high.v else x, 0, [REAL, Span(-1e9, 0, top=9), Span(0, 1e9, top=9)]),
    "ldexp": (lambda x, n: x * mpf(2) ** n, "n", [WIDE, whole(-400, 400)]),
    "polygamma": (POLYGAMMA, 1, [whole(1, 9), Span(*ALL, top=15, bottom=-20, more=[uniform(-10, 20)])]),
    "usinc_n": (by_last(usinc_n), 1, [whole(1, 9), Span(*ALL, top=6, bottom=-60)]),
    "exprel_n": (by_last(exprel_n), 1, [whole(1, 9), Span(*ALL, top=2.5, bottom=-60)]),
    "sinc_n": (by_last(sinc_n), 1, [whole(2, 9), Span(*ALL, top=8, bottom=-60, more=[multiple(0.5, 0, 2)])]),
    "erfcx_n": (by_last(erfcx_n), 1, [whole(1, 6), Span(*ALL, top=8, bottom=-100, more=[uniform(-26, 40)])]),
    "dawson_n": (by_last(dawson_n), 1, [whole(1, 4), Span(*ALL, top=8, bottom=-100, more=[uniform(-8, 8)])]),
    "expintx_n": (by_last(expintx_n), 1, [whole(1, 6), Span(0, m.inf, top=8, bottom=-15, more=[uniform(0, 50)])]),
    "ellipk_n": (by_last(lambda n, x: elliptic_n(mpf(1) / 2, n, x)), 1, [whole(1, 5), Span(-m.inf, 1, 1, top=10, bottom=-20)]),
    "ellipe_n": (by_last(lambda n, x: elliptic_n(-mpf(1) / 2, n, x)), 1, [whole(1, 5), Span(-m.inf, 1, 1, top=10, bottom=-20)]),
    "gamma_upper": (gamma_upper, 1, [Span(0, 170, 1, 2, bottom=-5, more=[uniform(0, 10)]), Span(0, m.inf, top=2.7, bottom=-100, more=[uniform(0, 20), uniform(0, 200)])]),
    "gamma_inc": (gamma_inc, 1, [Span(0, 170, 1, 2, bottom=-5, more=[uniform(0, 10)]), Span(0, m.inf, top=2.7, bottom=-100, more=[uniform(0, 20), uniform(0, 200)])]),
    "expint_n": (lambda n, x: x.chain(m.expint(n, x.v), -m.expint(n - 1, x.v), m.expint(n - 2, x.v)), 1, [whole(-3, 7), Span(0, m.inf, top=2.8, bottom=-30, more=[uniform(0, 10)])]),
    "besselj": (bessel(m.besselj, 1, -1), 1, [BESSEL_ORDER, BESSEL]),
    "bessely": (bessel(m.bessely, 1, -1), 1, [BESSEL_ORDER, BESSEL]),
    "besseli": (bessel(m.besseli, 1, 1), 1, [BESSEL_ORDER, BESSEL_EXP]),
    "besselk": (bessel(m.besselk, -1, -1), 1, [BESSEL_ORDER, BESSEL_EXP]),
    "besselix_n": (scaled_n(m.besseli, -1), 2, [whole(1, 3), choice(0, 1, 2, 0.5, 1.5, 7, -1, 1.25), Span(0, m.inf, top=6, bottom=-8, more=[uniform(0, 60)])]),
    "besselkx_n": (scaled_n(m.besselk, 1), 2, [whole(1, 3), choice(0, 1, 2, 0.5, 1.5, 7, -1, 1.25), Span(0, m.inf, top=6, bottom=-8, more=[uniform(0, 60)])]),
    "besselix": (scaled(bessel(m.besseli, 1, 1), -1), 1, [BESSEL_ORDER, BESSEL]),
    "besselkx": (scaled(bessel(m.besselk, -1, -1), 1), 1, [BESSEL_ORDER, BESSEL]),
    "zeta": (lambda s, z: z.chain(m.zeta(s, z.v), -s * m.zeta(s + 1, z.v), s * (s + 1) * m.zeta(s + 2, z.v)), 1, [Span(1.001, 30, top=1.5, bottom=-1, more=[whole(2, 9)]), Span(0, m.inf, top=6, bottom=-8)]),
    "zeta_n": (lambda n, s, z: z.chain(*((-1) ** k * m.rf(s, k) * m.zeta(s + k, z.v) for k in (n, n + 1, n + 2))), 2, [whole(1, 5), Span(1.001, 30, top=1.5, bottom=-1, more=[whole(2, 9)]), Span(0, m.inf, top=6, bottom=-8)]),
}
