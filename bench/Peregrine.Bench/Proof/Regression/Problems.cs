using System.Collections.Immutable;

namespace Peregrine.Bench.Proof.Regression;

/// <summary>
/// The problems, with the ranges and rows of their sources: Nguyen (Uy et al. 2011), Keijzer (2003) and Pagie as listed by McDermott et al. 2012, Friedman-1 (1991), Feynman (Udrescu and Tegmark 2020).
/// The twenty dimensioned Feynman problems are not chosen by hand: of the 73 with two to four variables, units, and neither arcsin nor tanh, in the order of that paper, those in places 1, 4, 8, 11, 15, 19 … (every 3.65th).
/// </summary>
public static class Problems
{
    private const double Pi = Math.PI;

    private static readonly Units
        Length = Units.Of(metre: 1), Time = Units.Of(second: 1), Speed = Units.Of(1, -1), Frequency = Units.Of(second: -1), Mass = Units.Of(kilogram: 1), Kelvin = Units.Of(kelvin: 1),
        Force = Units.Of(1, -2, 1), Joule = Units.Of(2, -2, 1), Charge = Units.Of(2, -2, 1, 0, -1), Field = Units.Of(metre: -1, volt: 1), Permittivity = Units.Of(1, -2, 1, 0, -2), Planck = Units.Of(2, -1, 1);

    public static readonly ImmutableArray<Problem> Classic =
    [
        One("Nguyen-1", "x^3 + x^2 + x", (-1, 1), static x => (x * x * x) + (x * x) + x, 0.95),
        One("Nguyen-2", "x^4 + x^3 + x^2 + x", (-1, 1), static x => Sum(x, 4), 0.95),
        One("Nguyen-3", "x^5 + x^4 + x^3 + x^2 + x", (-1, 1), static x => Sum(x, 5), 0.95),
        One("Nguyen-4", "x^6 + x^5 + x^4 + x^3 + x^2 + x", (-1, 1), static x => Sum(x, 6), 0.95),
        One("Nguyen-5", "sin(x^2) cos(x) - 1", (-1, 1), static x => (Math.Sin(x * x) * Math.Cos(x)) - 1, 0.9),
        One("Nguyen-6", "sin(x) + sin(x + x^2)", (-1, 1), static x => Math.Sin(x) + Math.Sin(x + (x * x)), 0.9),
        One("Nguyen-7", "log(x + 1) + log(x^2 + 1)", (0, 2), static x => Math.Log(x + 1) + Math.Log((x * x) + 1), 0.8),
        // Zero itself is left out, where exp(log(x) / 2) has no value.
        One("Nguyen-8", "sqrt(x)", (1e-9, 4), Math.Sqrt, 0.9),
        Two("Nguyen-9", "sin(x) + sin(y^2)", (-1, 1), static (x, y) => Math.Sin(x) + Math.Sin(y * y), 0.9),
        Two("Nguyen-10", "2 sin(x) cos(y)", (-1, 1), static (x, y) => 2 * Math.Sin(x) * Math.Cos(y), 0.9),
        Two("Nguyen-11", "x^y", (1e-9, 1), static (x, y) => Math.Exp(y * Math.Log(x)), 0.5),
        Two("Nguyen-12", "x^4 - x^3 + y^2/2 - y", (0, 1), static (x, y) => (x * x * x * x) - (x * x * x) + (y * y / 2) - y, 0.5),
        One("Keijzer-4", "x^3 exp(-x) cos(x) sin(x) (sin(x)^2 cos(x) - 1)", (0, 10.05), Keijzer4, 0) with
        {
            Grid = [.. Enumerable.Range(0, 201).Select(static i => (double[])[i * 0.05])],
            TestGrid = [.. Enumerable.Range(0, 201).Select(static i => (double[])[(i * 0.05) + 0.05])],
            Criterion = Criterion.Error, Bound = 0.05,
        },
        One("Keijzer-6", "1 + 1/2 + ... + 1/x", (1, 120), Harmonic, 0.7) with
        {
            Grid = [.. Enumerable.Range(1, 50).Select(static i => (double[])[i])],
            TestGrid = [.. Enumerable.Range(1, 120).Select(static i => (double[])[i])],
            Functions = Problem.Full, Criterion = Criterion.Error, Bound = 0.05,
        },
        Two("Pagie-1", "1/(1 + x^-4) + 1/(1 + y^-4)", (-5, 5), Pagie, 0.6) with
        {
            Grid = [.. from x in Enumerable.Range(0, 26) from y in Enumerable.Range(0, 26) select (double[])[-5 + (0.4 * x), -5 + (0.4 * y)]],
            Criterion = Criterion.Explained, Bound = 0.99,
        },
        new("Friedman-1", "10 sin(pi x1 x2) + 20 (x3 - 1/2)^2 + 10 x4 + 5 x5 + noise, and x6 to x10 of no use", [.. Enumerable.Range(1, 10).Select(static i => new ProblemVariable($"x{i}", 0, 1))],
            static v => (10 * Math.Sin(Pi * v[0] * v[1])) + (20 * (v[2] - 0.5) * (v[2] - 0.5)) + (10 * v[3]) + (5 * v[4]))
        {
            Rows = 500, Noise = 1, Functions = Problem.Full, Criterion = Criterion.Explained, Bound = 0.93, Target = 0.5,
        },
    ];

    public static readonly ImmutableArray<Problem> Feynman =
    [
        Law("I.8.14", "sqrt((x2 - x1)^2 + (y2 - y1)^2)", Length, [V("x1", Length), V("x2", Length), V("y1", Length), V("y2", Length)],
            static v => Math.Sqrt(((v[1] - v[0]) * (v[1] - v[0])) + ((v[3] - v[2]) * (v[3] - v[2])))),
        Law("I.12.2", "q1 q2 r / (4 pi eps r^3)", Force, [V("q1", Charge), V("q2", Charge), V("eps", Permittivity), V("r", Length)], static v => v[0] * v[1] * v[3] / (4 * Pi * v[2] * v[3] * v[3] * v[3])),
        Law("I.14.3", "m g z", Joule, [V("m", Mass), V("g", Units.Of(1, -2)), V("z", Length)], static v => v[0] * v[1] * v[2]),
        Law("I.15.3t", "(t - u x / c^2) / sqrt(1 - u^2 / c^2)", Time, [V("x", Length), V("c", Speed, 3, 10), V("u", Speed, 1, 2), V("t", Time)],
            static v => (v[3] - (v[2] * v[0] / (v[1] * v[1]))) / Math.Sqrt(1 - (v[2] * v[2] / (v[1] * v[1])))),
        Law("I.18.12", "r F sin(theta)", Joule, [V("r", Length), V("F", Force), V("theta", Units.None, 0, 5)], static v => v[0] * v[1] * Math.Sin(v[2])),
        Law("I.27.6", "1 / (1/d1 + n/d2)", Length, [V("d1", Length), V("d2", Length), V("n", Units.None)], static v => 1 / ((1 / v[0]) + (v[2] / v[1]))),
        Law("I.30.3", "I0 sin(n theta / 2)^2 / sin(theta / 2)^2", Units.Of(0, -3, 1), [V("I0", Units.Of(0, -3, 1)), V("theta", Units.None), V("n", Units.None)],
            static v => v[0] * Math.Pow(Math.Sin(v[2] * v[1] / 2), 2) / Math.Pow(Math.Sin(v[1] / 2), 2)),
        Law("I.34.14", "(1 + v/c) / sqrt(1 - v^2 / c^2) omega0", Frequency, [V("c", Speed, 3, 10), V("v", Speed, 1, 2), V("omega0", Frequency)],
            static v => (1 + (v[1] / v[0])) / Math.Sqrt(1 - (v[1] * v[1] / (v[0] * v[0]))) * v[2]),
        Law("I.39.1", "3/2 p V", Joule, [V("p", Units.Of(-1, -2, 1)), V("V", Units.Of(3))], static v => 1.5 * v[0] * v[1]),
        Law("I.43.16", "mu q U / d", Speed, [V("mu", Units.Of(0, 1, -1)), V("q", Charge), V("U", Units.Of(volt: 1)), V("d", Length)], static v => v[0] * v[1] * v[2] / v[3]),
        Law("I.48.2", "m c^2 / sqrt(1 - v^2 / c^2)", Joule, [V("m", Mass), V("v", Speed, 1, 2), V("c", Speed, 3, 10)], static v => v[0] * v[2] * v[2] / Math.Sqrt(1 - (v[1] * v[1] / (v[2] * v[2])))),
        Law("II.6.11", "p cos(theta) / (4 pi eps r^2)", Units.Of(volt: 1), [V("eps", Permittivity, 1, 3), V("p", Charge * Length, 1, 3), V("theta", Units.None, 1, 3), V("r", Length, 1, 3)],
            static v => v[1] * Math.Cos(v[2]) / (4 * Pi * v[0] * v[3] * v[3])),
        Law("II.8.31", "eps E^2 / 2", Units.Of(-1, -2, 1), [V("eps", Permittivity), V("E", Field)], static v => v[0] * v[1] * v[1] / 2),
        Law("II.13.17", "2 I / (4 pi eps c^2 r)", Units.Of(-2, 1, 0, 0, 1), [V("eps", Permittivity), V("c", Speed), V("I", Charge / Time), V("r", Length)], static v => 2 * v[2] / (4 * Pi * v[0] * v[1] * v[1] * v[3])),
        Law("II.15.5", "-p E cos(theta)", Joule, [V("p", Charge * Length), V("E", Field), V("theta", Units.None)], static v => -v[0] * v[1] * Math.Cos(v[2])),
        Law("II.27.18", "eps E^2", Units.Of(-1, -2, 1), [V("eps", Permittivity), V("E", Field)], static v => v[0] * v[1] * v[1]),
        Law("II.34.29a", "q h / (4 pi m)", Charge * Planck / Mass, [V("q", Charge), V("h", Planck), V("m", Mass)], static v => v[0] * v[1] / (4 * Pi * v[2])),
        Law("III.4.33", "h omega / (2 pi (exp(h omega / (2 pi k T)) - 1))", Joule, [V("h", Planck), V("omega", Frequency), V("k", Joule / Kelvin), V("T", Kelvin)],
            static v => v[0] / (2 * Pi) * v[1] / (Math.Exp(v[0] / (2 * Pi) * v[1] / (v[2] * v[3])) - 1)),
        Law("III.10.19", "mu sqrt(Bx^2 + By^2 + Bz^2)", Joule, [V("mu", Joule / Tesla), V("Bx", Tesla), V("By", Tesla), V("Bz", Tesla)],
            static v => v[0] * Math.Sqrt((v[1] * v[1]) + (v[2] * v[2]) + (v[3] * v[3]))),
        Law("III.15.14", "(h / 2 pi)^2 / (2 E d^2)", Mass, [V("h", Planck), V("E", Joule), V("d", Length)], static v => v[0] * v[0] / (4 * Pi * Pi * 2 * v[1] * v[2] * v[2])),
    ];

    public static readonly ImmutableArray<Problem> All = [.. Classic, .. Feynman];

    private static Units Tesla => Units.Of(-2, 1, 0, 0, 1);

    public static Problem Find(string name) => All.FirstOrDefault(p => p.Name == name) ?? throw new ArgumentException($"There is no problem '{name}'.", nameof(name));

    private static Problem One(string name, string text, (double Low, double High) range, Func<double, double> truth, double target) =>
        new(name, text, [new("x", range.Low, range.High)], v => truth(v[0])) { Target = target, HasNumbers = !name.StartsWith("Nguyen", StringComparison.Ordinal) };

    private static Problem Two(string name, string text, (double Low, double High) range, Func<double, double, double> truth, double target) =>
        new(name, text, [new("x", range.Low, range.High), new("y", range.Low, range.High)], v => truth(v[0], v[1])) { Rows = 100, Target = target, HasNumbers = !name.StartsWith("Nguyen", StringComparison.Ordinal) };

    private static Problem Law(string name, string text, Units units, ImmutableArray<ProblemVariable> variables, Func<double[], double> truth) =>
        new(name, text, variables, truth) { Rows = 200, Units = units, Functions = Problem.Full, Criterion = Criterion.Symbolic };

    private static ProblemVariable V(string name, Units units, double low = 1, double high = 5) => new(name, low, high) { Units = units };

    private static double Sum(double x, int powers)
    {
        double sum = 0;
        for (int i = 0; i < powers; i++)
        {
            sum = (sum + 1) * x;
        }

        return sum;
    }

    private static double Keijzer4(double x) => x * x * x * Math.Exp(-x) * Math.Cos(x) * Math.Sin(x) * ((Math.Sin(x) * Math.Sin(x) * Math.Cos(x)) - 1);

    private static double Harmonic(double x) => Enumerable.Range(1, (int)Math.Round(x)).Sum(static i => 1.0 / i);

    private static double Pagie(double x, double y) => (1 / (1 + Math.Pow(x, -4))) + (1 / (1 + Math.Pow(y, -4)));
}
