using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class HeadTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    /// <summary>Headers that differ between two requests, and those that are known only with the content.</summary>
    private static readonly string[] NotCompared = ["Content-Length", "Set-Cookie", "Date", "Content-Disposition"];

    [Fact]
    public async Task Curl_with_dash_i_gets_what_get_says_without_the_body()
    {
        (await portal.Client.PostAsync("operations/batch", new[] { SampleReports.Ended("headed") })).Expect(200);
        var paths = portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains("GET") == true
                && endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/'))
            .Where(path => !path.Contains("{*", StringComparison.Ordinal) && !path.StartsWith("/_", StringComparison.Ordinal) && !path.StartsWith("/hubs", StringComparison.Ordinal) && path != "/stream")
            .Select(path => path.Replace("{metric_type}", "model_operation", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal)
                .Replace("{id}", "018f2f6e-7c1a-7000-8000-000000000001", StringComparison.Ordinal))
            .Where(path => !path.Contains('{', StringComparison.Ordinal))
            .Concat(["/site.css", "/nothing", "/api/v1/performance/dashboard?source=" + new string('x', 201)])
            .Distinct().ToList();
        Assert.Contains("/", paths);
        Assert.Contains("/api/v1/performance/dashboard", paths);
        Assert.Contains("/export/operations.csv", paths);
        foreach (string path in paths)
        {
            using var get = await SendAsync(HttpMethod.Get, path);
            using var head = await SendAsync(HttpMethod.Head, path);
            Assert.True(get.StatusCode == head.StatusCode, $"{path}: {head.StatusCode} instead of {get.StatusCode}");
            Assert.True(Headers(get).SequenceEqual(Headers(head)), $"{path}:\n{string.Join('\n', Headers(head))}\ninstead of\n{string.Join('\n', Headers(get))}");
            Assert.True((await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length == 0, $"{path} has a body");
        }
    }

    [Fact]
    public async Task A_stream_answers_head_at_once()
    {
        using var head = await SendAsync(HttpMethod.Head, "/stream?topics=operations,dashboard");
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal("text/event-stream", head.Content.Headers.ContentType!.MediaType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_length_that_get_announces_is_the_one_of_its_body()
    {
        using var get = await SendAsync(HttpMethod.Get, "/api/v1/performance/dashboard");
        using var head = await SendAsync(HttpMethod.Head, "/api/v1/performance/dashboard");
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.True(head.Content.Headers.ContentLength > 0);
    }

    private static IEnumerable<string> Headers(HttpResponseMessage response) => response.Headers.Concat(response.Content.Headers)
        .Where(header => !NotCompared.Contains(header.Key)).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
    {
        using var http = portal.Server.CreateClient();
        using var request = new HttpRequestMessage(method, path);
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}
