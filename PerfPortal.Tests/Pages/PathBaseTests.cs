using System.Text.RegularExpressions;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Pages;

/// <summary>A portal that a reverse proxy publishes under a path, whether the proxy keeps the path or removes it.</summary>
public sealed partial class PathBaseTests
{
    private static readonly string[] Pages =
        ["/", "/live", "/operations", "/operations/018f2f6e-7c1a-7000-8000-000000000001", "/resources", "/insights", "/benchmarks", "/compare", "/report", "/admin/thresholds", "/admin/storage", "/nope"];

    [Theory]
    [InlineData("/portal")]
    [InlineData("")]
    public async Task Every_link_of_every_page_stays_below_it(string passedOn)
    {
        await using var portal = await PortalFactory.StartAsync(("PathBase", "/portal/"));
        var outside = new List<string>();
        foreach (string page in Pages)
        {
            string text = (await portal.Client.GetAsync(passedOn + page)).Text;
            Assert.Contains("<base href=\"/portal/\"", text, StringComparison.Ordinal);
            outside.AddRange(Address().Matches(text).Select(match => match.Groups[1].Value)
                .Where(address => address.StartsWith('/') && !address.StartsWith("/portal/", StringComparison.Ordinal)).Select(address => $"{page}: {address}"));
        }

        Assert.Empty(outside);
    }

    [Theory]
    [InlineData("/portal")]
    [InlineData("")]
    public async Task What_the_interface_and_its_document_name_is_below_it(string passedOn)
    {
        await using var portal = await PortalFactory.StartAsync(("PathBase", "/portal"));
        string api = passedOn + "/api/v1/performance/";
        var started = await portal.Client.PostAsync(api + "operations", new { metric_type = "model_operation", operation_name = "n" });
        Assert.StartsWith("/portal/api/v1/performance/operations/", started.Expect(201).Headers.Location?.OriginalString, StringComparison.Ordinal);
        (await portal.Client.PostAsync(api + "operations/batch", new[] { SampleReports.Ended("a"), SampleReports.Ended("b") })).Expect(200);
        var page = (await portal.Client.GetAsync(api + "metrics/model_operation?limit=1")).Expect(200);
        Assert.StartsWith("</portal/api/v1/performance/metrics/model_operation?", page.Headers.GetValues("Link").Single(), StringComparison.Ordinal);
        Assert.Equal("/portal/api/v1/performance/nope", (await portal.Client.GetAsync(api + "nope")).ExpectProblem(404)["instance"].GetString());
        var document = (await portal.Client.GetAsync(passedOn + "/openapi/v1.json")).Expect(200);
        Assert.EndsWith("/portal", document["servers"][0].GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Contains("url\":\"openapi/v1.json\"", (await portal.Client.GetAsync(passedOn + "/scalar/")).Expect(200).Text, StringComparison.Ordinal);
        (await portal.Client.GetAsync("/livez")).Expect(200);
    }

    [Fact]
    public async Task Sign_in_leads_below_it_and_its_cookie_is_for_it()
    {
        await using var portal = await PortalFactory.StartTeamAsync(("PathBase", "/portal"));
        using var client = portal.Server.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/portal/operations?q=1") { Headers = { { "Accept", "text/html" } } };
        using var challenged = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("/portal/sign-in?return_url=%2Fportal%2Foperations%3Fq%3D1", challenged.Headers.Location?.OriginalString);
        using var form = await client.GetAsync(new Uri("/portal/sign-in", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("action=\"/portal/sign-in\"", await form.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.All(form.Headers.GetValues("Set-Cookie"), cookie => Assert.Contains("path=/portal", cookie, StringComparison.Ordinal));
    }

    [GeneratedRegex("(?:href|src|action)=\"([^\"]*)\"")]
    private static partial Regex Address();
}
