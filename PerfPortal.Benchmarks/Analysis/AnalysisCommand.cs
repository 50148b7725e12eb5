using System.CommandLine;
using System.Diagnostics;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Benchmarks.Query;
using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Benchmarks.Analysis;

/// <summary>
/// The verb <c>analysis</c>: the analysis of the day, the benchmarks of the later half of a week against the earlier, and the comparison of both, over a week
/// of 200 names on 8 hosts; then what the portal does every minute, with all detectors of findings. Figures come from rollups; rows are stored of the last 25 hours.
/// </summary>
internal static class AnalysisCommand
{
    private const int Names = 200;
    private const int Hosts = 8;
    private const int PerMinute = 150;
    private const int Days = 7;
    private const double GoalMilliseconds = 100;
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 30, 17, TimeSpan.Zero);

    /// <summary>The verb.</summary>
    public static Command Create() => MeasurementVerb.Create(
        "analysis", "All analysis over a week of rollups of 200 names and 8 hosts.",
        (_, progress, cancellationToken) => MeasureAsync(progress, cancellationToken));

    private static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(TextWriter progress, CancellationToken cancellationToken)
    {
        await using var store = await RollupStore.CreateAsync(new StillClock(Now), cancellationToken);
        long began = Stopwatch.GetTimestamp();
        await FillOperationsAsync(store, cancellationToken);
        await FillSamplesAsync(store, cancellationToken);
        await progress.WriteLineAsync($"filled in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s".AsMemory(), cancellationToken);

        var all = Readers(store, store.Statistics());
        Task Day(DateTimeOffset now) => all.Analyzer.AnalyzeAsync(new(null, PerformanceThresholds.Default, now), cancellationToken);
        Task Week(DateTimeOffset now) => all.Benchmarks.ReadAsync(new(Later(now), SeriesFilter.Everyone), cancellationToken);
        Task Compared(DateTimeOffset now) => all.Comparer.CompareAsync(Later(now), Later(now).Previous, SeriesFilter.Everyone, cancellationToken);
        async Task All(DateTimeOffset now)
        {
            await Day(now);
            await Week(now);
            await Compared(now);
        }

        // What is held of the minutes around the edges is of no use a minute later.
        var moment = Now.AddHours(-2);
        Task MinuteByMinute() => All(moment += TimeSpan.FromMinutes(1));

        async Task First()
        {
            all = Readers(store, store.Cold());
            await All(Now);
        }

        // First, so that it is as in a portal that has just started.
        var cold = store.Cold();
        var insight = await MinuteOfInsight.MeasureAsync(store, cold, Readers(store, cold).Analyzer, Now, GoalMilliseconds, cancellationToken);
        const int Runs = 51;

        // The runtime recompiles what ran thirty times, and once more what ran sixty times: before that, all together took twice its parts.
        const int WarmUp = 100;
        return
        [
            new("all analysis", await Median.OfAsync(Runs, WarmUp, () => All(Now)), "ms", Goal: Goal.AtMost(GoalMilliseconds)),
            new("all analysis, processor time", await Median.ProcessorTimeOfAsync(Runs, () => All(Now)), "ms"),
            new("all analysis, each time a minute later", await Median.OfAsync(Runs, 5, MinuteByMinute), "ms", Goal: Goal.AtMost(GoalMilliseconds)),
            new("bottlenecks, recommendations, score and trends of the day", await Median.OfAsync(Runs, 5, () => Day(Now)), "ms"),
            new("benchmarks of half a week", await Median.OfAsync(Runs, 5, () => Week(Now)), "ms"),
            new("comparison of both halves", await Median.OfAsync(Runs, 5, () => Compared(Now)), "ms"),
            new("all analysis, the first time", await Median.OfAsync(5, 1, First), "ms"),
            .. insight,
        ];
    }

    private static (PerformanceAnalyzer Analyzer, BenchmarkReader Benchmarks, PeriodComparer Comparer) Readers(RollupStore store, StatisticsReader statistics) =>
        (new(statistics, store.Operations, new(store.Operations, TimeProvider.System), store.Resources, TimeProvider.System), new(statistics), new(statistics));

    private static TimeRange Later(DateTimeOffset now) => new(now.AddDays(-Days / 2.0), now);

    private static async Task FillOperationsAsync(RollupStore store, CancellationToken cancellationToken)
    {
        var random = new Random(3);
        long last = RollupBuckets.Of(RollupResolution.Hour, Now);
        for (long hour = last - (Days * 24); hour <= last; hour++)
        {
            var rows = new List<JournalEntry>();
            await store.AddHourAsync(
                hour,
                add => FillHour(random, hour, (minute, series, outcome, seconds) =>
                {
                    add(minute, series, outcome, seconds);
                    if (hour >= last - 25)
                    {
                        rows.Add(new OperationEnded(Row(minute, series, outcome, seconds)));
                    }
                }),
                cancellationToken);
            if (rows.Count > 0)
            {
                await store.Store.CommitAsync(rows, cancellationToken);
            }
        }
    }

    private static void FillHour(Random random, long hour, Action<long, SeriesKey, OperationStatus, double> add)
    {
        for (int i = 0; i < PerMinute * 60; i++)
        {
            long minute = (hour * 60) + random.Next(60);
            int name = random.Next(Names);
            var outcome = random.Next(100) switch { 0 => OperationStatus.Failed, _ => OperationStatus.Succeeded };
            double seconds = Math.Round(0.01 * (name + 1) * Math.Exp(random.NextDouble() * 2) * 1e6) / 1e6;
            if (RollupBuckets.Start(RollupResolution.Minute, minute + 1) <= Now)
            {
                add(minute, new((MetricType)(name % 6), "host " + random.Next(Hosts), "name " + name), outcome, seconds);
            }
        }
    }

    private static Operation Row(long minute, SeriesKey series, OperationStatus outcome, double seconds)
    {
        var end = RollupBuckets.Start(RollupResolution.Minute, minute);
        return new()
        {
            Id = Guid.NewGuid(),
            MetricType = series.MetricType,
            Name = series.Name,
            Source = series.Source,
            Status = outcome,
            StartTime = end - Microseconds.FromSeconds(seconds),
            EndTime = end,
            ErrorType = outcome == OperationStatus.Failed ? "TimeoutException" : null,
            ErrorMessage = outcome == OperationStatus.Failed ? $"No answer from node {minute % 5} within 30 s" : null,
        };
    }

    private static async Task FillSamplesAsync(RollupStore store, CancellationToken cancellationToken)
    {
        var random = new Random(4);
        var minute = TimeSpan.FromMinutes(1);
        var entries = new List<JournalEntry>();
        for (var at = Now.AddDays(-Days); at <= Now; at += minute)
        {
            entries.AddRange(Enumerable.Range(0, Hosts).Select(host => new SampleTaken(Sample("host " + host, at, random), minute)));
            if (entries.Count > 4000 || at + minute > Now)
            {
                await store.Store.CommitAsync(entries, cancellationToken);
                entries.Clear();
            }
        }
    }

    private static ResourceSample Sample(string host, DateTimeOffset at, Random random)
    {
        var sample = new ResourceSample(host, at);
        foreach (var info in ResourceMetrics.All)
        {
            sample[info.Metric] = 20 + (random.NextDouble() * 30);
        }

        return sample;
    }
}
