"""A hundred and more tangled functions of one variable, all in `calculus/functions.math`.

Each is read here by Python itself, `^` written as `**`; its derivatives are differences.
"""
from mpmath import mp, mpf
from program import Case, write

# The definition, and two points of its domain.
FUNCTIONS = """
x*sin(x) + cos(x) | 0.7 -2.3
x^2*exp(-x)*sin(3*x) | 0.4 2.5
(x^2 - 2*x + 2)*exp(x) | 0.3 -1.5
x*log(x) - x | 0.25 7
x^2/2*log(x) - x^2/4 | 0.125 3
log(log(x)) | 1.5 20
log(log(log(x))) | 3 40
x^x | 0.5 2.25
x^(x^x) | 0.6 1.75
(x^x)^x | 0.6 1.75
x^(1/x) | 0.8 3.5
log(x)^log(x) | 1.5 6
sin(x)^cos(x) | 0.5 2
(1 + 1/x)^x | 0.5 10
sqrt(x + sqrt(x + sqrt(x))) | 0.1 5
sqrt(1 - x^2)*asin(x) - x | 0.3 -0.9
x*asin(x) + sqrt(1 - x^2) | 0.5 -0.75
x*acos(x) - sqrt(1 - x^2) | 0.5 -0.75
x*atan(x) - log(1 + x^2)/2 | 0.5 -4
x*asinh(x) - sqrt(1 + x^2) | 0.5 -3
x*acosh(x) - sqrt(x^2 - 1) | 1.25 4
x*atanh(x) + log(1 - x^2)/2 | 0.3 -0.8
atan(sqrt(x)) - sqrt(x)/(1 + x) | 0.4 9
asin(sqrt(x)) - sqrt(x - x^2) | 0.2 0.85
atan((x^2 - 1)/(x^2 + 1)) | 0.5 -2
atan(2*x/(1 - x^2)) | 0.4 3
log(x + sqrt(x^2 + 1)) | 0.75 -1.25
log(x + sqrt(x^2 - 1)) | 1.5 8
log((1 + x)/(1 - x))/2 | 0.6 -0.35
log(tan(x/2)) | 0.5 2
log(1/cos(x) + tan(x)) | 0.5 -1
log(cos(x)) + x*tan(x) | 0.75 -0.5
-log(abs(cos(x))) | 1 2.5
sin(x)^3*cos(x)^5 | 0.6 2
sin(3*x)/(2 + cos(5*x)) | 0.2 1.9
tan(x)^2/2 + log(abs(cos(x))) | 0.8 2
tan(tan(x)) | 0.3 -0.6
sin(sin(sin(x))) | 1 4
cos(cos(cos(cos(x)))) | 0.25 -3
exp(exp(x)) | 0.5 -2
exp(exp(exp(x))) | -0.5 -4
exp(-exp(-x)) | 0.75 -1.5
exp(-1/x^2) | 0.5 -2
exp(-x^2/2)/sqrt(2*pi) | 0.5 -3
exp(sin(x))*cos(exp(x)) | 0.25 1.5
exp(x*sin(x))^cos(x) | 0.5 2
exp(atan(x))/(1 + x^2)^(3/2) | 0.5 -1.5
x*exp(atan(x))/sqrt(1 + x^2) | 0.75 -2
exp(x)*(sin(x) - cos(x))/2 | 1 -1
exp(2*x)/(1 + exp(x)) - log(1 + exp(x)) | 0.5 -2
1/(1 + exp(-x)) | 0.5 -4
log(1 + exp(x)) | 0.5 -3
tanh(x)*log(cosh(x)) | 0.5 -2
sinh(x)^2*cosh(x)/3 | 0.5 -1
sinh(x)/cosh(x)^3 | 0.75 -1.25
atan(sinh(x)) | 0.5 -2
2*atan(tanh(x/2)) | 1 -3
log(tanh(x/2)) | 0.5 4
asinh(tan(x)) | 0.5 -1
atanh(sin(x)) | 0.5 -1.25
acosh(1/cos(x)) | 0.5 1.25
asin(tanh(x)) | 0.5 -1.5
acos((1 - x^2)/(1 + x^2)) | 0.5 2
sin(atan(x)) | 0.5 -3
tan(asin(x)/2) | 0.5 -0.8
cos(3*acos(x)) | 0.3 -0.7
sin(5*asin(x)) | 0.25 -0.6
cosh(3*acosh(x)) | 1.5 2.25
sinh(asinh(x)^2) | 0.5 -2
(x^3 - 3*x + 1)/(x^4 + x^2 + 1) | 0.5 -2
1/(x^3 + 1) + log((x + 1)^2/(x^2 - x + 1))/6 | 0.5 3
atan((2*x - 1)/sqrt(3))/sqrt(3) | 0.25 -2
log((x^2 + sqrt(2)*x + 1)/(x^2 - sqrt(2)*x + 1))/(4*sqrt(2)) | 0.5 -1.5
((x - 1)*(x - 2))/((x - 3)*(x - 4)) | 0.5 6
(x - 1)^3/(x^2 + 1)^2 | 0.25 -1
sqrt((x - 1)/(x + 1)) | 1.5 -3
sqrt(x^2 + 1)/x - log((1 + sqrt(x^2 + 1))/x) | 0.5 2
x*sqrt(x^2 + 4)/2 + 2*log(x + sqrt(x^2 + 4)) | 0.5 -1
x*sqrt(9 - x^2)/2 + 9/2*asin(x/3) | 1 -2
(x^2 + 1)^(1/3)*(x - 1)^2 | 0.5 -2
x^(2/3)*(1 - x)^(1/3) | 0.25 0.75
(1 + x^(1/3))^(3/2) | 0.125 5
x^pi - pi^x | 0.5 3
2^x*3^(-x)*x^5 | 0.5 -2
2^(3^x) | 0.25 -1
log(x)/log(2) + log(x)/log(10) | 0.3 12
log(x)^2*x - 2*x*log(x) + 2*x | 0.3 5
log(x)/x^2 + 1/(2*x^2) | 0.5 4
log(1 + log(1 + log(1 + x))) | 0.25 6
log(x^2 + log(x^2 + 1)) | 0.5 -3
log(sin(x))*sin(log(x)) | 0.5 2
x*(sin(log(x)) - cos(log(x)))/2 | 0.5 8
sin(1/x)*x^2 | 0.3 -0.15
sin(x)/x | 0.5 -9
(1 - cos(x))/x^2 | 0.5 7
(exp(x) - 1)/x | 0.5 -3
sin(x^2)*cos(x^3) | 0.75 -1.1
sin(x*exp(x))/(1 + x^2) | 0.5 -2
cos(x)/(1 + sin(x)^2) | 0.5 3
atan(x/(1 + sqrt(1 - x^2))) | 0.5 -0.9
atan2(sin(x), 2 + cos(x)) | 0.5 4
hypot(x, exp(x)) | 0.5 -1
erf(x)*exp(x^2) | 0.5 -1.25
x*erf(x) + exp(-x^2)/sqrt(pi) | 0.5 -2
erfc(log(x)) | 0.5 3
gamma(x)*sin(pi*x) | 0.3 2.6
loggamma(1 + x^2) | 0.5 -2
gamma(1 + x)/gamma(1/2 + x) | 0.5 4
digamma(exp(x)) | 0.5 -1
cbrt(x^2 + 2*x) | 0.5 -3
cbrt(sin(x)) | 0.5 -2
abs(x^3 - x)^(3/2) | 0.5 -2
sqrt(abs(sin(x)*cos(x))) | 0.5 2
max(sin(x), cos(x))*x | 0.5 2
min(x^2, exp(x)) | 0.5 -2
log2(1 + 4^x) | 0.5 -2
exp2(x)*log10(x + 3) | 0.5 -2
expm1(x)/log1p(x) | 0.5 -0.75
log1p(expm1(x)^2) | 0.5 -1
sec(x)*tan(x) + csc(x) | 0.5 2
cot(x)^2 + acot(x) | 0.5 2
sech(x)*coth(x) - csch(x)^2 | 0.5 -2
""".strip().split("\n")

NAMES = {k: getattr(mp, k) for k in (
    "sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh exp log sqrt expm1 log1p erf erfc gamma loggamma"
    " digamma hypot atan2 sec csc cot acot sech csch coth pi").split()}
NAMES.update({
    "abs": abs, "max": max, "min": min,
    "log2": lambda x: mp.log(x) / mp.log(2), "log10": lambda x: mp.log(x) / mp.log(10),
    "exp2": lambda x: mp.exp(x * mp.log(2)),
    "cbrt": lambda x: mp.cbrt(x) if x >= 0 else -mp.cbrt(-x),
    "acot": lambda x: mp.atan(1 / x),
})


def reader(formula):
    code = compile(formula.replace("^", "**"), formula, "eval")
    return lambda x: eval(code, NAMES, {"x": x})


def main():
    lines, cases = [], {}
    for k, line in enumerate(FUNCTIONS, 1):
        formula, points = (part.strip() for part in line.split("|"))
        lines.append(f"f{k}(x) = {formula}")
        cases[f"f{k}"] = Case(reader(formula), [{"x": float(p)} for p in points.split()])
    write("calculus", "functions", "\n".join(lines), cases)


if __name__ == "__main__":
    main()
