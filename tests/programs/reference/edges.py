"""Kinks, poles, ties, jumps and other places where a derivative is a decision, in `edges/`.

The expected values are the decisions themselves, written by hand.
"""
import json
from mpmath import mp, mpf
from exact import blocks, double, grad, number
from program import FOLDER

inf, minus_inf, nan = "Infinity", "-Infinity", "NaN"
either = lambda *values: "|".join(str(v) for v in values)
exp, log, pi, half, third = mp.exp, mp.log, +mp.pi, mpf(1) / 2, mpf(1) / 3
FUNCTIONS, SECTION = [], {}


def section(title):
    SECTION[len(FUNCTIONS)] = title


def edge(definition, *points):
    """Each point: (at, value, gradient) or with the Hessian as a fourth."""
    FUNCTIONS.append((definition, points))


def one(definition, *points):
    """The same for a function of x."""
    edge(definition, *(({"x": p[0]}, p[1], {"x": p[2]}, *([[[p[3]]]] if len(p) > 3 else [])) for p in points))


section("Kinks and ties")
one("kink(x) = abs(x)", (0, 0, 0), (-2, 2, -1, 0), (2, 2, 1, 0))
one("flip(x) = sign(x)", (0, 0, 0), (-2, -1, 0))
one("ramp(x) = relu(x)", (0, 0, 0), (2, 2, 1), (-1, 0, 0))
one("against_zero(x) = max(x, 0)", (0, 0, half), (2, 2, 1), (-1, 0, 0))
one("with_itself(x) = max(x, x)", (3, 3, 1))
edge("greater(x, y) = max(x, y)", ({"x": 2, "y": 2}, 2, {"x": half, "y": half}), ({"x": 1, "y": 2}, 2, {"x": 0, "y": 1}, [[0, 0], [0, 0]]))
edge("lesser(x, y) = min(x, y)", ({"x": 2, "y": 2}, 2, {"x": half, "y": half}), ({"x": 1, "y": 2}, 1, {"x": 1, "y": 0}))
edge("both(x, y) = max(x, y) + min(x, y)", ({"x": 2, "y": 2}, 4, {"x": 1, "y": 1}), ({"x": 1, "y": 2}, 3, {"x": 1, "y": 1}))
edge("greatest(v: R[n]) = max(v)", ({"v": [1, 3, 3]}, 3, {"v": [0, half, half]}), ({"v": [2, 2, 2]}, 2, {"v": [third] * 3}), ({"v": [1, 5, 3]}, 5, {"v": [0, 1, 0]}))
edge("least_square(v: R[n]) = min(v[i]^2 for i in 1..n)", ({"v": [1, -1, 3]}, 1, {"v": [1, -1, 0]}), ({"v": [4, 2, 3]}, 4, {"v": [0, 4, 0]}))
edge("bounded(x, lo, hi) = clamp(x, lo, hi)", ({"x": 1, "lo": 1, "hi": 3}, 1, {"x": 1, "lo": 0, "hi": 0}), ({"x": 3, "lo": 1, "hi": 3}, 3, {"x": 1, "lo": 0, "hi": 0}),
     ({"x": 5, "lo": 1, "hi": 3}, 3, {"x": 0, "lo": 0, "hi": 1}), ({"x": 0, "lo": 1, "hi": 3}, 1, {"x": 0, "lo": 1, "hi": 0}))
edge("even_sum(a, b) = logaddexp(a, b)", ({"a": 3, "b": 3}, 3 + log(2), {"a": half, "b": half}), ({"a": 1000, "b": 1000}, 1000 + log(2), {"a": half, "b": half}), ({"a": -1000, "b": 0}, 0, {"a": 0, "b": 1}))

section("Jumps")
one("down(x) = floor(x)", (2, 2, 0), (2.5, 2, 0))
one("up(x) = ceil(x)", (2, 2, 0), (2.5, 3, 0))
one("near(x) = round(x)", (2, 2, 0), (2.75, 3, 0))
one("cut(x) = trunc(x)", (-2, -2, 0), (-2.5, -2, 0))
one("stairs(x) = x*floor(x)", (2.5, 5, 2, 0))
edge("modulo(x, y) = mod(x, y)", ({"x": -1.25, "y": 0.5}, 0.25, {"x": 1, "y": 3}), ({"x": 7.5, "y": 2}, 1.5, {"x": 1, "y": -3}))
edge("remainder(x, y) = rem(x, y)", ({"x": -1.25, "y": 0.5}, -0.25, {"x": 1, "y": 2}), ({"x": 7.5, "y": 2}, 1.5, {"x": 1, "y": -3}))
one("modulo_jump(x) = mod(x, 3)", (6, 0, 1))
one("remainder_jump(x) = rem(x, 3)", (6, 0, 1))

section("Roots and poles")
one("root(x) = sqrt(x)", (0, 0, inf), (4, 2, 0.25))
one("cube_root(x) = cbrt(x)", (0, 0, inf), (-8, -2, mpf(1) / 12))
one("logarithm(x) = log(x)", (0, minus_inf, inf), (2, log(2), 0.5))
one("entropy(x) = xlogx(x)", (0, 0, minus_inf), (1, 0, 1))
edge("weighed(x, y) = xlogy(x, y)", ({"x": 0, "y": 2}, 0, {"x": log(2), "y": 0}), ({"x": 3, "y": 2}, 3 * log(2), {"x": log(2), "y": 1.5}))
one("arc_sine(x) = asin(x)", (1, pi / 2, inf), (-1, -pi / 2, inf))
one("arc_cosine(x) = acos(x)", (1, 0, minus_inf), (-1, pi, minus_inf))
edge("distance(x, y) = hypot(x, y)", ({"x": 0, "y": 0}, 0, {"x": 0, "y": 0}), ({"x": 3e200, "y": 4e200}, 5e200, {"x": 0.6, "y": 0.8}), ({"x": 0, "y": -2}, 2, {"x": 0, "y": -1}))
edge("length(v: R[n]) = norm(v)", ({"v": [0, 0, 0]}, 0, {"v": [0, 0, 0]}), ({"v": [3, 0, -4]}, 5, {"v": [0.6, 0, -0.8]}),
     ({"v": [3e200, -4e200]}, 5e200, {"v": [0.6, -0.8]}), ({"v": [3e-200, 4e-200]}, 5e-200, {"v": [0.6, 0.8]}))
edge("written_out(x, y) = sqrt(x^2 + y^2)", ({"x": 0, "y": 0}, 0, {"x": nan, "y": nan}), ({"x": 3, "y": -4}, 5, {"x": 0.6, "y": -0.8}))
edge("angle(y, x) = atan2(y, x)", ({"y": 0, "x": 0}, 0, {"y": nan, "x": nan}), ({"y": 0, "x": 1}, 0, {"y": 1, "x": 0}), ({"y": 0, "x": -1}, pi, {"y": -1, "x": 0}),
     ({"y": 1, "x": 0}, pi / 2, {"y": 0, "x": -1}), ({"y": -1, "x": 0}, -pi / 2, {"y": 0, "x": 1}), ({"y": 1e200, "x": 1e200}, pi / 4, {"y": 5e-201, "x": -5e-201}))
one("root_of_square(x) = sqrt(x^2)", (-3, 3, -1, 0), (3, 3, 1, 0))
one("power_of_square(x) = (x^2)^(1/2)", (-3, 3, -1, 0), (3, 3, 1, 0))
one("cube_of_root(x) = cbrt(x)^3", (0, 0, either(nan, 1)), (-8, -8, 1))
one("square_of_root(x) = sqrt(x)^2", (0, 0, either(nan, 1)), (9, 9, 1))
one("over_itself(x) = x/x", (0, nan, nan), (3, 1, 0))
one("nothing_times(x) = 0*(1/x)", (0, nan, nan), (3, 0, 0))
one("nothing_times_exp(x) = 0*exp(x)", (1000, nan, nan), (3, 0, 0))
one("log_of_square(x) = log(x^2)", (-2, log(4), -1), (2, log(4), 1))
edge("log_of_product(a, b) = log(a*b)", ({"a": -2, "b": -3}, log(6), {"a": -0.5, "b": -third}))
one("log_of_abs(x) = log(abs(x))", (-2, log(2), -0.5), (2, log(2), 0.5))
one("flat(x) = exp(-1/x^2)", (0, 0, either(nan, 0)), (1, exp(-1), 2 * exp(-1)))

section("Powers")
edge("power(x, p) = x^p", ({"x": 0, "p": 2}, 0, {"x": 0, "p": 0}), ({"x": 0, "p": 1}, 0, {"x": 1, "p": 0}), ({"x": 0, "p": 0}, 1, {"x": 0, "p": nan}), ({"x": 0, "p": -1}, inf, {"x": minus_inf, "p": nan}),
     ({"x": 0, "p": 0.5}, 0, {"x": inf, "p": 0}), ({"x": 0, "p": 3.5}, 0, {"x": 0, "p": 0}), ({"x": 2, "p": 2}, 4, {"x": 4, "p": 4 * log(2)}))
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
one("not_once(x) = iterate(s = x while s > 10: s/2)", (3, 3, 1), (40, 10, 0.25))

section("Branches")
one("half_line(x) = if x > 0 then sqrt(x) else 0", (0, 0, 0), (4, 2, 0.25), (-1, 0, 0))
one("domain(x) = if x > 0 then log(x) else x", (-1, -1, 1), (1, 0, 1), (0, 0, 1))
one("filled_gap(x) = if x == 0 then 1 else sin(x)/x", (0, 1, 0), (pi, 0, -1 / pi))
one("between(x) = { x^2 if 0 < x < 1; 2x if x >= 1; -x otherwise }", (0.5, 0.25, 1, 2), (1, 2, 2, 0), (0, 0, -1, 0), (-3, 3, -1, 0))
edge("positive_roots(x: R[n]) = sum(if x[i] > 0 then sqrt(x[i]) else 0 for i)", ({"x": [0, 4, -1]}, 2, {"x": [0, 0.25, 0]}))
edge("filtered(x: R[n]) = sum(sqrt(x[i]) for i in 1..n if x[i] > 0)", ({"x": [0, 4, -1]}, 2, {"x": [0, 0.25, 0]}))
edge("pairs(x: R[n]) = sum(sqrt((x[i] - x[j])^2) for i in 1..n for j in 1..n if i != j)", ({"x": [1, 2, 4]}, 12, {"x": [-4, 0, 4]}))
one("logic(x) = if not (x < 0 or x > 1) and x != 0.5 then x^2 else 0", (0.25, 0.0625, 0.5), (0.5, 0, 0), (2, 0, 0))

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
one("inverse_cosh(x) = acosh(x)", (1, 0, inf), (1e200, mp.acosh(mpf(1e200)), 1e-200))

section("Tails")
one("flat_tanh(x) = tanh(x)", (20, mp.tanh(20), 1 / mp.cosh(20) ** 2), (-20, -mp.tanh(20), 1 / mp.cosh(20) ** 2), (800, 1, 0))
one("flat_sigmoid(x) = sigmoid(x)", (40, 1 / (1 + exp(-40)), exp(-40) / (1 + exp(-40)) ** 2), (-40, exp(-40) / (1 + exp(-40)), exp(-40) / (1 + exp(-40)) ** 2), (800, 1, 0))
one("soft_ramp(x) = softplus(x)", (1000, 1000, 1), (-1000, 0, 0), (-40, mp.log1p(exp(-40)), exp(-40) / (1 + exp(-40))))
one("tiny_exp(x) = expm1(x)", (1e-20, 1e-20, 1, 1))
one("tiny_log(x) = log1p(x)", (1e-20, 1e-20, 1, -1))
one("far_arc(x) = asin(x)", (0.9999999999999999, mp.asin(mpf(0.9999999999999999)), 1 / mp.sqrt(1 - mpf(0.9999999999999999) ** 2)))
one("tail(x) = erfc(x)", (20, mp.erfc(20), -2 / mp.sqrt(pi) * exp(-400)))
edge("far_shares(v: R[n]) = sum(i*softmax(v)[i] for i in 1..n)", ({"v": [minus_inf, 0]}, 2, {"v": [0, 0]}, [[0, 0], [0, 0]]), ({"v": [0, minus_inf, 0]}, 2, {"v": [-half, 0, half]}), ({"v": [-1000, 0, 1000]}, 3, {"v": [0, 0, 0]}))
edge("far_sum(v: R[n]) = logsumexp(v)", ({"v": [minus_inf, 2]}, 2, {"v": [0, 1]}, [[0, 0], [0, 0]]), ({"v": [minus_inf, minus_inf]}, minus_inf, {"v": [nan, nan]}), ({"v": [1000, 1000]}, 1000 + log(2), {"v": [half, half]}, [[0.25, -0.25], [-0.25, 0.25]]), ({"v": [-1000, -1001]}, -1000 + mp.log1p(exp(-1)), {"v": [1 / (1 + exp(-1)), 1 / (1 + exp(1))]}))

section("Sharing")


def forty(x):
    for _ in range(40):
        x = x * mp.sin(x)
    return x


STEPS = [(p, forty(mpf(p)), grad(forty, mpf(p))) for p in (2, 2.25)]
one("forty_times(x) = fold(y = x for k in 1..40: y*sin(y))", *STEPS)
CHAIN = ", ".join(f"x{k} = x{k - 1 if k > 1 else ''}*sin(x{k - 1 if k > 1 else ''})" for k in range(1, 41))
one(f"forty_names(x) = x40 where {CHAIN}", *STEPS)


def numbers(x):
    if isinstance(x, str):
        return x
    if isinstance(x, dict):
        return {k: numbers(v) for k, v in x.items()}
    return [numbers(e) for e in x] if isinstance(x, list) else small(number(x))


def small(x):
    """Here very small numbers are not zero."""
    return double(x) if x == 0 or abs(x) > 1e-40 else float(x)


def entry(at, value, gradient, *hessian):
    result = {"at": {k: v if isinstance(v, (int, float, list)) else "pi" for k, v in at.items()}}
    result.update(value=numbers(value), grad=numbers(gradient))
    if hessian:
        result["hess"] = blocks(numbers(hessian[0]), gradient)
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
