using System.Text.Json.Serialization;
using Peregrine.Core;

namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>What a login gave: a token that opens accounts until it expires, and one that is good for the next pair, once. Its text shows neither.</summary>
public sealed record TokenPair([property: JsonIgnore] string AccessToken, [property: JsonIgnore] string RefreshToken, Instant Obtained, Instant Expires)
{
    private const int SharesOfLife = 4;

    /// <summary>True where less than a quarter of its life is left (a week of the usual month): time enough to try again, or to log in by hand, before it ends.</summary>
    public bool NeedsRefresh(Instant now) => (Expires - now) * SharesOfLife < Expires - Obtained;

    public override string ToString() => $"tokens until {Expires}";
}
