using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Analysis.Recommendations.Effects;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Analysis.Recommendations;

public sealed class EffectTests
{
    private static readonly DateTimeOffset Applied = Days.Now.AddHours(-24);

    private readonly FakeTimeProvider _time = new(Days.Now);
    private readonly MemoryOperations _operations = new();
    private readonly MemoryResources _resources = new();

    [Fact]
    public void Windows_are_the_same_times_of_day_and_never_reach_beyond_the_decision()
    {
        Assert.Null(EffectWindows.Of(Days.Now, Days.Now.AddMinutes(60)));
        foreach (double hours in new[] { 3, 24, 25, 100, 400 })
        {
            var windows = EffectWindows.Of(Applied, Applied.AddHours(hours))!;
            Assert.Equal(windows.After.Length, windows.Before.Length);
            Assert.Equal(windows.After.From.TimeOfDay, windows.Before.From.TimeOfDay);
            Assert.True(windows.Before.To <= Applied && windows.After.From >= Applied + EffectWindows.Settling && windows.After.To <= Applied.AddHours(hours));
            Assert.Equal(hours > 170, windows.IsFinal);
        }
    }

    [Theory]
    [InlineData(0.7, EffectVerdict.Helped)]
    [InlineData(1.0, EffectVerdict.NoEffect)]
    [InlineData(1.3, EffectVerdict.Harmed)]
    public async Task Durations_after_are_compared_with_durations_before(double factor, EffectVerdict verdict)
    {
        var random = new Random(1);
        FillDurations(random, at => at > Applied ? factor : 1);
        var effect = await MeasureAsync(Given(RecommendationKinds.ParallelDownloads, MetricType.DownloadOperation, "fetch"));
        Assert.Equal(verdict, effect.Verdict);
        Assert.InRange(effect.Change!.Value, factor - 1 - 0.06, factor - 1 + 0.06);
        Assert.True(effect.Low < effect.Change && effect.Change < effect.High);
    }

    [Fact]
    public async Task A_slow_evening_is_compared_with_a_slow_evening()
    {
        // Slower from 18 to 6 o'clock on every day; half a day is measured after the decision, nearly all of it slow.
        FillDurations(new(2), at => at.Hour is >= 18 or < 6 ? 2 : 1);
        Assert.Equal(EffectVerdict.NoEffect, (await MeasureAsync(Given(RecommendationKinds.ParallelDownloads, MetricType.DownloadOperation, "fetch"), Applied.AddHours(16))).Verdict);
    }

    [Theory]
    [InlineData(0.05, EffectVerdict.Helped)]
    [InlineData(0.45, EffectVerdict.Harmed)]
    public async Task Failure_rates_are_compared_as_shares(double after, EffectVerdict verdict)
    {
        var random = new Random(3);
        foreach (var at in Times())
        {
            _operations.Ended.Add(Operation(at, 1, random.NextDouble() < (at > Applied ? after : 0.2) ? OperationStatus.Failed : OperationStatus.Succeeded));
        }

        var effect = await MeasureAsync(Given(RecommendationKinds.RecurringFailure, MetricType.DownloadOperation, "fetch"));
        Assert.Equal((verdict, "failure_rate"), (effect.Verdict, effect.Measure));
        Assert.InRange(effect.Change!.Value, after - 0.2 - 0.08, after - 0.2 + 0.08);
    }

    [Fact]
    public async Task Memory_of_a_host_is_compared_hour_by_hour()
    {
        var random = new Random(4);
        _resources.Fill("gpu-1", new(Applied.AddDays(-3), Days.Now), TimeSpan.FromMinutes(5), ResourceMetric.MemoryPercent, at => (at > Applied ? 60 : 90) + random.NextDouble());
        var effect = await MeasureAsync(Given(RecommendationKinds.MemoryCleanup, null, null) with { Source = "gpu-1" });
        Assert.Equal((EffectVerdict.Helped, "memory_percent"), (effect.Verdict, effect.Measure));
        Assert.InRange(effect.Change!.Value, -0.34, -0.32);
    }

    [Fact]
    public async Task More_free_space_is_better()
    {
        _resources.Fill("gpu-1", new(Applied.AddDays(-3), Days.Now), TimeSpan.FromMinutes(5), ResourceMetric.DiskFreeGb, at => at > Applied ? 60 : 20);
        Assert.Equal(EffectVerdict.Helped, (await MeasureAsync(Given(RecommendationKinds.DiskCleanup, null, null) with { Source = "gpu-1" })).Verdict);
    }

    [Fact]
    public async Task Nothing_measured_is_too_early_and_after_a_week_no_effect()
    {
        var item = Given(RecommendationKinds.ParallelDownloads, MetricType.DownloadOperation, "fetch");
        Assert.Equal(EffectVerdict.TooEarly, (await MeasureAsync(item)).Verdict);
        Assert.Equal(EffectVerdict.NoEffect, (await MeasureAsync(item, Applied.AddDays(9))).Verdict);
    }

    [Fact]
    public void A_kind_that_keeps_failing_counts_less()
    {
        Assert.Equal(1, default(KindRecord).Weight);
        Assert.Equal(1, new KindRecord(3, 3).Weight);
        Assert.Equal(0.4, new KindRecord(0, 3).Weight, 9);
        Assert.True(new KindRecord(0, 9).Weight < new KindRecord(2, 9).Weight);
    }

    [Fact]
    public void The_interval_of_pairs_is_students()
    {
        // By hand: differences 1, 2, 3, 4, 5, 6 have mean 3.5; they rise, so their correlation widens the interval.
        Assert.Null(PairedChange.Of([1, 2], [2, 3]));
        var same = PairedChange.Of([1, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2])!.Value;
        Assert.Equal((1, 1.0, 1.0), (same.Difference, same.Low, same.High));

        // Alternating differences 0 and 2: sd = 1.0954, n = 6, t(5) = 2.5706: 1 ± 1.1496.
        var alternating = PairedChange.Of([0, 0, 0, 0, 0, 0], [0, 2, 0, 2, 0, 2])!.Value;
        Assert.Equal(1 - 1.1496, alternating.Low, 2);
        Assert.Equal(1 + 1.1496, alternating.High, 2);
        Assert.Null(PairedChange.Of([double.NaN, 1, 1, 1, 1, 1], [2, 2, 2, 2, 2, 2]));
        Assert.Throws<ArgumentException>(() => PairedChange.Of([1], []));
        foreach (var (degrees, exact) in new[] { (1.0, 12.706), (2, 4.303), (3, 3.182), (5, 2.571), (10, 2.228), (30, 2.042), (1000, 1.962) })
        {
            Assert.InRange(PairedChange.T975(degrees) / exact, 0.99, 1.01);
        }
    }

    [Fact]
    public void The_interval_of_shares_is_newcombes()
    {
        // Newcombe 1998, table II: 56/70 against 48/80 is 0.2 with 0.0524 to 0.3339.
        var change = EffectChange.OfShares(48, 80, 56, 70);
        Assert.Equal(0.2, change.Change, 4);
        Assert.Equal(0.0524, change.Low, 3);
        Assert.Equal(0.3339, change.High, 3);
    }

    private static IEnumerable<DateTimeOffset> Times()
    {
        for (var at = Applied.AddDays(-3); at < Days.Now; at += TimeSpan.FromMinutes(4))
        {
            yield return at;
        }
    }

    private static Operation Operation(DateTimeOffset at, double seconds, OperationStatus status) =>
        Days.Ended((Days.Now - at).TotalSeconds, seconds, MetricType.DownloadOperation, "fetch", status);

    private static Recommendation Given(string kind, MetricType? type, string? name) => new()
    {
        Id = Recommendation.IdOf(kind, type, name, null),
        Kind = kind,
        Title = "t",
        Sentence = "s",
        Action = "a",
        Condition = "c",
        Gain = new("g", 1, "s per day", "f"),
        MetricType = type,
        OperationName = name,
        State = RecommendationState.Applied,
        ChangedAt = Applied,
    };

    private void FillDurations(Random random, Func<DateTimeOffset, double> factor)
    {
        foreach (var at in Times())
        {
            _operations.Ended.Add(Operation(at, 10 * factor(at) * (0.9 + (0.2 * random.NextDouble())), OperationStatus.Succeeded));
        }
    }

    private Task<RecommendationEffect> MeasureAsync(Recommendation item, DateTimeOffset? now = null)
    {
        var series = new SeriesReader(_operations.Statistics(_time), _resources, Days.Horizons(_time), _time);
        return new EffectMeter(series, _time).MeasureAsync(item, EffectWindows.Of(Applied, now ?? Days.Now)!, TestContext.Current.CancellationToken);
    }
}
