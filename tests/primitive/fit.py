"""The Chebyshev fits and the roots in src/primitive/support/*_tables.rs, printed as Rust arrays.

    pip install mpmath
    python3 tests/primitive/fit.py
"""

import mpmath as m
from mpmath import mp, mpf

mp.dps = 60


def show(name, function, low, high, count):
    """The polynomial of `count` coefficients in the distance from the middle of the interval."""
    middle = (mpf(low) + mpf(high)) / 2
    fit, error = m.chebyfit(lambda t: function(t + middle), [low - middle, high - middle], count, error=True)
    print(f"// about {m.nstr(middle, 6)}, error {m.nstr(error, 3)}")
    print(f"const {name}: [f64; {count}] = {[float(c) for c in reversed(fit)]};")


def digamma_slope(x):
    """digamma(x) over the distance to its root."""
    root = m.findroot(m.digamma, 1.4616)
    return m.psi(1, root) if abs(x - root) < mpf(10) ** -20 else m.digamma(x) / (x - root)


def dawson(x):
    return m.sqrt(m.pi) / 2 * m.exp(-x * x) * m.erfi(x)


def dawson_ratio(s):
    """dawson(x)/x as a function of x^2."""
    return dawson(m.sqrt(s)) / m.sqrt(s) if s > 0 else mpf(1)


show("DIGAMMA", digamma_slope, 1, 2, 24)
fit, error = m.chebyfit(dawson_ratio, [0, 1], 15, error=True)
print(f"const DAWSON_0: [f64; 15] = {[float(c) for c in reversed(fit)]};")
show("DAWSON_1", dawson, 1, 2.25, 28)
show("DAWSON_2", dawson, 2.25, 4, 30)
show("DAWSON_3", dawson, 4, 6.5, 32)



def slope(function, root):
    """A function over the distance to its root, in that distance."""
    return lambda d: m.diff(function, root) if abs(d) < mpf(10) ** -20 else function(root + d) / d


def mish_slope(x):
    e = m.exp(x)
    return e * (4 * (x + 1) + 4 * e**2 + e**3 + e * (4 * x + 6)) / (2 * e + e * e + 2) ** 2


gelu_slope = lambda x: m.ncdf(x) + x * m.npdf(x)
show("GELU_SLOPE", slope(gelu_slope, m.findroot(gelu_slope, -0.75)), -0.4, 0.4, 16)
show("MISH_SLOPE", slope(mish_slope, m.findroot(mish_slope, -1.19)), -0.4, 0.4, 18)
fit, error = m.chebyfit(lambda s: m.log(m.cosh(m.sqrt(s))) / s if s > 0 else mpf(1) / 2, [0, 1], 16, error=True)
print(f"const LOGCOSH: [f64; 16] = {[float(c) for c in reversed(fit)]};")

mp.dps = 50
for name, function, order, root in [
    ("J0", m.besselj, 0, m.besseljzero),
    ("J1", m.besselj, 1, m.besseljzero),
    ("Y0", m.bessely, 0, m.besselyzero),
    ("Y1", m.bessely, 1, m.besselyzero),
]:
    roots = [r for r in (root(order, k) for k in range(1, 10)) if r < 26.5]
    lines = [[float(r), float(r - mpf(float(r))), float(m.diff(lambda t: function(order, t), r))] for r in roots]
    print(f"const BESSEL_{name}_ROOTS: [[f64; 3]; {len(lines)}] = {lines};")
