using System.Threading.Channels;
using Peregrine.App.CommandLine;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;
using Peregrine.Core.Trading;

namespace Peregrine.App.Trading;

/// <summary>What an operator is told: whether the word was taken (and why not), and how things stand after it.</summary>
public sealed record OperatorReply(bool Accepted, string? Reason, string Session, IReadOnlyList<PositionView> Positions, RiskView Risk);

/// <summary>A position as an operator sees it; prices with the instrument's digits.</summary>
public sealed record PositionView
{
    /// <summary>The broker's id; 0 while the entry has not filled.</summary>
    public required long PositionId { get; init; }

    /// <summary>The strategy's id; empty for a position that is not ours.</summary>
    public required string Strategy { get; init; }

    /// <summary>The strategy's name; empty for a position that is not ours.</summary>
    public required string Name { get; init; }

    public required string Symbol { get; init; }

    public required Side Side { get; init; }

    public required Quantity Quantity { get; init; }

    public required SlotPhase Phase { get; init; }

    public required Core.Instant? OpenedAt { get; init; }

    public required string? EntryPrice { get; init; }

    public required string? Stop { get; init; }

    public required string? Target { get; init; }

    public required Money Unrealised { get; init; }

    /// <summary>What it loses when its stop is hit at its price; null without a stop.</summary>
    public required Money? RiskAtStop { get; init; }

    public static PositionView Of(Holding h, int digits, string name) => new()
    {
        PositionId = h.PositionId,
        Strategy = h.Strategy,
        Name = name,
        Symbol = h.Symbol,
        Side = h.Side,
        Quantity = h.Quantity,
        Phase = h.Phase,
        OpenedAt = h.OpenedAt,
        EntryPrice = Text(h.EntryPrice, digits),
        Stop = Text(h.Stop?.ToDecimal(), digits),
        Target = Text(h.Target?.ToDecimal(), digits),
        Unrealised = h.Unrealised.Rounded(),
        RiskAtStop = h.RiskAtStop?.Rounded(),
    };

    private static string? Text(decimal? price, int digits) => price is { } p ? PriceText.Of(p, digits) : null;
}

/// <summary>The account as an operator sees it.</summary>
public sealed record RiskView
{
    public required Core.Instant Time { get; init; }

    /// <summary>Why nothing new is opened; null when it is.</summary>
    public required string? Halted { get; init; }

    /// <summary>True when the broker's state is established.</summary>
    public required bool InStep { get; init; }

    public required Money Deposit { get; init; }

    public required Money Balance { get; init; }

    public required Money Equity { get; init; }

    /// <summary>The balance if every stop were hit now at its price, before costs.</summary>
    public required Money AtStops { get; init; }

    /// <summary>Equity at which nothing new is opened.</summary>
    public required Money LossFloor { get; init; }
}

/// <summary>A question or a word on its way to the loop, and the way back. Without a word it asks for the state only.</summary>
internal sealed class OperatorRequest(OperatorWord? word)
{
    private readonly TaskCompletionSource<OperatorReply> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public OperatorWord? Word { get; } = word;

    public Task<OperatorReply> Answer => answer.Task;

    public void Reply(OperatorReply reply) => answer.TrySetResult(reply);

    /// <summary>There will be no reply; nothing when there was one.</summary>
    public void Fail() => answer.TrySetCanceled();
}

/// <summary>The way from anybody to the loop, the one reader. A request interrupts the loop's wait for the market.</summary>
public sealed class OperatorQueue : IDisposable
{
    private readonly Channel<OperatorRequest> requests = Channel.CreateBounded<OperatorRequest>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });
    private CancellationTokenSource interrupt = new();

    /// <summary>Asks for the state (no word) or says a word, and waits for the loop's answer.</summary>
    /// <exception cref="OperationCanceledException">The loop ended before it answered.</exception>
    /// <exception cref="ChannelClosedException">The loop has ended.</exception>
    public async Task<OperatorReply> Ask(OperatorWord? word, CancellationToken stop)
    {
        var request = new OperatorRequest(word);
        await requests.Writer.WriteAsync(request, stop);
        await Volatile.Read(ref interrupt).CancelAsync();
        return await request.Answer.WaitAsync(stop);
    }

    /// <summary>Cancelled while a request waits, or may wait.</summary>
    internal CancellationToken Interrupted => interrupt.Token;

    /// <summary>Interrupts the loop's wait.</summary>
    internal void Interrupt() => Volatile.Read(ref interrupt).Cancel();

    internal bool TryTake(out OperatorRequest? request)
    {
        // The token first: a request that comes in between cancels the new one.
        if (interrupt.IsCancellationRequested)
        {
            Volatile.Write(ref interrupt, new CancellationTokenSource());
        }

        return requests.Reader.TryRead(out request);
    }

    /// <summary>Nobody reads any more: whoever waits is told so.</summary>
    internal void Close()
    {
        requests.Writer.TryComplete();
        while (requests.Reader.TryRead(out OperatorRequest? request))
        {
            request.Fail();
        }
    }

    public void Dispose()
    {
        Close();
        interrupt.Dispose();
    }
}
