using System.Collections;
using System.Globalization;
using Peregrine.Adapters.CTrader.Accounts;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Adapters.Instruments;
using Peregrine.Adapters.Ports;
using Peregrine.App;
using Peregrine.App.CommandLine;
using Peregrine.Core;
using Peregrine.Core.Market;
using Peregrine.Core.Portfolio;

namespace Peregrine.Tests.Contracts;

/// <summary>A demo account of the vault in the home folder, at the server of the settings. Live accounts are refused. What a case leaves open on it, the room closes.</summary>
internal class DemoRoom : BrokerRoom
{
    private readonly Composition composition;
    private readonly string name, prefix;
    private readonly Instant since;
    private (Credentials Kept, BrokerAccount Account, AccountKind Kind, Currency Currency)? known;

    public DemoRoom()
        : this(Variables(), Account ?? throw new InvalidOperationException("PEREGRINE_DEMO_ACCOUNT names no account."), TimeSpan.FromMinutes(10))
    {
    }

    protected DemoRoom(IReadOnlyDictionary<string, string> environment, string name, TimeSpan patience)
        : base(patience)
    {
        composition = new Composition(new Surroundings(TextWriter.Null, TextWriter.Null, environment, TimeProvider.System), null, new Dictionary<string, string>());
        this.name = name;
        since = Now - Duration.FromSeconds(5);
        prefix = string.Create(CultureInfo.InvariantCulture, $"contract-{since.UnixMilliseconds}-");
        Instruments = [InstrumentFile.Load(composition.HomePath).Find("EURUSD")];
    }

    /// <summary>The account that the environment names; null where it names none.</summary>
    public static string? Account => Environment.GetEnvironmentVariable("PEREGRINE_DEMO_ACCOUNT") is { Length: > 0 } name ? name : null;

    public override IReadOnlyList<Instrument> Instruments { get; }

    public override Currency Currency => known!.Value.Currency;

    public override bool IsNetted => known!.Value.Kind == AccountKind.Netted;

    public override bool IsSimulated => false;

    protected override string Prefix => prefix;

    private static Instant Now => Instant.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    public override async Task<IBroker> Open()
    {
        string token = await Token(Patience);
        known ??= await Ask();
        var terms = new SessionTerms
        {
            ClientId = known.Value.Kept.Application!.ClientId,
            ClientSecret = known.Value.Kept.Application!.ClientSecret,
            Account = known.Value.Account.Id,
            Kind = known.Value.Kind,
            Currency = known.Value.Currency,
            Instruments = Instruments,
            Since = since,
        };
        return new CTraderBroker(terms, token, new Access(stop => composition.Dialer.Dial(composition.Settings.DemoServer, stop), async stop => await Token(stop), TimeProvider.System), new Rng(1));
    }

    /// <summary>The token of the vault, renewed where that is due.</summary>
    private async Task<string> Token(CancellationToken stop)
    {
        var client = new AuthorisationClient(composition.Settings.AuthorisationPages, TimeProvider.System);
        return await new TokenRenewal(composition.Vault, client, TimeProvider.System).Renew(stop) switch
        {
            RenewalOutcome.Current current => current.Tokens.AccessToken,
            RenewalOutcome.Renewed renewed => renewed.Tokens.AccessToken,
            RenewalOutcome.Postponed postponed => postponed.Tokens.AccessToken,
            var needed => throw new InvalidOperationException($"There is no token for {name}: {needed}. Run './peregrine account login'."),
        };
    }

    /// <summary>What the account is, asked on a connection of its own.</summary>
    private async Task<(Credentials, BrokerAccount, AccountKind, Currency)> Ask()
    {
        Credentials kept = composition.Vault.Read();
        BrokerAccount account = kept.Accounts.FirstOrDefault(a => a.IsCalled(name)) ?? throw new InvalidOperationException($"The vault knows no account {name}: run './peregrine account list --ask'.");
        if (account.IsLive)
        {
            throw new InvalidOperationException($"{account.Name} is no demo account.");
        }

        var who = new Inquirer(composition.Dialer, composition.Settings.DemoServer, TimeProvider.System, kept.Application!, kept.Tokens!, account);
        AccountFacts facts = await AccountSurvey.Ask(who, Patience);
        return (kept, account, facts.Kind, facts.Balance.Currency);
    }

    private static Dictionary<string, string> Variables() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(static e => (string)e.Key, static e => (string?)e.Value ?? "", StringComparer.Ordinal);
}
