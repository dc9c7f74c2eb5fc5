using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Peregrine.Core.Portfolio;

namespace Peregrine.Venue;

/// <summary>The page on which a person allows an application to use accounts. It works without scripts, and loads nothing.</summary>
internal static class PermissionPage
{
    private const string Css = """
        :root { color-scheme:light dark; --paper:#eef1f3; --card:#ffffff; --ink:#1c2126; --quiet:#59636d; --rule:#dde2e6; --line:#2f5373; --on:#ffffff; --tint:rgba(47,83,115,.07); --amber:#865800; --amber-tint:rgba(214,150,20,.13) }
        @media (prefers-color-scheme:dark) { :root { --paper:#0e1113; --card:#171b1f; --ink:#e5e8ea; --quiet:#9ba5ad; --rule:#2c3338; --line:#8fb6d9; --on:#10161b; --tint:rgba(143,182,217,.1); --amber:#e3ad45; --amber-tint:rgba(227,173,69,.13) } }
        * { box-sizing:border-box }
        body { margin:0; min-height:100vh; display:grid; place-items:center; padding:24px 16px; background:var(--paper); color:var(--ink); font:15px/24px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif; font-variant-numeric:tabular-nums }
        main { width:100%; max-width:480px; background:var(--card); border:1px solid var(--rule); border-radius:12px; padding:32px; box-shadow:0 1px 2px rgba(0,0,0,.05),0 12px 32px rgba(0,0,0,.06) }
        header { display:flex; align-items:center; gap:10px; margin-bottom:24px; font-weight:600 } header svg { flex:none } header span { margin-left:auto; font-weight:400; font-size:13px; color:var(--quiet) }
        h1 { margin:0 0 4px; font-size:22px; line-height:30px; font-weight:600; overflow-wrap:anywhere } p { margin:0; color:var(--quiet) }
        fieldset { border:0; margin:24px 0 0; padding:0; min-width:0 } legend { padding:0; margin-bottom:8px; font-size:13px; font-weight:600; color:var(--quiet) }
        label { display:grid; grid-template-columns:20px minmax(0,1fr) max-content; gap:0 12px; align-items:center; padding:11px 14px; border:1px solid var(--rule); cursor:pointer }
        label + label { border-top:0 } label:first-of-type { border-radius:8px 8px 0 0 } label:last-of-type { border-radius:0 0 8px 8px } label:only-of-type { border-radius:8px }
        label:hover { background:var(--tint) } label:has(:checked) { background:var(--tint) } label:focus-within { outline:2px solid var(--line); outline-offset:-2px }
        input { width:18px; height:18px; margin:0; accent-color:var(--line); outline:none }
        b { font-weight:600; white-space:nowrap } small { display:block; font-size:13px; line-height:20px; color:var(--quiet) } .sum { text-align:right }
        .live { display:inline-block; margin-left:6px; padding:0 7px; border-radius:9px; font-size:12px; line-height:18px; font-weight:600; color:var(--amber); background:var(--amber-tint) }
        .lacks { margin-top:16px; padding:8px 12px; border-left:4px solid var(--amber); background:var(--amber-tint); border-radius:0 6px 6px 0; color:var(--ink) }
        button { width:100%; margin-top:24px; padding:11px 16px; border:0; border-radius:8px; background:var(--line); color:var(--on); font:inherit; font-weight:600; cursor:pointer } button:hover { filter:brightness(1.08) } button:focus-visible { outline:2px solid var(--ink); outline-offset:2px }
        footer { margin-top:16px; font-size:13px; line-height:20px; color:var(--quiet); overflow-wrap:anywhere }
        @media (max-width:420px) { main { padding:24px 20px } header { white-space:nowrap } .sum { grid-column:2; text-align:left; font-size:13px; line-height:20px; color:var(--quiet) } }
        """;

    private const string Mark = """<svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true"><rect width="28" height="28" rx="7" fill="var(--line)"/><path d="M5 9c4 .2 6.6 1.7 9 4.8 2.4-3.1 5-4.6 9-4.8-1 5-3.900 8.400-7.600 9.200L14 22l-1.400-3.800C8.900 17.400 6 14 5 9z" fill="var(--card)"/></svg>""";

    /// <summary>The style alone is allowed, by its hash.</summary>
    private static readonly string Style = $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'";

    public static PageAnswer Ask(LoginQuestion question, VenueSetup setup)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<h1>Allow {Safe(question.ClientId)} to use accounts?</h1>\n<p>It asks to {(question.MayTrade ? "trade on them" : "look at them")}. Choose what it may do.</p>\n<form method=\"post\">\n<fieldset><legend>Accounts</legend>\n");
        foreach (OfferedAccount account in setup.Accounts)
        {
            page.Append(Row(account));
        }

        page.Append("</fieldset>\n");
        if (question.MayTrade)
        {
            page.Append("<fieldset><legend>Permission</legend>\n<label><input type=\"checkbox\" name=\"trading\" value=\"yes\" checked><span><b>Trade</b><small>Without it the application may only look.</small></span></label>\n</fieldset>\n");
        }

        if (question.Lacks is { } lacks)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"lacks\" role=\"alert\">{Safe(lacks)}</p>\n");
        }

        page.Append(CultureInfo.InvariantCulture, $"<button>Allow</button>\n</form>\n<footer>You are then sent to {Safe(question.Redirect.GetLeftPart(UriPartial.Path))}. No money is real here.</footer>");

        // Browsers hold the way on to the application against the form too.
        return PageAnswer.Html(question.Lacks is null ? "200 OK" : "422 Unprocessable Content", Whole("Allow access", page.ToString())) with { Policy = $"{Style}; form-action 'self' {question.Redirect.GetLeftPart(UriPartial.Authority)}" };
    }

    public static PageAnswer Fault(string why) => PageAnswer.Html("400 Bad Request", Whole("Not a request for access", $"<h1>This is no request for access</h1>\n<p>{Safe(why)}</p>")) with { Policy = $"{Style}; form-action 'none'" };

    /// <summary>An account; those that pass for real ones are allowed only on purpose.</summary>
    private static string Row(OfferedAccount account)
    {
        string kind = account.Terms.Kind == AccountKind.Hedged ? "hedged" : "netted", name = $"{(account.IsLive ? "live" : "demo")}-{account.Login.ToString(CultureInfo.InvariantCulture)}";
        string badge = account.IsLive ? "<span class=\"live\">plays live</span>" : "", terms = account.Terms.Leverage is { } leverage ? $"{kind}, 1:{leverage.ToString(CultureInfo.InvariantCulture)}" : kind;
        return string.Create(CultureInfo.InvariantCulture, $"<label><input type=\"checkbox\" name=\"account\" value=\"{account.Id}\"{(account.IsLive ? "" : " checked")}><span><b>{name}</b>{badge}<small>{terms}</small></span><span class=\"sum\">{account.Terms.Deposit.Amount:N2} {account.Terms.Deposit.Currency.Code}</span></label>\n");
    }

    private static string Whole(string title, string body) =>
        $"<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{title} · Peregrine venue</title><style>{Css}</style></head>\n<body><main>\n<header>{Mark}Peregrine venue<span>on this machine</span></header>\n{body}\n</main></body>\n</html>\n";

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
