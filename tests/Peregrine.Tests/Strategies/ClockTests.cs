using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Strategies;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Strategies;

/// <summary>The operators of time, at the moment a bar closes.</summary>
public sealed class ClockTests
{
    // 2019-03-11 is a Monday between New York's change to summer time and London's: 13:00 UTC is 09:00 in New York and 13:00 in London.
    [Theory]
    [InlineData("2019-03-11T12:45", "session(newyork)", 1)]
    [InlineData("2019-03-11T12:45", "session(london)", 1)]
    [InlineData("2019-03-11T12:45", "session(tokyo)", 0)]
    [InlineData("2019-03-11T12:45", "minutes_since_open(newyork)", 60)]
    [InlineData("2019-03-11T12:45", "minutes_since_open(london)", 300)]
    [InlineData("2019-03-11T12:45", "minutes_to_close(london)", 240)]
    [InlineData("2019-03-11T12:45", "minutes_to_close(newyork)", 480)]
    [InlineData("2019-03-11T12:45", "time_of_day", 540)]
    [InlineData("2019-03-11T12:45", "minutes_of_week", 960)]
    [InlineData("2019-03-11T12:45", "weekday(monday)", 1)]
    [InlineData("2019-03-11T12:45", "weekday(tuesday)", 0)]
    [InlineData("2019-03-11T12:45", "month_end(10)", 0)]
    // The bar that closes as London opens is in the session; the one that closes as it closes is not.
    [InlineData("2019-03-12T07:45", "session(london)", 1)]
    [InlineData("2019-03-12T07:45", "minutes_since_open(london)", 0)]
    [InlineData("2019-03-12T16:45", "session(london)", 0)]
    [InlineData("2019-03-12T16:45", "minutes_to_close(london)", 1440)]
    // The last bar of the week closes at 17:00 New York on Friday, in an FX day that does not trade.
    [InlineData("2019-03-15T20:45", "session(newyork)", 0)]
    [InlineData("2019-03-15T20:45", "weekday(friday)", 0)]
    [InlineData("2019-03-15T20:30", "weekday(friday)", 1)]
    [InlineData("2019-03-15T20:30", "minutes_of_week", 7185)]
    [InlineData("2019-03-15T20:45", "minutes_since_open(newyork)", 540)]
    // Sunday evening in New York is Monday in Sydney and in FX.
    [InlineData("2019-03-17T21:45", "session(sydney)", 1)]
    [InlineData("2019-03-17T21:45", "minutes_since_open(sydney)", 60)]
    [InlineData("2019-03-17T21:45", "minutes_since_open(london)", 3720)]
    [InlineData("2019-03-17T21:45", "weekday(monday)", 1)]
    // 29 March 2019 is the last weekday of its month; 28 March is the last but one.
    [InlineData("2019-03-28T12:00", "month_end(1)", 0)]
    [InlineData("2019-03-28T12:00", "month_end(2)", 1)]
    [InlineData("2019-03-28T21:00", "month_end(1)", 1)]
    public void Says_what_the_clocks_say(string open, string text, double expected)
    {
        var bar = new Bar(Instant.Parse(open + "Z"), new Price(1), new Price(1), new Price(1), new Price(1));
        var program = new Lowered();
        int slot = program.Emit(Expression.Parse(text));
        var stream = new SlotStream(program, Timeframe.M15);
        stream.Update(bar);
        stream[slot].ShouldBe(expected);
    }

    [Fact]
    public void Every_operator_with_settings_is_held_against_something_outside()
    {
        string[] texts = [.. TaLibTests.Texts, .. DefinitionTests.Names.Select(static row => row.Data)];
        IEnumerable<string> named = Catalogue.Operators.Where(static o => o.Notation == Notation.Call && o.Family != "Time" && !o.Parameters.IsEmpty).Select(static o => o.Name);
        named.Where(name => !texts.Any(t => t.Contains(name + "(", StringComparison.Ordinal))).ShouldBeEmpty();
    }
}
