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
    public Limits Limits { get; init; } = new();

    /// <summary>The costs of these instruments.</summary>
    public CostModel Costs(IReadOnlyList<Instrument> instruments) => CostFile.Load(CostsName, instruments);
}

/// <summary>The options behind <see cref="RunTerms"/>.</summary>
internal sealed class RunTermsOptions
{
    private readonly Option<string> deposit = new("--deposit") { Description = "Deposit and currency of the account", HelpName = "10000USD", DefaultValueFactory = _ => "10000USD" };
    private readonly Option<string?> risk = new("--risk") { Description = "What a trade may lose at its stop, of the balance (default 0.5%)", HelpName = "0.5%" };
    private readonly Option<string?> units = new("--units") { Description = "A fixed size instead: units of the base currency", HelpName = "N" };
    private readonly Option<int?> leverage = new("--leverage") { Description = "Leverage of the account; without it margin is not modelled", HelpName = "N" };
    private readonly Option<string> account = new("--account") { Description = "How the broker keeps positions: hedged or netted", HelpName = "hedged|netted", DefaultValueFactory = _ => "hedged" };
    private readonly Option<string> costs = new("--costs") { Description = "zero, default, or a cost file", HelpName = "C", DefaultValueFactory = _ => "default" };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[deposit, risk, units, leverage, account, costs])
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

        return new RunTerms(
            ReadMoney(call.Get(deposit)!),
            call.Get(units) is { } fixedUnits ? new SizingRule { Fixed = ReadUnits(fixedUnits) } : new SizingRule { RiskFraction = ReadPercent(call.Get(risk) ?? "0.5%") },
            call.Get(account) switch
            {
                "hedged" => AccountKind.Hedged,
                "netted" => AccountKind.Netted,
                var other => throw new WrongUsage($"--account is hedged or netted, not '{other}'."),
            },
            call.Get(leverage) is null or (>= 1 and <= 5000) ? call.Get(leverage) : throw new WrongUsage($"--leverage lies between 1 and 5000; it is {call.Get(leverage)}."),
            call.Get(costs)!);
    }

    private static Money ReadMoney(string text)
    {
        int digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        return decimal.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal amount)
            && amount is > 0 and <= 1_000_000_000m && text.Length - digits == 3 && Currency.TryParse(text.AsSpan(digits), out Currency currency)
            ? new Money(amount, currency)
            : throw new WrongUsage($"--deposit is an amount and a currency such as 10000USD, up to a thousand million; '{text}' is not.");
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
