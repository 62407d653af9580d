"""Curve fitting after the NIST collection of nonlinear regression problems, in `fits/`: the residual sum
of squares of a model at its two published starts, with a few rows of data.
"""
from mpmath import mp, mpf
from program import Case, write

exp, sqrt, cos, sin, pi = mp.exp, mp.sqrt, mp.cos, mp.sin, mp.pi


def gauss(b, x):
    return b[0] * exp(-b[1] * x) + b[2] * exp(-((x - b[3]) / b[4]) ** 2) + b[5] * exp(-((x - b[6]) / b[7]) ** 2)


def cubic(b, x):
    top = b[0] + x * (b[1] + x * (b[2] + x * b[3]))
    return top / (1 + x * (b[4] + x * (b[5] + x * b[6])))


def enso(b, x):
    w = 2 * pi * x
    waves = [(mpf(12), b[1], b[2]), (b[3], b[4], b[5]), (b[6], b[7], b[8])]
    return b[0] + sum(c * cos(w / p) + s * sin(w / p) for p, c, s in waves)


MISRA = ([77.6, 190.8, 369.8, 536.8, 760.0], [10.07, 23.93, 43.62, 58.60, 81.78])
LANCZOS = ([0.0, 0.1, 0.35, 0.6, 1.0], [2.5134, 1.8684, 0.9511, 0.5116, 0.2720])
THURBER = ([-3.067, -1.98, -0.54, 0.22, 1.1, 2.2], [80.574, 100.34, 350.0, 700.0, 1150.1, 1400.3])

# name, title, parameters, model in the notation, model in Python, starts, data
FITS = [
    ("misra1a", "Dental monomolecular adsorption: volume against pressure.", 2,
     "b[1]*(1 - exp(-b[2]*x))", lambda b, x: b[0] * (1 - exp(-b[1] * x)), [[500, 0.0001], [250, 0.0005]], MISRA),
    ("misra1b", "The same, with another law.", 2,
     "b[1]*(1 - (1 + b[2]*x/2)^(-2))", lambda b, x: b[0] * (1 - 1 / (1 + b[1] * x / 2) ** 2),
     [[500, 0.0001], [300, 0.0002]], MISRA),
    ("misra1c", "The same, with a third.", 2,
     "b[1]*(1 - (1 + 2b[2]*x)^(-0.5))", lambda b, x: b[0] * (1 - 1 / sqrt(1 + 2 * b[1] * x)),
     [[500, 0.0001], [600, 0.0002]], MISRA),
    ("misra1d", "The same, with a fourth.", 2,
     "b[1]*b[2]*x*(1 + b[2]*x)^-1", lambda b, x: b[0] * b[1] * x / (1 + b[1] * x),
     [[500, 0.0001], [450, 0.0003]], MISRA),
    ("chwirut", "Ultrasonic response against the distance of the metal.", 3,
     "exp(-b[1]*x)/(b[2] + b[3]*x)", lambda b, x: 1 / (exp(b[0] * x) * (b[1] + b[2] * x)),
     [[0.1, 0.01, 0.02], [0.15, 0.008, 0.01]], ([0.5, 1.0, 1.75, 3.75, 5.75], [92.9, 57.1, 31.05, 11.5, 3.75])),
    ("lanczos", "A sum of three decays, all but impossible to tell apart.", 6,
     "b[1]*exp(-b[2]*x) + b[3]*exp(-b[4]*x) + b[5]*exp(-b[6]*x)",
     lambda b, x: sum(b[k] / exp(b[k + 1] * x) for k in (0, 2, 4)),
     [[1.2, 0.3, 5.6, 5.5, 6.5, 7.6], [0.5, 0.7, 3.6, 4.2, 4, 6.3]], LANCZOS),
    ("gauss", "Two bells on a decaying floor.", 8,
     "b[1]*exp(-b[2]*x) + b[3]*exp(-(x - b[4])^2/b[5]^2) + b[6]*exp(-(x - b[7])^2/b[8]^2)", gauss,
     [[97, 0.009, 100, 65, 20, 70, 178, 16.5], [94, 0.0105, 99, 63, 25, 71, 180, 20]],
     ([1, 40, 66, 110, 160, 180, 230], [97.62, 85.2, 143.9, 40.1, 62.3, 78.9, 9.8])),
    ("danwood", "The energy that a carbon lamp radiates against its temperature.", 2,
     "b[1]*x^b[2]", lambda b, x: b[0] * exp(b[1] * mp.log(x)), [[1, 5], [0.7, 4]],
     ([1.309, 1.471, 1.49, 1.565, 1.611, 1.68], [2.138, 3.421, 3.597, 4.34, 4.882, 5.66])),
    ("kirby", "The width of a line under a scanning electron microscope.", 5,
     "(b[1] + b[2]*x + b[3]*x^2)/(1 + b[4]*x + b[5]*x^2)",
     lambda b, x: (b[0] + x * (b[1] + x * b[2])) / (1 + x * (b[3] + x * b[4])),
     [[2, -0.1, 0.003, -0.001, 0.00001], [1.5, -0.15, 0.0025, -0.002, 0.00002]],
     ([9.65, 54.3, 113.6, 197.2, 300.2], [0.0082, 2.16, 21.1, 55.3, 75.4])),
    ("hahn", "The thermal expansion of copper.", 7,
     "(b[1] + b[2]*x + b[3]*x^2 + b[4]*x^3)/(1 + b[5]*x + b[6]*x^2 + b[7]*x^3)", cubic,
     [[10, -1, 0.05, -0.00001, -0.05, 0.001, -0.000001], [1, -0.1, 0.005, -0.000001, -0.005, 0.0001, -0.0000001]],
     ([24.41, 70.53, 160.9, 290.1, 455.2, 653.4], [0.591, 6.86, 14.2, 17.1, 18.6, 19.5])),
    ("thurber", "The mobility of electrons against the log of the density.", 7,
     "(b[1] + x*(b[2] + x*(b[3] + x*b[4])))/(1 + x*(b[5] + x*(b[6] + x*b[7])))", cubic,
     [[1000, 1000, 400, 40, 0.7, 0.3, 0.03], [1300, 1500, 500, 75, 1, 0.4, 0.05]], THURBER),
    ("mgh09", "Enzymes: a ratio of quadratics that nearly cancels.", 4,
     "b[1]*(x^2 + x*b[2])/(x^2 + x*b[3] + b[4])",
     lambda b, x: b[0] * x * (x + b[1]) / (b[3] + x * (x + b[2])),
     [[25, 39, 41.5, 39], [0.25, 0.39, 0.415, 0.39]],
     ([4, 2, 1, 0.5, 0.125, 0.0625], [0.1957, 0.1947, 0.1735, 0.16, 0.0456, 0.0235])),
    ("mgh10", "A thermistor: the exponential of a shifted reciprocal.", 3,
     "b[1]*exp(b[2]/(x + b[3]))", lambda b, x: exp(mp.log(b[0]) + b[1] / (x + b[2])),
     [[0.02, 4000, 250], [0.0056, 6181, 345.2]], ([50, 70, 90, 110, 125], [34780, 16370, 8261, 4427, 2872])),
    ("mgh17", "Two decays above a floor.", 5,
     "b[1] + b[2]*exp(-x*b[4]) + b[3]*exp(-x*b[5])",
     lambda b, x: b[0] + b[1] / exp(x * b[3]) + b[2] / exp(x * b[4]),
     [[50, 150, -100, 1, 2], [0.5, 1.5, -1, 0.01, 0.02]], ([0, 40, 100, 200, 320], [0.844, 0.925, 0.717, 0.49, 0.406])),
    ("roszman", "Quantum defects of iodine.", 4,
     "b[1] - b[2]*x - arctan(b[3]/(x - b[4]))/pi",
     lambda b, x: b[0] - b[1] * x - mp.arg(mp.mpc(1, b[2] / (x - b[3]))) / pi,
     [[0.1, -0.00001, 1000, -100], [0.2, -0.000005, 1200, -150]],
     ([-4868.68, -3373.67, -2154.43, -1206.34, -569.44], [0.2524, 0.2557, 0.2631, 0.2786, 0.3252])),
    ("enso", "The air pressure between Easter Island and Darwin: a year and two unknown periods.", 9,
     "b[1] + b[2]*cos(2π*x/12) + b[3]*sin(2π*x/12) + b[5]*cos(2π*x/b[4]) + b[6]*sin(2π*x/b[4])"
     " + b[8]*cos(2π*x/b[7]) + b[9]*sin(2π*x/b[7])", enso,
     [[11, 3, 0.5, 40, -0.7, -1.3, 25, -0.3, 1.4], [10, 3, 0.5, 44, -1.5, 0.5, 26, -0.1, 1.5]],
     ([1, 2, 5, 9, 20, 41], [12.9, 11.3, 9.6, 8.8, 16.2, 13.1])),
    ("boxbod", "The oxygen that bacteria need.", 2,
     "b[1]*(1 - exp(-b[2]*x))", lambda b, x: b[0] * (1 - exp(-b[1] * x)), [[1, 1], [100, 0.75]],
     ([1, 2, 3, 5, 7, 10], [109, 149, 149, 191, 213, 224])),
    ("rat42", "How a pasture grows.", 3,
     "b[1]/(1 + exp(b[2] - b[3]*x))", lambda b, x: b[0] * exp(b[2] * x) / (exp(b[2] * x) + exp(b[1])),
     [[100, 1, 0.1], [75, 2.5, 0.07]], ([9, 14, 21, 28, 42, 57, 79], [8.93, 10.8, 18.59, 22.33, 39.35, 56.11, 67.08])),
    ("rat43", "How an onion grows.", 4,
     "b[1]/(1 + exp(b[2] - b[3]*x))^(1/b[4])",
     lambda b, x: b[0] * exp(-mp.log1p(exp(b[1] - b[2] * x)) / b[3]),
     [[100, 10, 1, 1], [700, 5, 0.75, 1.3]], ([1, 3, 6, 9, 12, 15], [16.08, 65.8, 346.63, 590.03, 699.56, 717.41])),
    ("eckerle", "How much light of a wavelength passes.", 3,
     "b[1]/b[2]*exp(-0.5*((x - b[3])/b[2])^2)",
     lambda b, x: b[0] / b[1] / sqrt(exp(((x - b[2]) / b[1]) ** 2)),
     [[1, 10, 500], [1.5, 5, 450]], ([440, 445, 450, 455, 460], [0.0571, 0.172, 0.3754, 0.2243, 0.073])),
    ("bennett", "The magnetism of a superconductor.", 3,
     "b[1]*(b[2] + x)^(-1/b[3])", lambda b, x: b[0] * exp(-mp.log(b[1] + x) / b[2]),
     [[-2000, 50, 0.8], [-1500, 45, 0.85]], ([7.447168, 9.017, 11.3, 13.5, 16.1], [-34.83, -33.7, -32.5, -31.6, -30.9])),
]


def nelson():
    text = """
## Nelson's law of ageing: the voltage that breaks an insulation after x[i, 1] weeks at x[i, 2] degrees.
model(b: R[3], t, T) = b[1] - b[2]*t*exp(-b[3]*T)

misfit(b: R[3], x: R[m, 2], y: R[m]) = sum((log(y[i]) - model(b, x[i, 1], x[i, 2]))^2 for i in 1..m)
"""

    def f(b, x, y):
        return sum((mp.log(v) - b[0] + b[1] * t * exp(-b[2] * T)) ** 2 for (t, T), v in zip(x, y))

    x, y = [[1, 180], [2, 225], [8, 250], [32, 275]], [15.0, 12.5, 9.5, 4.5]
    points = [{"b": b, "x": x, "y": y} for b in ([2, 0.0001, -0.01], [2.5, 5e-9, -0.05])]
    write("fits", "nelson", text, {"misfit": Case(f, points, ["b"])})


def main():
    for name, title, size, model, f, starts, (x, y) in FITS:
        text = f"""
## {title}
model(b: R[{size}], x) = {model}

misfit(b: R[{size}], x: R[m], y: R[m]) = sum((y[i] - model(b, x[i]))^2 for i in 1..m)
"""
        points = [{"b": b, "x": x, "y": y} for b in starts]
        misfit = lambda b, x, y, f=f: sum((f(b, s) - t) ** 2 for s, t in zip(x, y))
        write("fits", name, text, {"misfit": Case(misfit, points, ["b"])})
    nelson()


if __name__ == "__main__":
    main()
