using System.Diagnostics.CodeAnalysis;
using Peregrine.Adapters.CTrader.Wire;
using Peregrine.Core;
using Peregrine.Venue.Faults;

namespace Peregrine.Venue;

public sealed partial class Exchange
{
    private readonly Grants grants;

    /// <summary>The time that tokens expire by: real time where the exchange is told it, else the venue's own.</summary>
    private Instant tokenTime;

    /// <summary>A code for what the accounts' owner allowed: it is good for a minute, once, and only with the address that it is sent to.</summary>
    public string Promise(Permission permission, string redirect, Instant at) => grants.Promised(permission, redirect, at);

    /// <summary>Tokens for a code.</summary>
    public TokenReply Redeem(RegisteredApplication who, (string Code, string Redirect) with, Instant at) => Told(grants.Redeem(who, with, at));

    /// <summary>The next tokens for a refresh token. Sessions that were authorised with the access token before it end.</summary>
    public TokenReply Renew(RegisteredApplication who, string refresh, Instant at) => Told(grants.Renew(who, refresh, at));

    /// <summary>Takes an access token back, as its owner may at any time, and ends what was authorised with it. False where there is no such token.</summary>
    public bool Revoke(string token)
    {
        if (!grants.Remove(token))
        {
            return false;
        }

        Invalidate(token, "TOKEN_REVOKED");
        return true;
    }

    /// <summary>What the script says of the token that a connection uses.</summary>
    private void Spoil(Line line)
    {
        if (Faults is not { } faults || line.Tokens.Count == 0)
        {
            return;
        }

        string token = line.Tokens.First().Value;
        if (faults.Happens(FaultKind.Revoke, Now))
        {
            Revoke(token);
        }
        else if (faults.Happens(FaultKind.Expire, Now))
        {
            grants.Expire(token);
            Invalidate(token, "TOKEN_EXPIRED");
        }
    }

    private void ListAccounts(Line line, Asker asker, string text)
    {
        if (!Opens(line, asker, text, null, out AccessToken? token))
        {
            return;
        }

        var answer = new ProtoOAGetAccountListByAccessTokenRes { AccessToken = text, PermissionScope = token.CanTrade ? ProtoOAClientPermissionScope.ScopeTrade : ProtoOAClientPermissionScope.ScopeView };
        answer.CtidTraderAccount.AddRange(token.Accounts.Select(id => new ProtoOACtidTraderAccount
        {
            CtidTraderAccountId = (ulong)id,
            IsLive = accounts[id].Offered.IsLive,
            TraderLogin = accounts[id].Offered.Login,
            BrokerTitleShort = "peregrine",
        }));
        Send(asker.Line, answer, asker.ClientMsgId);
    }

    private void AuthoriseAccount(Line line, Asker asker, ProtoOAAccountAuthReq request)
    {
        long id = request.CtidTraderAccountId;
        if (!Opens(line, asker, request.AccessToken, id, out AccessToken? token))
        {
            return;
        }

        if (!token.Accounts.Contains(id))
        {
            Refuse(asker, id, "CH_CTID_TRADER_ACCOUNT_NOT_FOUND", "Trading account is not found");
        }
        else if (setup.Host == (accounts[id].Offered.IsLive ? HostKind.Demo : HostKind.Live))
        {
            Refuse(asker, id, "CANT_ROUTE_REQUEST", "Cannot route request");
        }
        else if (!line.Accounts.TryAdd(id, token.CanTrade))
        {
            Refuse(asker, id, "ALREADY_LOGGED_IN", "Trading account is already authorized in this channel");
        }
        else
        {
            line.Tokens[id] = token.Text;
            Send(asker.Line, new ProtoOAAccountAuthRes { CtidTraderAccountId = id }, asker.ClientMsgId);
        }
    }

    /// <summary>Whether a token is good, which is refused here where it is not.</summary>
    private bool Opens(Line line, Asker asker, string text, long? account, [NotNullWhen(true)] out AccessToken? token)
    {
        token = grants.Find(text, line.Application!);
        string? objection = token is null ? "CH_ACCESS_TOKEN_INVALID" : token.ExpiresAt <= tokenTime ? "OA_AUTH_TOKEN_EXPIRED" : null;
        if (objection is not null)
        {
            Refuse(asker, account, objection, objection == "OA_AUTH_TOKEN_EXPIRED" ? "Access token has expired" : "Access token is not valid");
        }

        return objection is null;
    }

    private void RenewInBand(Line line, Asker asker, ProtoOARefreshTokenReq request)
    {
        if (grants.Renew(line.Application!, request.RefreshToken, tokenTime) is not TokenReply.Granted granted)
        {
            Refuse(asker, null, "CH_ACCESS_TOKEN_INVALID", "Refresh token is not valid");
            return;
        }

        var answer = new ProtoOARefreshTokenRes { AccessToken = granted.Token.Text, TokenType = TokenReply.Kind, ExpiresIn = (long)granted.Life.TotalSeconds, RefreshToken = granted.Token.Refresh };
        Send(asker.Line, answer, asker.ClientMsgId);
        Told(granted);
    }

    /// <summary>Tells sessions what tokens that were given have ended.</summary>
    private TokenReply Told(TokenReply reply)
    {
        if (reply is TokenReply.Granted { Ended: { } before })
        {
            Invalidate(before, "TOKEN_REFRESHED");
        }

        while (grants.Surplus() is { } oldest)
        {
            Invalidate(oldest, "TOKEN_REVOKED");
        }

        return reply;
    }

    private void Invalidate(string token, string reason)
    {
        foreach (Line line in lines.Values)
        {
            long[] ended = [.. line.Tokens.Where(t => t.Value == token).Select(static t => t.Key)];
            foreach (long account in ended)
            {
                Forget(line, account);
            }

            if (ended.Length > 0)
            {
                Send(line.Id, new ProtoOAAccountsTokenInvalidatedEvent { CtidTraderAccountIds = { ended }, Reason = reason }, null);
            }
        }
    }
}
