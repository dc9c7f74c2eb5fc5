using System.Runtime.Versioning;
using Peregrine.Adapters;
using Peregrine.Adapters.CTrader.Authorisation;
using Peregrine.Core;
using Peregrine.Tests.App;
using Shouldly;
using Xunit;

namespace Peregrine.Tests.Adapters.CTrader.Authorisation;

/// <summary>What is kept is read back by who has the key, by nobody else, and not after damage.</summary>
public sealed class TokenVaultTests : IDisposable
{
    private static readonly Credentials Some = new()
    {
        Application = new BrokerApplication("id", "needle-secret"),
        Tokens = new TokenPair("needle-access", "needle-refresh", new Instant(1), new Instant(2)),
        Refresh = RefreshState.Underway,
        Scope = TokenScope.Trade,
        Accounts = [new BrokerAccount(11, 700, false, "Broker"), new BrokerAccount(12, null, true, "")],
        Chosen = 12,
    };

    private readonly TemporaryFolder home = new(), elsewhere = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private VaultKey Key => new(elsewhere.File("keys/key"));

    public void Dispose()
    {
        home.Dispose();
        elsewhere.Dispose();
    }

    private TokenVault Vault(VaultKey? key = null) => new(home.Path, key ?? Key, TimeProvider.System);

    private async Task<TokenVault> Stored(Credentials credentials)
    {
        TokenVault vault = Vault();
        using OpenVault open = await vault.Open(Stop);
        open.Store(credentials);
        return vault;
    }

    [Fact]
    public async Task What_is_kept_is_what_was_stored_and_none_of_it_is_to_be_read_in_the_file()
    {
        Vault().Read().ShouldBe(Credentials.None);
        TokenVault vault = await Stored(Some);
        Credentials read = Vault().Read();
        (read with { Accounts = Some.Accounts }).ShouldBe(Some);
        read.Accounts.ShouldBe(Some.Accounts);
        byte[] once = await File.ReadAllBytesAsync(vault.Path, Stop);
        System.Text.Encoding.Latin1.GetString(once).ShouldNotContain("needle");
        await Stored(Some);
        byte[] twice = await File.ReadAllBytesAsync(vault.Path, Stop);
        twice.AsSpan(^30..).SequenceEqual(once.AsSpan(^30..)).ShouldBeFalse("the same under the same key looks different each time");
        Some.ToString().ShouldNotContain("needle");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Only_the_owner_may_read_key_and_vault_and_enter_their_folders()
    {
        const UnixFileMode mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Directory.CreateDirectory(home.File("broker"), mine | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        File.WriteAllText(home.File("broker/credentials.vault.partial"), "left by a crash, for everybody to read");
        File.SetUnixFileMode(home.File("broker/credentials.vault.partial"), mine | UnixFileMode.OtherRead);
        TokenVault vault = await Stored(Some);
        File.GetUnixFileMode(vault.Path).ShouldBe(mine);
        File.GetUnixFileMode(Key.Path).ShouldBe(mine);
        File.GetUnixFileMode(home.File("broker")).ShouldBe(mine | UnixFileMode.UserExecute);
        File.GetUnixFileMode(elsewhere.File("keys")).ShouldBe(mine | UnixFileMode.UserExecute);
        (await File.ReadAllBytesAsync(Key.Path, Stop)).Length.ShouldBe(32);
        Directory.GetFiles(home.File("broker"), "*.partial").ShouldBeEmpty();
    }

    [Fact]
    public async Task The_vault_is_on_the_disk_before_it_has_its_name()
    {
        TokenVault vault = await Stored(Credentials.None);
        using var flushes = new Store.Flushes(home.Path, flushed => $"{Path.GetFileName(flushed)}: {Vault().Read().Application?.ClientId ?? "none"}");
        await Stored(Some);
        flushes.Seen.ShouldBe(["credentials.vault.partial: none", "broker: id"]);
        vault.Exists.ShouldBeTrue();
    }

    [Fact]
    public async Task A_wrong_key_a_lost_one_and_one_that_is_none_are_told_apart()
    {
        await Stored(Some);
        byte[] key = await File.ReadAllBytesAsync(Key.Path, Stop);
        var other = new VaultKey(elsewhere.File("other"));
        await File.WriteAllBytesAsync(other.Path, new byte[32], Stop);
        Should.Throw<KnownFailure>(() => Vault(other).Read()).Message.ShouldContain("sealed with another key than " + other.Path);
        foreach (int length in (int[])[0, 31, 33, 100])
        {
            await File.WriteAllBytesAsync(other.Path, new byte[length], Stop);
            Should.Throw<KnownFailure>(() => Vault(other).Read()).Message.ShouldContain("exactly 32 bytes");
        }

        File.Delete(Key.Path);
        Should.Throw<KnownFailure>(() => Vault().Read()).Message.ShouldContain("is gone");
        await Should.ThrowAsync<KnownFailure>(() => Vault().Open(Stop), "a vault is never locked for good by a new key");
        File.Exists(Key.Path).ShouldBeFalse();
        await File.WriteAllBytesAsync(Key.Path, key, Stop);
        Vault().Read().Chosen.ShouldBe(12);
    }

    [Fact]
    public async Task Damage_anywhere_is_found()
    {
        TokenVault vault = await Stored(Some);
        byte[] whole = await File.ReadAllBytesAsync(vault.Path, Stop);
        for (int i = 0; i < whole.Length; i += 7)
        {
            byte[] damaged = [.. whole];
            damaged[i] ^= 0x40;
            await File.WriteAllBytesAsync(vault.Path, damaged, Stop);
            Should.Throw<KnownFailure>(() => vault.Read(), $"byte {i}").Message.ShouldContain(vault.Path);
        }

        foreach (int length in (int[])[0, 1, 20, 40, whole.Length - 1])
        {
            await File.WriteAllBytesAsync(vault.Path, whole[..length], Stop);
            Should.Throw<KnownFailure>(() => vault.Read()).Message.ShouldContain("damaged");
        }
    }

    [Fact]
    public async Task Who_changes_it_does_so_alone()
    {
        TokenVault vault = await Stored(Credentials.None);
        using OpenVault first = await vault.Open(Stop);
        Task<OpenVault> second = Vault().Open(Stop);
        second.IsCompleted.ShouldBeFalse("it has tried, and waits");
        first.Store(Some);
        first.Dispose();
        using OpenVault after = await second;
        after.Content.Chosen.ShouldBe(12, "it sees what the first has stored");
    }

    [Fact]
    public void The_key_is_found_where_it_is_said_to_be()
    {
        VaultKey.Locate("/k/mine", "/run/creds", "/c", "/home/u").ShouldBe(new VaultKey("/k/mine"));
        VaultKey.Locate(null, "/no/such/folder", "/c", "/home/u").ShouldBe(new VaultKey("/c/peregrine/key"));
        VaultKey.Locate("", "", "", "/home/u").ShouldBe(new VaultKey("/home/u/.config/peregrine/key"));
        File.WriteAllBytes(elsewhere.File(VaultKey.CredentialName), new byte[32]);
        VaultKey.Locate(null, elsewhere.Path, "/c", "/home/u").ShouldBe(new VaultKey(elsewhere.File(VaultKey.CredentialName), IsCredential: true));
        Should.Throw<KnownFailure>(() => VaultKey.Locate(null, null, null, "")).Message.ShouldContain("PEREGRINE_KEY_FILE");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_key_in_the_home_folder_or_open_to_others_is_a_danger()
    {
        Key.Dangers(home.Path).ShouldBeEmpty();
        new VaultKey(home.File("key")).Dangers(home.Path).Single().What.ShouldContain("inside the home folder");
        new VaultKey(home.Path + "-not/key").Dangers(home.Path).ShouldBeEmpty("a name that begins alike is another folder");
        File.CreateSymbolicLink(elsewhere.File("link"), home.Path);
        new VaultKey(elsewhere.File("link/key")).Dangers(home.Path).Single().What.ShouldContain("inside the home folder");
        File.WriteAllBytes(elsewhere.File("open"), new byte[32]);
        File.SetUnixFileMode(elsewhere.File("open"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        new VaultKey(elsewhere.File("open")).Dangers(home.Path).Single().What.ShouldContain("may read the key");
        new VaultKey(elsewhere.File("open"), IsCredential: true).Dangers(home.Path).ShouldBeEmpty("who may read a credential is the system's to say");
    }

    [Fact]
    public void What_is_kept_goes_with_the_application_it_belongs_to()
    {
        Some.With(new BrokerApplication("id", "new")).Tokens.ShouldBe(Some.Tokens);
        (Some with { Refresh = RefreshState.Refused }).With(new BrokerApplication("id", "new")).Refresh.ShouldBe(RefreshState.Underway);
        Some.With(new BrokerApplication("other", "new")).ShouldSatisfyAllConditions(static c => c.Tokens.ShouldBeNull(), static c => c.Accounts.ShouldBeEmpty(), static c => c.Chosen.ShouldBeNull());
        Some.With(new GrantedAccounts(TokenScope.View, [new BrokerAccount(12, 5, true, ""), new BrokerAccount(13, 6, true, "")])).Chosen.ShouldBe(12);
        Some.With(new GrantedAccounts(TokenScope.View, [new BrokerAccount(14, 5, true, ""), new BrokerAccount(13, 6, true, "")])).Chosen.ShouldBeNull();
        Some.With(new GrantedAccounts(TokenScope.View, [new BrokerAccount(14, 5, true, "")])).Chosen.ShouldBe(14);
        Some.Renewed(new TokenPair("a", "b", default, default)).ShouldSatisfyAllConditions(static c => c.Accounts.ShouldBe(Some.Accounts), static c => c.Refresh.ShouldBe(RefreshState.Unused));
        Some.LoggedIn(new TokenPair("a", "b", default, default)).ShouldSatisfyAllConditions(static c => c.Accounts.ShouldBeEmpty(), static c => c.Scope.ShouldBeNull(), static c => c.Chosen.ShouldBe(12));
        Some.WithoutTokens().ShouldSatisfyAllConditions(static c => c.Application.ShouldBe(Some.Application), static c => c.Tokens.ShouldBeNull(), static c => c.Accounts.ShouldBeEmpty());
    }
}
