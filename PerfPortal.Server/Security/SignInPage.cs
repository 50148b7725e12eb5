using System.Net;
using Microsoft.AspNetCore.Antiforgery;

namespace PerfPortal.Server.Security;

/// <summary>The sign-in form: a single page without scripts or further requests, with light and dark themes.</summary>
internal static class SignInPage
{
    private const string Style = """
        :root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --line: #d5d9e0; --text: #1b2230; --quiet: #555f70; --accent: #1f5fbf; --on-accent: #fff; --bad: #b3261e; }
        @media (prefers-color-scheme: dark) { :root { --page: #14171c; --card: #1c2027; --line: #343b47; --text: #e6e9ef; --quiet: #a3adbd; --accent: #7db0ff; --on-accent: #10141b; --bad: #ff9c94; } }
        * { box-sizing: border-box; }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page); color: var(--text); font: 14px/1.5 system-ui, sans-serif; }
        main { width: min(360px, calc(100vw - 32px)); padding: 24px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
        h1 { margin: 0 0 4px; font-size: 20px; }
        p { margin: 0 0 16px; color: var(--quiet); }
        label { display: block; margin-bottom: 4px; font-weight: 600; }
        input, button { width: 100%; min-height: 40px; padding: 8px 12px; border-radius: 4px; font: inherit; }
        input { border: 1px solid var(--quiet); background: var(--page); color: var(--text); }
        button { margin-top: 16px; border: 0; background: var(--accent); color: var(--on-accent); font-weight: 600; cursor: pointer; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        p.wrong { color: var(--bad); font-weight: 600; }
        """;

    public static string Write(PathString pathBase, string target, AntiforgeryTokenSet token, string? message)
    {
        string complaint = message is null ? "" : $"<p class=\"wrong\" role=\"alert\" id=\"wrong\">&#9888; {WebUtility.HtmlEncode(message)}</p>";
        string marked = message is null ? "" : " aria-invalid=\"true\" aria-describedby=\"wrong\"";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Sign in - PerfPortal</title>
            <link rel="icon" href="data:,">
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>PerfPortal</h1>
            <p>Sign in with an access key.</p>
            {complaint}
            <form method="post" action="{WebUtility.HtmlEncode(pathBase + SignIn.Path)}">
            <input type="hidden" name="{token.FormFieldName}" value="{WebUtility.HtmlEncode(token.RequestToken)}">
            <input type="hidden" name="{SignIn.ReturnUrl}" value="{WebUtility.HtmlEncode(target)}">
            <label for="key">Access key</label>
            <input id="key" name="{SignIn.KeyField}" type="password" autocomplete="current-password" required autofocus{marked}>
            <button type="submit">Sign in</button>
            </form>
            </main>
            </body>
            </html>
            """;
    }
}
