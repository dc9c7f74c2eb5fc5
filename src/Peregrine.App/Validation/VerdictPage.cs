using System.Globalization;
using Peregrine.App.Backtesting;
using Peregrine.App.Reports;
using Peregrine.Core.Performance;
using Peregrine.Lab.Validation;
using Figures = Peregrine.App.CommandLine.Figures;

namespace Peregrine.App.Validation;

/// <summary>A verdict as a page: is it luck, in one sentence; what to expect; every gate with where it falls; what was tried; and what the verdict does not know.</summary>
internal static class VerdictPage
{
    /// <summary>The whole page. The same answer gives the same text.</summary>
    public static string Write(Dossier answer)
    {
        DossierSubject subject = answer.Subject;
        string name = subject.Name, searched = subject is { Run: { } run, Search: { } search } ? $"run {run} · seed {search.Seed.ToString(CultureInfo.InvariantCulture)} · " : "";
        return ReportHtml.Page($"{name} · Is it luck?", Markup.Of($"""
            {Head(answer, name)}
            {Gates(answer)}
            {Walks(answer)}
            {Beside(answer)}
            {Carries(answer)}
            {Strategies(answer)}
            {Basis(answer)}
            <footer>Peregrine · {searched}data {subject.DataHash}</footer>
            """));
    }

    private static Markup Head(Dossier answer, string name)
    {
        string divided = answer.Subject.Run is null ? $"to {Numbers.Date(answer.Parts.Lockbox)}" : $"searched to {Numbers.Date(answer.Parts.Trained)}, judged to {Numbers.Date(answer.Parts.Lockbox)}";
        (string word, string tone) = answer.Verdict.Finding switch
        {
            Finding.Edge => ("Edge", "good"),
            Finding.NoEdge => ("No edge", "bad"),
            Finding.InsufficientData => ("Insufficient data", "open"),
        };
        return Markup.Of($"""
            <header>
            <div class="kind">Is it luck? · {answer.Subject.Markets} · {divided}</div>
            <h1>{name}</h1>
            <p class="verdict {tone}">{word}: {Numbers.Prose(answer.Verdict.Reason)}.<small>{Counted(answer)}</small></p>
            {answer.Remarks.Select(static r => Markup.Of($"<p class=\"attention\">{r[..1].ToUpperInvariant()}{r[1..]}.</p>"))}
            <div class="tiles">{Tiles(answer)}</div>
            </header>
            """);
    }

    private static string Counted(Dossier answer) => answer.Subject.Run is null
        ? $"No run of 'evolve' has found it{(answer.Ledger.Words is { } beside ? "; " + beside : "")}."
        : $"{Figures.Count(answer.Trials.Evaluations)} candidates tried, {Figures.Count(answer.Trials.Distinct)} of them distinct, {DossierText.Ideas(answer.Trials)}{(answer.Ledger.Words is { } words ? "; " + words : "")}.";

    private static IEnumerable<Markup> Tiles(Dossier answer)
    {
        DossierFigures? f = answer.Figures;
        yield return Tile("Expected Sharpe", "What is left when luck is taken off, and between which bounds in four cases of five", answer.Headline, f?.Judged is { } j ? $"{(answer.Headline == j.Mean ? "" : $"smallest of three; judged {Numbers.Signed(j.Mean, 2)}: ")}{Numbers.Signed(j.Low, 2)} … {Numbers.Signed(j.High, 2)}" : "not known");
        yield return Tile("Drawn to all tried", "Its in-sample figure drawn towards what all trials did (empirical Bayes)", f?.Shrunk, f?.Shrunk is null ? "not known" : "empirical Bayes");
        yield return Tile("Out of sample", "On data that played no part in the search", f?.OutOfSample, f?.OutOfSample is null ? "there is none" : "of itself alone");
        yield return Tile("Walking forward", "The whole search repeated in windows, each traded on the time after", answer.Walked, answer.Walks.Count == 0 ? "not asked" : "the least of its divisions");
        yield return Tile("In sample", "On the data it was chosen by: flatters, always", f?.InSample, "flatters");
        yield return Tile("Break-even costs", "Times the costs assumed at which nothing is left", answer.Capacity?.BreakEvenCosts.Value, "times those assumed", signed: false);
        yield return Whole("Copies searched", "Searches on copies of the data whose direction is chance", answer.Copies.Count, answer.Copies.Count == 0 ? "not asked" : "without direction");
        yield return Whole("Gates that hold", "Of those asked", answer.Gates.Count(static g => g.Pass == true), $"of {Numbers.Plain(answer.Gates.Count, 0)}");
    }

    private static Markup Tile(string label, string meaning, double? value, string note, bool signed = true) => Markup.Of(
        $"<div class=\"tile\"><abbr title=\"{meaning}\"><span>{label}</span></abbr>{(value is { } v ? Markup.Of($"<b class=\"{(signed ? Headline.Side(v) : "")}\">{(signed ? Numbers.Signed(v, 2) : Numbers.Plain(v, 1))}</b>") : Markup.Of($"<b class=\"none\">–</b>"))}<span>{note}</span></div>");

    private static Markup Whole(string label, string meaning, int value, string note) =>
        Markup.Of($"<div class=\"tile\"><abbr title=\"{meaning}\"><span>{label}</span></abbr><b>{Numbers.Plain(value, 0)}</b><span>{note}</span></div>");

    private static Markup Gates(Dossier answer)
    {
        string copies = answer.Copies.Count == 0
            ? $"No copies of the data were searched. {DossierText.Weak(answer)}"
            : $"Ticks are the same on {Figures.Counted(answer.Copies.Count, "copy", "copies")} of the data on which nothing can be foretold.";
        return Markup.Of($"""
            <section><h2>The gates, in the order of what they cost</h2>
            <div class="scroll"><table class="whole gates"><thead><tr><th>Gate</th><th class="word">Answer</th><th>Measured</th><th>Asked</th><th class="word odd">Where it falls</th></tr></thead><tbody>{answer.Gates.Select(g => Row(g, answer))}</tbody></table></div>
            <p class="quiet under">{(answer.Copies.Count == 0 ? Markup.Of($"<span class=\"odd\">The dot is this run, the dashed line what is asked. </span>{copies}") : Markup.Of($"<span class=\"odd\">The dot is this run, the dashed line what is asked. {copies}</span>"))}</p></section>
            """);
    }

    private static Markup Row(Gate gate, Dossier answer)
    {
        (string word, string tone) = gate.Pass switch { true => ("holds", "gain"), false => ("fails", "loss"), null => ("open", "none") };
        string rank = gate.Rank is { } r ? $"; rank among the copies {r.ToString("0.000", CultureInfo.InvariantCulture)}" : "";
        string why = gate.Statistic.Value is null ? $" ({gate.Statistic.Reason})" : gate.Silence is { } silence ? $" ({silence})" : "";
        Markup picture = gate.Name == LuckGates.NullSearch && answer.Record.Own is { } record && answer.Copies.Count > 0
            ? GateStrip.Draw(record, [.. answer.Record.Copies.OfType<double>()], null, isShare: false, gate.Pass)
            : GateStrip.Of(gate, answer.Copies);
        return Markup.Of($"""
            <tr><td>{gate.Name}</td><td class="word {tone}">{word}</td><td>{Numbers.Prose(DossierText.Measured(gate))}</td><td>{DossierText.Asked(gate)[..^" asked".Length]}</td><td class="word odd">{picture}</td></tr>
            <tr class="note"><td colspan="5">{Numbers.Prose(gate.Note)}{rank}{why}</td></tr>
            """);
    }

    private static Markup Walks(Dossier answer)
    {
        if (answer.Walks.Count == 0)
        {
            return default;
        }

        Markup Or(Figure f, Func<double, string> words) => f.Value is { } v ? Markup.Of($"{words(v)}") : Markup.Of($"<abbr class=\"none\" title=\"{f.Reason}\">–</abbr>");
        IEnumerable<Markup> rows = answer.Walks.Select(w => Markup.Of(
            $"<tr><td>{Numbers.Plain(w.Windows, 0)} {(w.Anchored ? "anchored" : "rolling")}</td><td>{Or(w.Sharpe, static v => Numbers.Signed(v, 2))}</td><td>{Or(w.Return, Numbers.SignedPercent)}</td><td>{Or(w.P, static v => v < 0.0001 ? "< 0.0001" : Numbers.Plain(v, 4))}</td><td>{Or(w.Efficiency, Numbers.Percent)}</td><td>{Numbers.Plain(w.Earning, 0)} of {Numbers.Plain(w.Windows, 0)}</td></tr>"));
        return Markup.Of($"""
            <section><h2>Walking forward</h2>
            <div class="scroll"><table class="whole"><thead><tr><th>Windows</th><th>Sharpe</th><th>Return per year</th><th>p</th><th><abbr title="A year of the tests as a share of what a year in-sample returned">Efficiency</abbr></th><th>Tests that earn</th></tr></thead><tbody>{rows}</tbody></table></div>
            <p class="quiet under">In every window the whole search was repeated with the same settings and budget, and what it found was traded on the time after it, side by side.</p></section>
            """);
    }

    private static Markup Beside(Dossier answer)
    {
        if (answer.Beside.Count == 0)
        {
            return default;
        }

        static Markup Value(Statistic s) => s.Value.Value is null ? Markup.Of($"<abbr class=\"none\" title=\"{s.Value.Reason}\">–</abbr>") : Markup.Of($"{Numbers.Prose(DossierText.Read(s))}");
        return Markup.Of($"""
            <section><h2>Beside the gates</h2>
            <div class="scroll"><table class="whole gates"><thead><tr><th>Figure</th><th>Value</th></tr></thead><tbody>{answer.Beside.Select(static s => Markup.Of($"<tr><td>{s.Name}</td><td>{Value(s)}</td></tr><tr class=\"note\"><td colspan=\"2\">{Numbers.Prose(s.Note)}</td></tr>"))}</tbody></table></div>
            <p class="quiet under">They decide nothing by themselves. Those in-sample flatter: the strategy was chosen by these data.</p></section>
            """);
    }

    private static Markup Carries(Dossier answer)
    {
        string[] told =
        [
            .. answer.Luck is { } l ? (string[])[string.Create(CultureInfo.InvariantCulture, $"Its {l.Trades} trades in-sample earned {l.Mean:0.00} of their risk each, {l.Low:0.00} … {l.High:0.00} when they are drawn again."), string.Create(CultureInfo.InvariantCulture, $"The deepest fall was {l.Fall:0.0} risks. In another order it is {l.MiddleFall:0.0} in the middle, and more than {l.DeepFall:0.0} in one of twenty: plan for that.")] : [],
            .. answer.Capacity is { } c ? (string[])[$"From a deposit of about {Figures.Count((long)c.Deposit.Amount)} {c.Deposit.Currency.Code} on its largest order is more than the broker takes."] : [],
            .. DossierText.Impact(answer) is { } impact ? (string[])[impact] : [],
        ];
        return told.Length == 0 ? default : Markup.Of($"<section><h2>What an account that trades it lives through</h2><ul>{told.Select(static t => Markup.Of($"<li>{Numbers.Prose(t)}</li>"))}</ul></section>");
    }

    private static Markup Strategies(Dossier answer)
    {
        IReadOnlyList<Core.Strategies.Strategy> front = answer.Subject.Strategies;
        if (front.Count == 0)
        {
            return Markup.Of($"<section><p class=\"empty\">The search found nothing that it could accept.</p></section>");
        }

        ReportedStrategy own = StrategyText.Reported(front[0]);
        Markup others = front.Count == 1 ? default : Markup.Of($"<section><h2>Found beside it, and judged with it out-of-sample</h2>{front.Skip(1).Select(static f => Markup.Of($"<h3>{f.Name}</h3><pre>{f.ToString()}</pre>"))}</section>");
        return Markup.Of($"""
            <section class="two"><div><h2>The strategy in words</h2><ol>{own.InWords.Select(static s => Markup.Of($"<li>{s}</li>"))}</ol></div><div><h2>As it is written</h2><pre>{own.Text}</pre></div></section>
            {others}
            """);
    }

    private static Markup Basis(Dossier answer)
    {
        (DossierSubject subject, DossierParts parts) = (answer.Subject, answer.Parts);
        string dear = subject.SearchedAt is { } times ? $"; the search itself paid {times.ToString("0.##", CultureInfo.InvariantCulture)} times as much" : "";
        (string Name, string Value)[] facts =
        [
            ("prices", subject.Prices),
            .. subject.Run is null ? ((string, string)[])[] : [("searched", $"{Numbers.Date(parts.From)} – {Numbers.Date(parts.Trained)}"), ("judged", $"{Numbers.Date(parts.Judged)} – {Numbers.Date(parts.Lockbox)}"), ("budget", $"{Figures.Count(answer.Trials.Evaluations)} candidates")],
            ("lockbox", $"from {Numbers.Date(parts.Lockbox)}"),
            ("costs", $"{subject.Costs.Model}, version {subject.Costs.Version}{dear}"),
            ("risk a trade", $"{(subject.RiskFraction * 100).ToString("0.##", CultureInfo.InvariantCulture)} % of the deposit, without reinvesting"),
        ];
        return Markup.Of($"""
            <section class="two">
            <div><h2>What it rests on</h2><dl>{facts.Select(static f => Markup.Of($"<dt>{f.Name}</dt><dd>{f.Value}</dd>"))}</dl></div>
            <div><h2>Not tested</h2><ul>{answer.NotTested.Select(static t => Markup.Of($"<li>{t}</li>"))}</ul></div>
            </section>
            """);
    }
}
