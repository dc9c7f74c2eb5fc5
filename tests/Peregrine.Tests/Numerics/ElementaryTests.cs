using System.Numerics;
using Peregrine.Core;
using Peregrine.Core.Numerics;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Numerics;

public sealed class ElementaryTests
{
    private const int Samples = 200_000;

    [Theory]
    [InlineData("exp", 1)]
    [InlineData("log", 1)]
    [InlineData("sin", 1)]
    [InlineData("cos", 1)]
    [InlineData("tanh", 2)]
    public void Agrees_with_the_platform_to_within_the_stated_ulps(string name, int ulps)
    {
        (Func<double, double> ours, _, Func<double, double> theirs) = Function(name);
        var rng = new Rng(3);
        double worst = 0;
        for (int i = 0; i < Samples; i++)
        {
            double x = Argument(rng, name);
            double error = Ulps(ours(x), theirs(x));
            worst = Math.Max(worst, error);
            error.ShouldBeLessThanOrEqualTo(ulps, $"{name}({x:R}) = {ours(x):R}, platform {theirs(x):R}");
        }

        TestContext.Current.SendDiagnosticMessage($"{name}: worst {worst} ulp");
    }

    [Fact]
    public void A_power_agrees_with_the_platform_to_one_ulp()
    {
        var rng = new Rng(4);
        for (int i = 0; i < Samples; i++)
        {
            double x = Math.Exp((rng.NextUnit() - 0.5) * (i % 2 == 0 ? 4 : 1200)), y = (rng.NextUnit() - 0.5) * (i % 3 == 0 ? 2000 : 5);
            double error = Ulps(Elementary.Pow(x, y), Math.Pow(x, y));
            error.ShouldBeLessThanOrEqualTo(1, $"{x:R} ^ {y:R} = {Elementary.Pow(x, y):R}, platform {Math.Pow(x, y):R}");
        }
    }

    [Fact]
    [Trait("Category", "Determinism")]
    public void A_vector_gives_the_bits_of_its_values_one_by_one()
    {
        var rng = new Rng(5);
        foreach (string name in (string[])["exp", "log", "sin", "cos", "tanh"])
        {
            (Func<double, double> scalar, Func<Vector<double>, Vector<double>> vector, _) = Function(name);
            for (int i = 0; i < 20_000; i++)
            {
                var x = new Vector<double>([.. Enumerable.Range(0, 8).Select(_ => rng.NextInt(10) == 0 ? Special[rng.NextInt(Special.Length)] : Argument(rng, name))]);
                Vector<double> y = vector(x), p = Elementary.Pow(Vector.Abs(x), y);
                for (int k = 0; k < Vector<double>.Count; k++)
                {
                    Bits(y[k]).ShouldBe(Bits(scalar(x[k])), $"{name}({x[k]:R})");
                    Bits(p[k]).ShouldBe(Bits(Elementary.Pow(Math.Abs(x[k]), y[k])), $"{Math.Abs(x[k]):R} ^ {y[k]:R}");
                }
            }
        }
    }

    [Fact]
    [Trait("Category", "Determinism")]
    public void The_bits_never_change()
    {
        ulong hash = 14695981039346656037;
        var rng = new Rng(6);
        for (int i = 0; i < 5000; i++)
        {
            foreach (string name in (string[])["exp", "log", "sin", "cos", "tanh"])
            {
                hash = (hash ^ (ulong)Bits(Function(name).Scalar(Argument(rng, name)))) * 1099511628211;
            }

            hash = (hash ^ (ulong)Bits(Elementary.Pow(rng.NextUnit() * 9, rng.NextUnit() * 7))) * 1099511628211;
        }

        hash.ToString("x16").ShouldBe("8aac3c438ddb2683");
    }

    [Fact]
    public void The_ends_of_the_line_are_as_IEEE_has_them()
    {
        Elementary.Exp(double.NegativeInfinity).ShouldBe(0);
        Elementary.Exp(double.PositiveInfinity).ShouldBe(double.PositiveInfinity);
        Elementary.Exp(0).ShouldBe(1);
        Elementary.Exp(-745).ShouldBe(double.Epsilon);
        Elementary.Exp(-746).ShouldBe(0);
        Elementary.Exp(709.78).ShouldBeLessThan(double.PositiveInfinity);
        Elementary.Exp(709.79).ShouldBe(double.PositiveInfinity);
        Elementary.Exp(double.NaN).ShouldBe(double.NaN);
        Elementary.Log(0).ShouldBe(double.NegativeInfinity);
        Elementary.Log(-1).ShouldBe(double.NaN);
        Elementary.Log(1).ShouldBe(0);
        Elementary.Log(double.NaN).ShouldBe(double.NaN);
        Elementary.Log(double.PositiveInfinity).ShouldBe(double.PositiveInfinity);
        Elementary.Log(double.Epsilon).ShouldBe(Math.Log(double.Epsilon));
        Elementary.Sin(0).ShouldBe(0);
        Elementary.Sin(2e6).ShouldBe(double.NaN);
        Elementary.Cos(0).ShouldBe(1);
        Elementary.Tanh(50).ShouldBe(1);
        Elementary.Tanh(double.NegativeInfinity).ShouldBe(-1);
        Elementary.Tanh(double.NaN).ShouldBe(double.NaN);
        Elementary.Pow(0, 2).ShouldBe(0);
        Elementary.Pow(0, 0).ShouldBe(1);
        Elementary.Pow(0, -1).ShouldBe(double.PositiveInfinity);
        Elementary.Pow(2, 10).ShouldBe(1024);
        Elementary.Pow(2, 5000).ShouldBe(double.PositiveInfinity);
        Elementary.Pow(2, -5000).ShouldBe(0);
        Elementary.Pow(double.PositiveInfinity, -1).ShouldBe(0);
        Elementary.Pow(-8, 2).ShouldBe(double.NaN);
    }

    private static readonly double[] Special = [0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, 1e-310, 745.2];

    private static double Argument(Rng rng, string name) => name switch
    {
        "exp" => (rng.NextUnit() - 0.5) * (rng.NextBool() ? 1490 : 4),
        "log" => rng.NextBool() ? 0.5 + (rng.NextUnit() * 1.5) : BitConverter.Int64BitsToDouble((long)(rng.NextBits() >> 1) % 0x7ff0000000000000),
        "tanh" => (rng.NextUnit() - 0.5) * (rng.NextBool() ? 45 : 2),
        _ => rng.NextInt(4) == 0 ? rng.NextInt(-600_000, 600_000) * (Math.PI / 2) : (rng.NextUnit() - 0.5) * (rng.NextBool() ? 2e6 : 20),
    };

    private static (Func<double, double> Scalar, Func<Vector<double>, Vector<double>> Vector, Func<double, double> Platform) Function(string name) => name switch
    {
        "exp" => (Elementary.Exp, Elementary.Exp, Math.Exp),
        "log" => (Elementary.Log, Elementary.Log, Math.Log),
        "sin" => (Elementary.Sin, Elementary.Sin, Math.Sin),
        "cos" => (Elementary.Cos, Elementary.Cos, Math.Cos),
        _ => (Elementary.Tanh, Elementary.Tanh, Math.Tanh),
    };

    private static double Ulps(double a, double b) => Math.Abs((double)(Bits(a) - Bits(b)));

    // The sign and payload of a NaN are left open by IEEE 754.
    private static long Bits(double x) => BitConverter.DoubleToInt64Bits(double.IsNaN(x) ? double.NaN : x);
}
