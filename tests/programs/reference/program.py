"""Writes a program and its expected values: NAME.math and NAME.json."""
import json
import pathlib
from exact import blocks, double, flat, grad, hess, jac, mp, number

FOLDER = pathlib.Path(__file__).resolve().parents[1]
EXAMPLES = FOLDER.parents[1] / "examples"


class Case:
    """A function in Python, the points where it is evaluated, and what is asked of it there.

    `wrt` are the parameters by which it is differentiated (all of the point's, unless given); those that
    have a whole number at a point and are not in `wrt` stay whole numbers. `second` is whether second derivatives
    are asked for: everywhere, or a list that says it of each point.
    """

    def __init__(self, f, points, wrt=None, second=True, tolerance=None):
        self.f, self.points, self.wrt, self.second, self.tolerance = f, points, wrt, second, tolerance

    def point(self, at, second):
        wrt = list(at) if self.wrt is None else list(self.wrt)
        whole = {k for k, v in at.items() if k not in wrt and isinstance(v, int)}
        values = {k: v if k in whole else number(v) for k, v in at.items()}

        def packed(x):
            return self.f(**{**values, **dict(zip(wrt, x))})

        x = [values[k] for k in wrt]
        value = packed(x)
        finite = all(mp.isfinite(v) and mp.im(v) == 0 for v in flat(value))
        assert finite, f"no finite value at {at}"
        entry = {"at": at, "value": double(value)}
        if isinstance(value, list):
            if wrt:
                entry["jac"] = {k: double(jac(lambda v: packed(x[:i] + [v] + x[i + 1:]), x[i])) for i, k in enumerate(wrt)}
        elif wrt:
            entry["grad"] = dict(zip(wrt, double(grad(packed, x))))
            if second:
                entry["hess"] = blocks(double(hess(packed, x)), dict(zip(wrt, x)))
        return entry

    def json(self):
        seconds = self.second if isinstance(self.second, list) else [self.second] * len(self.points)
        points = [self.point(at, second) for at, second in zip(self.points, seconds, strict=True)]
        lines = ",\n".join("  " + json.dumps(point, ensure_ascii=False) for point in points)
        tolerance = f'"tolerance": {self.tolerance}, ' if self.tolerance else ""
        return f'{{{tolerance}"points": [\n{lines}\n]}}'


def write(folder, name, text, cases):
    """`cases`: a Case for each function that is asked for, by the name of the function."""
    (FOLDER / folder).mkdir(exist_ok=True)
    path = FOLDER / folder / name
    body = ",\n".join(f'"{function}": {case.json()}' for function, case in cases.items())
    whole = f'{{"functions": {{\n{body}\n}}}}\n'
    json.loads(whole)
    of_both = EXAMPLES if (EXAMPLES / folder).is_dir() else FOLDER
    (of_both / folder / f"{name}.math").write_text(text.strip("\n") + "\n")
    path.with_name(name + ".json").write_text(whole)
    return path
