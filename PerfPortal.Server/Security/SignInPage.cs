using System.Net;
using Microsoft.AspNetCore.Antiforgery;

namespace PerfPortal.Server.Security;

/// <summary>The sign-in form.</summary>
internal static class SignInPage
{
    public static string Write(PathString pathBase, string target, AntiforgeryTokenSet token, string? message)
    {
        string complaint = message is null ? "" : $"<p class=\"wrong\" role=\"alert\" id=\"wrong\">&#9888; {WebUtility.HtmlEncode(message)}</p>";
        string marked = message is null ? "" : " aria-invalid=\"true\" aria-describedby=\"wrong\"";
        return PlainPage.Write("Sign in", $"""
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
            """);
    }
}
