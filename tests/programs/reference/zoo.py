"""The functions that tutorials on automatic differentiation use, one file each, in `zoo/`."""
from mpmath import mp, mpf
from program import Case, write

sin, cos, exp, log, sqrt, atan2 = mp.sin, mp.cos, mp.exp, mp.log, mp.sqrt, mp.atan2
fac = mp.factorial


def mysin(x):
    return sum((-1) ** k / fac(1 + 2 * k) * x ** (1 + 2 * k) for k in range(6))


def power(x, n):
    return x**n


sigmoid = lambda z: 1 / (1 + exp(-z))

POW = "pow(x, n: Int) = if n <= 0 then 1 else x*pow(x, n - 1)"

# name, definition, function in Python, points
ZOO = [
    ("parabola", "f(x) = x^2 + 1", lambda x: x * x + 1, ["x=2", "x=-3"]),
    ("quadratic", "f(x) = 3x^2 + 2x + 1", lambda x: 1 + x * (2 + 3 * x), ["x=1/2", "x=5", "x=1/4"]),
    ("witch", "f(x) = x/(1 + x^2)", lambda x: x / (1 + x * x), ["x=5", "x=1/2"]),
    ("witch_left_to_right", "f(x) = x/(1 + x^2)*x", lambda x: x * x / (1 + x * x), ["x=5"]),
    ("sine_of_square_times_five", "f(x) = sin(x^2)*5", lambda x: 5 * sin(x * x), ["x=1/2"]),
    ("sine_of_square", "y2(x) = sin(x^2)", lambda x: sin(x * x), ["x=1/2"]),
    ("sine_times_b", "f(a, b) = sin(a)*b", lambda a, b: b * sin(a), ["a=1/2 b=3"]),
    ("sine_of_log", "f(x) = 5sin(log(x))", lambda x: 5 * sin(log(x)), ["x=2"]),
    ("sine_of_cosine", "f(x) = sin(cos(x))", lambda x: sin(cos(x)), ["x=1/2"]),
    ("foo_sine_of_cosine", "foo(x) = sin(cos(x))", lambda x: sin(cos(x)), ["x=1"]),
    ("sine", "f(x) = sin(x)", lambda x: sin(x), ["x=1/2", "x=pi/2", "x=1"]),
    ("sine_series", "mysin(x) = sum((-1)^k/(1 + 2k)!*x^(1 + 2k) for k in 0..5)", mysin, ["x=1/2", "x=0"]),
    ("power_three", POW, power, ["x=5 n=3", "x=2 n=3", "x=0 n=3"]),
    ("power_five", POW, power, ["x=5 n=5", "x=-2 n=5"]),
    ("product", "f(a, b) = a*b", lambda a, b: b * a, ["a=2 b=3"]),
    ("line", "f(x) = 5x + 3", lambda x: 5 * x + 3, ["x=10"]),
    ("distance", "f(x, y) = sqrt((x+3)^2 + (y+4)^2)", lambda x, y: mp.hypot(x + 3, y + 4), ["x=1 y=2"]),
    ("length", "f(x, y) = sqrt(x^2 + y^2)", lambda x, y: mp.hypot(x, y), ["x=1 y=2"]),
    ("cosine_of_sine", "foo(x) = cos(sin(x))", lambda x: cos(sin(x)), ["x=1"]),
    ("product_of_three", "f(x,y,z) = x*y*z", lambda x, y, z: z * y * x, ["x=2 y=3 z=5"]),
    ("quotient", "f(x,y) = x/y", lambda x, y: x / y, ["x=1 y=2", "x=3 y=4"]),
    ("angle", "f(y,x) = atan2(y, x)", lambda y, x: mp.arg(mp.mpc(x, y)), ["y=1 x=2", "y=-1 x=-2"]),
    ("simple_math", "simple_math(x, y) = x*y + sin(x)", lambda x, y: sin(x) + y * x, ["x=3 y=5"]),
    ("first", "f(x, y) = x*y + sin(x)", lambda x, y: sin(x) + y * x, ["x=2 y=3"]),
    ("fraction", "f(a, b) = a/(a + b*b)", lambda a, b: 1 / (1 + b**2 / a), ["a=2 b=3"]),
    ("square_plus_two", "hf(x) = x^2 + 2", lambda x: x * x + 2, ["x=3"]),
    ("fifth_power", "f(x) = 3x^5 + 2", lambda x: 3 * x * x**4 + 2, ["x=2"]),
    ("two_terms", "fquad(x,y) = x^2 + x*y", lambda x, y: x * (x + y), ["x=3 y=4"]),
    ("cubic", "gcubic(x,y) = x*x*y + x + y", lambda x, y: x**2 * y + x + y, ["x=1 y=2"]),
    ("mixed", "f(x,y) = x^2*y + x*y", lambda x, y: x * y * (x + 1), ["x=1 y=2"]),
    ("square_times_sine", "f(x,y) = x^2*sin(y)", lambda x, y: x * x * sin(y), ["x=3 y=1/2"]),
    ("product_less_sine", "ff(x,y,z) = x*y - 2sin(x*z)", lambda x, y, z: x * y - 2 * sin(x * z), ["x=1 y=2 z=3"]),
    ("product_less_sine_z", "f(x,y,z) = x*y - sin(z)", lambda x, y, z: x * y - sin(z), ["x=1 y=2 z=3"]),
    ("circuit", "f(x,y) = 2x*y + (x-1)^2", lambda x, y: 2 * x * y + (x - 1) ** 2, ["x=2 y=7"]),
    ("wire", "w(x,y) = x*y + x", lambda x, y: x * (y + 1), ["x=2 y=7"]),
    ("bump", "f(x,y) = x*exp(-0.5*(x^2+y^2))", lambda x, y: x / exp((x * x + y * y) / 2), ["x=2 y=1/2"]),
    ("logistic_loss", "Lreg(w, b, x, t, lam) = 0.5*(sigmoid(w*x+b)-t)^2 + lam*0.5*w^2",
     lambda w, b, x, t, lam: (sigmoid(w * x + b) - t) ** 2 / 2 + lam * w * w / 2, ["w=7/10 b=1/10 x=3/2 t=1 lam=1/10"]),
    ("rosenbrock", "rosenbrock(x,y) = (1-x)^2 + 100*(y-x^2)^2",
     lambda x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2, ["x=6/5 y=1", "x=1 y=1"]),
    ("logadd", "logadd(a,b) = log(exp(a)+exp(b))", lambda a, b: log(exp(a) + exp(b)), ["a=1/2 b=-3/4"]),
]


def point(text):
    at = dict(part.split("=") for part in text.split())
    return {k: int(v) if v.lstrip("-").isdigit() else v for k, v in at.items()}


def main():
    for name, definition, f, points in ZOO:
        function = definition.split("(")[0]
        points = [point(p) for p in points]
        wrt = [k for k in points[0] if k != "n"]
        cases = {function: Case(f, points, wrt)}
        if name == "quotient":
            definition = "aux(x, y) = x*y\n" + definition
            cases["aux"] = Case(lambda x, y: y * x, [{"x": 3, "y": 4}])
        write("zoo", name, definition, cases)


if __name__ == "__main__":
    main()
