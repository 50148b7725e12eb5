using System.Net;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Security;
using Xunit;

namespace PerfPortal.Tests.Pages;

/// <summary>Unknown addresses.</summary>
public sealed class MissingPageTests
{
    [Theory]
    [InlineData("/nope", null)]
    [InlineData("/nope/deeper", "text/html")]
    [InlineData("/nope.html", "text/html")]
    [InlineData("/not-found", null)]
    public async Task An_unknown_address_is_a_page_in_the_shell_with_search_and_status_404(string path, string? accept)
    {
        await using var portal = await PortalFactory.StartAsync();
        var (status, mediaType, text) = await GetAsync(portal, path, accept);
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (status, mediaType));
        Assert.Contains("Not found</h1>", text, StringComparison.Ordinal);
        Assert.Contains("<nav class=\"rail ", text, StringComparison.Ordinal);
        Assert.Matches("<form[^>]*role=\"search\"[^>]*action=\"/operations\"", text);
    }

    [Theory]
    [InlineData("/operations/018f2f6e-7c1a-7000-8000-000000000001")]
    [InlineData("/operations/no-id")]
    public async Task The_page_of_an_operation_that_does_not_exist_says_so_with_status_404(string path)
    {
        await using var portal = await PortalFactory.StartAsync();
        var (status, _, text) = await GetAsync(portal, path, "text/html");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("Operation not found</h1>", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/css/nope.css", "text/css")]
    [InlineData("/favicon.ico", "image/avif,image/webp,*/*")]
    [InlineData("/js/nope.js", null)]
    [InlineData("/hubs/nope", null)]
    public async Task A_missing_file_is_a_line_of_text_and_no_page(string path, string? accept)
    {
        await using var portal = await PortalFactory.StartAsync();
        var (status, mediaType, text) = await GetAsync(portal, path, accept);
        Assert.Equal((HttpStatusCode.NotFound, "text/plain", "There is nothing at this address.\n"), (status, mediaType, text));
    }

    [Fact]
    public async Task Signed_out_an_unknown_address_is_a_404_page_that_shows_nothing_of_the_portal()
    {
        await using var portal = await PortalFactory.StartTeamAsync(("PathBase", "/portal"));
        var (status, mediaType, text) = await GetAsync(portal, "/portal/nope", "text/html");
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (status, mediaType));
        Assert.Contains("href=\"/portal/sign-in\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("rail", text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(portal, "/portal/nope", "text/html", ("X-Api-Key", TeamKeys.Read))).Status);
    }

    private static async Task<(HttpStatusCode Status, string? MediaType, string Text)> GetAsync(
        PortalFactory portal, string path, string? accept, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach ((string name, string value) in accept is null ? headers : [.. headers, ("Accept", accept)])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await portal.Client.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
