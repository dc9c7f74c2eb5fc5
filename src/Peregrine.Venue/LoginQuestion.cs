using System.Diagnostics.CodeAnalysis;

namespace Peregrine.Venue;

/// <summary>What an application asks a person for: it must be known, and want the answer on this machine, because nobody else has registered an address here.</summary>
internal sealed record LoginQuestion(string ClientId, Uri Redirect, bool MayTrade)
{
    private const int LongestRedirect = 2_000;

    /// <summary>What was missing in the answer before; null where there was none.</summary>
    public string? Lacks { get; init; }

    /// <summary>The question in a request's query; null, and why, where it is none.</summary>
    public static LoginQuestion? Of(PageRequest request, VenueSetup setup, out string? fault)
    {
        string client = request.Asked("client_id"), scope = request.Asked("scope");
        fault = setup.Applications.All(a => a.ClientId != client) ? "No application of this client_id is registered here."
            : !IsHere(request.Asked("redirect_uri"), out Uri? redirect) ? "The redirect_uri must be an address on this machine, such as http://127.0.0.1:8731/callback."
            : scope is not ("trading" or "accounts") ? "The scope must be trading or accounts."
            : null;
        return fault is null ? new LoginQuestion(client, new Uri(request.Asked("redirect_uri")), scope == "trading") : null;
    }

    private static bool IsHere(string text, [NotNullWhen(true)] out Uri? redirect) =>
        Uri.TryCreate(text, UriKind.Absolute, out redirect) && redirect.Scheme is "http" or "https" && redirect.IsLoopback && redirect.Fragment.Length + redirect.UserInfo.Length == 0
        && text.Length <= LongestRedirect && text.All(static c => c is > ' ' and <= '~');
}
