using System.Net;
using System.Text.RegularExpressions;
using Xunit;

namespace PerfPortal.Tests.Security;

/// <summary>Fills in the sign-in form as a browser does.</summary>
internal static partial class SignInForm
{
    /// <summary>Opens the form and submits it with a key.</summary>
    public static async Task<HttpResponseMessage> SubmitAsync(HttpClient client, string key, string returnUrl, params (string Name, string Value)[] headers)
    {
        using var show = With(new(HttpMethod.Get, "/sign-in?return_url=" + Uri.EscapeDataString(returnUrl)), headers);
        using var shown = await client.SendAsync(show, TestContext.Current.CancellationToken);
        string page = await shown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var fields = HiddenField().Matches(page).Select(match => KeyValuePair.Create(match.Groups[1].Value, WebUtility.HtmlDecode(match.Groups[2].Value)));
        using var submit = With(new(HttpMethod.Post, Action().Match(page).Groups[1].Value) { Content = new FormUrlEncodedContent([.. fields, KeyValuePair.Create("key", key)]) }, headers);
        return await client.SendAsync(submit, TestContext.Current.CancellationToken);
    }

    private static HttpRequestMessage With(HttpRequestMessage request, (string Name, string Value)[] headers)
    {
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    [GeneratedRegex("""<input type="hidden" name="([^"]+)" value="([^"]*)">""")]
    private static partial Regex HiddenField();

    [GeneratedRegex("""<form method="post" action="([^"]*)">""")]
    private static partial Regex Action();
}
