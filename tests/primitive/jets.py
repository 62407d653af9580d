"""Values with first and second partials, to the precision of mpmath: forward differentiation of order two."""

import mpmath as m
from mpmath import mpf


class Jet:
    """A value, its gradient and its Hessian."""

    def __init__(self, v, g, h):
        self.v, self.g, self.h = v, g, h

    @staticmethod
    def variables(values):
        """One jet a variable."""
        n = range(len(values))
        zero = mpf(0)
        return [Jet(v, [mpf(i == j) for j in n], [[zero] * len(values) for _ in n]) for i, v in enumerate(values)]

    def chain(self, f, f1, f2):
        """The jet of a function of this one whose value and two derivatives here are given."""
        n = range(len(self.g))
        g = [f1 * x for x in self.g]
        h = [[f2 * self.g[i] * self.g[j] + f1 * self.h[i][j] for j in n] for i in n]
        return Jet(f, g, h)

    def constant(self, value):
        """The value as a jet over the variables of this one."""
        if isinstance(value, Jet):
            return value
        n = len(self.g)
        return Jet(mpf(value), [mpf(0)] * n, [[mpf(0)] * n for _ in range(n)])

    def __add__(self, other):
        other = self.constant(other)
        n = range(len(self.g))
        h = [[self.h[i][j] + other.h[i][j] for j in n] for i in n]
        return Jet(self.v + other.v, [a + b for a, b in zip(self.g, other.g)], h)

    def __mul__(self, other):
        other = self.constant(other)
        a, b = self, other
        n = range(len(a.g))
        g = [a.v * b.g[i] + b.v * a.g[i] for i in n]
        h = [
            [a.v * b.h[i][j] + a.g[i] * b.g[j] + a.g[j] * b.g[i] + b.v * a.h[i][j] for j in n]
            for i in n
        ]
        return Jet(a.v * b.v, g, h)

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -self.constant(other)

    def __truediv__(self, other):
        return self * inverse(self.constant(other))

    def __rsub__(self, other):
        return self.constant(other) - self

    def __rtruediv__(self, other):
        return self.constant(other) / self

    __radd__ = __add__
    __rmul__ = __mul__

    def __abs__(self):
        return self if self.v >= 0 else -self


def lift(f, f1, f2):
    """A function of one number or jet from a function and its two derivatives."""

    def lifted(x):
        return x.chain(f(x.v), f1(x.v), f2(x.v)) if isinstance(x, Jet) else f(x)

    return lifted


def plain(x):
    """The value of a jet."""
    return x.v if isinstance(x, Jet) else x


def order(family):
    """A function of one variable from the family of its derivatives by number."""
    return lift(lambda x: family(0, x), lambda x: family(1, x), lambda x: family(2, x))


def power(x, y):
    """x to the power y; integral powers of negative numbers too, where y is no variable of interest."""
    if isinstance(y, Jet) and plain(x) > 0:
        return exp(y * log(x))
    y = plain(y)
    return lift(lambda t: t**y, lambda t: y * t ** (y - 1), lambda t: y * (y - 1) * t ** (y - 2))(x)


inverse = lift(lambda x: 1 / x, lambda x: -1 / x**2, lambda x: 2 / x**3)
exp = lift(m.exp, m.exp, m.exp)
expm1 = lift(m.expm1, m.exp, m.exp)
log = lift(m.log, lambda x: 1 / x, lambda x: -1 / x**2)
log1p = lift(m.log1p, lambda x: 1 / (1 + x), lambda x: -1 / (1 + x) ** 2)
sqrt = lift(m.sqrt, lambda x: 1 / m.sqrt(x) / 2, lambda x: -1 / m.sqrt(x) / x / 4)
sin = lift(m.sin, m.cos, lambda x: -m.sin(x))
cos = lift(m.cos, lambda x: -m.sin(x), lambda x: -m.cos(x))
tan = lift(m.tan, lambda x: m.sec(x) ** 2, lambda x: 2 * m.sec(x) ** 2 * m.tan(x))
atan = lift(m.atan, lambda x: 1 / (1 + x * x), lambda x: -2 * x / (1 + x * x) ** 2)
asin = lift(m.asin, lambda x: 1 / m.sqrt(1 - x * x), lambda x: x / m.sqrt(1 - x * x) ** 3)
acos = lift(m.acos, lambda x: -1 / m.sqrt(1 - x * x), lambda x: -x / m.sqrt(1 - x * x) ** 3)
sinh = lift(m.sinh, m.cosh, m.sinh)
cosh = lift(m.cosh, m.sinh, m.cosh)
tanh = lift(m.tanh, lambda x: m.sech(x) ** 2, lambda x: -2 * m.sech(x) ** 2 * m.tanh(x))
asinh = lift(m.asinh, lambda x: 1 / m.sqrt(x * x + 1), lambda x: -x / m.sqrt(x * x + 1) ** 3)
acosh = lift(m.acosh, lambda x: 1 / m.sqrt(x * x - 1), lambda x: -x / m.sqrt(x * x - 1) ** 3)
atanh = lift(m.atanh, lambda x: 1 / (1 - x * x), lambda x: 2 * x / (1 - x * x) ** 2)
gauss = lift(lambda x: m.exp(-x * x), lambda x: -2 * x * m.exp(-x * x), lambda x: (4 * x * x - 2) * m.exp(-x * x))
FACTOR = lambda: 2 / m.sqrt(m.pi)
erf = lift(m.erf, lambda x: FACTOR() * m.exp(-x * x), lambda x: -2 * x * FACTOR() * m.exp(-x * x))
erfc = lift(m.erfc, lambda x: -FACTOR() * m.exp(-x * x), lambda x: 2 * x * FACTOR() * m.exp(-x * x))
erfi = lift(m.erfi, lambda x: FACTOR() * m.exp(x * x), lambda x: 2 * x * FACTOR() * m.exp(x * x))
gamma = lift(m.gamma, lambda x: m.gamma(x) * m.digamma(x), lambda x: m.gamma(x) * (m.digamma(x) ** 2 + m.psi(1, x)))
loggamma = lift(lambda x: m.log(abs(m.gamma(x))) if x < 0 else m.loggamma(x), m.digamma, lambda x: m.psi(1, x))
