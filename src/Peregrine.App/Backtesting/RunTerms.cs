using System.CommandLine;
using System.Globalization;
using Peregrine.Adapters.Costs;
using Peregrine.App.CommandLine;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Simulation;

namespace Peregrine.App.Backtesting;

/// <summary>The account and the costs that a run trades with, the same for backtest and paper.</summary>
public sealed record RunTerms(Money Deposit, SizingRule Sizing, AccountKind Kind, int? Leverage, string CostsName)
{
    /// <summary>What the risk gate enforces.</summary>
    public Limits Limits { get; init; } = new();

    /// <summary>The costs of these instruments.</summary>
    public CostModel Costs(IReadOnlyList<Instrument> instruments) => CostFile.Load(CostsName, instruments);

    /// <exception cref="WrongUsage">Results in an instrument cannot become money of the account, so that every entry would be refused.</exception>
    public void CheckCurrency(params IEnumerable<Instrument> traded)
    {
        if (traded.FirstOrDefault(i => Conversion.Of(i, Deposit.Currency) == ConversionKind.Cross) is { } stranger)
        {
            throw new WrongUsage(
                $"--deposit is in {Deposit.Currency}, and {stranger.Symbol} has no rate from {stranger.Quote} to it: every entry would be refused. Give a deposit in {stranger.Quote} or {stranger.Base}.");
        }
    }
}

/// <summary>The options behind <see cref="RunTerms"/>.</summary>
internal sealed class RunTermsOptions
{
    private const string DefaultRisk = "0.5%";

    private readonly Option<string> deposit = new("--deposit") { Description = "Deposit and currency of the account", HelpName = "10000USD", DefaultValueFactory = _ => "10000USD" };
    private readonly Option<string?> risk = new("--risk") { Description = "What a trade may lose at its stop, of the balance (default " + DefaultRisk + ")", HelpName = "0.5%" };
    private readonly Option<string?> units = new("--units") { Description = "A fixed size instead: units of the base currency", HelpName = "N" };
    private readonly Option<int?> leverage = WholeNumber.Option("--leverage", "Leverage of the account; without it margin is not modelled", 1, 5000);
    private readonly Option<string?> kind = new("--kind") { Description = "How the broker keeps positions: hedged (default) or netted", HelpName = "hedged|netted" };
    private readonly Option<string?> account;
    private readonly Option<string?> limits = new("--limits") { Description = "Risk limits out of a JSON file (docs/trading.md)", HelpName = "FILE" };
    private readonly Option<string> costs = new("--costs") { Description = "zero, default, or a cost file", HelpName = "C", DefaultValueFactory = _ => "default" };

    private readonly bool named;

    /// <param name="named">True where <c>--account</c> is an account's name; else it is another word for <c>--kind</c>.</param>
    public RunTermsOptions(bool named)
    {
        this.named = named;
        account = named
            ? new("--account") { Description = "The account: with --feed any name (default paper), else one at the broker (default the chosen one); 'status', 'halt' and the others take the same", HelpName = "NAME" }
            : new("--account") { Description = "The same as --kind", HelpName = "hedged|netted" };
    }

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[deposit, risk, units, leverage, kind, account, limits, costs])
        {
            command.Add(option);
        }
    }

    /// <exception cref="WrongUsage">A value does not fit, or two exclude each other.</exception>
    public RunTerms Read(VerbCall call)
    {
        if (call.Get(risk) is not null && call.Get(units) is not null)
        {
            throw new WrongUsage("--risk and --units exclude each other: a size is either by risk or fixed.");
        }

        Limits allowed = call.Get(limits) is { } file ? LimitsFile.Load(file) : new Limits();
        return new RunTerms(
            ReadMoney(call.Get(deposit)!),
            call.Get(units) is { } fixedUnits ? new SizingRule { Fixed = ReadUnits(fixedUnits) } : new SizingRule { RiskFraction = ReadRisk(call.Get(risk) ?? DefaultRisk, allowed) },
            Kind(call),
            call.Get(leverage),
            call.Get(costs)!)
        {
            Limits = allowed,
        };
    }

    /// <summary>The account's name where one is given.</summary>
    /// <exception cref="WrongUsage">It is no name.</exception>
    public string? Account(VerbCall call) => call.Get(account) switch
    {
        null => null,
        "hedged" or "netted" => throw new WrongUsage($"--account is the account's name here; how it keeps positions is --kind {call.Get(account)}."),
        var name => AccountName.Checked(name),
    };

    private AccountKind Kind(VerbCall call)
    {
        string? said = named ? call.Get(kind) : call.Get(kind) ?? call.Get(account);
        if (!named && call.Get(kind) is { } one && call.Get(account) is { } other && one != other)
        {
            throw new WrongUsage($"--kind and --account mean the same here; one is {one} and the other {other}.");
        }

        return said switch
        {
            null or "hedged" => AccountKind.Hedged,
            "netted" => AccountKind.Netted,
            _ => throw new WrongUsage($"{(call.Get(kind) is null ? "--account" : "--kind")} is hedged or netted; '{said}' is not."),
        };
    }

    internal static Money ReadMoney(string text)
    {
        int digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        return decimal.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount)
            && amount is > 0 and <= 1_000_000_000m && text.Length - digits == 3 && Currency.TryParse(text.AsSpan(digits), out Currency currency)
            ? new Money(amount, currency)
            : throw new WrongUsage($"--deposit is an amount and a currency such as 10000USD, up to a thousand million; '{text}' is not.");
    }

    private static decimal ReadRisk(string text, Limits limits)
    {
        decimal fraction = ReadPercent(text);
        return fraction <= limits.MaxRiskPerTrade
            ? fraction
            : throw new WrongUsage($"--risk {text} is above the limit of {limits.MaxRiskPerTrade.ToString("0.####%", CultureInfo.InvariantCulture)} a trade, so every entry would be refused. Risk less, or raise maxRiskPerTrade with --limits FILE.");
    }

    private static decimal ReadPercent(string text) =>
        text.EndsWith('%') && decimal.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal percent) && percent is > 0 and <= 100
            ? percent / 100
            : throw new WrongUsage($"--risk is a percentage above 0 and up to 100 such as 0.5%; '{text}' is not.");

    private static Quantity ReadUnits(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount) && amount is > 0 and < 1e12m && amount * 100 == decimal.Truncate(amount * 100)
            ? new Quantity((long)(amount * 100))
            : throw new WrongUsage($"--units is a number of base units such as 10000; '{text}' is not.");
}
