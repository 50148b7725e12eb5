using System.Net;

namespace PerfPortal.Server.Security;

/// <summary>A page for people who are not signed in: a single document without scripts or further requests, with light and dark themes.</summary>
internal static class PlainPage
{
    private const string Style = """
        :root { color-scheme: light dark; --page: #f6f7f9; --card: #ffffff; --line: #d9dde3; --field: #858e9b; --text: #1b1f26; --quiet: #505a68; --accent: #0b62c4; --on-accent: #ffffff; --bad: #b3261e; }
        @media (prefers-color-scheme: dark) { :root { --page: #101317; --card: #171b21; --line: #2c333d; --field: #6c7787; --text: #e6e9ee; --quiet: #a3adba; --accent: #6cb0ff; --on-accent: #0b1a2b; --bad: #ff8a80; } }
        * { box-sizing: border-box; }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page); color: var(--text); font: 14px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        main { width: min(360px, calc(100vw - 32px)); padding: 24px; background: var(--card); border: 1px solid var(--line); border-radius: 6px; }
        h1 { margin: 0 0 4px; font-size: 20px; font-weight: 600; line-height: 28px; }
        p { margin: 0 0 16px; color: var(--quiet); }
        a { color: var(--accent); }
        label { display: block; margin-bottom: 4px; font-weight: 600; }
        input, button { width: 100%; min-height: 40px; padding: 8px 12px; border-radius: 6px; font: inherit; }
        input { border: 1px solid var(--field); background: var(--card); color: var(--text); }
        button { margin-top: 16px; border: 0; background: var(--accent); color: var(--on-accent); font-weight: 600; cursor: pointer; }
        :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        p.wrong { color: var(--bad); font-weight: 600; }
        """;

    /// <summary>The page for an address that does not exist.</summary>
    public static string NotFound(PathString pathBase) => Write(
        "Not found",
        $"<h1>Not found</h1>\n<p>This page does not exist. Check the address.</p>\n<a href=\"{WebUtility.HtmlEncode(pathBase + SignIn.Path)}\">Sign in to PerfPortal</a>");

    /// <summary>Writes a page.</summary>
    /// <param name="title">The title, without markup.</param>
    /// <param name="content">The content, as HTML.</param>
    public static string Write(string title, string content) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{title} - PerfPortal</title>
        <link rel="icon" href="data:,">
        <style>{Style}</style>
        </head>
        <body>
        <main>
        {content}
        </main>
        </body>
        </html>
        """;
}
