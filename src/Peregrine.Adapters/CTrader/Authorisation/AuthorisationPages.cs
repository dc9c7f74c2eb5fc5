namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>Where a person allows the application to use their accounts, and where it gets its tokens.</summary>
public sealed record AuthorisationPages(Uri Login, Uri Token)
{
    /// <summary>What is wrong with the address of such a page; null where nothing is. Secrets travel there, so it is https, or http on this machine alone.</summary>
    public static string? Fault(string text) =>
        !Uri.TryCreate(text, UriKind.Absolute, out Uri? page) || page.Scheme is not ("https" or "http") || page.UserInfo.Length + page.Query.Length + page.Fragment.Length > 0 ? "an address such as https://example.org/token is needed, with nothing after its path"
        : page.Scheme == "http" && !page.IsLoopback ? "http is taken on this machine alone (127.0.0.1), because secrets travel there; https is needed"
        : null;
}
