//! Names that emitted C must not give to anything of its own.

/// Keywords of C and C++, and names of the headers that the program includes.
#[rustfmt::skip]
pub(super) const NAMES: &[&str] = &[
    "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch",
    "char", "class", "compl", "complex", "concept", "const", "constexpr", "continue", "decltype", "default",
    "delete", "do", "double", "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend",
    "goto", "if", "imaginary", "inline", "int", "long", "mutable", "namespace", "new", "noexcept", "not",
    "not_eq", "nullptr", "operator", "or", "or_eq", "private", "protected", "public", "register",
    "reinterpret_cast", "requires", "restrict", "return", "short", "signed", "sizeof", "static",
    "static_assert", "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef",
    "typeid", "typename", "typeof", "union", "unsigned", "using", "virtual", "void", "volatile", "wchar_t",
    "while", "xor", "xor_eq", "main", "status", "done", "unix", "linux", "NULL", "NAN", "INFINITY", "HUGE_VAL",
    "HUGE", "DOMAIN", "SING", "OVERFLOW", "UNDERFLOW", "PLOSS", "TLOSS", "I", "EOF", "RAND_MAX", "EXIT_FAILURE",
    "EXIT_SUCCESS",
    "ZG_OK", "ZG_SIZE", "ZG_MEMORY", "ZG_INDEX", "ZG_CONDITION", "zg_status", "ZGRAD_STATUS",
    // math.h, with what systems add
    "acos", "acosf", "acosl", "acosh", "asin", "asinf", "asinl", "asinh", "atan", "atanf", "atanl", "atan2",
    "atanh", "cbrt", "ceil", "copysign", "cos", "cosh", "drem", "erf", "erfc", "exp", "exp10", "exp2", "expm1",
    "fabs", "fdim", "finite", "floor", "fma", "fmax", "fmin", "fmod", "fpclassify", "frexp", "gamma", "hypot",
    "ilogb", "isfinite", "isgreater", "isinf", "isless", "isnan", "isnormal", "isunordered", "j0", "j1", "jn",
    "ldexp", "lgamma", "llrint", "llround", "log", "log10", "log1p", "log2", "logb", "lrint", "lround", "modf",
    "nan", "nearbyint", "nextafter", "nexttoward", "pow", "pow10", "remainder", "remquo", "rint", "round",
    "roundeven", "scalb", "scalbln", "scalbn", "signbit", "signgam", "significand", "sin", "sincos", "sinh",
    "sqrt", "tan", "tanh", "tgamma", "trunc", "y0", "y1", "yn", "math_errhandling", "matherr", "exception",
    // stdlib.h and string.h
    "a64l", "abort", "abs", "aligned_alloc", "alloca", "atexit", "atof", "atoi", "atol", "atoll", "bcmp",
    "bcopy", "bsearch", "bzero", "calloc", "clearenv", "div", "drand48", "ecvt", "erand48", "exit", "fcvt",
    "ffs", "free", "gcvt", "getenv", "getsubopt", "index", "initstate", "jrand48", "l64a", "labs", "lcong48",
    "ldiv", "llabs", "lldiv", "lrand48", "malloc", "mblen", "mbstowcs", "mbtowc", "memccpy", "memchr", "memcmp",
    "memcpy", "memmove", "memset", "mkdtemp", "mkstemp", "mktemp", "mrand48", "nrand48", "on_exit", "putenv",
    "qsort", "quick_exit", "rand", "rand_r", "random", "realloc", "realpath", "reallocarray", "rindex",
    "rpmatch", "seed48", "setenv", "setstate", "srand", "srand48", "srandom", "stpcpy", "strcat", "strchr",
    "strcmp", "strcoll", "strcpy", "strcspn", "strdup", "strerror", "strlen", "strncat", "strncmp", "strncpy",
    "strpbrk", "strrchr", "strsep", "strsignal", "strspn", "strstr", "strtod", "strtof", "strtok", "strtol",
    "strtold", "strtoll", "strtoul", "strtoull", "strxfrm", "system", "unsetenv", "valloc", "wcstombs", "wctomb",
    "size_t", "ssize_t", "int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t",
    "uint64_t", "intptr_t", "uintptr_t", "ptrdiff_t", "float_t", "double_t", "div_t", "ldiv_t", "lldiv_t",
    "uint", "ushort", "ulong", "u_int", "u_char", "u_long", "u_short", "quad_t", "u_quad_t", "dev_t", "gid_t",
    "ino_t", "mode_t", "nlink_t", "uid_t", "off_t", "pid_t", "id_t", "daddr_t", "caddr_t", "key_t", "clock_t",
    "time_t", "clockid_t", "timer_t", "select", "pselect", "locale_t",
];
