using Google.Protobuf;

namespace Peregrine.Adapters.CTrader.Connection;

/// <summary>What a conversation makes known: what became of a request, or something that nobody asked for.</summary>
public abstract record Said
{
    private Said()
    {
    }

    /// <summary>A request was answered.</summary>
    public sealed record Answered(long Request, IMessage Message) : Said;

    /// <summary>A request was refused.</summary>
    public sealed record Refused(long Request, ServerError Error, ErrorMeaning Meaning) : Said;

    /// <summary>A request left, and what became of it is not known: no answer came in time, the connection was lost, or the server does not know either.</summary>
    public sealed record Unknown(long Request, string Why) : Said;

    /// <summary>A request that did not leave: nothing of it can have been done.</summary>
    public sealed record NeverLeft(long Request, string Why) : Said;

    /// <summary>A message that came by itself, or beside an answer: what happened to orders comes so too, whoever asked for it.</summary>
    public sealed record Pushed(IMessage Message) : Said;
}
