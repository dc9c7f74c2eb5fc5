using System.Globalization;
using Peregrine.App.CommandLine;
using Peregrine.Lab.Validation;

namespace Peregrine.App.Validation;

/// <summary>A dossier on a terminal.</summary>
internal static class DossierText
{
    public static void Write(TextWriter text, Terminal terminal, Dossier dossier, string path)
    {
        DossierSubject subject = dossier.Subject;
        text.WriteLine(subject.Run is { } run
            ? $"run {run}   {subject.Markets}   {Figures.Count(dossier.Trials.Evaluations)} tried, {Figures.Count(dossier.Trials.Distinct)} distinct, {Ideas(dossier.Trials)}"
            : $"{subject.Name}   {subject.Markets}   no run of 'evolve' has found it");
        if (dossier.Ledger.Words is { } charged)
        {
            text.WriteLine(charged);
        }

        text.WriteLine();
        foreach (Gate gate in dossier.Gates)
        {
            (string word, Ink ink) = gate.Pass switch { true => ("holds", Ink.Good), false => ("fails", Ink.Bad), null => ("open", Ink.Attention) };
            text.WriteLine($"  {gate.Name,-14} {terminal.Paint(ink, word)}{new string(' ', 6 - word.Length)}{Measured(gate),9}   {Asked(gate)}{(gate.Rank is { } rank ? $", rank among the copies {rank.ToString("0.000", CultureInfo.InvariantCulture)}" : "")}");
            text.WriteLine($"      {gate.Note}{(gate.Statistic.Value is null ? $" ({gate.Statistic.Reason})" : "")}");
        }

        text.WriteLine();
        Errors(text, dossier);
        foreach (string sentence in Lives(dossier))
        {
            text.WriteLine(sentence);
        }

        (string said, Ink tone) = dossier.Verdict.Finding switch
        {
            Finding.Edge => ("Edge", Ink.Good),
            Finding.NoEdge => ("No edge", Ink.Bad),
            Finding.InsufficientData => ("Insufficient data", Ink.Attention),
        };
        text.WriteLine($"{terminal.Paint(tone, said)}: {dossier.Verdict.Reason}.");
        foreach (string remark in dossier.Remarks)
        {
            text.WriteLine($"Note: {remark}.");
        }

        text.WriteLine($"Kept in {path}; as a page: {DossierFile.PageOf(path)}");
    }

    /// <summary>How many independent ideas a search had, and how many there are with what was tried beside it.</summary>
    public static string Ideas(TrialCount trials) => $"about {Figures.Count((long)Math.Round(trials.Own))} independent ideas{(trials.Others == 0 ? "" : $", {Figures.Count((long)Math.Round(trials.Effective))} with what else was tried")}";

    /// <summary>A gate's statistic in words.</summary>
    public static string Measured(Gate gate) => gate.Statistic.Value is not { } value ? "-"
        : gate.Rule == GateRule.AtMost ? OutOfSample.Words(value)
        : value.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>A figure beside the gates in words.</summary>
    public static string Read(Statistic statistic) => statistic.Value.Value is { } value ? value is > 0 and < 0.0001 ? "< 0.0001" : value.ToString(Math.Abs(value) switch { < 0.1 => "0.0000", < 100 => "0.00", _ => "0" }, CultureInfo.InvariantCulture) : "undefined";

    /// <summary>What is asked of it, in words.</summary>
    public static string Asked(Gate gate) =>
        string.Create(CultureInfo.InvariantCulture, $"{gate.Rule switch { GateRule.AtMost => "at most", GateRule.AtLeast => "at least", GateRule.Above => "above" }} {gate.Threshold:0.##} asked");

    /// <summary>What whoever trades it should expect and live through.</summary>
    private static IEnumerable<string> Lives(Dossier d)
    {
        if (d is { Figures: { Judged: { } judged } f, Headline: { } headline })
        {
            string beside = string.Create(CultureInfo.InvariantCulture, $"{(f.OutOfSample is { } fresh ? $", {fresh:0.00} out-of-sample" : "")}{(f.Shrunk is { } shrunk ? $", {shrunk:0.00} drawn towards all that was tried" : "")}{(d.Walked is { } walked ? $", {walked:0.00} the search walking forward" : "")}");
            string band = string.Create(CultureInfo.InvariantCulture, $"{judged.Low:0.00} … {judged.High:0.00}");
            yield return string.Create(CultureInfo.InvariantCulture, $"Expect of {d.Subject.Name} a Sharpe ratio of {headline:0.00}{(headline == judged.Mean ? $" ({band})" : $", the smallest of three: the days that judge say {judged.Mean:0.00} ({band})")}; it was {f.InSample:0.00} in-sample{beside}.");
        }

        if (d.Beside.Count > 0)
        {
            yield return $"Beside the gates (the page says how to read them): {string.Join(", ", d.Beside.Select(static s => $"{s.Name} {Read(s)}{(s.Value.Value is null ? $" ({s.Value.Reason})" : "")}"))}.";
        }

        if (d.Luck is { } luck)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Its {Figures.Count(luck.Trades)} trades in-sample earned {luck.Mean:0.00} of their risk each ({luck.Low:0.00} … {luck.High:0.00} when drawn again). The deepest fall was {luck.Fall:0.0} risks; in another order it is {luck.MiddleFall:0.0} in the middle, and more than {luck.DeepFall:0.0} in one of twenty.");
        }

        if (d.Capacity is { } c)
        {
            string times = c.BreakEvenCosts.Value is { } t ? string.Create(CultureInfo.InvariantCulture, $"At {t:0.0} times the costs assumed nothing is left of it. ") : "";
            yield return string.Create(CultureInfo.InvariantCulture, $"{times}From a deposit of about {Figures.Count((long)c.Deposit.Amount)} {c.Deposit.Currency.Code} on, at {d.Subject.RiskFraction * 100:0.##} % risk a trade, its largest order is more than the broker takes.{(Impact(d) is { } impact ? " " + impact : "")}");
        }
    }

    /// <summary>What its own orders do to prices, in words; null where nothing is known of it.</summary>
    public static string? Impact(Dossier d) => d.HalfAt.Value is not { } share ? null : share < 1
        ? string.Create(CultureInfo.InvariantCulture, $"Where its usual order is {share * 100:G2} % of a day's volume, what its orders do to prices (square root, not fitted to fills) takes half of what is expected.")
        : "What its orders do to prices (square root, not fitted to fills) takes half of what is expected only where each is a day's whole volume.";

    /// <summary>What gates are worth that rest on the data a search chose by, where no copies say it; null where none of them was asked.</summary>
    public static string? Weak(Dossier d) => d.Subject.Run is not null && d.Copies.Count == 0 && d.Gates.Any(static g => g.Name is "best-of-all" or "superior")
        ? "Without copies best-of-all and superior refute little: on 200 generated markets of noise they held on 87 and on 160."
        : null;

    /// <summary>How often each gate held on the copies, where nothing can be found: its measured error on these data.</summary>
    private static void Errors(TextWriter text, Dossier d)
    {
        if (d.Copies.Count == 0)
        {
            if (Weak(d) is { } weak)
            {
                text.WriteLine(weak);
                text.WriteLine();
            }

            return;
        }

        IEnumerable<string> each = d.Gates.Where(g => g.Name != LuckGates.NullSearch && d.Copies.Any(c => c.Gates.ContainsKey(g.Name))).Select(g => $"{g.Name} {d.Copies.Count(c => c.Gates.GetValueOrDefault(g.Name) is { Statistic: { } value } && Gate.Holds(value, g.Rule, g.Threshold))}");
        text.WriteLine($"Of the {Figures.Counted(d.Copies.Count, "copy", "copies")}, on which nothing can be foretold, so many meet the threshold of each gate: {string.Join(", ", each)}.");
        text.WriteLine();
    }
}
