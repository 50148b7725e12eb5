using System.Diagnostics;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Benchmarks.Query;
using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Anomalies;
using PerfPortal.Domain.Analysis.Failures;
using PerfPortal.Domain.Analysis.Forecasts;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Analysis.Regressions;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Analysis.Silence;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Views;

namespace PerfPortal.Benchmarks.Analysis;

/// <summary>What the portal does every minute: the analysis of the day, then all detectors of findings, whose findings are stored.</summary>
internal sealed class MinuteOfInsight : IDisposable
{
    private const int UncountedMinutes = 60;
    private const int CountedMinutes = 60;

    private readonly PerformanceAnalyzer _analyzer;
    private readonly List<TimedDetector> _detectors;
    private readonly FindingLedger _ledger;
    private readonly InsightEngine _engine;

    private MinuteOfInsight(RollupStore store, StatisticsReader statistics, PerformanceAnalyzer analyzer)
    {
        var series = new SeriesReader(statistics, store.Resources, store.Horizons, store.Clock);
        IFindingDetector[] detectors =
        [
            new SilenceDetector(series, store.Clock), new AnomalyDetector(series), new RegressionDetector(series, store.Operations, new NoEvents()),
            new RecurringFailureDetector(series, store.Operations), new ForecastDetector(series, new(), HostSource.Of),
        ];
        _analyzer = analyzer;
        _detectors = [.. detectors.Select(detector => new TimedDetector(detector))];
        _ledger = new(new EfFindingStore(store.Database));
        _engine = new(_detectors, _ledger, TimeProvider.System);
    }

    /// <summary>Measures the first run of a portal that has just started, and the minutes after it; the last of them is <paramref name="now"/>.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(
        RollupStore store, StatisticsReader statistics, PerformanceAnalyzer analyzer, DateTimeOffset now, double goal, CancellationToken cancellationToken)
    {
        using var minute = new MinuteOfInsight(store, statistics, analyzer);
        var moment = now.AddMinutes(-UncountedMinutes - CountedMinutes);
        double first = await minute.RunAsync(moment, cancellationToken);
        for (int i = 0; i < UncountedMinutes; i++)
        {
            await minute.RunAsync(moment = moment.AddMinutes(1), cancellationToken);
        }

        minute._detectors.ForEach(detector => detector.Milliseconds = 0);
        double[] times = new double[CountedMinutes];
        var cpu = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < CountedMinutes; i++)
        {
            times[i] = await minute.RunAsync(moment = moment.AddMinutes(1), cancellationToken);
        }

        const string What = "analysis and findings, minute by minute";
        return
        [
            new(What, Medians.Median(times), "ms", Goal: Goal.AtMost(goal)),
            new(What + ", mean", times.Average(), "ms"),
            new(What + ", longest", times.Max(), "ms"),
            new(What + ", processor time, mean", (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / CountedMinutes, "ms"),
            .. minute._detectors.Select(detector => new MeasuredRow($"of it, {detector.Name}, mean", detector.Milliseconds / CountedMinutes, "ms")),
            new("analysis and findings, the first run", first, "ms"),
            new("findings", (await minute._ledger.ListAsync(cancellationToken)).Count, ""),
        ];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _engine.Dispose();
        _ledger.Dispose();
    }

    private async Task<double> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        await _analyzer.AnalyzeAsync(new(null, PerformanceThresholds.Default, now), cancellationToken);
        var run = await _engine.RunAsync(new(now, PerformanceThresholds.Default), cancellationToken);
        return run.Failed == 0 ? Stopwatch.GetElapsedTime(began).TotalMilliseconds : throw new MeasuringException($"{run.Failed} detectors failed.");
    }

    private sealed class NoEvents : IKnownEvents
    {
        public Task<IReadOnlyList<KnownEvent>> ReadAsync(TimeRange range, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<KnownEvent>>([]);
    }

    private sealed class TimedDetector(IFindingDetector detector) : IFindingDetector
    {
        public string Name => detector.GetType().Name;

        public double Milliseconds { get; set; }

        public IReadOnlyList<FindingKind> Kinds => detector.Kinds;

        public async Task<IReadOnlyList<FindingObservation>> ObserveAsync(DetectionRequest request, CancellationToken cancellationToken)
        {
            long began = Stopwatch.GetTimestamp();
            var observations = await detector.ObserveAsync(request, cancellationToken);
            Milliseconds += Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            return observations;
        }
    }
}
