using System.CommandLine;
using System.Globalization;
using Peregrine.Adapters.CTrader.Accounts;
using Peregrine.App.Accounts;
using Peregrine.App.CommandLine;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;
using Command = System.CommandLine.Command;

namespace Peregrine.App.Verbs;

/// <summary><c>account show</c>: how an account stands at the broker, and a symbol of it.</summary>
public static class AccountShowVerb
{
    private static readonly Argument<string?> Account = new("ACCOUNT") { Description = "Its name, login or id; the chosen one without it", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Symbol = new("--symbol") { Description = "Tells of this symbol too: sizes, margin, interest, hours, holidays", HelpName = "SYMBOL" };

    public static Command Create() => new Verb("show", "Asks the broker how an account stands: equity, margin, positions, orders, money that came and went", "./peregrine account show demo-1234567 --symbol EURUSD", Run) { Account, Symbol };

    private static async Task<ExitCode> Run(VerbCall call, CancellationToken stop)
    {
        BrokerLogin login = BrokerLogin.Find(call.Composition, call.Get(Account), toTrade: false);
        AccountStatus status = await AccountStatus.Ask(await login.Inquirer(stop), call.Get(Symbol), stop);
        call.Terminal.Answer(Document(login.Account.Name, status), text => Write(text, login.Account.Name, status));
        return ExitCode.Done;
    }

    private static object Document(string name, AccountStatus s) => new
    {
        account = name,
        broker = s.Facts.Broker,
        kind = s.Facts.Kind,
        mayTrade = s.Facts.MayTrade,
        leverage = s.Facts.Leverage,
        balance = s.Facts.Balance,
        equity = s.Equity,
        usedMargin = s.UsedMargin,
        freeMargin = s.Equity - s.UsedMargin,
        marginCalls = s.MarginCalls,
        positions = s.Positions.Select(static p => new { id = p.Position.Id, symbol = p.Position.Symbol, side = p.Position.Side, quantity = p.Position.Quantity, entryPrice = p.Position.AverageEntry, stop = p.Position.Stop, target = p.Position.Target, label = p.Position.Label, net = p.Net, usedMargin = p.UsedMargin }),
        orders = s.Orders.Select(static o => new { clientOrderId = o.ClientOrderId, symbol = o.Symbol, side = o.Side, type = o.Type, quantity = o.Quantity, limit = o.Limit, trigger = o.Trigger }),
        cashFlows = s.CashFlows.Select(static f => new { time = f.Time, operation = f.Operation, amount = f.Amount, balance = f.Balance }),
        symbol = s.Symbol is not { } y ? null : new
        {
            name = y.Name,
            digits = y.Digits,
            pipPosition = y.PipPosition,
            canTrade = y.CanTrade,
            lot = y.Lot,
            least = y.Least,
            step = y.Step,
            most = y.Most,
            swap = y.Swap is { } swap ? new { @long = swap.Long, @short = swap.Short, unit = y.SwapUnit } : null,
            schedule = y.Schedule.Select(static i => new { from = SymbolStatus.Moment(i.From), to = SymbolStatus.Moment(i.To) }),
            zone = y.Zone,
            holidays = y.Holidays.Select(static h => new { day = h.Day.ToString("O", CultureInfo.InvariantCulture), name = h.Name, yearly = h.IsYearly }),
            leverage = y.Tiers.Select(static t => new { upToUsd = t.UpToUsd, leverage = t.Leverage }),
            marginOfLeast = y.Margin is { } m ? new { buy = m.Buy, sell = m.Sell } : null,
            conversion = y.Conversion,
        },
    };

    private static void Write(TextWriter text, string name, AccountStatus s)
    {
        text.WriteLine($"  {name}  {s.Facts.Kind.ToString().ToLowerInvariant()}{(s.Facts.Leverage is { } leverage ? $", leverage 1:{leverage}" : "")}{(s.Facts.Broker.Length > 0 ? $", {s.Facts.Broker}" : "")}{(s.Facts.MayTrade ? "" : ", may not trade")}");
        text.WriteLine($"  equity   {Figures.Money(s.Equity)}, balance {Figures.Money(s.Facts.Balance)}");
        string calls = s.MarginCalls.Count == 0 ? "" : $"; the broker calls below {string.Join(", ", s.MarginCalls.Select(static c => c.ToString("0.##", CultureInfo.InvariantCulture) + " %"))} of it";
        text.WriteLine($"  margin   {Figures.Money(s.UsedMargin)} used{calls}");
        text.WriteLine(s.Positions.Count == 0 ? "  open     nothing" : $"  open     {Figures.Counted(s.Positions.Count, "position")}");
        foreach (HeldPosition p in s.Positions)
        {
            Position held = p.Position;
            text.WriteLine($"    {held.Id,-10} {held.Symbol,-8} {held.Side.ToString().ToLowerInvariant(),-4} {Size(held.Quantity),12}  at {held.AverageEntry.ToString("0.#####", CultureInfo.InvariantCulture)}  {(held.Stop is { } stop ? $"stop {stop.ToDecimal()}" : "WITHOUT A STOP")}{(held.Target is { } target ? $"  target {target.ToDecimal()}" : "")}  {Figures.Money(p.Net)}");
        }

        foreach (OrderRequest o in s.Orders)
        {
            text.WriteLine($"  order    {o.Symbol} {o.Side.ToString().ToLowerInvariant()} {Size(o.Quantity)} {o.Type.ToString().ToLowerInvariant()} {(o.Limit ?? o.Trigger)?.ToDecimal()}");
        }

        foreach (CashFlow f in s.CashFlows)
        {
            text.WriteLine($"  moved    {Figures.Time(f.Time)}  {Figures.Money(f.Amount)}  {f.Operation}, then {Figures.Money(f.Balance)}");
        }

        if (s.Symbol is { } symbol)
        {
            Write(text, symbol);
        }
    }

    private static void Write(TextWriter text, SymbolStatus y)
    {
        text.WriteLine();
        text.WriteLine($"  {y.Name}  {y.Digits} digits, a pip is the {y.PipPosition}th{(y.CanTrade ? "" : "; cannot be traded")}");
        text.WriteLine($"  size     {Size(y.Least)} to {Size(y.Most)} in steps of {Size(y.Step)}; a lot is {Size(y.Lot)}");
        text.WriteLine(y.Margin is { } margin ? $"  margin   {Figures.Money(margin.Buy)} for {Size(y.Least)} bought, {Figures.Money(margin.Sell)} sold" : "  margin   not told");
        foreach (LeverageTier tier in y.Tiers)
        {
            text.WriteLine($"  leverage 1:{tier.Leverage} up to {Figures.Count((long)tier.UpToUsd)} USD");
        }

        text.WriteLine(y.Swap is { } swap ? string.Create(CultureInfo.InvariantCulture, $"  interest {swap.Long:0.####} long, {swap.Short:0.####} short a night, in {y.SwapUnit}") : "  interest not told");
        text.WriteLine($"  hours    {string.Join(", ", y.Schedule.Select(static i => $"{SymbolStatus.Moment(i.From)} to {SymbolStatus.Moment(i.To)}"))} ({y.Zone})");
        text.WriteLine(y.Holidays.Count == 0 ? "  holidays none told" : $"  holidays {string.Join(", ", y.Holidays.OrderBy(static h => h.Day).Take(6).Select(static h => $"{h.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} {h.Name}"))}");
        text.WriteLine(y.Conversion.Count == 0 ? "  money    results are in the account's currency" : $"  money    results become the account's by {string.Join(", ", y.Conversion)}");
    }

    private static string Size(Quantity quantity) => Figures.Amount(quantity.ToString());
}
