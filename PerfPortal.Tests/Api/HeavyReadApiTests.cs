using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>Responses while the portal is busy, and for sources that do not exist.</summary>
public sealed class HeavyReadApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private PortalClient Client => portal.Client;

    [Theory]
    [InlineData("compare", HeavyRead.Comparison)]
    [InlineData("report?format=html", HeavyRead.Comparison)]
    [InlineData("benchmarks", HeavyRead.Comparison)]
    [InlineData("metrics/model_operation", HeavyRead.Search)]
    [InlineData("resources/history", HeavyRead.Search)]
    [InlineData("/export/operations.csv", HeavyRead.Export)]
    [InlineData("/export/operations.json", HeavyRead.Export)]
    [InlineData("/export/operations.ndjson", HeavyRead.Export)]
    internal async Task A_heavy_read_beyond_the_limit_is_429_with_the_time_to_wait_while_the_dashboard_answers(string path, HeavyRead kind)
    {
        (await Client.GetAsync(path)).Expect(200);
        var reads = portal.Services.GetRequiredService<HeavyReads>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var entries = Enumerable.Range(0, 200).Select(_ => reads.EnterAsync(kind, stop.Token).AsTask()).ToList();
        try
        {
            var refused = (await Client.GetAsync(path)).ExpectProblem(429, "Try again");
            Assert.Equal(HeavyReads.RetryAfter, refused.Headers.RetryAfter?.Delta);
            (await Client.GetAsync("dashboard")).Expect(200);
            (await Client.GetAsync("/readyz")).Expect(200);
        }
        finally
        {
            await stop.CancelAsync();
            foreach (var entry in entries.Where(entry => entry.IsCompletedSuccessfully))
            {
                (await entry)?.Dispose();
            }
        }

        (await Client.GetAsync(path)).Expect(200);
    }

    [Fact]
    public void Every_export_and_every_read_that_costs_much_is_limited()
    {
        string[] costly = ["/report", "/compare", "/benchmarks", "/optimize", "/settings/thresholds/preview", "/metrics/{metric_type}", "/resources/history"];
        var unlimited = portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<HeavyReadMetadata>() is null).Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/'));
        Assert.DoesNotContain(unlimited, route => route.StartsWith("/export/", StringComparison.Ordinal) || costly.Any(path => route == ApiRoutes.Root + path));
    }

    [Fact]
    public async Task The_dashboard_of_a_source_that_nobody_reported_is_empty_though_the_place_for_sources_is_taken()
    {
        var reads = portal.Services.GetRequiredService<HeavyReads>();
        using var place = await reads.EnterAsync(HeavyRead.Source, TestContext.Current.CancellationToken);
        var answer = (await Client.GetAsync("dashboard?source=" + Guid.NewGuid())).Expect(200);
        Assert.Equal(0, answer["performance_summary"].GetProperty("total_operations_24h").GetInt64());
        Assert.False(answer["performance_score"].GetProperty("sufficient_data").GetBoolean());
        Assert.Equal(6, answer["operations_by_type"].EnumerateObject().Count());
        Assert.Equal(5, answer["resource_trends"].EnumerateObject().Count());
    }

    [Fact]
    public async Task A_source_is_known_as_soon_as_it_reports()
    {
        string source = "new-" + Guid.NewGuid().ToString("N");
        (await Client.GetAsync("dashboard?source=" + source)).Expect(200);
        (await Client.PostAsync("operations/batch", new[] { SampleReports.Ended("first", ("source", source)) })).Expect(200);
        await Eventually.TrueAsync(
            async () => (await Client.GetAsync("dashboard?source=" + source)).Expect(200)["performance_summary"].GetProperty("total_operations_24h").GetInt64() == 1,
            "the dashboard of the source counts its operation");

        string running = "running-" + Guid.NewGuid().ToString("N");
        (await Client.PostAsync("operations", new { metric_type = "model_operation", operation_name = "n", source = running })).Expect(201);
        await Eventually.TrueAsync(
            async () => (await Client.GetAsync("dashboard?source=" + running)).Expect(200)["active_operations"].GetInt32() == 1, "the dashboard of the source counts what runs");
    }
}
