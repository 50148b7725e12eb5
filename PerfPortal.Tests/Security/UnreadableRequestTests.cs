using System.Net;
using System.Net.Http.Headers;
using System.Text;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Security;

/// <summary>Requests on which the framework itself fails are the client's fault, signed in or not.</summary>
public sealed class UnreadableRequestTests
{
    private static readonly string[] Headers = ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy"];

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/sign-in")]
    [InlineData("POST", "/sign-in")]
    [InlineData("POST", "/api/v1/performance/operations")]
    [InlineData("GET", "/nope")]
    public async Task A_host_that_is_no_punycode_with_a_foreign_origin_is_400_with_the_security_headers(string method, string path)
    {
        foreach (var start in new[] { PortalFactory.StartAsync, PortalFactory.StartTeamAsync })
        {
            await using var portal = await start([]);
            var context = await portal.Server.SendAsync(
                request =>
                {
                    request.Request.Method = method;
                    request.Request.Path = path;
                    request.Request.Headers.Host = "xn--a";
                    request.Request.Headers.Origin = "https://evil.example";
                },
                TestContext.Current.CancellationToken);
            Assert.Equal(400, context.Response.StatusCode);
            AssertHeaders(context.Response.Headers.Select(header => header.Key));
        }
    }

    [Theory]
    [InlineData("/sign-in", "application/x-www-form-urlencoded; charset=utf-7")]
    [InlineData("/operations", "application/x-www-form-urlencoded; charset=UTF-7")]
    [InlineData("/api/v1/performance/operations", "application/json; charset=unicode-1-1-utf-7")]
    public async Task A_body_in_utf_7_is_400(string path, string type)
    {
        await using var portal = await PortalFactory.StartTeamAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.ASCII.GetBytes("a=b")) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var response = await portal.Client.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        AssertHeaders(response.Headers.Select(header => header.Key));
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/nope")]
    [InlineData("/api/v1/performance/nope")]
    [InlineData("/api/v1/performance/dashboard?source=a&source=b")]
    [InlineData("/icons/favicon.svg")]
    [InlineData("/scalar/")]
    public async Task Every_answer_has_the_security_headers_errors_included(string path)
    {
        await using var portal = await PortalFactory.StartAsync();
        using var response = await portal.Client.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        AssertHeaders(response.Headers.Select(header => header.Key));
        Assert.DoesNotContain("unsafe-eval", string.Join(' ', response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    private static void AssertHeaders(IEnumerable<string> names) => Assert.Empty(Headers.Except(names, StringComparer.OrdinalIgnoreCase));
}
