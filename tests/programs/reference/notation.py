"""A formula of Python as a formula of the notation, so that a problem is written down once.

Only how it is written changes: no rule of differentiation is known here. Arrays count from 1 in both, and
`range(a, b)` holds both its ends. Each of the ways in which people write the same thing turns up: `x²`, `x^2`;
`2x`, `2*x`, `2·x`; `exp(x)`, `e^x`; `sqrt(x)`, `√(x)`; `let`, `where`; `if`, cases in braces.
"""
import ast
import random
from exact import mp, mpf

RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
COMPARISONS = {"Lt": ["<"], "LtE": ["<=", "≤"], "Gt": [">"], "GtE": [">=", "≥"], "Eq": ["=="], "NotEq": ["!=", "≠"]}
NAMES = {"log": ["log", "ln"], "atan": ["atan", "arctan"], "acos": ["acos", "arccos"], "pi": ["pi", "π"]}
NAMES |= {"asin": ["asin", "arcsin"], "asinh": ["asinh", "arsinh", "arcsinh"], "gamma": ["gamma", "Γ"], "sign": ["sign", "sgn"]}
NAMES |= {"expinti": ["expinti", "Ei"], "sinint": ["sinint", "Si"], "cosint": ["cosint", "Ci"]}
REDUCTIONS = {"sum": ["sum", "sum", "∑"], "prod": ["prod", "∏"], "max": ["max"], "min": ["min"]}
# How tightly a text binds.
CHOICE, COMPARISON, SUM, PRODUCT, MINUS, COEFFICIENT, POWER, ATOM = range(8)


class Writer:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def one_of(self, *ways):
        return self.random.choice(ways)

    def text(self, node, least=CHOICE):
        text, binds = getattr(self, type(node).__name__)(node)
        return text if binds >= least else f"({text})"

    def Constant(self, node):
        return repr(node.value), ATOM

    def Name(self, node):
        return self.one_of(*NAMES.get(node.id, [node.id])), ATOM

    def UnaryOp(self, node):
        return "-" + self.text(node.operand, MINUS), SUM

    def BinOp(self, node):
        return getattr(self, type(node.op).__name__)(node.left, node.right)

    def Add(self, left, right):
        return f"{self.text(left, SUM)} + {self.text(right, PRODUCT)}", SUM

    def Sub(self, left, right):
        return self.text(left, SUM) + self.one_of(" - ", "-") + self.text(right, PRODUCT), SUM

    def Mult(self, left, right):
        if isinstance(left, ast.Constant) and "e" not in repr(left.value) and self.one_of(True, False):
            text, binds = getattr(self, type(right).__name__)(right)
            if binds >= POWER and (text[0].isalpha() or text[0] == "(") and text[0] not in "e√":
                return repr(left.value) + text, COEFFICIENT
        return self.text(left, PRODUCT) + self.one_of("*", "*", " * ", "·") + self.text(right, MINUS), PRODUCT

    def Div(self, left, right):
        return self.text(left, PRODUCT) + self.one_of("/", " / ") + self.text(right, POWER), PRODUCT

    def Pow(self, base, exponent):
        text = self.text(base, ATOM)
        whole = ast.unparse(exponent)
        if whole.lstrip("-").isdigit():
            return text + self.one_of("^" + whole, whole.translate(RAISED)), POWER
        return text + "^" + self.text(exponent, ATOM), POWER

    def Call(self, node):
        name, first = node.func.id, node.args[0]
        if name in REDUCTIONS and isinstance(first, ast.GeneratorExp):
            return f"{self.one_of(*REDUCTIONS[name])}({self.loop(first)})", ATOM
        if name == "sqrt" and self.one_of(True, False):
            return f"√({self.text(first)})", ATOM
        if name == "exp" and self.one_of(True, False):
            return f"e^{self.text(first, ATOM)}", POWER
        arguments = ", ".join(self.text(argument) for argument in node.args)
        return f"{self.one_of(*NAMES.get(name, [name]))}({arguments})", ATOM

    def loop(self, node):
        loops, condition = [], ""
        for part in node.generators:
            ends = [self.text(end, SUM) for end in part.iter.args]
            loops.append(f"{part.target.id} in {ends[0] if len(ends) == 2 else 1}..{ends[-1]}")
            condition = "".join(f" if {self.text(test)}" for test in part.ifs) or condition
        return f"{self.text(node.elt)} for {', '.join(loops)}{condition}"

    def ListComp(self, node):
        return f"[{self.loop(node)}]", ATOM

    def List(self, node):
        return f"[{', '.join(self.text(item) for item in node.elts)}]", ATOM

    def Subscript(self, node):
        places = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return f"{self.text(node.value, ATOM)}[{', '.join(self.text(place) for place in places)}]", ATOM

    def IfExp(self, node):
        test, yes, no = self.text(node.test), self.text(node.body), self.text(node.orelse)
        if self.one_of(True, False):
            return f"{{ {yes} if {test}; {no} otherwise }}", ATOM
        return f"if {test} then {yes} else {no}", CHOICE

    def Compare(self, node):
        text = self.text(node.left, SUM)
        for sign, right in zip(node.ops, node.comparators):
            text += f" {self.one_of(*COMPARISONS[type(sign).__name__])} {self.text(right, SUM)}"
        return text, COMPARISON

    def BoolOp(self, node):
        word = " and " if isinstance(node.op, ast.And) else " or "
        return word.join(self.text(value, COMPARISON) for value in node.values), CHOICE


def definition(name, params, source):
    """`a = …; b = …; e` as the body of a definition."""
    writer = Writer(name)
    *bindings, last = ast.parse(source).body
    bindings = [f"{b.targets[0].id} = {writer.text(b.value)}" for b in bindings]
    body = writer.text(last.value)
    if bindings and writer.one_of(True, False):
        body = f"{body}\n  where {', '.join(bindings)}"
    elif bindings:
        body = f"let {', '.join(bindings)}\n  in {body}"
    kinds = ", ".join(f"{p}: R[{sizes.replace(',', ', ')}]" if sizes else p for p, sizes in params)
    return f"{name}({kinds}) = {body}\n"


class Vector(list):
    """A list that counts from 1."""

    def __getitem__(self, place):
        for k in place if isinstance(place, tuple) else [place]:
            self = list.__getitem__(self, int(k) - 1)
        return self


def vector(x):
    return Vector(vector(part) for part in x) if isinstance(x, list) else x


class Exact(ast.NodeTransformer):
    """Numbers as exact numbers, lists as vectors."""

    def visit_Constant(self, node):
        return ast.Call(ast.Name("mpf", ast.Load()), [node], [])

    def visit_List(self, node):
        return ast.Call(ast.Name("vector", ast.Load()), [self.generic_visit(node)], [])

    visit_ListComp = visit_List


def product(factors):
    total = mpf(1)
    for factor in factors:
        total = total * factor
    return total


KNOWN = {name: getattr(mp, name) for name in """
    sqrt exp log sin cos tan sec csc cot asin acos atan atan2 sinh cosh tanh sech csch coth asinh acosh atanh
    erf erfi erfc gamma loggamma digamma floor sign hypot log1p expm1 log10 pi""".split()}
KNOWN |= {"mpf": mpf, "vector": vector, "prod": product, "cbrt": lambda x: mp.sign(x) * mp.cbrt(abs(x))}
KNOWN |= {"sinint": mp.si, "cosint": mp.ci, "expinti": mp.ei, "log2": lambda x: mp.log(x, 2)}
KNOWN |= {"softplus": lambda x: mp.log(1 + mp.exp(x)), "sigmoid": lambda x: 1 / (1 + mp.exp(-x))}
KNOWN["range"] = lambda a, b=None: range(1, int(a) + 1) if b is None else range(int(a), int(b) + 1)


def function(params, source):
    """The same as a function of Python; sizes are those of the arguments."""
    *bindings, last = ast.parse(source).body
    tree = ast.Module([Exact().visit(b) for b in bindings], [])
    bound = compile(ast.fix_missing_locations(tree), "bindings", "exec")
    value = compile(ast.fix_missing_locations(ast.Expression(Exact().visit(last.value))), "value", "eval")

    def f(**at):
        scope = dict(KNOWN)
        for name, sizes in params:
            scope[name] = level = vector(at[name])
            for size in filter(None, sizes.split(",")):
                scope[size] = mpf(len(level))
                level = level[1]
        exec(bound, scope)
        return eval(value, scope)

    return f
