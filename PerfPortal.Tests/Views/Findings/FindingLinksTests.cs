using Microsoft.AspNetCore.WebUtilities;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Tests.Pages;
using PerfPortal.Tests.Views.Dashboard;
using Xunit;

namespace PerfPortal.Tests.Views.Findings;

public sealed class FindingLinksTests
{
    private static readonly TimeRange Day = new(PortalContext.Noon.AddHours(-24), PortalContext.Noon);

    [Fact]
    public void A_finding_over_24_hours_leads_to_those_24_hours_whatever_the_page_shows()
    {
        Assert.Equal(Day.Length, Range(FindingLinks.OperationsPath(SampleAnalysis.Failing(), source: null)).Length);
        Assert.Equal(Day, Range(FindingLinks.OperationsPath(SampleAnalysis.Failing(), source: null, Day)));
        Assert.Equal(Day.Length, Range(FindingLinks.ResourcesPath(SampleAnalysis.Failing(), source: null)).Length);
    }

    [Fact]
    public void A_degradation_leads_to_the_time_since_it_began()
    {
        var item = SampleAnalysis.Failing() with { Kind = BottleneckKinds.Degradation, Since = PortalContext.Noon.AddHours(-3) };
        Assert.Equal(new TimeRange(PortalContext.Noon.AddHours(-3), PortalContext.Noon), Range(FindingLinks.OperationsPath(item, source: null)));
        Assert.Equal(new TimeRange(PortalContext.Noon.AddHours(-3), Day.To), Range(FindingLinks.OperationsPath(item, source: null, Day)));
    }

    [Fact]
    public void The_source_is_that_of_the_finding_or_of_the_analysis()
    {
        Assert.Equal("gpu 1", Query(FindingLinks.OperationsPath(SampleAnalysis.Failing() with { Source = "gpu 1" }, "other"))["source"]);
        Assert.Equal("other", Query(FindingLinks.OperationsPath(SampleAnalysis.Failing(), "other"))["source"]);
        Assert.False(Query(FindingLinks.OperationsPath(SampleAnalysis.Failing(), source: null)).ContainsKey("source"));
    }

    [Fact]
    public void A_recommendation_leads_to_what_it_is_about_and_a_past_one_to_when_it_was_made()
    {
        string path = FindingLinks.SubjectPath(Advice("llama") with { Cause = "ConnectionReset" }, source: null);
        Assert.StartsWith("/operations?", path, StringComparison.Ordinal);
        Assert.Equal(("llama", "failed", "download_operation"), (Query(path)["name"], Query(path)["status"], Query(path)["metric_type"]));
        Assert.Equal(Day.Length, Range(path).Length);

        string past = FindingLinks.SubjectPath(Advice("llama") with { IsCurrent = false, SeenAt = PortalContext.Noon.AddDays(-3) }, source: null);
        Assert.Equal(new TimeRange(PortalContext.Noon.AddDays(-4), PortalContext.Noon.AddDays(-3)), Range(past));

        string host = FindingLinks.SubjectPath(Advice(null) with { MetricType = null, Source = "node" }, source: null);
        Assert.StartsWith("/resources?", host, StringComparison.Ordinal);
        Assert.Equal("node", Query(host)["source"]);
    }

    [Fact]
    public void A_damaged_model_of_this_host_leads_to_its_page_and_one_of_another_to_its_checks()
    {
        Finding Of(string source) => SampleFindings.Of(FindingKind.DamagedModel, "Damaged.") is var found
            ? found with { Latest = found.Latest with { Subject = new(source, MetricType.HealthCheck, "org/llama 3", FindingMeasures.Integrity) } }
            : found;
        Assert.Equal("/models/view?name=org%2Fllama%203", FindingLinks.SubjectPath(Of(HostSource.Name)));
        string path = FindingLinks.SubjectPath(Of("other"));
        Assert.StartsWith("/operations?", path, StringComparison.Ordinal);
        Assert.Equal(("org/llama 3", "health_check", "other"), (Query(path)["name"], Query(path)["metric_type"], Query(path)["source"]));
    }

    private static Recommendation Advice(string? name) => new()
    {
        Id = "1",
        Kind = RecommendationKinds.RecurringFailure,
        Title = "",
        Sentence = "",
        Action = "",
        Condition = "",
        Gain = new("", null, "", ""),
        MetricType = MetricType.DownloadOperation,
        OperationName = name,
        SeenAt = PortalContext.Noon,
    };

    private static Dictionary<string, string> Query(string path) =>
        QueryHelpers.ParseQuery(path[path.IndexOf('?', StringComparison.Ordinal)..]).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());

    private static TimeRange Range(string path)
    {
        var query = Query(path);
        Assert.True(TimeRangeParser.TryParse(
            new(query.GetValueOrDefault("from"), query.GetValueOrDefault("to"), query.GetValueOrDefault("window"), null), PortalContext.Noon, TimeSpan.FromHours(1), out var range, out _));
        return range;
    }
}
