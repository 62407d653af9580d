# Powers that are not real are NaN.
_powf(x, y) = x < 0.0 && y != trunc(y) ? NaN : x^y

# The functions of the standard library throw an error outside of their domains.
_sqrt(x) = x < 0.0 ? NaN : sqrt(x)

_log(x) = x < 0.0 ? NaN : log(x)

_log2(x) = x < 0.0 ? NaN : log2(x)

_log10(x) = x < 0.0 ? NaN : log10(x)

_log1p(x) = x < -1.0 ? NaN : log1p(x)

_sin(x) = isinf(x) ? NaN : sin(x)

_cos(x) = isinf(x) ? NaN : cos(x)

_tan(x) = isinf(x) ? NaN : tan(x)

_asin(x) = abs(x) > 1.0 ? NaN : asin(x)

_acos(x) = abs(x) > 1.0 ? NaN : acos(x)

# `x` moved into the interval from `lo` to `hi`; NaN if that is empty.
_clamp(x, lo, hi) = lo <= hi ? (x < lo ? lo : x > hi ? hi : x) : NaN
