using FsCheck;
using FsCheck.Fluent;
using MathNet.Numerics.LinearAlgebra;
using Peregrine.Core;
using Peregrine.Core.Numerics;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Numerics;

public sealed class SymmetricEigenvaluesTests
{
    [Fact]
    public void They_are_the_reference_s_whatever_the_size_rank_and_scale() => Prop.ForAll(
        Gen.Choose(1, 60).SelectMany(static n => Gen.Choose(0, 10_000).Select(seed => (Size: n, Seed: (ulong)seed))).ToArbitrary(),
        static c =>
        {
            // Of full rank or of a third of it, in blocks or whole, near 1 or far from it.
            var rng = new Rng(c.Seed);
            double scale = Math.Pow(10, rng.NextInt(-250, 250));
            int rank = rng.NextBool() ? c.Size : 1 + (c.Size / 3), block = rng.NextBool() ? c.Size : 7;
            double[][] factors = [.. Enumerable.Range(0, c.Size).Select(_ => Enumerable.Range(0, rank).Select(_ => Normal.Draw(rng)).ToArray())];
            double[] matrix = Matrix(c.Size, (i, j) => i / block == j / block ? factors[i].Zip(factors[j]).Select((p, k) => p.First * p.Second * (k % 2 == 0 ? 1 : -1)).Sum() : 0);
            double[] found = SymmetricEigenvalues.Of([.. matrix.Select(x => x * scale)], c.Size);
            found.ShouldBe(found.Order());
            Same(found, [.. Reference(matrix, c.Size).Select(x => x * scale)], 1e-12);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_large_dense_matrix_of_known_eigenvalues_is_exact_to_rounding()
    {
        // min(i, j), i and j from 1: ¼ ÷ sin²((2k − 1)π ÷ (4n + 2)), from ¼ to 405 000 for n = 1000.
        const int Size = 1_000;
        double[] found = SymmetricEigenvalues.Of(Matrix(Size, static (i, j) => Math.Min(i, j) + 1), Size);
        double[] known = [.. Enumerable.Range(1, Size).Select(static k => Math.Sin(((2 * k) - 1) * Math.PI / ((4 * Size) + 2))).Select(static s => 0.25 / (s * s)).Order()];
        Same(found, known, 1e-13);
    }

    [Fact]
    public void Diagonal_equicorrelated_and_single_entries_have_theirs()
    {
        SymmetricEigenvalues.Of([-7.5], 1).ShouldBe([-7.5]);
        SymmetricEigenvalues.Of(new double[9], 3).ShouldBe([0, 0, 0]);
        SymmetricEigenvalues.Of([3, 0, 0, 0, -1, 0, 0, 0, 2], 3).ShouldBe([-1, 2, 3]);
        SymmetricEigenvalues.Of([0, 1, 1, 0], 2).ShouldBe([-1, 1], 1e-15);
        SymmetricEigenvalues.Of([double.Epsilon, 0, 0, double.MaxValue], 2).ShouldBe([0, double.MaxValue]);
        Same(SymmetricEigenvalues.Of([5e-324, 0, 0, 1e-323], 2), [5e-324, 1e-323], 0);

        // 1 − ρ for all but one, and 1 + (N − 1) ρ; below 0 too.
        foreach (double rho in new[] { 0.5, 0.999, 1, -1.0 / 11 })
        {
            double[] found = SymmetricEigenvalues.Of(Matrix(12, (i, j) => i == j ? 1 : rho), 12);
            Same(found, [.. Enumerable.Repeat(1 - rho, 11).Append(1 + (11 * rho)).Order()], 1e-14);
        }
    }

    [Fact]
    public void Parts_too_small_to_square_do_no_harm()
    {
        // Entries whose squares have hardly a digit left, beside others of 1: whatever becomes of them, the others stand.
        double[] matrix = Matrix(4, static (i, j) => i == j ? i + 1 : i < 2 && j < 2 ? 0.5 : 1e-160 * (1 + i + j));
        double root = Math.Sqrt(0.5);
        SymmetricEigenvalues.Of(matrix, 4).ShouldBe([1.5 - root, 1.5 + root, 3, 4], 1e-14);
    }

    [Fact]
    public void Those_of_rows_products_are_the_same_by_the_rows_or_by_the_columns()
    {
        foreach ((int rows, int columns) in new[] { (1, 1), (1, 9), (9, 1), (12, 12), (5, 40), (40, 5) })
        {
            var rng = new Rng(3).Fork((ulong)rows, (ulong)columns);
            double[][] given = [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => Normal.Draw(rng)).ToArray())];
            double[] found = SymmetricEigenvalues.OfProducts(given);
            Same(found, Reference(Matrix(rows, (i, j) => given[i].Zip(given[j]).Sum(static p => p.First * p.Second)), rows), 1e-12);
            found.ShouldAllBe(static x => x >= 0);
            found[..Math.Max(0, rows - columns)].ShouldAllBe(static x => x == 0);
        }

        // Three rows seven times over: rounding leaves eighteen near 0, none of them below.
        double[][] three = [.. Enumerable.Range(0, 3).Select(static k => Lab.Validation.Noise.Row(new Rng(5).Fork((ulong)k), 30))];
        double[] copies = SymmetricEigenvalues.OfProducts([.. Enumerable.Range(0, 21).Select(i => three[i % 3])]);
        Same(copies, [.. new double[18], .. SymmetricEigenvalues.OfProducts(three).Select(static x => 7 * x)], 1e-13);
        copies.ShouldAllBe(static x => x >= 0);
    }

    [Fact]
    [Trait("Category", "Determinism")]
    public void The_bits_are_the_same_on_every_machine()
    {
        var rng = new Rng(8);
        double[][] rows = [.. Enumerable.Range(0, 37).Select(_ => Enumerable.Range(0, 53).Select(_ => Normal.Draw(rng)).ToArray())];
        Lab.Validation.Noise.Hash(SymmetricEigenvalues.OfProducts(rows)).ShouldBe("1a5e234197eb8e96");
    }

    [Fact]
    public void What_is_no_symmetric_matrix_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(static () => SymmetricEigenvalues.Of([], 0));
        Should.Throw<ArgumentOutOfRangeException>(static () => SymmetricEigenvalues.Of([1], -1));
        Should.Throw<ArgumentException>(static () => SymmetricEigenvalues.Of([1, 2, 3], 2)).Message.ShouldContain("3 entries");
        Should.Throw<ArgumentException>(static () => SymmetricEigenvalues.Of([1, 2, 2, 1, 0], 2)).Message.ShouldContain("5 entries");
        Should.Throw<ArgumentException>(static () => SymmetricEigenvalues.Of([1, 2, 2.001, 1], 2)).Message.ShouldContain("symmetric");
        Should.Throw<ArgumentException>(static () => SymmetricEigenvalues.Of([1, double.NaN, double.NaN, 1], 2)).Message.ShouldContain("finite");
        Should.Throw<ArgumentException>(static () => SymmetricEigenvalues.Of([double.PositiveInfinity], 1)).Message.ShouldContain("finite");
        Should.Throw<ArgumentException>(static () => SymmetricEigenvalues.OfProducts([]));
        Should.Throw<ArgumentException>(static () => SymmetricEigenvalues.OfProducts([[]]));
        Should.Throw<ArgumentException>(static () => SymmetricEigenvalues.OfProducts([[1, 2], [1]]));
        Should.Throw<ArgumentException>(static () => SymmetricEigenvalues.OfProducts([[1, double.NaN]]));
    }

    [Fact]
    public void A_search_that_takes_too_long_says_so()
    {
        double[] matrix = Matrix(10, static (i, j) => 1.0 / (1 + i + j));
        SymmetricEigenvalues.Of(matrix, 10).Length.ShouldBe(10);
        Should.Throw<ArithmeticException>(() => SymmetricEigenvalues.Of(matrix, 10, mostSweeps: 1)).Message.ShouldContain("10 of 10");
    }

    private static double[] Matrix(int size, Func<int, int, double> entry) => [.. Enumerable.Range(0, size * size).Select(k => entry(k / size, k % size))];

    private static double[] Reference(double[] matrix, int size) =>
        [.. Matrix<double>.Build.Dense(size, size, matrix).Evd(Symmetricity.Symmetric).EigenValues.Select(static z => z.Real).Order()];

    /// <summary>Each to within a share of the largest in size.</summary>
    private static void Same(double[] found, double[] expected, double share)
    {
        found.Length.ShouldBe(expected.Length);
        double largest = expected.Max(Math.Abs);
        for (int i = 0; i < found.Length; i++)
        {
            (Math.Abs(found[i] - expected[i]) <= share * largest).ShouldBeTrue($"{i}: {found[i]:R}, expected {expected[i]:R}");
        }
    }
}
