"""Values and partials of the primitives to high precision, as CSV on standard output.

    pip install mpmath
    python3 tests/primitive/reference.py > tests/primitive/reference.csv

Each line holds the name, the arguments, the double next to the true value, what that double lacks, and the
doubles next to the known first and second partials (these as the upper triangle of the Hessian). A count as
the first argument asks for more points, names after it for these rows only: the accuracy test reads such
a table from the file that the variable ZGRAD_REFERENCE names. The precision doubles until two results agree.
"""

import random
import signal
import sys

from mpmath import mp, mpf

from functions import MORE, ONE, Span
from jets import Jet

SECONDS = 3  # a point


def flat(function, fixed, args):
    """The value, the gradient, and the upper triangle of the Hessian, in one list."""
    args = [mpf(a) for a in args]
    if fixed == "n":
        jets = Jet.variables(args[:1]) + [int(args[1])]
        result = function(*jets)
    else:
        result = function(*args[:fixed], *Jet.variables(args[fixed:]))
    n = len(result.g)
    return [result.v, *result.g, *(result.h[i][k] for i in range(n) for k in range(i, n))]


def exact(function, fixed, args):
    """The list that two precisions agree on."""
    smallest = max([0] + [-mp.log10(abs(a)) for a in map(mpf, args) if a != 0])
    largest = max([0] + [mp.log10(abs(a)) for a in map(mpf, args) if a != 0])
    start = 50 + int(2.1 * float(smallest)) + int(2.1 * float(largest))
    last = None
    for digits in (start, 2 * start, 4 * start, 8 * start, 3000):
        mp.dps = digits
        values = flat(function, fixed, args)
        if last is not None and all(abs(a - b) <= abs(a) * mpf(10) ** -24 for a, b in zip(values, last)):
            if digits < 3000 and 0 in values:
                last = None  # a zero may be what cancelled: see it at the highest precision too
                mp.dps = 2000
                values = flat(function, fixed, args)
            else:
                return values
        last = values
    raise ValueError("no agreement")


def double(x):
    """The double next to x, also where it is subnormal."""
    try:
        return float(x)
    except OverflowError:
        return float("inf") if x > 0 else float("-inf")


def lines_of(job):
    name, function, fixed, spans, count = job
    rng = random.Random(name)
    found = []

    def draw(span, k):
        if isinstance(span, list):
            return span[k % len(span)](rng)
        return span.draw(rng, k) if isinstance(span, Span) else span(rng)

    steps = [1, 7, 11]  # so that the regimes of several arguments mix
    for k in range(count):
        args = [float(draw(span, k * step + (k // 10 if step > 1 else 0))) for span, step in zip(spans, steps)]
        signal.alarm(SECONDS)
        try:
            value, *partials = exact(function, fixed, args)
        except (ValueError, ZeroDivisionError, OverflowError, TypeError, ArithmeticError) as problem:
            print(name, args, repr(problem)[:100], file=sys.stderr, flush=True)
            continue
        if any(isinstance(x, mp.mpc) for x in (value, *partials)):
            continue
        signal.alarm(0)
        near = double(value)
        rest = 0.0 if abs(near) == float("inf") else float(value - mpf(near))
        fields = [name, " ".join(map(repr, args)), repr(near), f"{rest:.3g}", " ".join(repr(double(p)) for p in partials)]
        found.append(",".join(fields))
    return "\n".join(found)


def out_of_time(_number, _frame):
    raise ValueError("out of time")


def main():
    signal.signal(signal.SIGALRM, out_of_time)
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    only = sys.argv[2:]
    jobs = [(name, f, 0, [span], count) for name, (f, span) in ONE.items()]
    jobs += [(name, f, fixed, spans, count) for name, (f, fixed, spans) in MORE.items()]
    jobs = [job for job in jobs if not only or job[0] in only]
    print("name,arguments,value,rest,partials")
    for job in jobs:
        text = lines_of(job)
        if text:
            print(text, flush=True)


main()
