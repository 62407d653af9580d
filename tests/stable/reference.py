"""Values and derivatives of textbook formulas to high precision, as lines on standard output.

    pip install mpmath
    python3 tests/stable/reference.py > tests/stable/reference.txt

A line that begins with `f` is a formula of the notation; those after it hold a point, and the value, the
first and the second derivative there, to the nearest double.
"""

import mpmath as m
from mpmath import mp, mpf

POINTS = [1e-12, 1e-6, 1e-3, 0.1, 0.5, 0.99, 1.0, 3.0, 30.0, 1000.0, 1e6, 1e12]
POINTS = [s * x for x in POINTS for s in (1, -1)]

sig = lambda x: 1 / (1 + m.exp(-x))


def disc(b, a, c):
    return m.sqrt(b * b - 4 * a * c)


FORMULAS = [
    ("(1 - cos(x))/x^2", lambda x: (1 - m.cos(x)) / x**2),
    ("(1 - cos(x))/x", lambda x: (1 - m.cos(x)) / x),
    ("1 - cos(x)", lambda x: 1 - m.cos(x)),
    ("cos(x) - 1", lambda x: m.cos(x) - 1),
    ("3 - 3*cos(2*x)", lambda x: 3 - 3 * m.cos(2 * x)),
    ("log(1 + exp(x))", lambda x: m.log(1 + m.exp(x))),
    ("log(1 - exp(-x))", lambda x: m.log(1 - m.exp(-x))),
    ("log(exp(x) - 1)", lambda x: m.log(m.exp(x) - 1)),
    ("log(2 - exp(x))", lambda x: m.log(2 - m.exp(x))),
    ("sin(x)/x", lambda x: m.sin(x) / x),
    ("sin(2*x)/(2*x)", lambda x: m.sin(2 * x) / (2 * x)),
    ("(exp(x) - 1)/x", lambda x: (m.exp(x) - 1) / x),
    ("exp(x) - 1", lambda x: m.exp(x) - 1),
    ("e^x - 1", lambda x: m.exp(x) - 1),
    ("log(x + 1)", lambda x: m.log(x + 1)),
    ("log(1 - x)", lambda x: m.log(1 - x)),
    ("log(1 + x^2)", lambda x: m.log(1 + x * x)),
    ("sqrt(x + 1) - sqrt(x)", lambda x: m.sqrt(x + 1) - m.sqrt(x)),
    ("sqrt(1 + x) - 1", lambda x: m.sqrt(1 + x) - 1),
    ("1 - sqrt(1 - x^2)", lambda x: 1 - m.sqrt(1 - x * x)),
    ("sqrt(x^2 + 1) - x", lambda x: m.sqrt(x * x + 1) - x),
    ("sqrt(x^2 + 1) + x", lambda x: m.sqrt(x * x + 1) + x),
    ("1/(1 + exp(-x))", sig),
    ("exp(x)/(1 + exp(x))", sig),
    ("exp(-x)/(1 + exp(-x))^2", lambda x: sig(x) * sig(-x)),
    ("x/(1 + exp(-x))", lambda x: x * sig(x)),
    ("s*(1 - s) where s = 1/(1 + exp(-x))", lambda x: sig(x) * sig(-x)),
    ("exp(x)/(exp(x) + exp(3))", lambda x: sig(x - 3)),
    ("log(exp(x) + exp(3))", lambda x: m.log(m.exp(x) + m.exp(3))),
    ("log(1/(1 + exp(-x)))", lambda x: m.log(sig(x))),
    ("log(1 - 1/(1 + exp(-x)))", lambda x: m.log(sig(-x))),
    ("sqrt(x^2 + 9)", lambda x: m.sqrt(x * x + 9)),
    ("sqrt(1 - x^2)", lambda x: m.sqrt(1 - x * x)),
    ("x - sin(x)", lambda x: x - m.sin(x)),
    ("tan(x) - x", lambda x: m.tan(x) - x),
    ("sinh(x) - x", lambda x: m.sinh(x) - x),
    ("x - tanh(x)", lambda x: x - m.tanh(x)),
    ("exp(x) - 1 - x", lambda x: m.exp(x) - 1 - x),
    ("x - log(1 + x)", lambda x: x - m.log(1 + x)),
    ("x^2/2 + cos(x)", lambda x: x * x / 2 + m.cos(x)),
    ("x^2 - 1", lambda x: x * x - 1),
    ("(-x + sqrt(x^2 - 4*2*0.001))/(2*2)", lambda x: (-x + disc(x, 2, mpf(0.001))) / 4),
    ("(-x - sqrt(x^2 - 4*2*0.001))/(2*2)", lambda x: (-x - disc(x, 2, mpf(0.001))) / 4),
    ("1 - tanh(x)^2", lambda x: 1 / m.cosh(x) ** 2),
    ("1 - sin(x)^2", lambda x: m.cos(x) ** 2),
    ("exp(x) - exp(-x)", lambda x: 2 * m.sinh(x)),
    ("(exp(x) - exp(-x))/2", lambda x: m.sinh(x)),
    ("(exp(x) - exp(-x))/(exp(x) + exp(-x))", m.tanh),
    ("(exp(2*x) - 1)/(exp(2*x) + 1)", m.tanh),
    ("2/(1 + exp(-2*x)) - 1", m.tanh),
    ("log(x + 1) - log(x)", lambda x: m.log(x + 1) - m.log(x)),
    ("1/x - 1/(x + 1)", lambda x: 1 / x - 1 / (x + 1)),
    ("1/(x - 1) - 1/(x + 1)", lambda x: 1 / (x - 1) - 1 / (x + 1)),
    ("atan(x + 1) - atan(x)", lambda x: m.atan(x + 1) - m.atan(x)),
    ("sin(x + 1e-7) - sin(x)", lambda x: m.sin(x + mpf(1e-7)) - m.sin(x)),
    ("cos(x + 1e-7) - cos(x)", lambda x: m.cos(x + mpf(1e-7)) - m.cos(x)),
    ("log(x + sqrt(x^2 + 1))", m.asinh),
    ("log(x + sqrt(x^2 - 1))", lambda x: m.log(x + m.sqrt(x * x - 1))),
    ("log((1 + x)/(1 - x))/2", lambda x: m.log((1 + x) / (1 - x)) / 2),
    ("log(x/(1 - x))", lambda x: m.log(x / (1 - x))),
    ("log(cosh(x))", lambda x: m.log(m.cosh(x))),
    ("cosh(x) - 1", lambda x: m.cosh(x) - 1),
    ("1 - erf(x)", m.erfc),
    ("log(erfc(x))", lambda x: m.log(m.erfc(x))),
    ("x/(x + 1)", lambda x: x / (x + 1)),
    ("(x - 1)/(x + 1)", lambda x: (x - 1) / (x + 1)),
    ("sin(x)^2 + cos(x)^2", lambda x: mpf(1)),
]


def derivatives(f, x):
    """The value and the first two derivatives, by Taylor coefficients at rising precision."""
    last = None
    for digits in (120, 240, 2000):
        mp.dps = digits
        try:
            x0 = mpf(x)
            h = mpf(10) ** (-digits // 4) * max(abs(x0), mpf(10) ** -13)
            v = [f(x0 + k * h) for k in (-2, -1, 0, 1, 2)]
        except (ZeroDivisionError, OverflowError, ValueError):
            return None
        if any(isinstance(y, m.mpc) or not m.isfinite(y) for y in v):
            return None
        first = (v[0] - 8 * v[1] + 8 * v[3] - v[4]) / (12 * h)
        second = (-v[0] + 16 * v[1] - 30 * v[2] + 16 * v[3] - v[4]) / (12 * h * h)
        found = [v[2], first, second]
        if last is not None and all(abs(a - b) <= abs(a) * mpf(10) ** -20 for a, b in zip(found, last)):
            return found
        last = found
    return found if all(abs(y) == 0 or abs(y) > mpf(10) ** -300 for y in found) else None


def main():
    for text, f in FORMULAS:
        print("f(x) =", text)
        for x in POINTS:
            found = derivatives(f, x)
            if found is None:
                continue
            small = lambda y: y == 0 or 1e-290 < abs(y) < 1e290
            if all(small(y) for y in found):
                print(repr(float(x)), *(repr(float(y)) for y in found))


main()
