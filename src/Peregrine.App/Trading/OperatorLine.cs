using System.Net.Sockets;
using System.Text.Json;
using System.Threading.Channels;
using Peregrine.Adapters;
using Peregrine.App.CommandLine;
using Peregrine.Core.Trading;

namespace Peregrine.App.Trading;

/// <summary>What is said over the operator's socket: one request in JSON, one line; the answer is one JSON document, and the connection ends. Without a word it asks for the state.</summary>
public sealed record OperatorCall(string? Word, string? Reason = null, bool All = false, long Position = 0)
{
    /// <summary>The word, or null for a question; false when there is no such word.</summary>
    public bool TryRead(out OperatorWord? word)
    {
        word = Word switch
        {
            "halt" => new Halt(Reason is { Length: > 0 } ? Reason : "halted by the operator"),
            "resume" => new Resume(),
            "flatten" => new Flatten(All),
            "close" => new CloseOne(Position),
            _ => null,
        };
        return word is not null || Word is null;
    }
}

/// <summary>Serves the operator's socket of a running loop. Only the user who started it may connect.</summary>
public sealed class OperatorLine : IAsyncDisposable
{
    private const int LongestRequestBytes = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Socket listener;
    private readonly string path;
    private readonly OperatorQueue words;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource stop = new();
    private readonly Task serving;

    private OperatorLine(Socket listener, string path, OperatorQueue words, TimeProvider clock)
    {
        (this.listener, this.path, this.words, this.clock) = (listener, path, words, clock);
        serving = Task.Run(() => Serve(stop.Token), CancellationToken.None);
    }

    /// <summary>Opens the socket. The caller holds the account's lock, so a socket that is there was left by a process that died.</summary>
    public static OperatorLine Open(string path, OperatorQueue words, TimeProvider clock)
    {
        string folder = Path.GetDirectoryName(path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        File.Delete(path);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        if (!OperatingSystem.IsWindows())
        {
            // Before it listens: until then nobody can connect.
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        listener.Listen(8);
        return new OperatorLine(listener, path, words, clock);
    }

    /// <summary>Says something to the loop of an account and returns its answer.</summary>
    /// <exception cref="KnownFailure">No loop is running there, or it ended before it answered.</exception>
    public static async Task<JsonElement> Ask(string path, string account, OperatorCall call, CancellationToken stop)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            await stream.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(call), (byte)'\n'], stop);
            using JsonDocument reply = await JsonDocument.ParseAsync(stream, cancellationToken: stop);
            return reply.RootElement.TryGetProperty("error", out JsonElement error)
                ? throw new KnownFailure($"The trading loop of account {account} did not take it", error.GetString()!, "see 'status'")
                : reply.RootElement.Clone();
        }
        catch (SocketException fault)
        {
            throw new KnownFailure(
                $"No trading loop is running for account {account}",
                fault.SocketErrorCode == SocketError.ConnectionRefused ? "the one that opened its socket has died" : "its socket is not there",
                "start one with 'trade', or name another account with --account NAME",
                fault);
        }
        catch (Exception fault) when (fault is IOException or JsonException)
        {
            throw new KnownFailure($"The trading loop of account {account} did not answer", "it ended meanwhile", "start it again with the same 'trade' command", fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await serving;
        listener.Dispose();
        File.Delete(path);
        stop.Dispose();
    }

    /// <summary>One connection after another: a word is short, and one who dawdles is cut off.</summary>
    private async Task Serve(CancellationToken stopped)
    {
        while (!stopped.IsCancellationRequested)
        {
            try
            {
                using Socket connection = await listener.AcceptAsync(stopped);
                await using var stream = new NetworkStream(connection, ownsSocket: false);
                byte[] answer = await Answer(stream, stopped);
                await stream.WriteAsync(answer, stopped);
            }
            catch (OperationCanceledException)
            {
                // The loop is over, or the peer did not finish its sentence: there is nobody to answer.
            }
            catch (Exception fault) when (fault is IOException or SocketException)
            {
                // The peer hung up: nobody waits for an answer.
            }
        }
    }

    private async Task<byte[]> Answer(NetworkStream stream, CancellationToken stopped)
    {
        try
        {
            OperatorCall? call = await Read(stream, stopped);
            if (call is null || !call.TryRead(out OperatorWord? word))
            {
                return Json(new { error = "it does not know that word" });
            }

            return Json(await words.Ask(word, stopped));
        }
        catch (JsonException)
        {
            return Json(new { error = "it could not read the request" });
        }
        catch (Exception fault) when (fault is ChannelClosedException or OperationCanceledException)
        {
            return Json(new { error = "it ended before it answered" });
        }
    }

    private async Task<OperatorCall?> Read(NetworkStream stream, CancellationToken stopped)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stopped);
        byte[] request = new byte[LongestRequestBytes];
        int length = 0;
        while (length < request.Length && request.AsSpan(0, length).IndexOf((byte)'\n') < 0)
        {
            int read = await stream.ReadAsync(request.AsMemory(length), both.Token);
            if (read == 0)
            {
                break;
            }

            length += read;
        }

        return JsonSerializer.Deserialize<OperatorCall>(request.AsSpan(0, length));
    }

    private static byte[] Json(object reply) => JsonSerializer.SerializeToUtf8Bytes(reply, reply.GetType(), JsonShape.Options);
}
