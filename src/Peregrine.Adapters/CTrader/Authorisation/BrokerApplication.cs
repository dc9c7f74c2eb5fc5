using System.Text.Json.Serialization;

namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>The application that the broker knows Peregrine as: an id, which everybody may see, and a secret, which its text never shows.</summary>
public sealed record BrokerApplication(string ClientId, [property: JsonIgnore] string ClientSecret)
{
    public override string ToString() => $"application {ClientId}";
}
