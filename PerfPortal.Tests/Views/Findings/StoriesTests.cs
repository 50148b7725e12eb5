using PerfPortal.Domain.Analysis.Incidents;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Tests.Views.Dashboard;
using Xunit;

namespace PerfPortal.Tests.Views.Findings;

public sealed class StoriesTests
{
    private static readonly Bottleneck Failing = SampleAnalysis.Failing(Severity.Critical);

    private static Finding Error => SampleFindings.Of(FindingKind.RecurringFailure, "9 of 100 failed.", Severity.Warning) is var found
        ? found with { Latest = found.Latest with { Subject = new(null, Failing.MetricType, Failing.OperationName, FindingMeasures.FailureRate), Causes = [] } }
        : null!;

    [Fact]
    public void A_bottleneck_and_a_recommendation_of_the_same_operations_are_told_with_the_incident()
    {
        var group = Assert.Single(RecommendationGroups.Of([Advice(Failing.OperationName!)]));
        var stories = Stories.Of(Incident.Of([Error]), [Failing], [group]);
        var story = Assert.Single(stories.Incidents);
        Assert.Equal((2, Severity.Critical), (story.MoreCount, story.Gravity.Severity));
        Assert.Empty(stories.Bottlenecks);
        Assert.Empty(stories.Recommendations);
        Assert.True(story.Has(Error.Id) && story.Has(FindingLinks.KeyOf(Failing)) && story.Has(group.Id) && !story.Has("other") && !story.Has(null));
    }

    [Fact]
    public void A_recommendation_for_other_names_too_and_one_that_was_decided_stay_by_themselves()
    {
        var both = Assert.Single(RecommendationGroups.Of([Advice(Failing.OperationName!), Advice("another")]));
        var done = Assert.Single(RecommendationGroups.Of([Advice(Failing.OperationName!) with { State = RecommendationState.Applied }]));
        var stories = Stories.Of(Incident.Of([Error]), [], [both, done]);
        Assert.Empty(Assert.Single(stories.Incidents).Recommendations);
        Assert.Equal(2, stories.Recommendations.Count);
    }

    [Fact]
    public void What_is_over_takes_nothing_along_that_lasts() =>
        Assert.Equal([Failing], Stories.Of(Incident.Of([Error with { State = FindingState.Closed, Until = SampleFindings.Since.AddHours(1) }]), [Failing], []).Bottlenecks);

    [Fact]
    public void The_incident_with_the_gravest_part_comes_first()
    {
        var slower = SampleFindings.Of(FindingKind.Regression, "generate is slower.", Severity.Warning);
        Assert.Equal(["9 of 100 failed.", "generate is slower."], Stories.Of(Incident.Of([slower, Error]), [Failing], []).Incidents.Select(story => story.Incident.Headline.Latest.Sentence));
        Assert.Equal("generate is slower.", Stories.Of(Incident.Of([slower, Error]), [], []).Incidents[0].Incident.Headline.Latest.Sentence);
    }

    private static Recommendation Advice(string name) => new()
    {
        Id = Recommendation.IdOf(RecommendationKinds.RecurringFailure, Failing.MetricType, name, null),
        Kind = RecommendationKinds.RecurringFailure,
        Cause = "ConnectionReset",
        Title = name,
        Sentence = name,
        Action = "Fix it.",
        Condition = "Many failures.",
        Gain = new("Fewer failures.", 1, "failures per day", "n"),
        MetricType = Failing.MetricType,
        OperationName = name,
        IsCurrent = true,
    };
}
