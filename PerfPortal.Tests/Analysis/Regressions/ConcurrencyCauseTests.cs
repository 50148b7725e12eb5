using PerfPortal.Domain.Analysis.Regressions.Causes;
using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests.Analysis.Regressions;

public sealed class ConcurrencyCauseTests
{
    // One after the other each minute, 2 s each.
    private static readonly List<Operation> Before = [.. Enumerable.Range(0, 100).Select(i => At(90_000 + (60 * i), 2))];

    [Fact]
    public void Operations_that_now_start_three_at_a_time_and_are_slower_beside_others_have_a_cause()
    {
        // Half of them alone as before, half in groups of four that take 5 s.
        List<Operation> after = [.. Enumerable.Range(0, 40).Select(i => At(60 * i, 2)), .. Enumerable.Range(0, 160).Select(i => At(6_000 + (60 * (i / 4)) - (0.1 * (i % 4)), 5))];
        var cause = Assert.Single(ConcurrencyCauses.Find(Before, after));
        Assert.Equal("concurrency", cause.Kind);
        Assert.Equal("An operation starts beside 1.2 others of the same host, and started beside 0 before. Those that start beside more take 5.0 s, the others 2.0 s.", cause.Text);
        Assert.Equal(0.75 * (1 - (1 / 2.2)), cause.Weight, 0.02);
    }

    [Fact]
    public void Operations_that_are_as_fast_beside_others_have_another_cause()
    {
        List<Operation> after = [.. Enumerable.Range(0, 40).Select(i => At(60 * i, 4)), .. Enumerable.Range(0, 160).Select(i => At(6_000 + (60 * (i / 4)) - (0.1 * (i % 4)), 4))];
        Assert.Empty(ConcurrencyCauses.Find(Before, after));
    }

    [Fact]
    public void Slower_operations_overlap_more_by_themselves_and_that_is_no_cause()
    {
        var random = new Random(4);
        List<Operation> Arriving(int from, double duration) => [.. Enumerable.Range(0, 300).Select(_ => At(from + (random.NextDouble() * 3_000), duration))];
        Assert.Empty(ConcurrencyCauses.Find(Arriving(90_000, 20), Arriving(0, 30)));
        Assert.Empty(ConcurrencyCauses.Find(Arriving(90_000, 2), Arriving(0, 3)));
    }

    [Fact]
    public void Operations_of_different_hosts_are_not_beside_each_other_and_few_operations_say_nothing()
    {
        List<Operation> hosts = [.. Enumerable.Range(0, 160).Select(i => At(60 * (i / 4), 5, "host-" + (i % 4)))];
        Assert.Empty(ConcurrencyCauses.Find(Before, hosts));
        Assert.Empty(ConcurrencyCauses.Find(Before, []));
        Assert.Empty(ConcurrencyCauses.Find([], Before));
        Assert.Empty(ConcurrencyCauses.Find(Before[..15], [.. Enumerable.Range(0, 15).Select(i => At(0.1 * i, 5))]));
    }

    [Fact]
    public void Without_quiet_moments_it_weighs_half()
    {
        List<Operation> after = [.. Enumerable.Range(0, 200).Select(i => At(i, 10))];
        var cause = Assert.Single(ConcurrencyCauses.Find(Before, after));
        Assert.DoesNotContain("Those that start", cause.Text, StringComparison.Ordinal);
        Assert.Equal(0.375 * (1 - (1 / 10.0)), cause.Weight, 0.02);
    }

    private static Operation At(double secondsAgo, double duration, string source = Days.Host) => Days.Ended(secondsAgo - duration, duration, source: source);
}
