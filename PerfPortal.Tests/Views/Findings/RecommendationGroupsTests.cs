using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Tests.Analysis;
using Xunit;

namespace PerfPortal.Tests.Views.Findings;

public sealed class RecommendationGroupsTests
{
    [Fact]
    public void The_same_error_in_four_downloads_is_one_recommendation_with_the_combined_gain()
    {
        var group = Assert.Single(Failing("ConnectionReset", ("llama", 13), ("bge", 10), ("qwen", 8), ("phi", 6)));
        Assert.Equal("Fix \"ConnectionReset\" in 4 downloads", group.Title);
        Assert.Equal("37 of 397 downloads of llama, bge and 2 more failed with ConnectionReset.", group.Sentence);
        Assert.Equal(["llama", "bge", "qwen", "phi"], group.Members.Select(member => member.OperationName));
        Assert.Equal(37, group.Gain.Value!.Value, 6);
        Assert.Equal("failures per day", group.Gain.Unit);
        Assert.Equal("Up to 37 fewer failures a day; the success rate rises to 100 %.", group.Gain.Text);
        Assert.Equal("ConnectionReset", group.Cause);
    }

    [Fact]
    public void The_success_rate_of_a_group_is_that_of_all_its_operations()
    {
        var operations = Downloads("a", 10, 20, "Reset").Concat(Downloads("b", 10, 5, "Reset")).Concat(Days.Many(5, 1, MetricType.DownloadOperation, "a", OperationStatus.Failed, "Other"));
        var group = Groups(operations).Single(one => one.Kind == RecommendationKinds.RecurringFailure);

        // 30 failures, 25 of them with this error, of 50 operations.
        Assert.Equal("Up to 25 fewer failures a day; the success rate rises to 90 %.", group.Gain.Text);
        Assert.Equal("25 of 50 downloads of a and b failed with Reset.", group.Sentence);
    }

    [Fact]
    public void A_single_recommendation_keeps_its_words()
    {
        var group = Assert.Single(Failing("ConnectionReset", ("llama", 13)));
        Assert.Equal("Fix \"ConnectionReset\" in downloads of llama", group.Title);
        Assert.Equal("13 of 103 downloads of llama failed with ConnectionReset.", group.Sentence);
        Assert.Same(group.Members[0].Gain, group.Gain);
    }

    [Fact]
    public void Different_errors_stay_apart_and_so_do_different_states()
    {
        var items = Advise(Downloads("a", 90, 10, "Reset").Concat(Downloads("b", 90, 10, "Timeout")).Concat(Downloads("c", 90, 10, "Reset")));
        Assert.Equal([2, 1], RecommendationGroups.Of(items).Select(group => group.Members.Count));

        items[0] = items[0] with { State = RecommendationState.Dismissed };
        var groups = RecommendationGroups.Of(items);
        Assert.Equal(3, groups.Count);
        Assert.Equal(2, groups.Count(group => group.Id == RecommendationGroups.IdOf(RecommendationKinds.RecurringFailure, "Reset")));
        Assert.Equal(RecommendationState.Dismissed, groups[^1].State);
    }

    [Fact]
    public void An_error_of_downloads_and_loads_is_said_to_be_one_of_operations()
    {
        var operations = Downloads("a", 90, 10, "OutOfMemory").Concat(Days.Many(10, 1, MetricType.ModelOperation, "load", OperationStatus.Failed, "OutOfMemory"));
        Assert.Equal("Fix \"OutOfMemory\" in 2 operations", Groups(operations).Single(one => one.Kind == RecommendationKinds.RecurringFailure).Title);
    }

    [Fact]
    public void The_largest_gain_comes_first_in_whatever_unit_it_is_measured()
    {
        // 10 failures of 1 s against a tail of 5 × 19 s, and a disk that is nearly full.
        var operations = Downloads("fails", 90, 10, "Reset").Concat(Days.Many(90, 1, name: "tail")).Concat(Days.Many(10, 20, name: "tail"));
        var groups = RecommendationGroups.Of(RecommendationRules.Advise(Days.Input(operations, [Days.Measured(ResourceMetric.DiskFreeGb, 1, _ => 4)])));
        Assert.Equal([RecommendationKinds.DiskCleanup, RecommendationKinds.TailLatency, RecommendationKinds.RecurringFailure], groups.Select(group => group.Kind));
        Assert.Null(groups[0].SecondsPerDay);
        Assert.InRange(groups[1].SecondsPerDay!.Value, 92, 98);
        Assert.Equal(10, groups[2].SecondsPerDay!.Value, 1);
    }

    [Fact]
    public void Points_of_percentage_of_several_hosts_are_not_added_up()
    {
        var groups = RecommendationGroups.Of([Relief("a", 4), Relief("b", 9), Relief("c", null)]);
        var gain = Assert.Single(groups).Gain;
        Assert.Equal(9, gain.Value);
        Assert.Equal("Lowering it by up to 9 percentage points brings usage back to the limit. Known for 2 of 3.", gain.Text);
        Assert.Equal("Reduce CPU load on 3 hosts", groups[0].Title);
        Assert.EndsWith("The same applies to a and c.", groups[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_member_finds_its_group()
    {
        var group = Assert.Single(Failing("ConnectionReset", ("llama", 13), ("bge", 10)));
        Assert.True(group.Has(group.Id));
        Assert.True(group.Has(group.Members[1].Id));
        Assert.False(group.Has("elsewhere"));
        Assert.False(group.Has(null));
    }

    private static Recommendation Relief(string host, double? points) => new()
    {
        Id = host,
        Kind = RecommendationKinds.CpuLoad,
        Title = "Reduce CPU load on " + host,
        Sentence = $"CPU usage of {host} was above 80 %.",
        Action = "Run fewer operations at once.",
        Condition = "Above 80 %.",
        Gain = new("Less.", points, "percentage points", "mean above the limit − limit"),
        Source = host,
    };

    private static IReadOnlyList<RecommendationGroup> Failing(string error, params (string Name, int Failures)[] names) =>
        Groups(names.SelectMany(one => Downloads(one.Name, 90, one.Failures, error)));

    private static IEnumerable<Operation> Downloads(string name, int succeeded, int failed, string error) =>
        Days.Many(succeeded, 1, MetricType.DownloadOperation, name)
            .Concat(Days.Many(failed, 1, MetricType.DownloadOperation, name, OperationStatus.Failed, error));

    private static IReadOnlyList<RecommendationGroup> Groups(IEnumerable<Operation> operations) => RecommendationGroups.Of(Advise(operations));

    private static List<Recommendation> Advise(IEnumerable<Operation> operations) =>
        [.. RecommendationRules.Advise(Days.Input(operations)).Where(item => item.Kind == RecommendationKinds.RecurringFailure)];
}
