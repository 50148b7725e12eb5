using PerfPortal.Domain.Analysis.Incidents;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests.Analysis.Incidents;

public sealed class IncidentTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Two_mirrors_that_fail_with_one_error_are_one_incident_told_by_the_gravest()
    {
        var incident = Assert.Single(Incident.Of([Failing("mirror-a", Severity.Warning), Failing("mirror-b", Severity.Critical), Error()]));
        Assert.Equal("mirror-b", incident.Headline.Latest.Subject.Name);
        Assert.Equal(3, incident.Findings.Count);
        Assert.True(incident.Concerns(IncidentKeys.Of(Bottleneck(BottleneckKinds.HighFailureRate, "mirror-a"))));
        Assert.False(incident.Concerns(IncidentKeys.Of(Bottleneck(BottleneckKinds.HighFailureRate, "mirror-c"))));
        Assert.True(incident.Concerns(IncidentKeys.Of(Advice(RecommendationKinds.RecurringFailure, "mirror-a"))));
    }

    [Fact]
    public void What_to_do_is_what_a_part_with_a_likely_cause_says()
    {
        var failing = Failing("mirror-a", Severity.Critical) is var a ? a with { Latest = a.Latest with { Action = "Look around." } } : null!;
        var error = Error() is var b ? b with { Latest = b.Latest with { Action = "Look at region eu-west first.", Causes = [new("common", "All have it.", null, 0.7)] } } : null!;
        Assert.Equal("Look at region eu-west first.", Assert.Single(Incident.Of([failing, error])).Action);
        Assert.Equal("Look around.", Assert.Single(Incident.Of([failing])).Action);
    }

    [Fact]
    public void An_improvement_of_the_same_operations_is_no_part_of_it() =>
        Assert.Empty(IncidentKeys.Of(Advice(RecommendationKinds.ParallelDownloads, "mirror-a")));

    [Fact]
    public void Names_that_a_deployment_made_slower_are_one_incident_and_an_unlikely_cause_connects_nothing()
    {
        FindingCause deployed = new("metadata", "model_version is \"2\".", Noon, 0.9, CauseKeys.OfMetadata("model_version", "2"));
        Assert.Single(Incident.Of([Slower("a", deployed), Slower("b", deployed)]));
        Assert.Equal(2, Incident.Of([Slower("a", deployed with { Weight = 0.4 }), Slower("b", deployed)]).Count);
        Assert.Equal(2, Incident.Of([Slower("a", deployed with { Key = null }), Slower("b", deployed with { Key = null })]).Count);
    }

    [Fact]
    public void Hosts_are_apart_unless_operations_that_became_slow_on_one_of_them_say_so()
    {
        Assert.Equal(2, Incident.Of([OnHost("gpu-1"), OnHost("gpu-2")]).Count);
        Assert.Single(Incident.Of([OnHost("gpu-1"), OnHost("gpu-1") with { Id = "other" }]));
        Assert.Single(Incident.Of([OnHost("gpu-1"), Slower("a", new FindingCause("host", "Only gpu-1 became slower.", null, 0.7, CauseKeys.OfSource("gpu-1")))]));
    }

    [Fact]
    public void The_same_name_at_another_time_is_another_incident()
    {
        var before = Slower("a") with { Id = "before", State = FindingState.Closed, Until = Noon.AddHours(-5), Latest = Slower("a").Latest with { SinceLow = Noon.AddHours(-9), Since = Noon.AddHours(-9) } };
        var incidents = Incident.Of([before, Slower("a")]);
        Assert.Equal(["a", "before"], incidents.Select(incident => incident.Id));
        Assert.Equal([true, false], incidents.Select(incident => incident.IsOpen));
    }

    [Fact]
    public void The_id_is_that_of_the_first_seen_and_stays_when_others_join_or_only_some_are_shown()
    {
        var first = Slower("a") with { Id = "first", FirstSeen = Noon };
        var second = Slower("a") with { Id = "second", FirstSeen = Noon.AddHours(1), Latest = Slower("a").Latest with { Severity = Severity.Critical } };
        var incident = Assert.Single(Incident.Of([second, first]));
        Assert.Equal(("first", "second"), (incident.Id, incident.Headline.Id));
        Assert.Equal("first", incident.Only(finding => finding.Id == "second")!.Id);
        Assert.Null(incident.Only(_ => false));
    }

    [Fact]
    public void What_is_over_concerns_nothing_that_lasts()
    {
        var over = Slower("a") with { State = FindingState.Closed, Until = Noon.AddHours(1) };
        Assert.False(Assert.Single(Incident.Of([over])).Concerns(IncidentKeys.Of(Bottleneck(BottleneckKinds.SlowOperations, "a"))));
    }

    private static Finding Slower(string name, params FindingCause[] causes) => Found(name, FindingKind.Regression, new(null, MetricType.ModelOperation, name, FindingMeasures.Duration)) is var found
        ? found with { Latest = found.Latest with { Causes = causes } }
        : found;

    private static Finding Failing(string name, Severity severity) => Found(name, FindingKind.Regression, new(null, MetricType.DownloadOperation, name, FindingMeasures.FailureRate)) is var found
        ? found with { Latest = found.Latest with { Severity = severity } }
        : found;

    private static Finding Error() => Found("error", FindingKind.RecurringFailure, new(null, MetricType.DownloadOperation, null, FindingMeasures.FailureRate)) is var found
        ? found with { Latest = found.Latest with { Names = [new(MetricType.DownloadOperation, "mirror-a"), new(MetricType.DownloadOperation, "mirror-b")] } }
        : found;

    private static Finding OnHost(string host) => Found(host, FindingKind.Anomaly, new(host, null, null, "cpu_percent"));

    private static Finding Found(string id, FindingKind kind, FindingSubject subject) => new()
    {
        Id = id,
        FirstSeen = Noon,
        LastSeen = Noon.AddHours(2),
        Latest = new()
        {
            Kind = kind,
            Subject = subject,
            Since = Noon,
            SinceLow = Noon,
            SinceHigh = Noon,
            Size = 1,
            Unit = "ratio",
            Confidence = 0.99,
            Severity = Severity.Warning,
            Impact = 1,
            Sentence = id,
        },
    };

    private static Bottleneck Bottleneck(string kind, string name) => new()
    {
        Kind = kind,
        Severity = Severity.Warning,
        Sentence = "",
        Value = 1,
        Threshold = 0,
        Unit = "share",
        MetricType = kind == BottleneckKinds.HighFailureRate ? MetricType.DownloadOperation : MetricType.ModelOperation,
        OperationName = name,
    };

    private static Recommendation Advice(string kind, string name) => new()
    {
        Id = kind + name,
        Kind = kind,
        Title = "",
        Sentence = "",
        Action = "",
        Condition = "",
        Gain = new("", null, "", ""),
        MetricType = MetricType.DownloadOperation,
        OperationName = name,
    };
}
