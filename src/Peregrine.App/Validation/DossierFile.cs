using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Peregrine.App.Reports;

namespace Peregrine.App.Validation;

/// <summary>A dossier as a document, for scripts and to be kept.</summary>
internal static class DossierFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    /// <summary>Writes the document and its page into a folder, under a name that follows from what it says: a verdict is never written over by another. Returns where.</summary>
    public static string Keep(Dossier dossier, string folder)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(Document(dossier, null), Options);
        string path = Path.Combine(folder, NameOf(bytes));
        Directory.CreateDirectory(folder);
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes))
        {
            File.WriteAllBytes(path + ".part", bytes);
            File.Move(path + ".part", path, overwrite: true);
        }

        ReportFile.Save(VerdictPage.Write(dossier), PageOf(path));
        return path;
    }

    /// <summary>True of a file that says what it said when it was kept: its name follows from that.</summary>
    public static bool IsWhole(string path) => Path.GetFileName(path) == NameOf(File.ReadAllBytes(path));

    private static string NameOf(byte[] bytes) => $"dossier-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..10]}.json";

    /// <summary>The page beside a dossier.</summary>
    public static string PageOf(string path) => Path.ChangeExtension(path, ".html");

    /// <param name="d">The dossier.</param>
    /// <param name="path">Where it is kept; null in what is kept itself.</param>
    public static object Document(Dossier d, string? path) => new
    {
        run = d.Subject.Run,
        verdict = d.Verdict.Finding,
        reason = d.Verdict.Reason,
        gates = d.Gates.Select(static g => new { name = g.Name, statistic = g.Statistic.Value, undefined = g.Statistic.Value is null ? g.Statistic.Reason : null, rule = g.Rule, threshold = g.Threshold, rank = g.Rank, pass = g.Pass, note = g.Note }),
        trials = Trials(d),
        expected = d.Figures is { } f ? new { sharpe = d.Headline, unknown = d.Headline is null ? d.Unknown : null, judged = f.Judged?.Mean, low = f.Judged?.Low, high = f.Judged?.High, edge = f.Judged?.Edge, shrunk = f.Shrunk, outOfSample = f.OutOfSample, walkForward = d.Walked, inSample = f.InSample } : null,
        statistics = d.Beside.Select(static s => new { name = s.Name, value = s.Value.Value, undefined = s.Value.Value is null ? s.Value.Reason : null, note = s.Note }),
        trades = d.Luck is { } l ? new { count = l.Trades, mean = l.Mean, low = l.Low, high = l.High, fall = l.Fall, middleFall = l.MiddleFall, deepFall = l.DeepFall, block = l.Block } : null,
        capacity = d.Capacity is { } c ? new { breakEvenCosts = c.BreakEvenCosts.Value, deposit = c.Deposit.Amount, currency = c.Deposit.Currency.Code, impactShare = d.HalfAt.Value } : null,
        strategies = d.Subject.Strategies.Select(static s => new { id = s.Id, name = s.Name, text = s.ToString() }),
        walkForward = d.Walks.Select(Walk),
        record = d.Record.Own,
        nullSearch = d.Copies.Select(static c => new { copy = c.Copy, record = c.Record, furthest = c.Furthest, best = c.Best, outOfSampleP = c.P, outOfSampleSharpe = c.Sharpe, distinct = c.Distinct, gates = c.Gates }),
        markets = d.Subject.Markets,
        prices = d.Subject.Prices,
        parts = new { from = d.Parts.From.ToString(), trained = d.Parts.Trained.ToString(), judged = d.Parts.Judged.ToString(), lockbox = d.Parts.Lockbox.ToString() },
        costs = new { model = d.Subject.Costs.Model, version = d.Subject.Costs.Version, hash = d.Subject.Costs.Hash, searchedAt = d.Subject.SearchedAt },
        settings = d.Subject.Search?.Settings,
        seed = d.Subject.Search?.Seed,
        dataHash = d.Subject.DataHash,
        hash = d.Subject.Search?.Hash,
        notTested = d.NotTested,
        remarks = d.Remarks,
        dossier = path,
        page = path is null ? null : PageOf(path),
    };

    private static object Trials(Dossier d) => new
    {
        evaluations = d.Trials.Evaluations,
        distinct = d.Trials.Distinct,
        effective = d.Trials.Effective,
        groups = d.Trials.Groups,
        spectrum = d.Trials.Spectrum.Value,
        beside = new { judged = d.Ledger.Judged, distinct = d.Ledger.Trials, byHand = d.Ledger.Looks },
    };

    private static object Walk(Lab.Validation.WalkForward w) => new
    {
        windows = w.Windows,
        anchored = w.Anchored,
        sharpe = w.Sharpe.Value,
        annualReturn = w.Return.Value,
        p = w.P.Value,
        efficiency = w.Efficiency.Value,
        earning = w.Earning,
        steps = w.Steps.Select(static s => new { from = s.From.ToString(), trained = s.Trained.ToString(), tested = s.Tested.ToString(), to = s.To.ToString(), found = s.Found, trades = s.Trades, inSample = s.InSample, days = s.Returns.Length, earned = s.Returns.Sum() }),
    };
}
