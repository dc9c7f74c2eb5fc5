using System.Reflection;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Risk;
using Peregrine.Core.Trading;

namespace Peregrine.Tests.Adapters.Journal;

/// <summary>Random values of any record of the trade, found and filled by reflection, so that a new record or member is covered without a word here.</summary>
internal static class RandomRecords
{
    /// <summary>Every concrete record of a family, in the order of names.</summary>
    public static IReadOnlyList<Type> Of<T>() =>
        [.. typeof(T).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(T)) && !t.IsAbstract).OrderBy(t => t.Name, StringComparer.Ordinal)];

    public static object Make(Rng rng, Type type) =>
        type == typeof(SubmitOrder) ? Submit(rng)
        : Nullable.GetUnderlyingType(type) is { } inner ? rng.NextBool(0.3) ? null! : Make(rng, inner)
        : type == typeof(long) ? (long)(rng.NextBits() >> rng.NextInt(0, 63)) * (rng.NextBool() ? 1 : -1)
        : type == typeof(int) ? rng.NextInt(int.MaxValue)
        : type == typeof(double) ? rng.NextInt(int.MaxValue) / 7.0
        : type == typeof(bool) ? rng.NextBool()
        : type == typeof(string) ? new string([.. Enumerable.Range(0, rng.NextInt(12)).Select(_ => (char)rng.NextInt(32, 0x2FF))])
        : type == typeof(decimal) ? new decimal(rng.NextInt(int.MaxValue), rng.NextInt(int.MaxValue), 0, rng.NextBool(), (byte)rng.NextInt(0, 28))
        : type == typeof(TimeOnly) ? new TimeOnly(rng.NextInt(0, 23), rng.NextInt(0, 59))
        : type == typeof(Currency) ? Currency.Parse(rng.NextBool() ? "USD" : "BTC2")
        : type.IsEnum ? Enum.GetValues(type).GetValue(rng.NextInt(Enum.GetValues(type).Length))!
        : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? List(rng, type.GetGenericArguments()[0])
        : Record(rng, type);

    private static object Record(Rng rng, Type type)
    {
        ConstructorInfo? primary = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        object made = primary.Invoke([.. primary.GetParameters().Select(p => Make(rng, p.ParameterType))]);
        foreach (PropertyInfo property in type.GetProperties().Where(p => p.SetMethod is not null && !primary.GetParameters().Any(q => q.Name == p.Name)))
        {
            bool mayBeNull = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
            property.SetValue(made, mayBeNull && rng.NextBool(0.3) ? null : Make(rng, property.PropertyType));
        }

        return made;
    }

    private static Array List(Rng rng, Type of)
    {
        var list = Array.CreateInstance(of, rng.NextInt(4));
        for (int i = 0; i < list.Length; i++)
        {
            list.SetValue(Make(rng, of), i);
        }

        return list;
    }

    /// <summary>Through the gate, the only way there is.</summary>
    private static SubmitOrder Submit(Rng rng)
    {
        Instrument instrument = Simulation.RandomMarket.EurUsd;
        var proposal = (Proposal)Make(rng, typeof(Proposal)) with { Instrument = instrument, StopDistance = new Move(rng.NextInt(50, 500)) };
        var account = new AccountView(true, new Money(10_000, Currency.Usd), new Money(10_000, Currency.Usd), new Money(10_000, Currency.Usd), Money.Zero(Currency.Usd), null);
        var gate = new RiskGate(new SizingRule(), new Limits());
        gate.Judge(new Instant(5), proposal, account, new MarketView(true, new Instant(5), new Price(110_000), new Price(110_002)), out ApprovedOrder? approved);
        return new SubmitOrder($"s-{rng.NextInt(1000)}", approved!);
    }
}
