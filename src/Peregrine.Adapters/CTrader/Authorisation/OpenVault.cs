namespace Peregrine.Adapters.CTrader.Authorisation;

/// <summary>The right to change what a vault keeps, held by one process at a time.</summary>
public sealed class OpenVault : IDisposable
{
    private readonly TokenVault vault;
    private readonly ProcessLock held;

    internal OpenVault(TokenVault vault, ProcessLock held, Credentials content)
    {
        this.vault = vault;
        this.held = held;
        Content = content;
    }

    /// <summary>What is kept now.</summary>
    public Credentials Content { get; private set; }

    /// <summary>Keeps this instead; on the disk when it returns.</summary>
    public void Store(Credentials credentials)
    {
        vault.Store(credentials);
        Content = credentials;
    }

    public void Dispose() => held.Dispose();
}
