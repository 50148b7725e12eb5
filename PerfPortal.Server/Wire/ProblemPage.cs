using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http.Extensions;

namespace PerfPortal.Server.Wire;

/// <summary>
/// A problem as a page, for people who open an address of the portal in a browser: one document without scripts or further requests, because the portal's own pages
/// may be what is unavailable.
/// </summary>
internal static class ProblemPage
{
    private const string Style = """
        :root { color-scheme: light dark; --page: #f6f7f9; --card: #fff; --line: #d5d9e0; --text: #1b2230; --quiet: #555f70; --accent: #1f5fbf; }
        @media (prefers-color-scheme: dark) { :root { --page: #14171c; --card: #1c2027; --line: #343b47; --text: #e6e9ef; --quiet: #a3adbd; --accent: #7db0ff; } }
        * { box-sizing: border-box; }
        body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page); color: var(--text); font: 14px/1.5 system-ui, sans-serif; }
        main { width: min(560px, calc(100vw - 32px)); padding: 24px; background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow-wrap: anywhere; }
        h1 { margin: 0 0 8px; font-size: 20px; }
        p { margin: 0 0 12px; }
        p:last-child { margin: 0; color: var(--quiet); }
        a { color: var(--accent); }
        """;

    /// <summary>Whether a browser asks for a page: a GET that accepts HTML, outside the API.</summary>
    public static bool IsWanted(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
        && request.Headers.Upgrade.Count == 0
        && !RequestPaths.IsApi(request.Path) && !RequestPaths.IsConnection(request.Path);

    /// <summary>Writes the page.</summary>
    /// <param name="request">The request, whose address the page links to.</param>
    /// <param name="title">The error.</param>
    /// <param name="detail">The reason and the remedy.</param>
    /// <param name="retryAfter">When the page reloads automatically; <see langword="null"/> for never.</param>
    public static string Write(HttpRequest request, string title, string detail, TimeSpan? retryAfter)
    {
        string heading = WebUtility.HtmlEncode(title);
        string seconds = Math.Max(1, Math.Ceiling(retryAfter?.TotalSeconds ?? 0)).ToString(CultureInfo.InvariantCulture);
        string refresh = retryAfter is null ? "" : $"<meta http-equiv=\"refresh\" content=\"{seconds}\">";
        string again = retryAfter is null
            ? $"<a href=\"{WebUtility.HtmlEncode(request.PathBase)}/\">Go to the start page</a>"
            : $"This page reloads every {seconds} s. <a href=\"{WebUtility.HtmlEncode(request.GetEncodedPathAndQuery())}\">Try now</a>";
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            {refresh}
            <title>{heading} - PerfPortal</title>
            <link rel="icon" href="data:,">
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <h1>{heading}</h1>
            <p role="alert">{WebUtility.HtmlEncode(detail)}</p>
            <p>{again}</p>
            </main>
            </body>
            </html>
            """;
    }
}
