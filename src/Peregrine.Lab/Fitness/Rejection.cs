namespace Peregrine.Lab.Fitness;

/// <summary>Why a candidate is no candidate, however good its figures. Numeric values are stored: never renumber.</summary>
public enum Rejection : byte
{
    None = 0,

    /// <summary>Its warm-up is longer than the training data.</summary>
    NeverReady = 1,

    /// <summary>Too few entry signals to make the least number of trades.</summary>
    TooFewSignals = 2,
    TooFewTrades = 3,

    /// <summary>The risk gate refused most entries: stops too near for the spread or for the instrument.</summary>
    RefusedByRisk = 4,

    /// <summary>It lost a fifth of the deposit.</summary>
    Ruined = 5,
    NoLosingTrade = 6,

    /// <summary>Too large a share of the winnings came from one trade.</summary>
    OneTrade = 7,

    /// <summary>Without the positions that were open at the end there is no profit.</summary>
    OpenAtEnd = 8,

    /// <summary>Too many trades had stop and target inside one bar.</summary>
    Ambiguous = 9,

    /// <summary>Too large a share of the winnings came from fills at the first price after a hole in the data.</summary>
    DataGap = 10,

    /// <summary>Nothing is left when every decision arrives one bar late.</summary>
    LateEdge = 11,

    /// <summary>Nothing is left when prices differ by a twentieth of a bar's usual range.</summary>
    NoisyEdge = 12,

    /// <summary>Nothing is left when one entry in twenty is not filled.</summary>
    FewFills = 13,

    /// <summary>It lost a fifth of the deposit under an adversary.</summary>
    RuinedUnderAttack = 14,

    /// <summary>What it decided depends on bars that were not there yet.</summary>
    LookAhead = 15,
}

/// <summary>Rejections in words.</summary>
public static class Rejections
{
    public static string Reason(this Rejection rejection) => rejection switch
    {
        Rejection.None => "",
        Rejection.NeverReady => "its warm-up is longer than the data",
        Rejection.TooFewSignals => "too few entry signals",
        Rejection.TooFewTrades => "too few trades",
        Rejection.RefusedByRisk => "risk refused most of its entries",
        Rejection.Ruined => "it lost a fifth of the deposit",
        Rejection.NoLosingTrade => "no losing trade",
        Rejection.OneTrade => "its profit came from one trade",
        Rejection.OpenAtEnd => "its profit came from positions open at the end",
        Rejection.Ambiguous => "too many trades depend on what happened inside one bar",
        Rejection.DataGap => "its profit came from fills across holes in the data",
        Rejection.LateEdge => "its edge is gone when it is one bar late",
        Rejection.NoisyEdge => "its edge is gone when prices differ a little",
        Rejection.FewFills => "its edge is gone when one entry in twenty is not filled",
        Rejection.RuinedUnderAttack => "it lost a fifth of the deposit when the market turned against it",
        Rejection.LookAhead => "its rules see ahead",
    };
}
