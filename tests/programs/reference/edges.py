"""Kinks, poles, ties, jumps and other places where a derivative is a decision, in `edges/`.

The expected values are the decisions themselves, written by hand.
"""
import json
import re
from mpmath import mp, mpf
from exact import blocks, double, flat, grad, like, number
from program import FOLDER

inf, minus_inf, nan = "Infinity", "-Infinity", "NaN"
either = lambda *values: "|".join(str(v) for v in values)
exp, log, pi, half, third = mp.exp, mp.log, +mp.pi, mpf(1) / 2, mpf(1) / 3
FUNCTIONS, SECTION = [], {}


def section(title):
    SECTION[len(FUNCTIONS)] = title


class Notes(tuple):
    """A piece of each note that `eval` gives with the gradient."""


def N(*notes):
    return Notes(notes)


NAN, INF = "not a number", "is infinite although the value is finite"
BRANCH = "both sides of this test are equal"


def edge(definition, *points):
    """Each point: (at, value, gradient), then the Hessian if it is known, then the notes if there are any."""
    FUNCTIONS.append((definition, points))


def one(definition, *points):
    """The same for a function of x."""
    more = lambda rest: [part if isinstance(part, Notes) else [[part]] for part in rest]
    edge(definition, *(({"x": p[0]}, p[1], {"x": p[2]}, *more(p[3:])) for p in points))


section("Kinks and ties")
one("kink(x) = abs(x)", (0, 0, 0, N("abs at 0")), (-2, 2, -1, 0), (2, 2, 1, 0))
one("flip(x) = sign(x)", (0, 0, 0, N("sign at 0")), (-2, -1, 0))
one("ramp(x) = relu(x)", (0, 0, 0, N("relu at 0")), (2, 2, 1), (-1, 0, 0))
one("against_zero(x) = max(x, 0)", (0, 0, half, N("max on a tie")), (2, 2, 1), (-1, 0, 0))
one("with_itself(x) = max(x, x)", (3, 3, 1))
edge("greater(x, y) = max(x, y)", ({"x": 2, "y": 2}, 2, {"x": half, "y": half}, N("max on a tie")), ({"x": 1, "y": 2}, 2, {"x": 0, "y": 1}, [[0, 0], [0, 0]]))
edge("lesser(x, y) = min(x, y)", ({"x": 2, "y": 2}, 2, {"x": half, "y": half}, N("min on a tie")), ({"x": 1, "y": 2}, 1, {"x": 1, "y": 0}))
edge("both(x, y) = max(x, y) + min(x, y)", ({"x": 2, "y": 2}, 4, {"x": 1, "y": 1}, N("max on a tie", "min on a tie")), ({"x": 1, "y": 2}, 3, {"x": 1, "y": 1}))
edge("greatest(v: R[n]) = max(v)", ({"v": [1, 3, 3]}, 3, {"v": [0, half, half]}, N("a tie")), ({"v": [2, 2, 2]}, 2, {"v": [third] * 3}, N("a tie")), ({"v": [1, 5, 3]}, 5, {"v": [0, 1, 0]}))
edge("least_square(v: R[n]) = min(v[i]^2 for i in 1..n)", ({"v": [1, -1, 3]}, 1, {"v": [1, -1, 0]}, N("a tie")), ({"v": [4, 2, 3]}, 4, {"v": [0, 4, 0]}))
edge("bounded(x, lo, hi) = clamp(x, lo, hi)", ({"x": 1, "lo": 1, "hi": 3}, 1, {"x": 1, "lo": 0, "hi": 0}, N("clamp at a bound")), ({"x": 3, "lo": 1, "hi": 3}, 3, {"x": 1, "lo": 0, "hi": 0}, N("clamp at a bound")),
     ({"x": 5, "lo": 1, "hi": 3}, 3, {"x": 0, "lo": 0, "hi": 1}), ({"x": 0, "lo": 1, "hi": 3}, 1, {"x": 0, "lo": 1, "hi": 0}))
edge("even_sum(a, b) = logaddexp(a, b)", ({"a": 3, "b": 3}, 3 + log(2), {"a": half, "b": half}), ({"a": 1000, "b": 1000}, 1000 + log(2), {"a": half, "b": half}), ({"a": -1000, "b": 0}, 0, {"a": 0, "b": 1}))

section("Jumps")
one("down(x) = floor(x)", (2, 2, 0, N("floor at a jump")), (2.5, 2, 0))
one("up(x) = ceil(x)", (2, 2, 0, N("ceil at a jump")), (2.5, 3, 0))
one("near(x) = round(x)", (2, 2, 0), (2.75, 3, 0))
one("cut(x) = trunc(x)", (-2, -2, 0, N("trunc at a jump")), (-2.5, -2, 0))
one("stairs(x) = x*floor(x)", (2.5, 5, 2, 0))
edge("modulo(x, y) = mod(x, y)", ({"x": -1.25, "y": 0.5}, 0.25, {"x": 1, "y": 3}), ({"x": 7.5, "y": 2}, 1.5, {"x": 1, "y": -3}))
edge("remainder(x, y) = rem(x, y)", ({"x": -1.25, "y": 0.5}, -0.25, {"x": 1, "y": 2}), ({"x": 7.5, "y": 2}, 1.5, {"x": 1, "y": -3}))
one("modulo_jump(x) = mod(x, 3)", (6, 0, 1, N("mod at a jump")))
one("remainder_jump(x) = rem(x, 3)", (6, 0, 1, N("rem at a jump")))

section("Roots and poles")
one("root(x) = sqrt(x)", (0, 0, inf, N(INF)), (4, 2, 0.25))
one("cube_root(x) = cbrt(x)", (0, 0, inf, N(INF)), (-8, -2, mpf(1) / 12))
one("logarithm(x) = log(x)", (0, minus_inf, inf), (2, log(2), 0.5))
one("entropy(x) = xlogx(x)", (0, 0, minus_inf, N(INF)), (1, 0, 1))
edge("weighed(x, y) = xlogy(x, y)", ({"x": 0, "y": 2}, 0, {"x": log(2), "y": 0}), ({"x": 3, "y": 2}, 3 * log(2), {"x": log(2), "y": 1.5}))
one("arc_sine(x) = asin(x)", (1, pi / 2, inf, N(INF)), (-1, -pi / 2, inf, N(INF)))
one("arc_cosine(x) = acos(x)", (1, 0, minus_inf, N(INF)), (-1, pi, minus_inf, N(INF)))
edge("distance(x, y) = hypot(x, y)", ({"x": 0, "y": 0}, 0, {"x": 0, "y": 0}, N("hypot at (0, 0)")), ({"x": 3e200, "y": 4e200}, 5e200, {"x": 0.6, "y": 0.8}), ({"x": 0, "y": -2}, 2, {"x": 0, "y": -1}))
edge("length(v: R[n]) = norm(v)", ({"v": [0, 0, 0]}, 0, {"v": [0, 0, 0]}, N("norm at 0")), ({"v": [3, 0, -4]}, 5, {"v": [0.6, 0, -0.8]}),
     ({"v": [3e200, -4e200]}, 5e200, {"v": [0.6, -0.8]}), ({"v": [3e-200, 4e-200]}, 5e-200, {"v": [0.6, 0.8]}))
edge("written_out(x, y) = sqrt(x^2 + y^2)", ({"x": 0, "y": 0}, 0, {"x": 0, "y": 0}, N("hypot at (0, 0)")), ({"x": 3, "y": -4}, 5, {"x": 0.6, "y": -0.8}))
edge("angle(y, x) = atan2(y, x)", ({"y": 0, "x": 0}, 0, {"y": nan, "x": nan}, N("(atan2 at (0, 0): derivative NaN)")), ({"y": 0, "x": 1}, 0, {"y": 1, "x": 0}), ({"y": 0, "x": -1}, pi, {"y": -1, "x": 0}),
     ({"y": 1, "x": 0}, pi / 2, {"y": 0, "x": -1}), ({"y": -1, "x": 0}, -pi / 2, {"y": 0, "x": 1}), ({"y": 1e200, "x": 1e200}, pi / 4, {"y": 5e-201, "x": -5e-201}))
one("root_of_square(x) = sqrt(x^2)", (-3, 3, -1, 0), (3, 3, 1, 0))
one("power_of_square(x) = (x^2)^(1/2)", (-3, 3, -1, 0), (3, 3, 1, 0))
one("cube_of_root(x) = cbrt(x)^3", (0, 0, 1), (-8, -8, 1))
one("square_of_root(x) = sqrt(x)^2", (0, 0, either(nan, 1), N("0/0")), (9, 9, 1))
one("over_itself(x) = x/x", (0, nan, nan, N("0/0")), (3, 1, 0))
one("nothing_times(x) = 0*(1/x)", (0, nan, nan, N("0/0")), (3, 0, 0))
one("nothing_times_exp(x) = 0*exp(x)", (1000, nan, nan, N("0·∞")), (3, 0, 0))
one("log_of_square(x) = log(x^2)", (-2, log(4), -1), (2, log(4), 1))
edge("log_of_product(a, b) = log(a*b)", ({"a": -2, "b": -3}, log(6), {"a": -0.5, "b": -third}))
one("log_of_abs(x) = log(abs(x))", (-2, log(2), -0.5), (2, log(2), 0.5))
one("flat(x) = exp(-1/x^2)", (0, 0, either(nan, 0), N("0/0")), (1, exp(-1), 2 * exp(-1)))

section("Powers")
edge("power(x, p) = x^p", ({"x": 0, "p": 2}, 0, {"x": 0, "p": 0}), ({"x": 0, "p": 1}, 0, {"x": 1, "p": 0}), ({"x": 0, "p": 0}, 1, {"x": 0, "p": nan}, N(NAN)), ({"x": 0, "p": -1}, inf, {"x": minus_inf, "p": nan}, N(NAN)),
     ({"x": 0, "p": 0.5}, 0, {"x": inf, "p": 0}, N(INF)), ({"x": 0, "p": 3.5}, 0, {"x": 0, "p": 0}), ({"x": 2, "p": 2}, 4, {"x": 4, "p": 4 * log(2)}))
edge("whole_power(x, n: Int) = x^n", ({"x": -2, "n": 3}, -8, {"x": 12}, [[-12]]), ({"x": 0, "n": 0}, 1, {"x": 0}, [[0]]), ({"x": 0, "n": 1}, 0, {"x": 1}, [[0]]), ({"x": 0, "n": 2}, 0, {"x": 0}, [[2]]),
     ({"x": 0, "n": 3}, 0, {"x": 0}, [[0]]), ({"x": -2, "n": -1}, -0.5, {"x": -0.25}, [[-0.25]]), ({"x": 2, "n": -2}, 0.25, {"x": -0.25}, [[0.375]]))
one("cube(x) = x^3", (-2, -8, 12, -12), (0, 0, 0, 0))
one("cube_by_real(x) = x^3.0", (-2, -8, 12, -12), (0, 0, 0, 0))
one("fourth_of_cube(x) = diff(x^3, x, x, x, x)", (0, 0, 0), (2, 0, 0))
edge("third_of_power(x, n: Int) = diff(x^n, x, x, x)", ({"x": 0, "n": 2}, 0, {"x": 0}), ({"x": 0, "n": 3}, 6, {"x": 0}), ({"x": 2, "n": 4}, 48, {"x": 24}))
one("minus_square(x) = -x^2", (3, -9, -6, -2))
one("tower(x) = x*2^3^2", (1, 512, 512, 0))
one("reciprocal(x) = x^-1", (-2, -0.5, -0.25, -0.25), (0, inf, minus_inf))
one("half_of(x) = 1/2*x", (3, 1.5, 0.5, 0))
one("superscript(x) = x² + x⁻¹", (2, 4.5, 3.75, 2.25))

section("Products")
edge("product(v: R[n]) = prod(v)", ({"v": [2, 0, 3, 4]}, 0, {"v": [0, 24, 0, 0]}), ({"v": [0, 0, 3]}, 0, {"v": [0, 0, 0]}, [[0, 3, 0], [3, 0, 0], [0, 0, 0]]), ({"v": [2, 3, 4]}, 24, {"v": [12, 8, 6]}, [[0, 4, 3], [4, 0, 2], [3, 2, 0]]))
edge("product_of_sines(v: R[n]) = prod(sin(v[i]) for i in 1..n)", ({"v": [0, 1]}, 0, {"v": [mp.sin(1), 0]}), ({"v": [0, 0]}, 0, {"v": [0, 0]}, [[0, 1], [1, 0]]))

section("Empty loops")
edge("no_terms(x: R[n]) = sum(x[i+1]*x[i] for i in 1..n-1)", ({"x": [5]}, 0, {"x": [0]}), ({"x": [5, 3]}, 15, {"x": [3, 5]}))
edge("no_factors(x: R[n]) = prod(x[i+1] for i in 1..n-1)", ({"x": [5]}, 1, {"x": [0]}), ({"x": [5, 3]}, 3, {"x": [0, 1]}))
edge("repeated(x, n: Int) = fold(s = x for k in 1..n: s*s)", ({"x": 3, "n": 0}, 3, {"x": 1}, [[0]]), ({"x": 3, "n": 2}, 81, {"x": 108}, [[108]]))
edge("counted(x, n: Int) = sum(x*k for k in 1..n if mod(k, 2) == 1)", ({"x": 2, "n": 0}, 0, {"x": 0}), ({"x": 2, "n": 5}, 18, {"x": 9}))
one("not_once(x) = iterate(s = x while s > 10: s/2)", (3, 3, 1), (40, 10, 0.25, N(BRANCH)))

section("Branches")
one("half_line(x) = if x > 0 then sqrt(x) else 0", (0, 0, 0, N(BRANCH)), (4, 2, 0.25), (-1, 0, 0))
one("domain(x) = if x > 0 then log(x) else x", (-1, -1, 1), (1, 0, 1), (0, 0, 1, N(BRANCH)))
one("filled_gap(x) = if x == 0 then 1 else sin(x)/x", (0, 1, 0, N(BRANCH)), (pi, 0, -1 / pi))
one("between(x) = { x^2 if 0 < x < 1; 2x if x >= 1; -x otherwise }", (0.5, 0.25, 1, 2), (1, 2, 2, 0, N(BRANCH, BRANCH)), (0, 0, -1, 0, N(BRANCH)), (-3, 3, -1, 0))
edge("positive_roots(x: R[n]) = sum(if x[i] > 0 then sqrt(x[i]) else 0 for i)", ({"x": [0, 4, -1]}, 2, {"x": [0, 0.25, 0]}, N(BRANCH)))
edge("filtered(x: R[n]) = sum(sqrt(x[i]) for i in 1..n if x[i] > 0)", ({"x": [0, 4, -1]}, 2, {"x": [0, 0.25, 0]}, N(BRANCH)))
edge("pairs(x: R[n]) = sum(sqrt((x[i] - x[j])^2) for i in 1..n for j in 1..n if i != j)", ({"x": [1, 2, 4]}, 12, {"x": [-4, 0, 4]}))
one("logic(x) = if not (x < 0 or x > 1) and x != 0.5 then x^2 else 0", (0.25, 0.0625, 0.5), (0.5, 0, 0, N(BRANCH)), (2, 0, 0))

section("Derivatives inside")
one("confused(x) = diff(x*(let y = 1 in diff(x + y, y)), x)", (1, 1, 0), (5, 1, 0))
edge("captured(x, y) = diff(x*diff(x*y, y), x)", ({"x": 3, "y": 2}, 6, {"x": 2, "y": 0}))
one("inner_slope(x) = x*diff(x*y^2, y) where y = x", (3, 54, 54))
edge("unused(x, y) = x^2", ({"x": 3, "y": 2}, 9, {"x": 6, "y": 0}, [[2, 0], [0, 0]]))
edge("shared(x, y) = a*a where a = x*y", ({"x": 2, "y": 7}, 196, {"x": 196, "y": 56}, [[98, 56], [56, 8]]))
one("curvature(x) = diff(sinc(x), x, x)", (0, -pi**2 / 3, 0, pi**4 / 5))

section("Stopped")
one("stopped(x) = x*stop(x)", (3, 9, 3, 0))
one("stopped_inside(x) = stop(x^2)*x^3 - stop(x)", (2, 30, 48, 48))

section("Smooth")
one("sine_over(x) = sinc(x)", (0, 1, 0, -pi**2 / 3), (1, 0, -1, 2))
one("cosine_over(x) = cosc(x)", (0, 0, -pi**2 / 3, 0), (1, -1, 2))
one("inverse_sinh(x) = asinh(x)", (0, 0, 1, 0), (1e200, mp.asinh(mpf(1e200)), 1e-200), (-1e200, -mp.asinh(mpf(1e200)), 1e-200))
one("inverse_cosh(x) = acosh(x)", (1, 0, inf, N(INF)), (1e200, mp.acosh(mpf(1e200)), 1e-200))

section("Tails")
one("flat_tanh(x) = tanh(x)", (20, mp.tanh(20), 1 / mp.cosh(20) ** 2), (-20, -mp.tanh(20), 1 / mp.cosh(20) ** 2), (800, 1, 0))
one("flat_sigmoid(x) = sigmoid(x)", (40, 1 / (1 + exp(-40)), exp(-40) / (1 + exp(-40)) ** 2), (-40, exp(-40) / (1 + exp(-40)), exp(-40) / (1 + exp(-40)) ** 2), (800, 1, 0))
one("soft_ramp(x) = softplus(x)", (1000, 1000, 1), (-1000, 0, 0), (-40, mp.log1p(exp(-40)), exp(-40) / (1 + exp(-40))))
one("tiny_exp(x) = expm1(x)", (1e-20, 1e-20, 1, 1))
one("tiny_log(x) = log1p(x)", (1e-20, 1e-20, 1, -1))
one("far_arc(x) = asin(x)", (0.9999999999999999, mp.asin(mpf(0.9999999999999999)), 1 / mp.sqrt(1 - mpf(0.9999999999999999) ** 2)))
one("tail(x) = erfc(x)", (20, mp.erfc(20), -2 / mp.sqrt(pi) * exp(-400)))
edge("far_shares(v: R[n]) = sum(i*softmax(v)[i] for i in 1..n)", ({"v": [minus_inf, 0]}, 2, {"v": [0, 0]}, [[0, 0], [0, 0]]), ({"v": [0, minus_inf, 0]}, 2, {"v": [-half, 0, half]}), ({"v": [-1000, 0, 1000]}, 3, {"v": [0, 0, 0]}))
edge("far_sum(v: R[n]) = logsumexp(v)", ({"v": [minus_inf, 2]}, 2, {"v": [0, 1]}, [[0, 0], [0, 0]]), ({"v": [minus_inf, minus_inf]}, minus_inf, {"v": [nan, nan]}, N(NAN)), ({"v": [1000, 1000]}, 1000 + log(2), {"v": [half, half]}, [[0.25, -0.25], [-0.25, 0.25]]), ({"v": [-1000, -1001]}, -1000 + mp.log1p(exp(-1)), {"v": [1 / (1 + exp(-1)), 1 / (1 + exp(1))]}))

section("Domains")
one("log_outside(x) = log(x)", (-1, nan, either(nan, -1), N("log(-1): defined for x > 0")))
one("log2_outside(x) = log2(x)", (-1, nan, either(nan, double(-1 / mp.log(2))), N("log2(-1)")))
one("log10_outside(x) = log10(x)", (-1, nan, either(nan, double(-1 / mp.log(10))), N("log10(-1)")))
one("log1p_outside(x) = log1p(x)", (-2, nan, either(nan, -1), N("log1p(-2)")))
edge("logb_outside(b, x) = log(b, x)", ({"b": 2, "x": -1}, nan, {"b": nan, "x": either(nan, double(-1 / mp.log(2)))}, N(NAN)))
one("sqrt_outside(x) = sqrt(x)", (-1, nan, nan, N("sqrt(-1)")))
one("half_power_outside(x) = x^0.5", (-2, nan, nan, N("pow(-2, 0.5)")))
edge("power_outside(x, p) = x^p", ({"x": -2, "p": 0.5}, nan, {"x": nan, "p": nan}, N("pow(-2, 0.5)")))
one("third_power_outside(x) = x^(1/3)", (-8, nan, nan, N("pow(-8, ")))
one("asin_outside(x) = asin(x)", (2, nan, nan, N("asin(2)")))
one("acos_outside(x) = acos(x)", (2, nan, nan, N("acos(2)")))
one("acosh_outside(x) = acosh(x)", (0, nan, nan, N("acosh(0)")), (-2, nan, either(nan, double(1 / mp.sqrt(3))), N("acosh(-2)")))
one("atanh_outside(x) = atanh(x)", (2, nan, either(nan, double(-third)), N("atanh(2)")))
one("acoth_outside(x) = acoth(x)", (0.5, nan, either(nan, double(4 * third)), N("acoth(0.5)")))
one("asec_outside(x) = asec(x)", (0.5, nan, nan, N("asec(0.5)")))
one("asech_outside(x) = asech(x)", (2, nan, nan, N("asech(2)")))
one("logit_outside(x) = logit(x)", (2, nan, either(nan, -0.5), N("logit(2)")))
one("xlogx_outside(x) = xlogx(x)", (-1, nan, nan, N("xlogx(-1)")))
one("sum_outside(x) = x^2 + log(x)", (-1, nan, either(nan, -3), N("log(-1)")))
edge("unused_outside(x, y) = log(x)", ({"x": -1, "y": 2}, nan, {"x": either(nan, -1), "y": 0}, N("log(-1)")))
edge("mod_by_zero(x, y) = mod(x, y)", ({"x": 5, "y": 0}, nan, {"x": either(nan, 1), "y": either(nan, minus_inf)}, N("mod(5, 0)")))
edge("quotient(x, y) = x/y", ({"x": 0, "y": 0}, nan, {"x": either(nan, inf), "y": nan}, N("0/0")), ({"x": 1, "y": 0}, inf, {"x": inf, "y": minus_inf}))
one("guarded(x) = if x > 0 then log(x) else nan", (-1, nan, either(nan, 0), N(NAN)), (1, 0, 1))

section("Composed edges")
one("root_times(x) = x*sqrt(x)", (0, 0, 0), (4, 8, 3, 0.375))
one("root_times_square(x) = x^2*sqrt(x)", (0, 0, 0, 0), (4, 32, 20, 7.5))
one("root_cubed(x) = sqrt(x)^3", (0, 0, 0), (4, 8, 3))
one("three_halves(x) = x^1.5", (0, 0, 0), (4, 8, 3, 0.375))
one("three_cube_roots(x) = cbrt(x)*cbrt(x)*cbrt(x)", (0, 0, 1), (-8, -8, 1))
one("two_ramps(x) = max(x, 0) - max(-x, 0)", (0, 0, 1, N("max on a tie", "max on a tie")), (2, 2, 1), (-2, -2, 1))
one("two_relus(x) = relu(x) - relu(-x)", (0, 0, 0, N("relu at 0", "relu at 0")), (-2, -2, 1))
one("signed_square(x) = x*abs(x)", (0, 0, 0, 0, N("abs at 0")), (-3, -9, 6, -2), (3, 9, 6, 2))
one("square_of_abs(x) = abs(x)^2", (0, 0, 0, N("abs at 0")), (-3, 9, -6))
one("sign_times(x) = x*sign(x)", (0, 0, 0, N("sign at 0")), (-3, 3, -1))
one("abs_of_sine(x) = abs(sin(x))", (0, 0, 0, N("abs at 0")), (-1, mp.sin(1), -mp.cos(1)))
one("root_of_fourth(x) = sqrt(x^4)", (0, 0, either(nan, 0), N(NAN)), (-2, 4, -4))
one("root_of_root(x) = sqrt(sqrt(x))", (0, 0, inf, N(INF)), (16, 2, mpf(1) / 32))
one("root_plus(x) = x + sqrt(x)", (0, 0, inf, N(INF)))
one("root_of_one_minus(x) = sqrt(1 - x^2)", (1, 0, minus_inf, N(INF)), (-1, 0, inf, N(INF)), (0.6, 0.8, -0.75))
one("log_of_zero_times(x) = 0*log(x)", (0, nan, nan, N("0·-∞")), (2, 0, 0))
one("self_cancelling(x) = x*(1/x)", (0, nan, nan, N("0/0")), (4, 1, 0))
one("square_over_self(x) = x^2/x", (0, nan, nan, N("0/0")), (3, 3, 1))
one("zero_power(x) = x^0", (0, 1, 0, 0), (-2, 1, 0, 0), (5, 1, 0, 0))
one("first_power(x) = x^1", (0, 0, 1, 0), (-2, -2, 1, 0))
one("zero_to_the(x) = 0^x", (2, 0, 0), (0, 1, nan, N(NAN)))
edge("real_power(x, p) = x^p", ({"x": -2, "p": 3}, -8, {"x": 12, "p": nan}, N(NAN)), ({"x": "inf", "p": 2}, inf, {"x": inf, "p": inf}), ({"x": 1, "p": 1000}, 1, {"x": 1000, "p": 0}))
edge("by_exponent(x, p) = exp(p*log(x))", ({"x": 2, "p": 2}, 4, {"x": 4, "p": 4 * mp.log(2)}))
edge("both_logs(x, y) = xlogy(x, y)", ({"x": 0, "y": 0}, 0, {"x": minus_inf, "y": 0}, N(INF)), ({"x": 0, "y": 1}, 0, {"x": 0, "y": 0}))
edge("both_log1ps(x, y) = xlog1py(x, y)", ({"x": 0, "y": -1}, 0, {"x": minus_inf, "y": 0}, N(INF)), ({"x": 2, "y": 0}, 0, {"x": 0, "y": 2}))
one("arc_secant(x) = asec(x)", (1, 0, inf, N(INF)), (-1, pi, inf, N(INF)))
one("arc_cosecant(x) = acsc(x)", (1, pi / 2, minus_inf, N(INF)))
one("arc_cotangent(x) = acot(x)", (0, pi / 2, -1, N("acot jumps at 0")), (1, pi / 4, -half))
one("inverse_sech(x) = asech(x)", (1, 0, minus_inf, N(INF)))
one("inverse_tanh(x) = atanh(x)", (1, inf, inf), (-1, minus_inf, inf), (0, 0, 1, 0))
one("log_below(x) = log1p(x)", (-1, minus_inf, inf))

section("Branch edges")
one("same_value(x) = if x == 0 then 0 else x", (0, 0, 0, N(BRANCH)), (2, 2, 1))
one("smooth_join(x) = if x < 1 then x else sqrt(x)", (0, 0, 1), (1, 1, 0.5, N(BRANCH)), (4, 2, 0.25))
one("unequal(x) = if x != 0 then sin(x)/x else 1", (0, 1, 0, N(BRANCH)), (pi, 0, -1 / pi))
one("step(x) = if x > 0 then 1 else 0", (0, 0, 0, N(BRANCH)), (3, 1, 0))
one("dead_pole(x) = if x == 0 then x else x*(1/x)", (0, 0, 1, N(BRANCH)), (2, 1, 0))
one("dead_product(x) = if x > 10 then 0*log(x - 20) else x^2", (0, 0, 0, 2), (-3, 9, -6, 2))
one("nested(x) = if x > 0 then (if x > 1 then log(x - 1) else x^2) else -x", (0.5, 0.25, 1, 2), (3, mp.log(2), 0.5), (-1, 1, -1), (0, 0, -1, N(BRANCH)), (1, 1, 2, N(BRANCH)))
one("three_roots(x) = { sqrt(x) if x > 0; 0 if x == 0; -sqrt(-x) otherwise }", (4, 2, 0.25), (-4, -2, 0.25), (0, 0, 0, N(BRANCH, BRANCH)))
one("by_both(x) = if x > 0 and x < 2 then x^2 else 0", (1, 1, 2), (2, 0, 0, N(BRANCH)), (5, 0, 0))
one("by_abs(x) = if abs(x) < 1 then x^2 else 2x - 1", (0, 0, 0), (1, 1, 2, N(BRANCH)))
one("by_stopped(x) = if stop(x) == 0 then 0 else x", (0, 0, 0))
edge("unused_infinity(v: R[n]) = v[1]^2 where w = log(v[2])", ({"v": [3, 0]}, 9, {"v": [6, 0]}))
edge("chosen(v: R[n], k: Int) = [log(v[i]) for i in 1..n][k]", ({"v": [0, 1], "k": 2}, 0, {"v": [0, 1]}))
edge("some_roots(v: R[n]) = sum(sqrt(v[i]) for i in 1..n if i > 1)", ({"v": [0, 4]}, 2, {"v": [0, 0.25]}))
edge("chosen_root(v: R[n]) = sum(if i == 2 then sqrt(v[i]) else v[i] for i)", ({"v": [0, 4, 0]}, 2, {"v": [1, 0.25, 1]}))
edge("masked(v: R[n]) = sum((if v[i] > 0 then 1 else 0)*sqrt(v[i]) for i)", ({"v": [4, 1]}, 3, {"v": [0.25, 0.5]}), ({"v": [4, 0]}, 2, {"v": [0.25, nan]}, N(NAN, BRANCH)))
one("halved_while(x) = iterate(s = x while s > 10: s/2)", (40, 10, 0.25, N(BRANCH)), (5, 5, 1))
one("root_or(x) = if x > 0 then sqrt(x) else 0", (0, 0, 0, N(BRANCH)))
one("deep_root(x) = root_or(root_or(x))", (0, 0, 0, N(BRANCH)), (16, 2, mpf(1) / 32))

section("Ties")
edge("largest_of_three(x, y, z) = max(x, y, z)", ({"x": 1, "y": 5, "z": 3}, 5, {"x": 0, "y": 1, "z": 0}), ({"x": 1, "y": 5, "z": 5}, 5, {"x": 0, "y": half, "z": half}, N("a tie")), ({"x": 2, "y": 2, "z": 2}, 2, {"x": third, "y": third, "z": third}, N("a tie")))
edge("least_of_four(a, b, c, d) = min(a, b, c, d)", ({"a": 2, "b": 2, "c": 2, "d": 3}, 2, {"a": third, "b": third, "c": third, "d": 0}, N("a tie")), ({"a": 2, "b": 1, "c": 2, "d": 3}, 1, {"a": 0, "b": 1, "c": 0, "d": 0}))
edge("least(v: R[n]) = min(v)", ({"v": [1, 1, 2]}, 1, {"v": [half, half, 0]}, N("a tie")), ({"v": [2, 2, 1]}, 1, {"v": [0, 0, 1]}), ({"v": [7]}, 7, {"v": [1]}))
edge("largest_or_zero(v: R[n]) = max(max(v), 0)", ({"v": [0, -1]}, 0, {"v": [half, 0]}, N("max on a tie")), ({"v": [0, 0]}, 0, {"v": [0.25, 0.25]}, N("a tie", "max on a tie")))
edge("largest_entry(A: R[m, n]) = max(A[i, j] for i in 1..m, j in 1..n)", ({"A": [[1, 4], [4, 2]]}, 4, {"A": [[0, half], [half, 0]]}, N("a tie")))
edge("spread(v: R[n]) = max(v) - min(v)", ({"v": [2, 2]}, 0, {"v": [0, 0]}, N("a tie", "a tie")), ({"v": [1, 4]}, 3, {"v": [-1, 1]}))
edge("largest_size(v: R[n]) = max(abs(v[i]) for i)", ({"v": [-2, 1]}, 2, {"v": [-1, 0]}), ({"v": [-2, 2]}, 2, {"v": [-half, half]}, N("a tie")), ({"v": [0]}, 0, {"v": [0]}, N("abs at 0")))
edge("no_width(x, lo, hi) = clamp(x, lo, hi)", ({"x": 1, "lo": 1, "hi": 1}, 1, {"x": 1, "lo": 0, "hi": 0}, N("clamp at a bound")))
edge("signed_like(x, y) = copysign(x, y)", ({"x": 3, "y": -2}, -3, {"x": -1, "y": 0}), ({"x": -3, "y": 2}, 3, {"x": -1, "y": 0}))
one("leaky(x) = leakyrelu(x)", (0, 0, 0.01, N("leakyrelu at 0")), (2, 2, 1))
one("exponential_unit(x) = elu(x)", (0, 0, 1), (-1, mp.expm1(-1), mp.exp(-1)))
one("soft_sign(x) = softsign(x)", (0, 0, 1), (-1, -half, 0.25))
edge("distances(v: R[n]) = sum(hypot(v[i], v[i+1]) for i in 1..n-1)", ({"v": [0, 0, 0]}, 0, {"v": [0, 0, 0]}, N("hypot at (0, 0): derivative 0 by convention: 2 times")), ({"v": [3, 4]}, 5, {"v": [0.6, 0.8]}))
edge("many_kinks(v: R[n]) = sum(abs(v[i]) for i)", ({"v": [0, 0, 0, 1]}, 1, {"v": [0, 0, 0, 1]}, N("3 times")))
edge("rotated(y, x) = atan2(y, x)", ({"y": -0.0, "x": -1}, -pi, {"y": -1, "x": 0}), ({"y": 0, "x": 0}, 0, {"y": nan, "x": nan}, N("(atan2 at (0, 0): derivative NaN)")), ({"y": 3e-200, "x": 4e-200}, mp.atan2(3, 4), {"y": 1.6e199, "x": -1.2e199}))

section("Roundings")
one("floor_below(x) = floor(x)", (-0.5, -1, 0), (-1, -1, 0, N("floor at a jump")), (1e300, 1e300, 0, N("floor at a jump")))
one("ceil_above(x) = ceil(x)", (-0.5, 0, 0), (1.5, 2, 0))
one("round_halves(x) = round(x)", (2.5, 3, 0, N("round at a jump")), (-2.5, -3, 0, N("round at a jump")), (2, 2, 0))
one("trunc_zero(x) = trunc(x)", (0, 0, 0), (0.5, 0, 0), (-3, -3, 0, N("trunc at a jump")))
one("sawtooth(x) = x - floor(x)", (2, 0, 1, N("floor at a jump")), (2.25, 0.25, 1))
edge("mod_jump(x, y) = mod(x, y)", ({"x": -6, "y": 3}, 0, {"x": 1, "y": 2}, N("mod at a jump")), ({"x": 6, "y": 3}, 0, {"x": 1, "y": -2}, N("mod at a jump")), ({"x": 7, "y": -3}, -2, {"x": 1, "y": 3}))
edge("rem_jump(x, y) = rem(x, y)", ({"x": 0, "y": 3}, 0, {"x": 1, "y": 0}), ({"x": -6, "y": 3}, 0, {"x": 1, "y": 2}, N("rem at a jump")), ({"x": 7, "y": -3}, 1, {"x": 1, "y": 2}))

section("Arrays at the edge")
edge("sum_of_all(v: R[n]) = sum(v)", ({"v": []}, 0, {"v": []}), ({"v": [5]}, 5, {"v": [1]}))
edge("product_of_all(v: R[n]) = prod(v)", ({"v": []}, 1, {"v": []}), ({"v": [0]}, 0, {"v": [1]}))
edge("largest_of_all(v: R[n]) = max(v)", ({"v": []}, minus_inf, {"v": []}), ({"v": [5]}, 5, {"v": [1]}))
edge("least_of_all(v: R[n]) = min(v)", ({"v": []}, inf, {"v": []}))
edge("norm_of_all(v: R[n]) = norm(v)", ({"v": []}, 0, {"v": []}), ({"v": [-3]}, 3, {"v": [-1]}), ({"v": [0]}, 0, {"v": [0]}, N("norm at 0")),
     ({"v": [1e200, 1e200]}, mp.sqrt(2) * 1e200, {"v": [mp.sqrt(half), mp.sqrt(half)]}), ({"v": [3e-200, 4e-200]}, 5e-200, {"v": [0.6, 0.8]}))
edge("dot_of_all(a: R[n], b: R[n]) = dot(a, b)", ({"a": [], "b": []}, 0, {"a": [], "b": []}))
edge("logsumexp_of_one(v: R[n]) = logsumexp(v)", ({"v": [3]}, 3, {"v": [1]}))
edge("first_of_softmax(v: R[n]) = softmax(v)[1]", ({"v": [1000, 0]}, 1, {"v": [0, 0]}), ({"v": [2]}, 1, {"v": [0]}), ({"v": [0, 0]}, half, {"v": [0.25, -0.25]}))
edge("folded_to(x: R[n]) = fold(s = 1 for i in 1..n: s*x[i])", ({"x": []}, 1, {"x": []}), ({"x": [0, 3]}, 0, {"x": [3, 0]}))
edge("product_of_roots(v: R[n]) = prod(sqrt(v[i]) for i)", ({"v": [4, 9]}, 6, {"v": [0.75, third]}))

section("Magnitudes")
one("exponential(x) = exp(x)", (710, inf, inf), (-1000, 0, 0), ("-inf", 0, 0), ("inf", inf, inf))
one("times_huge(x) = 1e308*x", (10, inf, 1e308), (1, 1e308, 1e308))
one("half_of_tiny(x) = x/2", (5e-324, 0, 0.5), (1e-323, 5e-324, 0.5))
one("squared(x) = x^2", (1e200, inf, 2e200), (1e-200, 0, 2e-200), ("-inf", inf, minus_inf))
one("fourth_of_sigmoid(x) = diff(sigmoid(x), x, x, x, x)", (1000, 0, 0), (-1000, 0, 0), (0, 0, 0.25))
one("sigmoid_of(x) = sigmoid(x)", (1000, 1, 0, 0), (-1000, 0, 0, 0), ("inf", 1, 0), ("-inf", 0, 0))
one("tanh_of(x) = tanh(x)", ("inf", 1, 0), ("-inf", -1, 0))
one("atan_of(x) = atan(x)", ("inf", pi / 2, 0), (1e200, pi / 2, 0))
one("reciprocal_of(x) = 1/x", ("inf", 0, 0), (-0.0, minus_inf, minus_inf), (0, inf, minus_inf))
one("softplus_of(x) = softplus(x)", (1e308, 1e308, 1), ("-inf", 0, 0))
edge("log_sum_of(a, b) = logaddexp(a, b)", ({"a": "-inf", "b": 0}, 0, {"a": 0, "b": 1}), ({"a": 0, "b": "-inf"}, 0, {"a": 1, "b": 0}), ({"a": 800, "b": -800}, 800, {"a": 1, "b": 0}))
edge("larger_of(x, y) = max(x, y)", ({"x": "inf", "y": 1}, inf, {"x": 1, "y": 0}), ({"x": "nan", "y": 1}, nan, {"x": either(nan, 0.5), "y": either(nan, 0.5)}), ({"x": -0.0, "y": 0}, 0, {"x": half, "y": half}, N("max on a tie")))
one("sine_of(x) = sin(x)", ("nan", nan, nan), ("inf", nan, nan, N("sin(∞)")))
one("chosen_by_nan(x) = if x > 0 then x^2 else -x", ("nan", nan, either(nan, -1)))
one("difference_of_huge(x) = x*1e308 - x*1e308*2", (10, nan, either(nan, minus_inf), N("∞-∞")))
one("hypot_of(x) = hypot(x, 1e200)", (1e200, mp.sqrt(2) * 1e200, mp.sqrt(half)), (0, 1e200, 0))

section("Orders")
one("fourth_of_sinc(x) = diff(sinc(x), x, x, x, x)", (0, pi**4 / 5, 0))
one("third_of_cosc(x) = diff(cosc(x), x, x, x)", (0, pi**4 / 5, 0))
one("sixth_of_power(x) = diff(x^5, x, x, x, x, x, x)", (0, 0, 0), (3, 0, 0))
one("fifth_of_power(x) = diff(x^5, x, x, x, x, x)", (0, 120, 0))
one("second_of_three_halves(x) = diff(x^1.5, x, x)", (0, inf, minus_inf), (4, 0.375, mpf(-3) / 64))
one("second_of_signed_square(x) = diff(x*abs(x), x, x)", (0, 0, 0, N("sign at 0")), (2, 2, 0), (-2, -2, 0))
one("second_of_kink(x) = diff(abs(x), x, x)", (2, 0, 0))
edge("mixed(x, y) = diff(atan2(y, x), x, y)", ({"x": 1, "y": 0}, -1, {"x": 2, "y": 0}), ({"x": 0, "y": 1}, 1, {"x": 0, "y": -2}))
one("nested_let(x) = diff(x*(let y = x in diff(x*y^2, y)), x)", (2, 24, 24))

section("Dead branches")
one("dead_log(x) = if x > 0 then log(x) else -x", (-2, 2, -1, 0), (2, log(2), 0.5, -0.25))
one("dead_inverse(x) = if x != 0 then 1/x else 0", (0, 0, 0, N(BRANCH)), (2, 0.5, -0.25, 0.25))
one("dead_nan(x) = if x > -1 then x^2 else nan", (0, 0, 0, 2), (3, 9, 6, 2))
one("dead_inf(x) = if x > -1 then x^3 else inf", (2, 8, 12, 12), (0, 0, 0, 0))
one("dead_where(x) = if x > 0 then x*w else x where w = 1/x", (0, 0, 1, N(BRANCH)), (-2, -2, 1, 0))
one("dead_let(x) = let w = log(x), u = sqrt(x) in if x > 0 then w + u else x^2", (-3, 9, -6, 2))
one("dead_loop(x) = if x > 0 then fold(s = x for k in 1..3: sqrt(s)) else x^2", (0, 0, 0, N(BRANCH)), (-1, 1, -2, 2))
one("dead_in_loop(x) = fold(s = 0 for k in 1..3: s + (if x > k then log(x - k) else 0))", (2, 0, 1, N(BRANCH)), (0.5, 0, 0), (3, log(2), 1.5, N(BRANCH)))
one("dead_in_sum(x) = sum(if k > 1 then x^k else 1/x for k in 1..1)", (2, 0.5, -0.25, 0.25))
one("dead_power(x) = if x < 0 then 0 else x^2.5", (-1, 0, 0, 0), (4, 32, 20, 7.5))
one("dead_asin(x) = if abs(x) <= 1 then asin(x) else pi/2", (2, pi/2, 0, 0), (0, 0, 1, 0))
one("dead_quotient(x) = if x == 1 then 0.5 else (x - 1)/(x^2 - 1)", (1, 0.5, 0, N(BRANCH)), (3, 0.25, mpf(-1)/16, mpf(1)/32))
edge("dead_argument(x, y) = if y > 0 then x*log(y) else x", ({"x": 3, "y": -1}, 3, {"x": 1, "y": 0}, [[0, 0], [0, 0]]), ({"x": 3, "y": 1}, 0, {"x": 0, "y": 3}, [[0, 1], [1, -3]]))
edge("dead_elements(v: R[n]) = sum(if v[i] != 0 then 1/v[i] else 0 for i)", ({"v": [0, 2, -4]}, 0.25, {"v": [0, -0.25, -0.0625]}, N(BRANCH)))
edge("dead_array(v: R[n], k: Int) = sum((if k > 0 then [sqrt(v[i]) for i in 1..n] else v)[i] for i in 1..n)", ({"v": [0, 0], "k": 0}, 0, {"v": [1, 1]}), ({"v": [1, 4], "k": 1}, 3, {"v": [0.5, 0.25]}))
one("dead_recursion(x) = if x < 1 then x else dead_recursion(x - 1)", (3.5, 0.5, 1, 0), (0.25, 0.25, 1, 0))
edge("recursive_power(x, n: Int) = if n <= 0 then 1 else x*recursive_power(x, n - 1)", ({"x": 0, "n": 0}, 1, {"x": 0}, [[0]]), ({"x": 0, "n": 1}, 0, {"x": 1}, [[0]]), ({"x": 0, "n": 2}, 0, {"x": 0}, [[2]]), ({"x": -2, "n": 3}, -8, {"x": 12}, [[-12]]))

section("Kinks composed")
one("kink_times_zero(x) = x^2*abs(x)", (0, 0, 0, 0, N("abs at 0")), (-2, 8, -12, 12), (2, 8, 12, 12))
one("kink_of_kink(x) = abs(abs(x) - 1)", (1, 0, 0, N("abs at 0")), (0, 1, 0, N("abs at 0")), (-1, 0, 0, N("abs at 0")), (0.5, 0.5, -1, 0))
one("ramp_minus(x) = max(x, 0) + min(x, 0)", (0, 0, 1, N("max on a tie", "min on a tie")), (-2, -2, 1, 0))
one("half_sum(x) = (x + abs(x))/2", (0, 0, half, N("abs at 0")), (3, 3, 1, 0), (-3, 0, 0, 0))
one("relu_squared(x) = relu(x)^2", (0, 0, 0, N("relu at 0")), (3, 9, 6, 2), (-3, 0, 0, 0))
one("sign_of_square(x) = sign(x^2)", (0, 0, 0, N("sign at 0")), (2, 1, 0, 0))
one("sign_squared(x) = sign(x)^2", (0, 0, 0, N("sign at 0")), (-2, 1, 0, 0))
one("floor_of_half(x) = floor(x/2)", (4, 2, 0, N("floor at a jump")), (5, 2, 0, 0), (-1, -1, 0, 0))
one("mod_of_minus(x) = mod(-x, 3)", (6, 0, -1, N("mod at a jump")), (1, 2, -1, 0))
one("clamped(x) = clamp(x, -1, 1)", (1, 1, 1, N("clamp at a bound")), (-1, -1, 1, N("clamp at a bound")), (0, 0, 1, 0), (2, 1, 0, 0), (-0.0, 0, 1, 0))
one("clamped_square(x) = clamp(x^2, 0, 4)", (0, 0, 0, N("clamp at a bound")), (2, 4, 4, N("clamp at a bound")), (3, 4, 0, 0))
one("max_of_same(x) = max(2x, x + x)", (0, 0, 2, N("max on a tie")), (3, 6, 2, N("max on a tie")))
one("max_with_square(x) = max(x, x^2)", (0, 0, half, N("max on a tie")), (1, 1, 1.5, N("max on a tie")), (0.5, 0.5, 1, 0), (-1, 1, -2, 2))
one("min_with_square(x) = min(x, x^2)", (0, 0, half, N("min on a tie")), (0.5, 0.25, 1, 2), (-1, -1, 1, 0))
one("minus_zero_kink(x) = abs(-x)", (-0.0, 0, 0, N("abs at 0")), (-2, 2, -1, 0))
one("abs_of_cube(x) = abs(x^3)", (0, 0, 0, 0, N("abs at 0")), (-2, 8, -12, 12))
one("root_of_abs(x) = sqrt(abs(x))", (-4, 2, -0.25, mpf(-1)/32), (4, 2, 0.25, mpf(-1)/32))
one("slope_of_kink(x) = diff(abs(x), x)", (0, 0, 0, N("sign at 0")), (-3, -1, 0, 0))
one("slope_of_ramp(x) = diff(relu(x), x)", (0, 0, 0, N("relu at 0")), (2, 1, 0, 0))
one("slope_of_clamp(x) = diff(clamp(x, 0, 1), x)", (1, 1, 0, N("clamp at a bound")), (2, 0, 0, 0))
edge("slope_of_max(x, y) = diff(max(x, y), x)", ({"x": 1, "y": 1}, half, {"x": 0, "y": 0}, N("max on a tie")), ({"x": 2, "y": 1}, 1, {"x": 0, "y": 0}))
edge("hinge(x, y) = max(0, 1 - x*y)", ({"x": 2, "y": 0.5}, 0, {"x": -0.25, "y": -1}, N("max on a tie")), ({"x": 2, "y": 1}, 0, {"x": 0, "y": 0}), ({"x": 0, "y": 3}, 1, {"x": -3, "y": 0}))
edge("median(a, b, c) = max(min(a, b), min(max(a, b), c))", ({"a": 1, "b": 2, "c": 3}, 2, {"a": 0, "b": 1, "c": 0}), ({"a": 3, "b": 1, "c": 2}, 2, {"a": 0, "b": 0, "c": 1}))
edge("sum_of_ties(v: R[n]) = sum(max(v[i], 0) for i)", ({"v": [0, 1, -1, 0]}, 1, {"v": [half, 1, 0, half]}, N("2 times")))
edge("largest_square(v: R[n]) = max(v[i]^2 for i)^2", ({"v": [1, -1]}, 1, {"v": [2, -2]}, N("a tie")), ({"v": [2, 1]}, 16, {"v": [32, 0]}, [[48, 0], [0, 0]]))
edge("chebyshev(v: R[n], w: R[n]) = max(abs(v[i] - w[i]) for i)", ({"v": [1, 2], "w": [1, 2]}, 0, {"v": [0, 0], "w": [0, 0]}, N("a tie", "abs at 0")), ({"v": [1, 5], "w": [2, 2]}, 3, {"v": [0, 1], "w": [0, -1]}))

section("Limits")
one("sinc_of_square(x) = sinc(x^2)", (0, 1, 0, 0))
one("shifted_exp(x) = expm1(x)/x", (1, mp.e - 1, 1, mp.e - 2))
one("relative_exp(x) = exprel(x)", (0, 1, half, third))
one("small_difference(x) = 1 - cos(x)", (0, 0, 0, 1), (1e-8, mpf(1e-8)**2/2, mp.sin(mpf(1e-8)), 1))
one("power_of_self(x) = x^x", (2, 4, 4*(1 + log(2))), (1, 1, 1, 2), (0, 1, minus_inf, N(INF)))
one("zero_to_real(x) = 0^x", (0.5, 0, 0), (3, 0, 0))
one("one_to_the(x) = 1^x", (5, 1, 0, 0), (0, 1, 0, 0), ("inf", 1, 0))
one("exp_of_exp(x) = exp(exp(x))", ("-inf", 1, 0), (0, mp.e, mp.e, 2*mp.e))
one("far_gauss(x) = exp(-x^2)", (40, 0, 0, 0), (0, 1, 0, -2), (1e200, 0, 0))
one("far_logistic(x) = 1/(1 + exp(-x))", (1000, 1, 0, 0), (0, half, 0.25, 0), (-1000, 0, 0, 0))
one("far_logistic_slope(x) = diff(1/(1 + exp(-x)), x)", (1000, 0, 0, 0), (-1000, 0, 0, 0), (0, 0.25, 0, -0.125))
one("far_softplus(x) = log(1 + exp(x))", (1000, 1000, 1, 0), (-1000, 0, 0, 0), (0, log(2), half, 0.25))
one("far_logcosh(x) = log(cosh(x))", (1000, 1000 - log(2), 1, 0), (-1000, 1000 - log(2), -1, 0), (0, 0, 0, 1))
one("far_tanh(x) = (exp(x) - exp(-x))/(exp(x) + exp(-x))", (1, mp.tanh(1), mp.sech(1)**2), (0, 0, 1, 0))
one("log_of_large(x) = log(1 + x^2)", (0, 0, 0, 2), (1e-200, 0, 2e-200, 2))
one("ends_of_asin(x) = asin(x) + acos(x)", (1, pi/2, nan, N(NAN)), (0.5, pi/2, 0, 0))
one("asin_of_sine(x) = asin(sin(x))", (0, 0, 1, 0), (1, 1, 1))
one("acosh_at_one(x) = acosh(x)^2", (2, mp.acosh(2)**2, 2*mp.acosh(2)/mp.sqrt(3)))
one("tan_of_atan(x) = tan(atan(x))", (0, 0, 1, 0), (3, 3, 1))
one("cube_root_of_cube(x) = cbrt(x^3)", (0, 0, either(nan, 1), N(NAN)), (-2, -2, 1))
one("fourth_root(x) = x^(1/4)", (0, 0, inf, N(INF)), (16, 2, mpf(1)/32, mpf(-3)/2048))
one("minus_half(x) = x^(-0.5)", (4, half, mpf(-1)/16, mpf(3)/128), (0, inf, minus_inf))
one("negative_whole(x) = x^-2", (-2, 0.25, 0.25, 0.375), (0, inf, minus_inf))
one("square_at_minus_zero(x) = x^2", (-0.0, 0, 0, 2))
one("cube_at_minus_zero(x) = x^3", (-0.0, 0, 0, 0))
edge("angle_of_minus(y, x) = atan2(y, x)", ({"y": 0, "x": -2}, pi, {"y": -half, "x": 0}), ({"y": -0.0, "x": -2}, -pi, {"y": -half, "x": 0}), ({"y": 0, "x": 3}, 0, {"y": third, "x": 0}), ({"y": 2, "x": 0}, pi/2, {"y": 0, "x": -half}, [[0, 0.25], [0.25, 0]]))
edge("far_angle(y, x) = atan2(y, x)", ({"y": 1e-200, "x": 1e200}, 0, {"y": 1e-200, "x": 0}), ({"y": 1e300, "x": 1e-300}, pi/2, {"y": 0, "x": -1e-300}))
edge("length_on_axes(x, y) = hypot(x, y)", ({"x": 3, "y": 0}, 3, {"x": 1, "y": 0}, [[0, 0], [0, third]]), ({"x": 0, "y": 2}, 2, {"x": 0, "y": 1}, [[half, 0], [0, 0]]), ({"x": 1e-310, "y": 0}, 1e-310, {"x": 1, "y": 0}), ({"x": 1e308, "y": 1}, 1e308, {"x": 1, "y": 1e-308}))
edge("far_shared(a, b) = exp(a)/(exp(a) + exp(b))", ({"a": 0, "b": 0}, half, {"a": 0.25, "b": -0.25}, [[0, 0], [0, 0]]))
edge("difference_of_equals(x, y) = (x - y)^2", ({"x": 1e200, "y": 1e200}, 0, {"x": 0, "y": 0}, [[2, -2], [-2, 2]]), ({"x": 0.1, "y": 0.1}, 0, {"x": 0, "y": 0}, [[2, -2], [-2, 2]]))
edge("weighted_log(p, q) = xlogy(p, q)", ({"p": 0, "q": 1}, 0, {"p": 0, "q": 0}), ({"p": 1, "q": 1}, 0, {"p": 0, "q": 1}, [[0, 1], [1, -1]]))

section("Loops at the edge")
edge("no_steps(x, n: Int) = fold(s = x^2 for k in 1..n: sqrt(s - 100))", ({"x": 3, "n": 0}, 9, {"x": 6}, [[2]]), ({"x": 0, "n": 0}, 0, {"x": 0}, [[2]]))
edge("no_scan(x, n: Int) = scan(s = x for k in 1..n: s*s)[n]", ({"x": 3, "n": 1}, 9, {"x": 6}, [[2]]), ({"x": 0, "n": 2}, 0, {"x": 0}, [[0]]))
edge("one_factor(x, n: Int) = prod(x for k in 1..n)", ({"x": 0, "n": 0}, 1, {"x": 0}, [[0]]), ({"x": 0, "n": 1}, 0, {"x": 1}, [[0]]), ({"x": 0, "n": 2}, 0, {"x": 0}, [[2]]), ({"x": 0, "n": 3}, 0, {"x": 0}, [[0]]))
edge("product_with_zeros(v: R[n]) = prod(v)", ({"v": [0, 5]}, 0, {"v": [5, 0]}, [[0, 1], [1, 0]]), ({"v": [0, 0]}, 0, {"v": [0, 0]}, [[0, 1], [1, 0]]), ({"v": [0, 0, 0]}, 0, {"v": [0, 0, 0]}, [[0] * 3] * 3), ({"v": [-0.0, 2]}, 0, {"v": [2, 0]}))
edge("product_of_shifted(v: R[n]) = prod(v[i] - 1 for i)", ({"v": [1, 3]}, 0, {"v": [2, 0]}, [[0, 1], [1, 0]]))
edge("squared_product(v: R[n]) = prod(v)^2", ({"v": [0, 3]}, 0, {"v": [0, 0]}, [[18, 0], [0, 0]]))
edge("log_of_products(v: R[n]) = log(prod(v))", ({"v": [2, 3]}, log(6), {"v": [half, third]}, [[-0.25, 0], [0, mpf(-1)/9]]), ({"v": [-2, -3]}, log(6), {"v": [-half, -third]}))
edge("last_sum(v: R[n]) = cumsum(v)[n]", ({"v": [0]}, 0, {"v": [1]}), ({"v": [1, 2, 3]}, 6, {"v": [1, 1, 1]}))
edge("sums_of_sums(v: R[n]) = sum(cumsum(v))", ({"v": []}, 0, {"v": []}), ({"v": [1, 2, 3]}, 10, {"v": [3, 2, 1]}))
edge("empty_softmax(v: R[n]) = sum(softmax(v))", ({"v": []}, 0, {"v": []}), ({"v": [5]}, 1, {"v": [0]}))
edge("empty_logsumexp(v: R[n]) = logsumexp(v)", ({"v": []}, minus_inf, {"v": []}))
one("ended_by_zero(x) = iterate(s = x while s > 0: s - 1)", (0, 0, 1, N(BRANCH)), (-2, -2, 1, 0), (2.5, -0.5, 1, 0))
one("halving(x) = iterate(s = x while s > 1: s/2)", (1, 1, 1, N(BRANCH)), (3, 0.75, 0.25, 0), (4, 1, 0.25, N(BRANCH)))
one("endless_root(x) = iterate(s = x while abs(s - 1) > 0.5: sqrt(s))", (16, mp.sqrt(2), mp.sqrt(2)/(8*16)), (1, 1, 1, 0))
one("newton_root(x) = fold(s = 1 for k in 1..6: (s + x/s)/2)", (4, 2, 0.25))
edge("inside_out(x, n: Int) = sum(sum(x*i for i in 1..j) for j in 1..n)", ({"x": 2, "n": 0}, 0, {"x": 0}), ({"x": 2, "n": 2}, 8, {"x": 4}))
edge("reversed_range(x, a: Int, b: Int) = sum(x^k for k in a..b)", ({"x": 3, "a": 2, "b": 1}, 0, {"x": 0}, [[0]]), ({"x": 0, "a": 0, "b": 2}, 1, {"x": 1}, [[2]]), ({"x": 0, "a": 1, "b": 1}, 0, {"x": 1}, [[0]]))
edge("filtered_away(x: R[n]) = sum(log(x[i]) for i if x[i] > 100)", ({"x": [-1, 0]}, 0, {"x": [0, 0]}), ({"x": [101]}, log(101), {"x": [mpf(1)/101]}))
edge("filtered_product(x: R[n]) = prod(x[i] for i if x[i] > 0)", ({"x": [-1, 0, 2]}, 2, {"x": [0, 0, 1]}, N(BRANCH)), ({"x": [-1]}, 1, {"x": [0]}))
edge("filtered_largest(x: R[n]) = max(x[i] for i if x[i] < 3)", ({"x": [1, 2, 4]}, 2, {"x": [0, 1, 0]}), ({"x": [2, 2, 5]}, 2, {"x": [half, half, 0]}, N("a tie")))
edge("polynomial_value(c: R[n], x) = fold(s = 0 for k in 1..n: s*x + c[n + 1 - k])", ({"c": [1, 2, 3], "x": 0}, 1, {"c": [1, 0, 0], "x": 2}), ({"c": [], "x": 2}, 0, {"c": [], "x": 0}))
edge("telescoped(x: R[n]) = sum(x[i+1] - x[i] for i in 1..n-1)", ({"x": [5]}, 0, {"x": [0]}), ({"x": [1, 7, 2]}, 1, {"x": [-1, 0, 1]}))
edge("matrix_of_none(A: R[m, n]) = sum(A)", ({"A": [[0, 0]]}, 0, {"A": [[1, 1]]}))
edge("quadratic(A: R[n, n], x: R[n]) = dot(x, A*x)", ({"A": [[0, 0], [0, 0]], "x": [0, 0]}, 0, {"A": [[0, 0], [0, 0]], "x": [0, 0]}), ({"A": [[1, 2], [3, 4]], "x": [1, 0]}, 1, {"A": [[1, 0], [0, 0]], "x": [2, 5]}))
edge("trace_of_square(A: R[n, n]) = trace(A*A)", ({"A": [[0, 1], [0, 0]]}, 0, {"A": [[0, 0], [2, 0]]}))

section("Cancelling")
one("twice_over(x) = 2*x/x", (0, nan, nan, N("0/0")), (3, 2, 0, 0))
one("difference_over(x) = (x^2 - 1)/(x - 1)", (1, nan, nan, N("0/0")), (3, 4, 1))
one("zero_difference(x) = x - x", (0, 0, 0, 0), (1e200, 0, 0), ("inf", nan, either(nan, 0), N("∞-∞")))
one("zero_times_root(x) = 0*sqrt(x)", (0, 0, nan, N(NAN)), (4, 0, 0, 0))
one("root_over_root(x) = sqrt(x)/sqrt(x)", (0, nan, nan, N("0/0")), (4, 1, 0))
one("square_minus_square(x) = (x + 1)^2 - (x - 1)^2", (0, 0, 4, 0), (5, 20, 4, 0))
one("log_minus_log(x) = log(2x) - log(x)", (1, log(2), 0), (-1, nan, either(nan, 0), N("log(-2)")))
one("exp_of_log(x) = exp(log(x))", (2, 2, 1, 0), (-2, nan, either(nan, 1), N("log(-2)")), (0, 0, nan, N(NAN)))
one("log_of_exp(x) = log(exp(x))", (0, 0, 1, 0), (3, 3, 1, 0))
one("squared_abs_minus(x) = abs(x)^2 - x^2", (-3, 0, 0, 0), (0, 0, 0, N("abs at 0")))
one("inverse_of_inverse(x) = 1/(1/x)", (4, 4, 1, 0), (0, 0, nan, N(NAN)))
one("cube_over_square(x) = x^3/x^2", (0, nan, nan, N("0/0")), (-2, -2, 1))
one("trivial_power(x) = (x^2)^0", (0, 1, 0, 0), (-3, 1, 0, 0))
one("root_squared_again(x) = sqrt(x^2)^2", (-3, 9, -6, 2))

section("Sharing")


def forty(x):
    for _ in range(40):
        x = x * mp.sin(x)
    return x


STEPS = [(p, forty(mpf(p)), grad(forty, mpf(p))) for p in (2, 2.25)]
one("forty_times(x) = fold(y = x for k in 1..40: y*sin(y))", *STEPS)
CHAIN = ", ".join(f"x{k} = x{k - 1 if k > 1 else ''}*sin(x{k - 1 if k > 1 else ''})" for k in range(1, 41))
one(f"forty_names(x) = x40 where {CHAIN}", *STEPS)


def length(definition, *points):
    """The length of all numbers of a point and of the numbers in `more`, where no square fits a double."""
    names = [name.split(":")[0].strip() for name in re.split(r",(?![^\[]*\])", definition.split("(", 1)[1].split(")")[0])]
    found = []
    for numbers, more in points:
        values = [mpf(x) for x in flat(numbers)]
        h = mp.sqrt(sum(x**2 for x in values) + sum(mpf(c)**2 for c in more))
        matrix = [[((i == j) - (x / h) * (y / h)) / h for j, y in enumerate(values)] for i, x in enumerate(values)]
        at = dict(zip(names, numbers))
        gradient = {name: like(x, iter([e / h for e in flat(number(x))])) for name, x in at.items()}
        found.append((at, h, gradient, matrix))
    edge(definition, *found)


section("Lengths")
SCALES = (1, 1e200, 1e-200, 1e300, 1e-290)
PAIRS = [([3 * s, -4 * s], []) for s in SCALES]
TRIPLES = [([2 * s, -3 * s, 6 * s], []) for s in SCALES]
length("hypot_of_two(x, y) = hypot(x, y)", *PAIRS)
length("root_of_two(x, y) = sqrt(x^2 + y^2)", *PAIRS)
length("root_of_products(x, y) = √(x*x + y*y)", *PAIRS)
length("half_power(x, y) = (x^2 + y^2)^(1/2)", *PAIRS)
length("root_of_three(x, y, z) = sqrt(x^2 + y^2 + z^2)", *TRIPLES, ([0, 0, 2], []), ([0, 0, 1e-200], []))
length("norm_of(v: R[n]) = norm(v)", *[([numbers], []) for numbers, _ in PAIRS + TRIPLES], ([[0, 0, 2]], []))
length("frobenius(A: R[m, n]) = norm(A)", *[([[numbers, numbers]], []) for numbers, _ in PAIRS])
length("root_of_sum(v: R[n]) = sqrt(sum(v[i]^2 for i in 1..n))", *[([numbers], []) for numbers, _ in PAIRS + TRIPLES])
length("root_of_dot(v: R[n]) = sqrt(dot(v, v))", *[([numbers], []) for numbers, _ in PAIRS])
length("root_of_entries(A: R[m, n]) = sqrt(sum(A[i, j]^2 for i in 1..m, j in 1..n))", *[([[numbers, numbers]], []) for numbers, _ in PAIRS])
length("with_one(x) = sqrt(1 + x^2)", *[([x], [1]) for x in (3, 1e200, -1e200, 1e-200, 0)])
length("with_two(x, y) = sqrt(4 + x^2 + y^2)", *[([3 * s, -4 * s], [2]) for s in SCALES])
ZERO = {"x": 0, "y": 0}
edge("root_at_zero(x, y) = sqrt(x^2 + y^2)", (ZERO, 0, ZERO, N("hypot at (0, 0)")))
edge("root_of_three_at_zero(x, y, z) = sqrt(x^2 + y^2 + z^2)", ({"x": 0, "y": 0, "z": 0}, 0, {"x": 0, "y": 0, "z": 0}, N("norm at 0")))
edge("sum_at_zero(v: R[n]) = sqrt(sum(v[i]^2 for i))", ({"v": [0, 0]}, 0, {"v": [0, 0]}, N("norm at 0")), ({"v": []}, 0, {"v": []}))
edge("no_numbers(v: R[n]) = norm(v)", ({"v": []}, 0, {"v": []}))
edge("some_of_them(v: R[n]) = sqrt(sum(v[i]^2 for i in 1..n if i > 1))", ({"v": [5, 3e200, 4e200]}, mpf("5e200"), {"v": [0, mpf("0.6"), mpf("0.8")]}))
edge("cosine(x, y) = x/sqrt(x^2 + y^2)", *(({"x": 3 * s, "y": 4 * s}, mpf("0.6"), {"x": mpf("0.128") / mpf(s), "y": mpf("-0.096") / mpf(s)}) for s in SCALES[:3]))
edge("direction(v: R[n]) = v[1]/norm(v)", *(({"v": [3 * s, 4 * s]}, mpf("0.6"), {"v": [mpf("0.128") / mpf(s), mpf("-0.096") / mpf(s)]}) for s in SCALES[:3]))
edge("log_of_squares(x, y) = log(x^2 + y^2)", *(({"x": 3 * s, "y": 4 * s}, log(25 * mpf(s)**2), {"x": mpf(6) / 25 / mpf(s), "y": mpf(8) / 25 / mpf(s)}) for s in SCALES[:3]))
edge("log_of_sum(v: R[n]) = log(sum(v[i]^2 for i in 1..n))", *(({"v": [3 * s, 4 * s]}, log(25 * mpf(s)**2), {"v": [mpf(6) / 25 / mpf(s), mpf(8) / 25 / mpf(s)]}) for s in SCALES[:3]))
edge("tested_norm(v: R[n]) = if norm(v) == 5 then 2*norm(v) else norm(v)", ({"v": [3, 4]}, 10, {"v": [mpf("1.2"), mpf("1.6")]}, N(BRANCH)))

section("Defeating")
one("self_power(x) = x^x", (0, 1, minus_inf, N(INF)), (1, 1, 1), (2, 4, 4 * (1 + log(2))))
one("zeroth(x) = x^0", (0, 1, 0), (-2, 1, 0), (3, 1, 0))
one("zero_base(x) = 0^x", (2, 0, 0), (0, 1, nan, N(NAN)))
one("first(x) = x^1", (0, 0, 1), (-2, -2, 1))
one("square_by_real(x) = x^2.0", (0, 0, 0, 2), (-3, 9, -6, 2))
one("logged(x) = x*log(x)", (1, 0, 1))
one("folded(x) = sqrt(x)*sqrt(x)", (4, 4, 1))
one("sine_ratio(x) = sin(x)/x", (0, 1, 0), (1, mp.sin(1), mp.cos(1) - mp.sin(1)))
one("logistic_far(x) = softplus(x)", (1000, 1000, 1), (-1000, 0, 0), (0, log(2), half))
edge("with_nothing(a, b) = logaddexp(a, b)", ({"a": "-inf", "b": 2}, 2, {"a": 0, "b": 1}), ({"a": 2, "b": "-inf"}, 2, {"a": 1, "b": 0}))
edge("three_way(a, b, c) = max(max(a, b), c)", ({"a": 1, "b": 1, "c": 1}, 1, {"a": mpf(1) / 4, "b": mpf(1) / 4, "c": half}, N("max on a tie", "max on a tie")), ({"a": 1, "b": 2, "c": 2}, 2, {"a": 0, "b": half, "c": half}, N("max on a tie")))
edge("three_at_once(a, b, c) = max(a, b, c)", ({"a": 1, "b": 1, "c": 1}, 1, {"a": third, "b": third, "c": third}, N("a tie")))
edge("no_prefix(v: R[n], x) = x^2 + sum(cumsum(v))", ({"v": [], "x": 3}, 9, {"v": [], "x": 6}))
edge("dead_nan(x, y) = if x > 0 then x^2 else sqrt(y - 10)*log(y)", ({"x": 2, "y": -1}, 4, {"x": 4, "y": 0}))
one("dead_inside(x) = if x == 0 then 1 else sin(x)/x", (0, 1, 0, N(BRANCH)))
one("rounded_slope(x) = x - floor(x)", (2, 0, 1, N("floor at a jump")), (2.5, half, 1))
one("zero_times_inf(x) = 0*(1/x)", (2, 0, 0))
one("atan_of_pole(x) = atan(1/x)", (1e200, 1e-200, -(mpf(10)**-400)), (1, pi / 4, -half))
one("squash(x) = x/(1 + abs(x))", (0, 0, 1, N("abs at 0")), (1, half, mpf(1) / 4))
one("square_of_abs(x) = abs(x)^2", (0, 0, 0, N("abs at 0")), (-3, 9, -6))
one("abs_of_square(x) = abs(x)*x", (0, 0, 0, N("abs at 0")), (-3, -9, 6))


def numbers(x):
    if isinstance(x, str):
        return x
    if isinstance(x, dict):
        return {k: numbers(v) for k, v in x.items()}
    return [numbers(e) for e in x] if isinstance(x, list) else small(number(x))


def small(x):
    """Here very small numbers are not zero."""
    return double(x) if x == 0 or abs(x) > 1e-40 else float(x)


def entry(at, value, gradient, *more):
    result = {"at": {k: v if isinstance(v, (int, float, list, str)) else "pi" for k, v in at.items()}}
    result.update(value=numbers(value), grad=numbers(gradient))
    for part in more:
        if not isinstance(part, Notes):
            result["hess"] = blocks(numbers(part), gradient)
    result["notes"] = [note for part in more if isinstance(part, Notes) for note in part]
    return result


def main():
    folder = FOLDER / "edges"
    folder.mkdir(exist_ok=True)
    starts = sorted(SECTION)
    for start, end in zip(starts, [*starts[1:], len(FUNCTIONS)]):
        title, text, cases = SECTION[start], [], []
        for definition, points in FUNCTIONS[start:end]:
            text.append(definition + "\n")
            lines = ",\n".join("  " + json.dumps(entry(*point)) for point in points)
            cases.append(f'"{definition.split("(")[0]}": {{"points": [\n{lines}\n]}}')
        whole = '{"tolerance": 1e-13, "functions": {\n' + ",\n".join(cases) + "\n}}\n"
        json.loads(whole)
        name = title.lower().replace(" ", "_")
        (folder / f"{name}.math").write_text(f"# {title}.\n" + "".join(text))
        (folder / f"{name}.json").write_text(whole)


if __name__ == "__main__":
    main()
