using System.Globalization;
using Peregrine.Core.Numerics;
using Peregrine.Core.Performance;
using Peregrine.Lab.Fitness;

namespace Peregrine.Lab.Validation;

/// <summary>How many trials were made, and how many independent ones they amount to: a gate uses the larger estimate.</summary>
/// <param name="Evaluations">Candidates tried.</param>
/// <param name="Distinct">Of them, those that behaved unlike every one before.</param>
/// <param name="Traded">Of these, those that traded: what the sample is drawn from.</param>
/// <param name="Groups">Independent ideas by how groups of the alike grow with the sample.</param>
/// <param name="GroupsInSample">Groups in the sample that tests are made on.</param>
public sealed record TrialCount(long Evaluations, long Distinct, long Traded, double Groups, double GroupsInSample)
{
    /// <summary>Independent ones by the eigenvalues of the correlations of the sample's daily returns (Galwey 2009), carried on to all; undefined until they are known.</summary>
    public Figure Spectrum { get; init; }

    /// <summary>Distinct trials on the same years that this search did not make: those of other runs, and strategies that were traded by hand.</summary>
    public long Others { get; init; }

    /// <summary>Other runs that were judged on the days this one is judged on.</summary>
    public int Judged { get; init; }

    /// <summary>Strategies that were traded by hand on these days while the run was open: what was seen there may have decided which run was brought to its end.</summary>
    public int Looked { get; init; }

    /// <summary>Other runs over these years, those given up among them.</summary>
    public int Runs { get; init; }

    /// <summary>All that this run may have been chosen from by what it shows over all its years, itself among them.</summary>
    public int AllOf => Math.Max(Runs, Judged) + Looked + 1;

    /// <summary>All that was judged on these days, itself among them.</summary>
    public int OneOf => Judged + Looked + 1;

    /// <summary>How many times as many trials there are in all as the search made: others may have had ideas of their own in the same proportion, or the same.</summary>
    public double Share => 1 + (Others / (double)Math.Max(1, Distinct));

    /// <summary>Independent trials of this search alone.</summary>
    public double Own => Math.Max(1, Math.Max(Groups, Spectrum.Value ?? 0));

    /// <summary>Independent trials in all by the estimate that is the smaller; null where there is only one.</summary>
    public double? Smaller => Spectrum.Value is { } spectrum ? Math.Max(1, Math.Min(Groups, spectrum)) * Share : null;

    /// <summary>Independent trials in all.</summary>
    public double Effective => Own * Share;

    /// <summary>The probability that the best of all runs that were judged on these days looks as good by chance (Šidák 1967).</summary>
    public Figure Charged(Figure p) => p.Value is { } alone && OneOf > 1 ? Sidak.Adjusted(alone, OneOf) : p;

    /// <summary>The fewest copies among which the first rank of all is at the level, charged with what it may have been chosen from.</summary>
    public int LeastCopies => LuckGates.LeastCopies(AllOf);

    private string Beside => OneOf == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"; the best of {OneOf} runs{(Looked == 0 ? "" : " and strategies")} judged on these days");

    /// <summary>A note, and how many runs it is charged with.</summary>
    public string Noted(string note) => note + Beside;

    /// <summary>A figure of the sample carried on to all trials: what it grows by from half of the sample to the whole, a straight line in logarithms; never above their number.</summary>
    public double CarriedOn(double half, double whole, int sample)
    {
        if (!(half > 0) || sample >= Traded)
        {
            return whole;
        }

        double exponent = Math.Clamp(Elementary.Log(whole / half) / Elementary.Log(2), 0, 1);
        return Math.Min(Traded, whole * Elementary.Exp(exponent * Elementary.Log((double)Traded / sample)));
    }
}

/// <summary>
/// The gates that ask whether what a search found is luck. What was chosen by the data is judged by what all trials did, not by the survivors; what was never searched is judged as it is.
/// </summary>
public static class LuckGates
{
    public const double Level = 0.05, EvenChance = 0.5, MostOverfitting = 0.2, CostFactor = 1.5;

    /// <summary>The fewest copies among which the first rank of all is at the level, of the best of so many runs.</summary>
    public static int LeastCopies(int runs) => (int)Math.Ceiling(1 / (runs == 1 ? Level : Sidak.Level(Level, runs))) - 1;

    /// <summary>Names of gates that others speak of.</summary>
    public const string Fresh = "out-of-sample", NullSearch = "null-search";

    /// <summary>Of siblings with other numbers: the share that must earn, the share of the Sharpe that the middle one must keep, how many there are and how far off they are at most.</summary>
    public const double SiblingsThatEarn = 0.8, SharpeKept = 0.6, JitterReach = 0.2;

    public const int Siblings = 200, Resamples = 2_000;

    /// <summary>Blocks of the cross-validation: 924 splits.</summary>
    private const int Blocks = 12;

    /// <summary>The front on data that the search has never seen.</summary>
    public static Gate OutOfSample(SampleTest front, TrialCount trials) => Gate.Of(
        Fresh, front.P is { } p ? trials.Charged(p) : Figure.Undefined(front.Silence("the front", "there")), GateRule.AtMost, Level,
        trials.Noted("p of what the front earned, side by side, on data that played no part in the search")) with { Extreme = -front.P };

    /// <summary>
    /// What is left to ask of these days by themselves where copies are searched: the null search weighs what was earned on them together with what the search came to, and asking for each at the level would miss what both
    /// together show. It must have earned at all.
    /// </summary>
    /// <param name="judged">The front, or one of it that is judged by itself.</param>
    /// <param name="what">Which, in words.</param>
    public static Gate Earned(SampleTest judged, string what) => Gate.Of(
        Fresh, judged.P is { } p ? p : Figure.Undefined(judged.Silence(what, "there")), GateRule.AtMost, EvenChance,
        $"p of what {what} earned on data that played no part in the search; null-search weighs it with the record in-sample") with { Extreme = -judged.P };

    /// <summary>One of the front on data that the search has never seen, picked when what all of them did there was known.</summary>
    public static Gate Picked(SampleTest own, int front, TrialCount trials) => Gate.Of(
        Fresh, own.P is { } p ? trials.Charged(Sidak.Adjusted(p, front)) : Figure.Undefined(own.Silence("it", "there")), GateRule.AtMost, Level,
        trials.Noted(Invariant($"p of what the strategy earned on data that played no part in the search, {(own.P is { } alone ? alone.ToString("0.0000", CultureInfo.InvariantCulture) : "–")} by itself, picked from {front} of the front"))) with { Extreme = -own.P };

    /// <summary>The front there, at costs half as high again.</summary>
    /// <param name="dear">What it earned so.</param>
    /// <param name="what">Whose return it is, in words.</param>
    public static Gate Costs(Outcome dear, string what = "the front out-of-sample") => Gate.Of(
        "costs", dear.Takings.Trades == 0 ? Figure.Undefined("it made no trade") : dear.Returns.Length > 0 ? Moments.Mean(dear.Returns) * ReturnSeries.DaysPerYear : Figure.Undefined("there are no days"), GateRule.Above, 0, $"return a year of {what} at 1.5 times the costs");

    /// <summary>The trades of the strategy against the same trades entered at random: what the market pays to everybody is no timing. It is a test, so that its silence says something only where as many years would have shown one.</summary>
    /// <param name="test">What came of it.</param>
    /// <param name="trades">How many trades there are.</param>
    /// <param name="years">Over how long: a rule whose Sharpe ratio is all timing stands as many standard errors above random entries as above nothing.</param>
    public static Gate RandomEntry(RandomEntryTest test, int trades, double years) => Gate.Of(
        "random-entry", test.P, GateRule.AtMost, Level,
        Invariant($"share of {Resamples:# ##0} draws in which the {trades} trades of the strategy, in-sample, earn as much when they are entered at random: same sides, lengths and sizes; theirs {test.Earned:0.0} times the stop, costs left out, in the middle {(test.Middle.Value is { } middle ? middle.ToString("0.0", CultureInfo.InvariantCulture) : "–")}")) with { Power = new GatePower(years, 1) };

    /// <summary>The strategy with all its numbers a little off: how much of its Sharpe the middle sibling keeps, and how many of them earn.</summary>
    public static Gate Jitter(double own, IReadOnlyList<double> siblings) => Kept("jitter", own, siblings, static (count, earning, low) =>
        Invariant($"share of its Sharpe that the strategy keeps with every number up to a fifth off, the middle of {count} siblings; {earning:0%} of them earn (80% asked), a tenth have a Sharpe below {low:0.00}"));

    /// <summary>The strategy with what it trades on a little other than it was: how much of its Sharpe is left in the middle, and how often it earns.</summary>
    public static Gate Noise(double own, IReadOnlyList<double> disturbed) => Kept("noise", own, disturbed, static (count, earning, low) =>
        Invariant($"share of its Sharpe that the strategy keeps, in the middle of {count} draws of noise in prices, missed fills, spread and slippage shocks, a bar's delay and another beginning; it earns in {earning:0%} of them (80% asked), in a tenth its Sharpe is below {low:0.00}"));

    private static Gate Kept(string name, double own, IReadOnlyList<double> others, Func<int, double, double, string> told)
    {
        double middle = Quantile.Of([.. others], 0.5), low = Quantile.Of([.. others], 0.1), earning = others.Count(static s => s > 0) / (double)others.Count;
        Figure kept = own > 0 ? middle / own : Figure.Undefined("the strategy itself does not earn in-sample");
        return new Gate(name, kept, GateRule.AtLeast, SharpeKept, kept.Value is { } share ? share >= SharpeKept && earning >= SiblingsThatEarn : null, told(others.Count, earning, low));
    }

    /// <summary>The chance that the best of what was tried would have been chosen at the middle or below of what is to come; of those alike one takes part.</summary>
    /// <param name="tried">What the splits of the time say.</param>
    /// <param name="unlike">How many took part.</param>
    public static Gate Overfitting(Overfitting tried, int unlike) =>
        Gate.Of("overfitting", tried.Pbo, GateRule.AtMost, MostOverfitting, Invariant($"probability of backtest overfitting among {unlike} unlike trials, {tried.Splits} splits of the time in-sample"));

    /// <summary>The splits of the time that it is asked of.</summary>
    public static Overfitting Splits(IReadOnlyList<double[]> unlike) => BacktestOverfitting.Of(unlike, Blocks);

    /// <summary>The first of the front in-sample, as the best of so many independent trials.</summary>
    public static Gate BestOfAll(double[] chosen, TrialCount trials)
    {
        Figure chance = Validation.OutOfSample.Chance(chosen);
        Figure adjusted = chance.Value is { } p ? Sidak.Adjusted(p, Math.Max(1, trials.Effective)) : chance;
        return Gate.Of("best-of-all", adjusted, GateRule.AtMost, Level, Invariant($"p of the strategy in-sample, {(chance.Value is { } one ? one.ToString("0.0e+0", CultureInfo.InvariantCulture) : "–")} by itself, as the best of {trials.Effective:0} independent trials (Šidák){Other(chance, trials)}")) with { Extreme = 0 - (chance.Value is { } alone ? Sidak.Adjusted(alone, trials.Own) : (double?)null) };
    }

    /// <summary>The same by the other estimate of their number, which the gate does not use.</summary>
    private static string Other(Figure chance, TrialCount trials) =>
        chance.Value is { } one && trials.Smaller is { } fewer ? Invariant($"; {Validation.OutOfSample.Words(Sidak.Adjusted(one, Math.Max(1, fewer)))} as that of {fewer:0}, by the other estimate") : "";

    /// <summary>Hansen's test over the sample and the leaders, and what its probability becomes when the sample is as many times smaller than all that was tried.</summary>
    /// <param name="sampled">The test's probability over the rows, and its statistic.</param>
    /// <param name="rows">Trials it was made on.</param>
    /// <param name="trials">What was tried.</param>
    public static Gate Superior((Figure P, Figure Largest) sampled, int rows, TrialCount trials)
    {
        double times = Math.Max(1, trials.Groups / Math.Max(1, trials.GroupsInSample)) * trials.Share;
        Figure all = sampled.P.Value is { } p ? Sidak.Adjusted(p, times) : sampled.P;
        return Gate.Of(
            "superior", all, GateRule.AtMost, Level, Invariant($"p of Hansen's test: {sampled.P.Value:0.0000} over {rows} trials (a uniform sample and the leaders), carried on to all, which are {times:0.0} times as many independent ones")) with { Extreme = sampled.Largest.Value };
    }

    /// <summary>The search repeated in windows, each time traded on what came next: it must earn however the time is divided.</summary>
    /// <param name="matrix">Every division that is known whole.</param>
    /// <param name="unended">Why that is not all, in words: then it may say no, but not yes. Null where it is.</param>
    public static Gate WalkForward(IReadOnlyList<WalkForward> matrix, string? unended = null)
    {
        if (matrix.Count == 0)
        {
            return Gate.Of("walk-forward", Figure.Undefined(unended ?? "no window was searched"), GateRule.Above, 0, "return a year, the least of all divisions into windows, in each of which the whole search is repeated and what it finds is traded on the time after");
        }

        Gate gate = Divided(matrix);
        return unended is not null && gate.Pass == true ? gate with { Pass = null, Silence = unended } : gate;
    }

    private static Gate Divided(IReadOnlyList<WalkForward> matrix)
    {
        Figure least = matrix.FirstOrDefault(static w => w.Return.Value is null)?.Return ?? matrix.Min(static w => w.Return.Value!.Value);
        string cells = string.Join("; ", matrix.Select(static w => Invariant($"{w.Windows} {(w.Anchored ? "anchored" : "rolling")} Sharpe {w.Sharpe.Value:0.00}, p {(w.P.Value < 0.0001 ? "< 0.0001" : $"{w.P.Value:0.0000}")}, {w.Earning} of {w.Windows} earn")));
        return Gate.Of("walk-forward", least, GateRule.Above, 0, $"return a year, the least of all divisions into windows, in each of which the whole search is repeated and what it finds is traded on the time after: {cells}") with { Power = new GatePower(matrix.Min(static w => w.Returns.Length) / ReturnSeries.DaysPerYear, 1) };
    }

    /// <summary>The first of the front on data that were kept shut until now. Once others have looked there it is no last look any more, and cannot say yes.</summary>
    public static Gate Lockbox(Outcome dear, string? seen)
    {
        Figure mean = dear.Returns.Length > 0 ? Moments.Mean(dear.Returns) * ReturnSeries.DaysPerYear : Figure.Undefined("there are no days in it");
        Gate gate = Gate.Of(
            "lockbox", mean, GateRule.Above, 0,
            Invariant($"return a year of the strategy in the lockbox, {dear.Takings.Trades} trades on {dear.Returns.Length} days, at 1.5 times the costs"));
        return seen is not null && gate.Pass == true ? gate with { Pass = null, Silence = $"{seen}, so it was no last look" } : gate;
    }

    /// <summary>A strategy that no search found, on data that nobody had seen: a test, because nothing else says how much was tried before it. Once somebody has looked there it cannot say yes.</summary>
    /// <param name="dear">What it earned there, at higher costs.</param>
    /// <param name="looks">Into how many lockboxes of its symbol somebody looked by hand, with whatever strategy, this one among them: the best of several must be better than chance is in so many.</param>
    /// <param name="seen">Why it is no first look; null where it is one.</param>
    public static Gate Unseen(Outcome dear, int looks, string? seen)
    {
        string others = looks == 1 ? "" : Invariant($"; the best of {looks} lockboxes of its symbol that were opened by hand");
        SampleTest test = Validation.OutOfSample.Judged(dear);
        Gate gate = Gate.Of(
            "lockbox", test.P is { } p ? Sidak.Adjusted(p, looks) : Figure.Undefined(test.Silence("it", "there")), GateRule.AtMost, Level,
            Invariant($"p of what the strategy earned in the lockbox, {dear.Takings.Trades} trades on {dear.Returns.Length} days, at 1.5 times the costs{others}"));
        return seen is not null && gate.Pass == true ? gate with { Pass = null, Silence = $"{seen}, so it was no first look" } : gate;
    }

    /// <summary>The lockbox beside copies of its days in which direction is chance: what the bars themselves give to any rule is no reason to say yes.</summary>
    /// <param name="lockbox">What it earned there.</param>
    /// <param name="beside">Its Sharpe ratio there, and the same on the copies; null where it did not vary.</param>
    /// <param name="looks">How many lockboxes of the symbol were opened by hand, this one with them.</param>
    public static Gate UnseenAmong(Gate lockbox, (double? Own, IReadOnlyList<double?> Copies) beside, int looks)
    {
        if (lockbox.Statistic.Value is not { } p || beside.Own is not { } sharpe)
        {
            return lockbox;
        }

        double rank = Sidak.Adjusted(RankOf(sharpe, beside.Copies), looks);
        string note = Invariant($"{lockbox.Note}, and on {beside.Copies.Count} copies of it, whose bars go either way by chance, so few earn as much (p {rank:0.0000}); the larger of the two");
        return lockbox with { Statistic = Math.Max(p, rank), Pass = lockbox.Pass is null ? null : lockbox.Pass == true && rank <= Level, Note = note };
    }

    /// <summary>The strategy, as it is, on copies of the data before the lockbox in which direction is chance: no search, so what it earns there comes from how the bars are made.</summary>
    /// <param name="beside">Its Sharpe ratio, and the same on the copies; null where it does not vary.</param>
    /// <param name="tries">How many rules of people were tried on these years, this one with them.</param>
    public static Gate Turned((double? Own, IReadOnlyList<double?> Copies) beside, int tries)
    {
        (double? own, IReadOnlyList<double?> copies) = beside;
        int least = LeastCopies(tries);
        Figure p = own is { } sharpe ? Sidak.Adjusted(RankOf(sharpe, copies), tries) : Figure.Undefined("its returns do not vary");
        Gate gate = Gate.Of("turned-bars", p, GateRule.AtMost, Level, Invariant($"rank of its Sharpe ratio at 1.5 times the costs among those that the same strategy has on {copies.Count} copies of the data, whose bars go either way by chance{(tries == 1 ? "" : Invariant($"; the best of {tries} rules that people tried on these years"))}"));
        return copies.Count >= least || gate.Pass != true ? gate : gate with { Pass = null, Silence = Invariant($"{copies.Count} copies; {least} are the fewest that can say yes") };
    }

    private static double RankOf(double own, IReadOnlyList<double?> copies) => (1.0 + copies.Count(c => c >= own)) / (copies.Count + 1);

    /// <summary>The lockbox that was not opened.</summary>
    public static Gate Shut(string why) => new("lockbox", Figure.Undefined(why), GateRule.AtMost, Level, null, "p of what the strategy earns on data that nobody has seen");

    /// <summary>The same search on copies of its data in which direction is chance.</summary>
    /// <param name="record">How far its whole record stands above zero (<see cref="WholeRecord"/>).</param>
    /// <param name="copies">The same on the copies; null where nothing was found, or too little traded to say.</param>
    /// <param name="trials">What was tried.</param>
    public static Gate Null(Figure record, IReadOnlyList<double?> copies, TrialCount trials)
    {
        double own = record.Value ?? double.NegativeInfinity;

        // So few copies that even the first rank of all is above the level can say neither yes nor no.
        int least = trials.LeastCopies;
        double rank = (1.0 + copies.Count(c => (c ?? double.NegativeInfinity) >= own)) / (copies.Count + 1);
        Figure p = record.Value is null ? record : copies.Count == 0 ? Figure.Undefined(Invariant($"not asked: --null-search {Math.Max(39, least)}")) : trials.AllOf == 1 ? rank : Sidak.Adjusted(rank, trials.AllOf);
        bool? pass = p.Value is null || copies.Count < least ? null : p.Value <= Level;
        string note = copies.Count == 0
            ? "the same search on copies of its data, whose bars go either way by chance"
            : Invariant($"rank of the whole record, in-sample and on the days that judge, {(record.Value is { } errors ? $"{errors.ToString("0.00", CultureInfo.InvariantCulture)} standard errors above zero" : record.Reason)}, among those of {copies.Count} searches on copies of its data, whose bars go either way by chance{(copies.Count < least ? $"; {least} are the fewest that can say yes or no" : "")}{(trials.AllOf == 1 ? "" : Invariant($"; the best of {trials.AllOf} runs{(trials.Looked == 0 ? "" : " and strategies")} over these years"))}");
        return new Gate(NullSearch, p, GateRule.AtMost, Level, pass, note) { Silence = p.Value is not null && pass is null ? Invariant($"{copies.Count} copies; {least} are the fewest that can say yes") : null };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
