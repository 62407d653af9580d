"""Derivatives by central differences with 120 digits: the step 1e-30 leaves an error near 1e-60.

Nothing here knows a rule of differentiation, so nothing here can share a mistake with one.
"""
import re
from mpmath import mp, mpf

mp.dps = 120
H = mpf(10) ** -30


def number(x):
    """Doubles enter exactly, texts such as `1/3` as what they say, integers stay integers."""
    if isinstance(x, str):
        exact = re.sub(r"(?<!\w)\d+(\.\d*)?(e-?\d+)?", lambda n: f"mpf('{n.group()}')", x)
        return +mpf(eval(exact, {"pi": mp.pi, "sqrt": mp.sqrt, "exp": mp.exp, "log": mp.log, "mpf": mpf}))
    if isinstance(x, (list, tuple)):
        return [number(e) for e in x]
    return mpf(x)


def flat(x):
    """The numbers of a nested list, in order."""
    if isinstance(x, (list, tuple)):
        return [e for part in x for e in flat(part)]
    return [x]


def like(x, numbers):
    """The numbers of an iterator, in the shape of x."""
    if isinstance(x, (list, tuple)):
        return [like(part, numbers) for part in x]
    return next(numbers)


def shift(x, steps):
    """x with a step added at some of its places."""
    numbers = flat(x)
    for place, step in steps:
        numbers[place] = numbers[place] + step
    return like(x, iter(numbers))


def over(a, b):
    return [over(x, b) for x in a] if isinstance(a, list) else a / b


def minus(a, b):
    return [minus(x, y) for x, y in zip(a, b)] if isinstance(a, list) else a - b


def partials(f, x):
    """One partial of f (a number or an array) for each number in x."""
    count = len(flat(x))
    return [over(minus(f(shift(x, [(i, H)])), f(shift(x, [(i, -H)]))), 2 * H) for i in range(count)]


def grad(f, x):
    """The gradient of a number f in the shape of x."""
    return like(x, iter(partials(f, x)))


def jac(f, x):
    """Indices of f first, then those of x."""
    columns = partials(f, x)

    def gather(columns):
        if isinstance(columns[0], list):
            return [gather([c[k] for c in columns]) for k in range(len(columns[0]))]
        return like(x, iter(columns))

    return gather(columns)


def second(f, x, i, j):
    if i == j:
        return (f(shift(x, [(i, H)])) - 2 * f(x) + f(shift(x, [(i, -H)]))) / H**2
    corners = [
        s * t * f(shift(x, [(i, s * H), (j, t * H)])) for s in (1, -1) for t in (1, -1)
    ]
    return sum(corners) / (4 * H**2)


def hess(f, x):
    """The square matrix over the numbers of x, in order."""
    count = len(flat(x))
    rows = [[mpf(0)] * count for _ in range(count)]
    for i in range(count):
        for j in range(i + 1):
            rows[i][j] = rows[j][i] = second(f, x, i, j)
    return rows


def blocks(matrix, variables):
    """The square matrix over all numbers of the variables as a block for each pair: the indices of the first
    variable, then those of the second."""
    result, row = {}, 0
    for name, x in variables.items():
        column, count = 0, len(flat(x))
        result[name] = {}
        for other, y in variables.items():
            width = len(flat(y))
            part = [like(y, iter(line[column:column + width])) for line in matrix[row:row + count]]
            result[name][other] = like(x, iter(part))
            column += width
        row += count
    return result


def double(x):
    """The nearest doubles; what is below the error of the differences is 0."""
    if isinstance(x, (list, tuple)):
        return [double(e) for e in x]
    if mp.isnan(x):
        return "NaN"
    if mp.isinf(x):
        return "Infinity" if x > 0 else "-Infinity"
    value = 0.0 if abs(x) < mpf(10) ** -45 else float(x)
    whole = value == int(value) and abs(value) < 1e15
    return int(value) if whole else value
