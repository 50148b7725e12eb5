using System.CommandLine;
using System.Diagnostics;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Benchmarks.Query;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage;

namespace PerfPortal.Benchmarks.Alerts;

/// <summary>
/// The verb <c>alerts</c>: one evaluation of 1,000 rules over 200 sources, minute by minute for two hours, over a day of reports: signals and the state machine of every subject. 1 % of the
/// values are beyond their threshold.
/// </summary>
internal static class AlertsVerb
{
    private const int Sources = 200;
    private const int PerMinute = 200;
    private const int Hours = 26;
    private const int Uncounted = 30;
    private const int Counted = 90;
    private const double GoalMilliseconds = 50;
    private static readonly string[] Names = ["generate", "embed", "load"];
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The verb.</summary>
    public static Command Create() => MeasurementVerb.Create(
        "alerts", "An evaluation of 1,000 alert rules over 200 sources.", (_, progress, cancellationToken) => MeasureAsync(progress, cancellationToken));

    private static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(TextWriter progress, CancellationToken cancellationToken)
    {
        await using var store = await RollupStore.CreateAsync(new StillClock(Now), cancellationToken);
        long began = Stopwatch.GetTimestamp();
        await FillAsync(store, cancellationToken);
        await progress.WriteLineAsync($"filled in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s".AsMemory(), cancellationToken);

        long before = GC.GetTotalMemory(forceFullCollection: true);
        var rules = ManyRules.Of([.. Enumerable.Range(0, Sources).Select(SourceOf)], Names);
        using var ledger = new FindingLedger(new EfFindingStore(store.Database));
        var statistics = store.Statistics();
        using var reader = new SignalReader(statistics, store.Resources, new(), ledger, new(store.Clock), store.Clock);
        double[] times = new double[Counted];
        double[] signals = new double[Counted];
        long allocated = 0;
        long values = 0;
        double first = 0;
        var cpu = TimeSpan.Zero;
        List<Alert> alerts = [];
        for (int i = -Uncounted; i < Counted; i++)
        {
            if (i == 0)
            {
                (allocated, cpu) = (GC.GetTotalAllocatedBytes(), Environment.CpuUsage.TotalTime);
            }

            var at = Now.AddMinutes(i - Counted);
            began = Stopwatch.GetTimestamp();
            var observations = await reader.ReadAsync(rules, at, cancellationToken);
            double read = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            alerts = Evaluate(alerts, observations, at);
            double all = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            first = i == -Uncounted ? all : first;
            if (i >= 0)
            {
                (times[i], signals[i]) = (all, read);
                values = observations.Sum(observation => observation.Values.Count);
            }
        }

        double perEvaluation = (GC.GetTotalAllocatedBytes() - allocated) / (double)Counted;
        double processor = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Counted;
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        const double Mb = 1 << 20;
        return
        [
            new("evaluation of 1,000 rules, median", Medians.Median(times), "ms", Goal: Goal.AtMost(GoalMilliseconds)),
            new("evaluation of 1,000 rules, P95", Medians.Quantile(times, 0.95), "ms"),
            new("evaluation of 1,000 rules, processor time, mean", processor, "ms"),
            new("of it, signals, median", Medians.Median(signals), "ms"),
            new("evaluation of 1,000 rules, the first", first, "ms"),
            new("values", values, ""),
            new("alerts", alerts.Count, ""),
            new("memory held", held / Mb, "MB"),
            new("of it, pages of the rollup cache", store.Book.CachedBytes / Mb, "MB"),
            new("memory allocated per evaluation", perEvaluation / Mb, "MB"),
        ];
    }

    private static List<Alert> Evaluate(List<Alert> alerts, IReadOnlyList<RuleObservation> observations, DateTimeOffset at)
    {
        var round = new AlertRound(alerts, new Dictionary<(string Rule, string Subject), Alert>(), [], [], at, at);
        round.Evaluate(observations, []);
        var commit = round.ToCommit();
        var gone = commit.RemovedIds.Concat(commit.Alerts.Select(alert => alert.Id)).ToHashSet();
        return [.. alerts.Where(alert => !gone.Contains(alert.Id)).Concat(commit.Alerts.Where(alert => alert.State != AlertState.Resolved))];
    }

    private static async Task FillAsync(RollupStore store, CancellationToken cancellationToken)
    {
        var random = new Random(7);
        long last = RollupBuckets.Of(RollupResolution.Hour, Now);
        for (long hour = last - Hours; hour < last; hour++)
        {
            await store.AddHourAsync(hour, add => FillHour(random, hour, add), cancellationToken);
        }

        var entries = new List<JournalEntry>();
        for (var at = Now.AddHours(-Hours); at < Now; at = at.AddMinutes(1))
        {
            entries.AddRange(Enumerable.Range(0, Sources).Select(source => new SampleTaken(Sample(SourceOf(source), at.AddSeconds(30), random), TimeSpan.FromMinutes(1))));
            if (entries.Count >= 4000)
            {
                await store.Store.CommitAsync(entries, cancellationToken);
                entries.Clear();
            }
        }

        await store.Store.CommitAsync(entries, cancellationToken);
    }

    private static void FillHour(Random random, long hour, Action<long, SeriesKey, OperationStatus, double> add)
    {
        for (int i = 0; i < PerMinute * 60; i++)
        {
            var series = new SeriesKey(MetricType.ModelOperation, SourceOf(random.Next(Sources)), Names[random.Next(Names.Length)]);
            add((hour * 60) + random.Next(60), series, random.Next(50) == 0 ? OperationStatus.Failed : OperationStatus.Succeeded, 0.1 * Math.Exp(random.NextDouble() * 5));
        }
    }

    private static ResourceSample Sample(string source, DateTimeOffset at, Random random) => new(source, at)
    {
        [ResourceMetric.CpuPercent] = random.Next(100) == 0 ? 100 : 40 + random.Next(30),
        [ResourceMetric.MemoryPercent] = 50 + random.Next(10),
        [ResourceMetric.DiskFreeGb] = 100,
        [ResourceMetric.GpuMemoryPercent] = 80 + random.Next(10),
    };

    private static string SourceOf(int number) => FormattableString.Invariant($"source {number:000}");
}
