using PerfPortal.Domain.Statistics.ChangePoints;
using Xunit;

namespace PerfPortal.Tests.Statistics.ChangePoints;

public sealed class ShareChangeTests
{
    [Fact]
    public void A_share_of_failures_that_rises_is_found_where_it_does()
    {
        var (trials, hits) = Steps(1, 200, i => i < 120 ? 0.02 : 0.12, _ => 30);
        var change = Assert.Single(ShareChangeFinder.Find(trials, hits));
        Assert.InRange(120, change.Low, change.High);
        Assert.Equal(0.1, change.Size, 0.03);
        Assert.InRange(0.1, change.SizeLow, change.SizeHigh);
    }

    [Fact]
    public void A_burst_of_traffic_with_the_same_share_is_no_change()
    {
        var (trials, hits) = Steps(2, 200, _ => 0.05, i => i is > 100 and < 130 ? 600 : 30);
        Assert.Empty(ShareChangeFinder.Find(trials, hits));
    }

    [Fact]
    public void Two_failures_of_a_name_that_never_failed_are_not_enough_and_ten_are()
    {
        int[] trials = [.. Enumerable.Repeat(5, 100)];
        int[] hits = new int[100];
        hits[95] = hits[97] = 1;
        Assert.Empty(ShareChangeFinder.Find(trials, hits));
        hits[93] = hits[94] = hits[96] = hits[98] = 2;
        Assert.Single(ShareChangeFinder.Find(trials, hits));
    }

    [Fact]
    public void Steps_without_trials_are_skipped_and_awkward_series_say_nothing()
    {
        Assert.Empty(ShareChangeFinder.Find([], []));
        Assert.Empty(ShareChangeFinder.Find(new int[50], new int[50]));
        Assert.Empty(ShareChangeFinder.Find([.. Enumerable.Repeat(3, 50)], [.. Enumerable.Repeat(3, 50)]));
        Assert.Throws<ArgumentException>(() => ShareChangeFinder.Find([1], [2]));
        Assert.Throws<ArgumentException>(() => ShareChangeFinder.Find([1, 1], [1]));
    }

    [Fact]
    public void Failures_that_come_several_at_once_rarely_show_a_change()
    {
        int shown = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var (trials, hits) = Steps(seed, 200, _ => random.NextDouble() < 0.1 ? 0.3 : 0.01, _ => 10);
            shown += ShareChangeFinder.Find(trials, hits).Count > 0 ? 1 : 0;
        }

        Assert.InRange(shown, 0, 20);
    }

    private static (int[] Trials, int[] Hits) Steps(int seed, int count, Func<int, double> share, Func<int, int> trialsOf)
    {
        var random = new Random(seed);
        int[] trials = [.. Enumerable.Range(0, count).Select(trialsOf)];
        return (trials, [.. trials.Select((n, i) => share(i) is var p ? Enumerable.Range(0, n).Count(_ => random.NextDouble() < p) : 0)]);
    }
}
