namespace Peregrine.Bench.Proof.Regression;

/// <summary>The line y ≈ offset + slope · g of least squares (linear scaling, Keijzer 2003): the search need not find what a formula for it gives. With <c>offset</c> 0 where a target with a unit allows none.</summary>
public readonly record struct LinearScaling(double Offset, double Slope)
{
    /// <param name="g">A formula's values.</param>
    /// <param name="y">The target.</param>
    /// <param name="hasOffset">False for a slope alone.</param>
    public static LinearScaling Of(ReadOnlySpan<double> g, ReadOnlySpan<double> y, bool hasOffset = true)
    {
        double meanG = 0, meanY = 0;
        for (int i = 0; i < g.Length && hasOffset; i++)
        {
            meanG += g[i];
            meanY += y[i];
        }

        (meanG, meanY) = (meanG / g.Length, meanY / g.Length);
        double joint = 0, scatter = 0;
        for (int i = 0; i < g.Length; i++)
        {
            double d = g[i] - meanG;
            joint += d * (y[i] - meanY);
            scatter += d * d;
        }

        double slope = scatter > 0 ? joint / scatter : 0;
        return new LinearScaling(meanY - (slope * meanG), slope);
    }

    /// <summary>The sum of squared residuals that a formula's values leave of the target.</summary>
    public static double Error(ReadOnlySpan<double> g, DataTable table, bool hasOffset)
    {
        var scaling = Of(g, table.Target, hasOffset);
        double sum = 0;
        for (int i = 0; i < g.Length; i++)
        {
            double r = table.Target[i] - scaling.At(g[i]);
            sum += r * r;
        }

        return sum;
    }

    public double At(double g) => Offset + (Slope * g);
}
