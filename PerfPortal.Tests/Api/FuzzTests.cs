using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Benchmarks.Faults;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>2,000 malformed or unusual requests, the same ones in each run.</summary>
public sealed class FuzzTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const int Requests = 2_000;

    [Fact]
    public async Task No_request_however_wrong_makes_the_portal_fail()
    {
        var ids = new List<Guid>();
        for (int i = 0; i < 3; i++)
        {
            var id = Guid.NewGuid();
            ids.Add(id);
            (await portal.Client.PostAsync("operations", new { id, metric_type = "model_operation", operation_name = "fuzzed" })).Expect(201);
        }

        var endpoints = portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal) || endpoint.RoutePattern.RawText.StartsWith("/openapi", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => (Method: new HttpMethod(method), Path: endpoint.RoutePattern.RawText!)) ?? [])
            .ToList();
        Assert.True(endpoints.Count > 15, "Endpoints were found.");
        var failed = new List<string>();
        var requests = new OddRequests(20260101, endpoints, ids);
        for (int i = 0; i < Requests; i++)
        {
            var odd = requests.Next();
            using var content = odd.Body is null ? null : PortalClient.Bytes(odd.Body, odd.MediaType, odd.Encoding);
            var answer = await portal.Client.SendAsync(odd.Method, odd.Target, content, odd.IfMatch is { } tag ? [("If-Match", tag)] : []);
            if (answer.Code >= 500)
            {
                failed.Add($"{answer.Code} {odd.Method} {odd.Target} {Encoding.UTF8.GetString(odd.Body ?? [])}");
            }
            else if (answer.Code >= 400 && answer.MediaType != "application/problem+json")
            {
                failed.Add($"{answer.Code} is no problem: {odd.Method} {odd.Target} {answer.Text}");
            }
        }

        Assert.True(failed.Count == 0, $"{failed.Count} failed:\n{string.Join('\n', failed.Take(10))}");
        (await portal.Client.GetAsync("/readyz")).Expect(200);
        (await portal.Client.GetAsync("resources/current")).Expect(200);
        (await portal.Client.PostAsync("operations/batch", new[] { SampleReports.Ended("after") })).Expect(200);
    }
}
