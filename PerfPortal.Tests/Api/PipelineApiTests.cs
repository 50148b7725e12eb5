using System.Text.Json;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class PipelineApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task The_pipeline_says_how_reports_flow_and_how_names_are_used()
    {
        (await portal.Client.PostAsync("operations/batch", new[] { SampleReports.Ended("piped") })).Expect(200);
        var answer = (await portal.Client.GetAsync("pipeline")).Expect(200);
        Assert.Equal("flowing", answer["state"].GetString());
        Assert.False(string.IsNullOrWhiteSpace(answer["summary"].GetString()));
        Assert.True(answer["committed"].GetInt64() >= 1);
        Assert.True(answer["operations_per_second"].GetDouble() > 0);
        Assert.True(answer["mean_commit_seconds"].GetDouble() > 0);
        Assert.True(answer["entries_per_commit"].GetDouble() >= 1);
        Assert.Equal((0, JsonValueKind.Null, JsonValueKind.Null), (answer["refused"].GetInt64(), answer["refusing_since"].ValueKind, answer["failing_since"].ValueKind));
        Assert.InRange(answer["retry_after_seconds"].GetDouble(), 1, 30);
        Assert.Equal((20_000, 0), (answer["names"].GetProperty("most").GetInt32(), answer["names"].GetProperty("other_operations").GetInt32()));
        Assert.InRange(answer["names"].GetProperty("used").GetInt32(), 1, 100);
        Assert.Equal(10_000, answer["sources"].GetProperty("most").GetInt32());
        Assert.Equal(JsonValueKind.Null, answer["advice"].ValueKind);
        var storage = answer["storage"];
        Assert.Equal(("within", 4096L << 20), (storage.GetProperty("state").GetString(), storage.GetProperty("limit_bytes").GetInt64()));
        Assert.Equal(JsonValueKind.Null, storage.GetProperty("operations_since").ValueKind);
    }
}
