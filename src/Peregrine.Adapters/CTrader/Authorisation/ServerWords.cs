namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>What a server says, as it may be shown: it is free to repeat what it was sent, and to send what a terminal obeys.</summary>
internal static class ServerWords
{
    private const int Longest = 200;

    /// <summary>The words without the secrets, without control characters, and not long.</summary>
    public static string Shown(string words, params ReadOnlySpan<string> secrets)
    {
        foreach (string secret in secrets)
        {
            if (secret.Length > 0)
            {
                words = words.Replace(secret, "…", StringComparison.Ordinal).Replace(Uri.EscapeDataString(secret), "…", StringComparison.OrdinalIgnoreCase);
            }
        }

        string plain = string.Concat(words.Select(static c => char.IsControl(c) ? ' ' : c)).Trim();
        return (plain.Length <= Longest ? plain : plain[..Longest] + "…").TrimEnd('.');
    }
}
