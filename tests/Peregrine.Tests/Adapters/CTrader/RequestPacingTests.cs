using Peregrine.Adapters.CTrader.Connection;
using Peregrine.Core;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.CTrader;

public sealed class RequestPacingTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 1, 5);
    private static readonly Duration Second = Duration.FromSeconds(1);

    /// <summary>Who sends as soon as it may, at whatever times it wants to, never has more than the limit in any second, and is never kept longer than it takes.</summary>
    [Theory]
    [InlineData(false, RequestPacing.PerSecond)]
    [InlineData(true, RequestPacing.HistoryPerSecond)]
    public void No_second_has_more_than_the_limit_and_nobody_waits_without_need(bool isHistory, int limit)
    {
        var rng = new Rng(5);
        var pacing = new RequestPacing();
        var left = new List<Instant>();
        Instant now = Start;
        for (int i = 0; i < 5_000; i++)
        {
            now += Duration.FromMilliseconds(rng.NextInt(10) == 0 ? rng.NextInt(2_000) : rng.NextInt(3));
            Duration wait = pacing.Wait(now, isHistory);
            (wait < Duration.Zero).ShouldBeFalse();
            now += wait;
            pacing.Wait(now, isHistory).ShouldBe(Duration.Zero, "who has waited may go");
            (wait > Duration.Zero && left.Count(l => l > now - Duration.FromMilliseconds(1_101)) < limit).ShouldBeFalse("it waited although there was room");
            pacing.Left(now, isHistory);
            left.Add(now);
            left.Count(l => l > now - Second).ShouldBeLessThanOrEqualTo(limit);
            left.RemoveAll(l => l < now - Duration.FromSeconds(3));
        }
    }

    [Fact]
    public void Each_kind_has_a_limit_of_its_own()
    {
        var pacing = new RequestPacing();
        for (int i = 0; i < RequestPacing.HistoryPerSecond; i++)
        {
            pacing.Left(Start, isHistory: true);
        }

        pacing.Wait(Start, isHistory: true).ShouldBe(Duration.FromMilliseconds(1_100));
        pacing.Wait(Start, isHistory: false).ShouldBe(Duration.Zero);
        pacing.Refused(Start, isHistory: true, Duration.FromSeconds(9));
        pacing.Wait(Start, isHistory: true).ShouldBe(Duration.FromSeconds(9));
        pacing.Wait(Start, isHistory: false).ShouldBe(Duration.Zero);
    }

    /// <summary>2, 4, 8, 16 … s and at most five minutes, unless the server asks for more; an answer ends it.</summary>
    [Fact]
    public void What_is_refused_again_waits_longer_each_time()
    {
        var pacing = new RequestPacing();
        Instant now = Start;
        Duration Next(int? seconds)
        {
            pacing.Refused(now, isHistory: true, seconds is { } s ? Duration.FromSeconds(s) : null);
            Duration wait = pacing.Wait(now, isHistory: true);
            now += wait;
            return wait;
        }

        int[] waits = [.. Enumerable.Range(0, 10).Select(_ => (int)Next(2).TotalSeconds)];
        waits.ShouldBe([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        Next(900).TotalSeconds.ShouldBe(900, "the server knows best");
        Next(int.MaxValue).TotalSeconds.ShouldBe(3_600, "to a degree");
        pacing.Answered(isHistory: true);
        Next(null).TotalSeconds.ShouldBe(1);
        Next(null).TotalSeconds.ShouldBe(2);
    }

    [Fact]
    public void Requests_that_were_on_their_way_together_are_refused_once()
    {
        var pacing = new RequestPacing();
        for (int i = 0; i < 20; i++)
        {
            pacing.Refused(Start + Duration.FromMilliseconds(i), isHistory: false, null);
        }

        pacing.Wait(Start, isHistory: false).ShouldBe(Second);
    }
}
