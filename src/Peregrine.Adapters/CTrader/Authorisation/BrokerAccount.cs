using System.Globalization;

namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>An account that the tokens open: the id that the Open API knows it by, the login that its owner knows, and the broker's short name.</summary>
public sealed record BrokerAccount(long Id, long? Login, bool IsLive, string Broker)
{
    /// <summary>What people call it, such as <c>demo-1234567</c>.</summary>
    public string Name => $"{(IsLive ? "live" : "demo")}-{(Login ?? Id).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>True where a text is its name, its login or its id.</summary>
    public bool IsCalled(string text) => Name.Equals(text, StringComparison.OrdinalIgnoreCase) || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && (number == Login || number == Id));
}
