def _div(a, b):
    if b != 0.0:
        return a / b
    if a == 0.0 or a != a or b != b:
        return math.nan
    return math.copysign(math.inf, a) * math.copysign(1.0, b)

def _inv(x):
    return _div(1.0, x)

def _ldiv(a, b):
    return _div(b, a)

# The remainder with the sign of `x`.
def _rem(x, y):
    if math.isinf(x) or y == 0.0:
        return math.nan
    return math.fmod(x, y)

# The remainder with the sign of `a`.
def _rem_int(a, b):
    return a % b if (a < 0) == (b < 0) else -(-a % b)

# The remainder with the sign of `y`.
def _modulo_int(x, y):
    return x % y

def _sign_int(n):
    return (n > 0) - (n < 0)

# `x` as an integer, which it must be.
def _to_int(x):
    if not (math.isfinite(x) and x == math.trunc(x)):
        raise ValueError(f"{x} is not an integer")
    return int(x)

def _powf(x, y):
    try:
        return math.pow(x, y)
    except OverflowError:
        odd = math.fmod(y, 2.0) in (1.0, -1.0)
        return -math.inf if x < 0.0 and odd else math.inf
    except ValueError:
        if x != 0.0:
            return math.nan
        odd = math.fmod(y, 2.0) in (1.0, -1.0)
        return math.copysign(math.inf, x) if odd else math.inf

def _exp(x):
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf

def _exp2(x):
    return _powf(2.0, x)

def _expm1(x):
    try:
        return math.expm1(x)
    except OverflowError:
        return math.inf

def _sinh(x):
    try:
        return math.sinh(x)
    except OverflowError:
        return math.copysign(math.inf, x)

def _cosh(x):
    try:
        return math.cosh(x)
    except OverflowError:
        return math.inf

def _log(x):
    if x > 0.0:
        return math.log(x)
    return -math.inf if x == 0.0 else math.nan

def _log2(x):
    if x > 0.0:
        return math.log2(x)
    return -math.inf if x == 0.0 else math.nan

def _log10(x):
    if x > 0.0:
        return math.log10(x)
    return -math.inf if x == 0.0 else math.nan

def _log1p(x):
    if x > -1.0:
        return math.log1p(x)
    return -math.inf if x == -1.0 else math.nan

def _sqrt(x):
    return math.sqrt(x) if x >= 0.0 else math.nan

def _cbrt(x):
    root = math.copysign(math.pow(abs(x), 1.0 / 3.0), x)
    if root == 0.0 or not math.isfinite(root):
        return root
    return root - (root * root * root - x) / (3.0 * root * root)

def _sin(x):
    return math.nan if math.isinf(x) else math.sin(x)

def _cos(x):
    return math.nan if math.isinf(x) else math.cos(x)

def _tan(x):
    return math.nan if math.isinf(x) else math.tan(x)

def _asin(x):
    return math.asin(x) if -1.0 <= x <= 1.0 else math.nan

def _acos(x):
    return math.acos(x) if -1.0 <= x <= 1.0 else math.nan

def _floor(x):
    return math.copysign(math.floor(x), x) if math.isfinite(x) else x

def _ceil(x):
    return math.copysign(math.ceil(x), x) if math.isfinite(x) else x

def _trunc(x):
    return math.copysign(math.trunc(x), x) if math.isfinite(x) else x

# The nearest integer, halves away from 0.
def _round(x):
    if not math.isfinite(x):
        return x
    whole = math.trunc(x)
    if abs(x - whole) >= 0.5:
        whole += 1 if x > 0.0 else -1
    return math.copysign(whole, x)

# `x * y + z`, rounded once.
def _fma(x, y, z):
    if not (math.isfinite(x) and math.isfinite(y) and math.isfinite(z)):
        return x * y + z
    exact = fractions.Fraction(x) * fractions.Fraction(y) + fractions.Fraction(z)
    if exact == 0:
        return x * y + z
    try:
        return float(exact)
    except OverflowError:
        return math.inf if exact > 0 else -math.inf

def _clamp(x, lo, hi):
    if not lo <= hi:
        return math.nan
    return lo if x < lo else hi if x > hi else x
