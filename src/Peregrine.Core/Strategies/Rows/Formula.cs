using Peregrine.Core.Indicators;

namespace Peregrine.Core.Strategies;

/// <summary>Indicators that are made of others; shared parts are computed once.</summary>
internal static class Formula
{
    public static int Lag(this Lowered to, int x, int n) => to.Apply(Indicators.Lag.Past, new Settings(n), x);

    public static int Change(this Lowered to, int x, int n) => to.Apply(Indicators.Lag.Change, new Settings(n), x);

    public static int Mean(this Lowered to, int x, int n) => to.Apply(Rolling.Mean, new Settings(n), x);

    public static int Sum(this Lowered to, int x, int n) => to.Apply(Rolling.Sum, new Settings(n), x);

    public static int Highest(this Lowered to, int x, int n) => to.Apply(Rolling.Highest, new Settings(n), x);

    public static int Lowest(this Lowered to, int x, int n) => to.Apply(Rolling.Lowest, new Settings(n), x);

    public static int Ema(this Lowered to, int x, int n) => to.Apply(Smoothing.Exponential, new Settings(n), x);

    public static int Wilder(this Lowered to, int x, int n) => to.Apply(Smoothing.Wilder, new Settings(n), x);

    public static int Wma(this Lowered to, int x, int n) => to.Apply(Regression.Weighted, new Settings(n), x);

    public static int Abs(this Lowered to, int x) => to.Apply(Arithmetic.Absolute, x);

    public static int Add(this Lowered to, int x, int y) => to.Apply(Arithmetic.Add, x, y);

    public static int Subtract(this Lowered to, int x, int y) => to.Apply(Arithmetic.Subtract, x, y);

    public static int Multiply(this Lowered to, int x, int y) => to.Apply(Arithmetic.Multiply, x, y);

    public static int Times(this Lowered to, double k, int x) => to.Apply(Arithmetic.Multiply, to.Constant(k), x);

    public static int Divide(this Lowered to, int x, int y) => to.Apply(Arithmetic.Divide, x, y);

    public static int TrueRange(this Lowered to) => to.Apply(Indicators.TrueRange.Of, Lowered.High, Lowered.Low, Lowered.Close);

    public static int Atr(this Lowered to, int n) => to.Wilder(to.TrueRange(), n);

    /// <summary>Wilder's relative strength from 0 to 1: average gain ÷ (average gain + average loss), the averages Wilder's, begun with the mean of the first n changes; ½ when nothing moved.</summary>
    public static int Rsi(this Lowered to, int x, int n)
    {
        int change = to.Change(x, 1), zero = to.Constant(0);
        int gain = to.Wilder(to.Apply(Arithmetic.Max, zero, change), n), loss = to.Wilder(to.Apply(Arithmetic.Max, zero, to.Subtract(zero, change)), n);
        return to.Apply(BarFormulas.Share, gain, loss);
    }

    public static int Typical(this Lowered to) => to.Apply(BarFormulas.Typical, Lowered.High, Lowered.Low, Lowered.Close);

    /// <summary>Held within −1 and 1, where rounding may leave a share of a whole a hair outside.</summary>
    public static int WithinOne(this Lowered to, int x) => to.Apply(Arithmetic.Clamp, x, to.Constant(-1), to.Constant(1));
}
