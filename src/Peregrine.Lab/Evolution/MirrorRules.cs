using System.Collections.Frozen;
using Peregrine.Core.Indicators;
using Peregrine.Core.Strategies;

namespace Peregrine.Lab.Evolution;

/// <summary>How each operator of the language looks in the mirror. An operator that is not here keeps the rules that use it out of mirrored strategies, and nothing else.</summary>
internal static class MirrorRules
{
    public static readonly FrozenDictionary<(string, Notation), MirrorRule> All = Rows().ToFrozenDictionary(static r => (r.Name, r.Notation), static r => r.Rule);

    private static Operator Negation => Catalogue.Find("-", Notation.Prefix);

    /// <summary>A value without arguments, of known parity.</summary>
    public static MirrorRule Fixed(Parity parity) => (op, s, _) => new Image(Expression.Of(op, s), parity);

    private static IEnumerable<(string Name, Notation Notation, MirrorRule Rule)> Rows() =>
    [
        .. Calls(Fixed(Parity.Level), "open", "close", "hl2", "typical", "hlcc4", "ohlc4", "donchian"),
        .. Calls(Fixed(Parity.Even), "volume", "range", "true_range", "atr", "adx"),
        .. Calls(Fixed(Parity.Odd), "side", "body", "gap", "cci", "aroon", "directional", "volume_flow", "zero"),
        .. Calls(Fixed(Parity.Place), "close_location", "stochastic", "mfi"),
        .. Calls(Unary(static p => p), "sma", "ema", "wma", "wilder", "dema", "tema", "hull", "kama", "vwma", "median", "forecast"),
        .. Calls(Unary(static p => p == Parity.Even ? p : Parity.Odd), "momentum", "macd", "slope", "slope_t", "zscore", "tsi"),
        .. Calls(Unary(static p => p == Parity.Even ? p : Parity.Place), "rsi", "position", "rank"),
        .. Calls(Unary(static _ => Parity.Even), "stdev", "deviation", "autocorrelation", "efficiency", "variance_ratio", "r_squared"),
        .. Calls(Unary(static p => p is Parity.Even or Parity.Odd ? p : null), "sign", "squash"),
        .. Calls(Unary(static p => p switch { Parity.Place => p, Parity.Level => null, _ => Parity.Even }), "abs"),
        .. Calls(Correlation, "correlation"),
        .. Calls(Choice, "if"),
        .. Calls(Clamp, "clamp"),
        .. Twins("high", "low", Parity.Level), .. Twins("upper_wick", "lower_wick", Parity.Even),
        .. Extremes("highest", "lowest"), .. Extremes("min", "max"),
        ("number", Notation.Literal, Fixed(Parity.Even)), ("minutes", Notation.Literal, Fixed(Parity.Even)),
        ("-", Notation.Prefix, Unary(static p => p is Parity.Even or Parity.Odd ? p : null)),
        ("not", Notation.Prefix, Unary(static p => p)), ("[", Notation.Lag, Unary(static p => p)),
        ("for", Notation.Bars, Unary(static p => p)), ("within", Notation.Bars, Unary(static p => p)),
        .. Infixes(static (op, s, x) => new Image(Expression.Of(op, s, x[0].Expression, x[1].Expression), Parity.Even), "and", "or"),
        .. Infixes(Sum, "+", "-"), .. Infixes(Product, "*", "/"),
        .. Comparisons(">", "<"), .. Comparisons(">=", "<="), .. Comparisons("crosses above", "crosses below"),
    ];

    private static IEnumerable<(string, Notation, MirrorRule)> Calls(MirrorRule rule, params string[] names) => names.Select(n => (n, Notation.Call, rule));

    private static IEnumerable<(string, Notation, MirrorRule)> Infixes(MirrorRule rule, params string[] names) => names.Select(n => (n, Notation.Infix, rule));

    /// <summary>The operator kept, the parity of its one argument changed; null where there is no image.</summary>
    private static MirrorRule Unary(Func<Parity, Parity?> parity) =>
        (op, s, x) => parity(x[0].Parity) is { } p ? Of(op, s, x[0].Expression, p) : null;

    private static Image Of(Operator op, Settings s, Expression x, Parity parity) => new(Expression.Of(op, s, x), parity);

    /// <summary>Two operators that stand for each other whatever they are given.</summary>
    private static (string, Notation, MirrorRule)[] Twins(string a, string b, Parity parity) => [Twin(a, b, parity), Twin(b, a, parity)];

    private static (string, Notation, MirrorRule) Twin(string name, string twin, Parity parity) =>
        (name, Notation.Call, (_, s, _) => new Image(Expression.Of(Catalogue.Find(twin, Notation.Call), s), parity));

    /// <summary>The larger and the smaller change places, except among sizes.</summary>
    private static (string, Notation, MirrorRule)[] Extremes(string a, string b) => [Extreme(a, b), Extreme(b, a)];

    private static (string, Notation, MirrorRule) Extreme(string name, string twin) => (name, Notation.Call, (op, s, x) =>
    {
        if (Aligned(x) is not { } y)
        {
            return null;
        }

        Operator image = y[0].Parity == Parity.Even ? op : Catalogue.Find(twin, Notation.Call);
        return new Image(Expression.Of(image, s, [.. y.Select(static i => i.Expression)]), y[0].Parity);
    });

    private static (string, Notation, MirrorRule)[] Comparisons(string a, string b) => [Comparison(a, b), Comparison(b, a)];

    private static (string, Notation, MirrorRule) Comparison(string name, string twin) => (name, Notation.Infix, (op, s, x) =>
    {
        Image[]? y = Aligned(x) ?? AllEven(x);
        return y is null ? null : new Image(
            Expression.Of(y[0].Parity == Parity.Even ? op : Catalogue.Find(twin, Notation.Infix), s, y[0].Expression, y[1].Expression), Parity.Even);
    });

    private static Image? Correlation(Operator op, Settings s, Image[] x)
    {
        bool together = (x[0].Parity == Parity.Even) == (x[1].Parity == Parity.Even);
        return new Image(Expression.Of(op, s, x[0].Expression, x[1].Expression), together ? Parity.Even : Parity.Odd);
    }

    private static Image? Choice(Operator op, Settings s, Image[] x) => Aligned(x[1..]) is { } y
        ? new Image(Expression.Of(op, s, x[0].Expression, y[0].Expression, y[1].Expression), y[0].Parity)
        : null;

    /// <summary>The bounds change places with the direction. Bounds that may be crossed have no image: there the lower one wins, whichever way is up.</summary>
    private static Image? Clamp(Operator op, Settings s, Image[] x)
    {
        if (Aligned(x) is not { } y)
        {
            return null;
        }

        bool even = y[0].Parity == Parity.Even;
        (Expression low, Expression high) = even ? (y[1].Expression, y[2].Expression) : (y[2].Expression, y[1].Expression);
        bool ordered = low.Root.Operator == Catalogue.Number && high.Root.Operator == Catalogue.Number && low.Root.Constant <= high.Root.Constant;
        return even || ordered ? new Image(Expression.Of(op, s, y[0].Expression, low, high), y[0].Parity) : null;
    }

    private static Image? Sum(Operator op, Settings s, Image[] x)
    {
        bool minus = op.Name == "-";
        return (x[0].Parity, x[1].Parity) switch
        {
            (Parity.Even, Parity.Even) or (Parity.Odd, Parity.Odd) => Binary(op, x, x[0].Parity),
            (Parity.Level, Parity.Level) when minus => Binary(op, x, Parity.Odd),
            (Parity.Place, Parity.Place) when minus => Binary(op, x, Parity.Odd),
            (Parity.Level, Parity.Odd) => Binary(op, x, Parity.Level),
            // A size is added on the other side: the upper band becomes the lower one.
            (Parity.Level or Parity.Odd, Parity.Even) => Binary(Catalogue.Find(minus ? "+" : "-", Notation.Infix), x, x[0].Parity),
            (Parity.Even, Parity.Odd) => Binary(Catalogue.Find(minus ? "+" : "-", Notation.Infix), x, Parity.Even),
            (Parity.Place, Parity.Even) when minus && Turned(x[1], Parity.Place) is { } k => Binary(op, [x[0], k], Parity.Odd),
            _ => null,
        };
    }

    private static Image? Product(Operator op, Settings s, Image[] x)
    {
        // Divided by a price is divided by a size: prices change by little.
        Parity[] p = [x[0].Parity, op.Name == "/" && x[1].Parity == Parity.Level ? Parity.Even : x[1].Parity];
        return p.All(static q => q is Parity.Even or Parity.Odd) ? Binary(op, x, p[0] == p[1] ? Parity.Even : Parity.Odd) : null;
    }

    private static Image Binary(Operator op, Image[] x, Parity parity) => new(Expression.Of(op, default, x[0].Expression, x[1].Expression), parity);

    /// <summary>All images with one parity: as they are, or with plain numbers turned to that of the others; null where they differ.</summary>
    private static Image[]? Aligned(Image[] x)
    {
        Parity parity = x.Select(static i => i.Parity).FirstOrDefault(static p => p != Parity.Even);
        var aligned = new Image[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            if ((x[i].Parity == parity ? x[i] : Turned(x[i], parity)) is not { } turned)
            {
                return null;
            }

            aligned[i] = turned;
        }

        return aligned;
    }

    /// <summary>The same number, or nothing at all, read with another parity; null for what is neither.</summary>
    private static Image? Turned(Image image, Parity parity)
    {
        Node root = image.Expression.Root;
        return (root.Operator == Catalogue.Number, parity) switch
        {
            // Rounded, so that 1 − 0.7 is written 0.3 and the mirror of the mirror is the original.
            (true, Parity.Place) => new Image(Expression.Of(Catalogue.Number, new Settings(0, 0, Math.Round(1 - root.Constant, 9))), parity),
            (true, Parity.Odd) => new Image(Expression.Of(Catalogue.Number, new Settings(0, 0, -root.Constant)), parity),
            _ => root.Operator == Catalogue.Zero ? image with { Parity = parity } : null,
        };
    }

    /// <summary>All images as what they are worth in the real market, where that can be written.</summary>
    private static Image[]? AllEven(Image[] x)
    {
        var even = new Image[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            if (Even(x[i]) is not { } image)
            {
                return null;
            }

            even[i] = image;
        }

        return even;
    }

    private static Image? Even(Image image)
    {
        Expression e = image.Expression;
        return image.Parity switch
        {
            Parity.Even => image,
            Parity.Odd when e.Root.Operator == Catalogue.Zero => image with { Parity = Parity.Even },
            // Minus minus x is x.
            Parity.Odd when e.Root.Operator == Negation => new Image(e.Subtree(e.Count - 2), Parity.Even),
            Parity.Odd when Negation.ResultFor([e.Dimension]) is not null => new Image(Expression.Of(Negation, default, e), Parity.Even),
            Parity.Place => new Image(
                Expression.Of(Catalogue.Find("-", Notation.Infix), default, Expression.Of(Catalogue.Number, new Settings(0, 0, 1)), e), Parity.Even),
            _ => null,
        };
    }
}
