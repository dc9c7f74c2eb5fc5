using Peregrine.Core;
using Peregrine.Core.Strategies;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Strategies;

public sealed class LanguageTests
{
    private const string Breakout = """
        strategy breakout-7f3a
        market   EURUSD M15
        long     when close crosses above highest(high, 48)[1] and efficiency(close, 32) > 0.35
        short    when close crosses below lowest(low, 48)[1] and efficiency(close, 32) > 0.35
        exit     when momentum(close, 96) / atr(14) * side < -0.4
        stop     2.5 atr(14)
        target   6 atr(14)
        trail    3 atr(14)
        hold     at most 96 bars

        """;

    [Fact]
    public void A_canonical_text_prints_as_it_was_read() => Strategy.Parse(Breakout).ToString().ShouldBe(Breakout);

    [Fact]
    public void Random_strategies_read_back_from_their_text()
    {
        var rng = new Rng(1);
        for (ulong i = 0; i < 3000; i++)
        {
            Strategy strategy = RandomStrategies.Strategy(rng.Fork(i), 5);
            Strategy again = Strategy.Parse(strategy.ToString());
            again.ShouldBe(strategy, strategy.ToString());
            again.Id.ShouldBe(strategy.Id);
        }
    }

    [Fact]
    public void A_series_left_out_is_the_close() => Expression.Parse("efficiency(32) > 0.35").ToString().ShouldBe("efficiency(close, 32) > 0.35");

    [Theory]
    [InlineData("close - sma(20) > 0", "close - sma(close, 20) > zero")]
    [InlineData("close - (open - low) > low", "close - (open - low) > low")]
    [InlineData("((close - open) + body) > zero", "close - open + body > zero")]
    [InlineData("not (close > open and open > low)", "not (close > open and open > low)")]
    [InlineData("(close > open for 3 bars) within 5 bars", "close > open for 3 bars within 5 bars")]
    [InlineData("-(0.4 * body) < -body", "-(0.4 * body) < -body")]
    [InlineData("-0.4[2] < -(0.4[2])", "-0.4[2] < -(0.4[2])")]
    [InlineData("(close)[3] > sma(high[1], 5)[2]", "close[3] > sma(high[1], 5)[2]")]
    [InlineData("2 * (3 - 1) / 4 > 1e-07", "2 * (3 - 1) / 4 > 1E-07")]
    [InlineData("close > open # why\n  and low > open[1]", "close > open and low > open[1]")]
    public void Expressions_print_canonically(string text, string canonical)
    {
        Expression.Parse(text).ToString().ShouldBe(canonical);
        Expression.Parse(canonical).ShouldBe(Expression.Parse(text));
    }

    [Theory]
    [InlineData("clos > open", "Line 1, column 1: found 'clos'; expected a number, a name or '('. Did you mean 'close'?")]
    [InlineData("close > 1.2", "Line 1, column 7: found price > ratio; expected one of price > price; difference > difference; ratio > ratio; volume > volume; time > time.")]
    [InlineData("sma(close, 1) > open", "Line 1, column 12: found '1'; expected a whole number from 2 to 512.")]
    [InlineData("sma(close 20) > open", "Line 1, column 11: found '20'; expected ',' as in sma(x, 20).")]
    [InlineData("close crosses abve open", "Line 1, column 15: found 'abve'; expected 'above' or 'below'. Did you mean 'above'?")]
    [InlineData("close >\n  open *", "Line 2, column 9: found the end of the text; expected a number, a name or '('.")]
    [InlineData("close > open)", "Line 1, column 13: found ')'; expected the end of the expression.")]
    [InlineData("close ? open", "Line 1, column 7: found '?'; expected the end of the expression.")]
    [InlineData("atr > range", "Line 1, column 5: found '>'; expected '(' as in atr(14).")]
    public void Errors_say_where_what_and_what_instead(string text, string message)
    {
        Parser.TryParseExpression(text, out _, out SyntaxError? error).ShouldBeFalse();
        error!.Message.ShouldBe(message);
    }

    [Theory]
    [InlineData("strategy a\nmarket EURUSD M16", "Line 2, column 15: found 'M16'; expected a timeframe: M1, M5, M15, M30, H1, H2, H4, H6, H8, H12, D1, W1, MN1. Did you mean 'M1'?")]
    [InlineData("strategy a\nmarket EURUSD M15\nlong when close > open", "Line 3, column 23: found the end of the text; expected a stop, such as: stop 2.5 atr(14).")]
    [InlineData("strategy a\nmarket EURUSD M15\nlongg when close > open", "Line 3, column 1: found 'longg'; expected a clause: long, short, exit, stop, target, trail or hold. Did you mean 'long'?")]
    [InlineData("strategy a\nmarket EURUSD M15\nlong when close\nstop 1 atr(14)", "Line 3, column 11: found a price where it begins; expected a condition, such as close > sma(close, 20).")]
    [InlineData("strategy a\nmarket EURUSD M15\nlong when side > 0\nstop 1 atr(14)", "Line 3, column 11: found this rule; expected another: 'side' is known only in 'exit'.")]
    [InlineData("strategy a\nmarket EURUSD M15\nstop 1 atr(14)\nstop 2 atr(14)", "Line 4, column 1: found a second 'stop'; expected each clause once.")]
    [InlineData("strategy a\nmarket EURUSD M15\nstop -1 atr(14)", "Line 3, column 6: found '-'; expected another distance: The multiple of 'stop' is greater than 0 and at most 1000000; it is -1.")]
    [InlineData("strategy a\nmarket EURUSD M15\nstop 1 atr(14)", "Line 3, column 15: found the end of the text; expected a whole strategy: A strategy needs 'long', 'short' or both.")]
    [InlineData("strategy a b\nmarket EURUSD M15\nstop 1 atr(14)", "Line 1, column 12: found 'b'; expected 'market'.")]
    public void Strategy_errors_too(string text, string message)
    {
        Strategy.TryParse(text, out _, out SyntaxError? error).ShouldBeFalse();
        error!.Message.ShouldBe(message);
    }

    [Fact]
    public void Hostile_texts_are_refused_and_not_survived_by_luck()
    {
        string[] texts =
        [
            new string('(', 60_000), new string('-', 60_000) + "body", string.Concat(Enumerable.Repeat("not ", 10_000)) + "close > open", string.Join(" + ", Enumerable.Repeat("body", 5000)),
            new string('x', 70_000), string.Concat(Enumerable.Repeat("abs(", 5000)), "1e999 > 0", "\0", "close[0] > open", "close[513] > open", "\ud83d\ude00",
        ];
        foreach (string text in texts)
        {
            Parser.TryParseExpression(text, out _, out SyntaxError? error).ShouldBeFalse();
            error!.Message.Length.ShouldBeLessThan(400);
        }
    }

    [Fact]
    public void The_name_is_no_part_of_the_id()
    {
        Strategy strategy = Strategy.Parse(Breakout);
        (strategy with { Name = "other" }).Id.ShouldBe(strategy.Id);
        (strategy with { HoldBars = 95 }).Id.ShouldNotBe(strategy.Id);
        strategy.Id.Length.ShouldBe(64);
    }
}
