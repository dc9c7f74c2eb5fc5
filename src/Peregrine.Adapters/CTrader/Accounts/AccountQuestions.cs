using Google.Protobuf;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Adapters.CTrader.Connection;
using Peregrine.Adapters.CTrader.Transport;
using Peregrine.Adapters.CTrader.Wire;

namespace Peregrine.Adapters.CTrader.Accounts;

/// <summary>Who asks about which account, where.</summary>
public sealed record Inquirer(Dialer Dialer, Endpoint Server, TimeProvider Clock, BrokerApplication Application, TokenPair Tokens, BrokerAccount Account);

/// <summary>Questions about one account, on a connection of their own that is made for them and closed after.</summary>
public sealed class AccountQuestions
{
    private const string Remedy = "see what './peregrine doctor' says, and try again";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Inquiry talk;
    private readonly Inquirer who;
    private readonly CancellationToken stop;

    private AccountQuestions(Inquiry talk, Inquirer who, CancellationToken stop) => (this.talk, this.who, this.stop) = (talk, who, stop);

    /// <summary>The number that messages name the account by.</summary>
    public long Account => who.Account.Id;

    private string What => $"Cannot ask about account {who.Account.Name}";

    private string[] Secrets => [who.Application.ClientSecret, who.Tokens.AccessToken, who.Tokens.RefreshToken];

    /// <summary>Makes the connection, lets <paramref name="questions"/> be asked on it, and closes it.</summary>
    /// <exception cref="KnownFailure">The server cannot be reached, refuses, or says nothing in time.</exception>
    public static async Task<T> Ask<T>(Inquirer who, Func<AccountQuestions, Task<T>> questions, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience, who.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        var asked = new AccountQuestions(null!, who, both.Token);
        try
        {
            IWire wire = await who.Dialer.Dial(who.Server, both.Token).ConfigureAwait(false);
            await using (wire.ConfigureAwait(false))
            {
                asked = new AccountQuestions(new Inquiry(wire, who.Clock), who, both.Token);
                await asked.Ask<ProtoOAApplicationAuthRes>(new ProtoOAApplicationAuthReq { ClientId = who.Application.ClientId, ClientSecret = who.Application.ClientSecret }).ConfigureAwait(false);
                await asked.Ask<ProtoOAAccountAuthRes>(new ProtoOAAccountAuthReq { CtidTraderAccountId = who.Account.Id, AccessToken = who.Tokens.AccessToken }).ConfigureAwait(false);
                T answer = await questions(asked).ConfigureAwait(false);

                // What still waits for the server waits no longer.
                await both.CancelAsync().ConfigureAwait(false);
                return answer;
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new KnownFailure(asked.What, $"the server did not tell within {Patience.TotalSeconds:0} s", Remedy);
        }
        catch (Exception fault) when (fault is IOException or WireFault)
        {
            throw new KnownFailure(asked.What, ServerWords.Shown(fault.Message, asked.Secrets), Remedy);
        }
    }

    /// <summary>Asks one question.</summary>
    /// <exception cref="KnownFailure">It is refused, or answered with something else.</exception>
    public async Task<T> Ask<T>(IMessage question)
        where T : class, IMessage
    {
        Said said = await talk.Ask(question, stop).ConfigureAwait(false);
        return (said as Said.Answered)?.Message as T ?? throw new KnownFailure(What, $"{question.Descriptor.Name} was not answered: {ServerWords.Shown(Words(said), Secrets)}", Remedy);
    }

    /// <summary>The account is none that can be used.</summary>
    public KnownFailure Unusable(string why, string remedy) => new($"Cannot use account {who.Account.Name}", why, remedy);

    private static string Words(Said said) => said switch
    {
        Said.Refused refused => refused.Error.ToString(),
        Said.Unknown unknown => unknown.Why,
        Said.NeverLeft waited => waited.Why,
        _ => "the server answered something else",
    };
}
