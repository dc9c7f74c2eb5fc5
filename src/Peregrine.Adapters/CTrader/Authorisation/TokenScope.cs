namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>What the tokens allow.</summary>
public enum TokenScope : byte
{
    /// <summary>To look at accounts.</summary>
    View = 0,

    /// <summary>To trade on them.</summary>
    Trade = 1,
}
