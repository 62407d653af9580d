"""Writes programs.json: programs that lose digits, with values and derivatives from mpmath.

Literals and arguments are doubles, exactly: mpf(0.1) is the double next to 1/10.
Run as: python3 tests/certain/reference.py > tests/certain/programs.json
"""
import json
from mpmath import mp, mpf, cos, exp, log, sqrt, diff, fabs

mp.dps = 400


def logistic(x):
    y = x
    for _ in range(60):
        y = mpf(3.9) * y * (1 - y)
    return y


def muller(x):
    u, v = x, mpf(-4)
    for _ in range(30):
        u, v = v, 111 - 1130 / v + 3000 / (u * v)
    return v


def kahan_expm1(x):
    # (e^x - 1)/x by way of log(exp(x))
    return (exp(x) - 1) / log(exp(x))


def kahan_area(a, b, c):
    s = (a + b + c) / 2
    return sqrt(s * (s - a) * (s - b) * (s - c))


def rump(a, b):
    return (mpf(333.75) * b**6 + a**2 * (11 * a**2 * b**2 - b**6 - 121 * b**4 - 2)
            + mpf(5.5) * b**8 + a / (2 * b))


def basel(x):
    return sum(x / mpf(i) ** 2 for i in range(1, 1001))


def root(a, b, c):
    return (-b + sqrt(b * b - 4 * a * c)) / (2 * a)


def variance(x):
    v = [x, x + 1, x + 2, x + 3]
    mean = sum(v) / 4
    return sum(t * t for t in v) / 4 - mean * mean


def lost(x):
    # 40 square roots and 40 squares give x back
    for _ in range(40):
        x = sqrt(x)
    for _ in range(40):
        x = x * x
    return x


PROGRAMS = [
    ("(1 - cos x)/x^2", "f(x) = (1 - cos(x))/x^2", lambda x: (1 - cos(x)) / x**2, [(1e-9,), (1e-3,), (2.0,)]),
    ("Rump", "f(a, b) = 333.75b^6 + a^2*(11a^2*b^2 - b^6 - 121b^4 - 2) + 5.5b^8 + a/(2b)", rump, [(77617.0, 33096.0)]),
    ("Muller", "f(x) = v where (u, v) = fold((u, v) = (x, -4.0) for i in 1..30: (v, 111 - 1130/v + 3000/(u*v)))", muller, [(2.0,)]),
    ("logistic map", "f(x) = fold(y = x for i in 1..60: 3.9*y*(1 - y))", logistic, [(0.3,), (0.123,)]),
    ("Kahan's quotient", "f(x) = (exp(x) - 1)/log(exp(x))", kahan_expm1, [(1e-12,), (0.5,)]),
    ("Kahan's triangle", "f(a, b, c) = sqrt(s*(s - a)*(s - b)*(s - c)) where s = (a + b + c)/2", kahan_area, [(1.0, 1e9, 1e9), (3.0, 4.0, 5.0)]),
    ("quadratic formula", "f(a, b, c) = (-b + sqrt(b^2 - 4a*c))/(2a)", root, [(1.0, 1e9, 1.0), (1.0, 3.0, 2.0)]),
    ("sum of 1/i^2", "f(x) = sum(x/i^2 for i in 1..1000)", basel, [(1.0,)]),
    ("variance", "f(x) = sum(v[i]^2 for i in 1..4)/4 - (sum(v)/4)^2 where v = [x, x + 1, x + 2, x + 3]", variance, [(1e9,), (1.0,)]),
    ("roots and squares", "f(x) = let r = fold(y = x for i in 1..40: sqrt(y)) in fold(y = r for i in 1..40: y*y)", lost, [(2.0,)]),
]


def text(x):
    # A derivative that is 0 comes out as the error of its difference quotient.
    return "0" if fabs(x) < mpf(10) ** -200 else mp.nstr(x, 40)


def partial(f, at, i):
    order = tuple(1 if j == i else 0 for j in range(len(at)))
    if len(at) == 1:
        return diff(f, at[0], 1, h=mpf(10) ** -120)
    return diff(f, at, order, h=mpf(10) ** -120)


out = []
for name, source, f, points in PROGRAMS:
    for point in points:
        at = tuple(mpf(x) for x in point)
        out.append({
            "name": name,
            "source": source,
            "at": list(point),
            "value": text(f(*at)),
            "grad": [text(partial(f, at, i)) for i in range(len(at))],
        })
print(json.dumps(out, indent=1))
