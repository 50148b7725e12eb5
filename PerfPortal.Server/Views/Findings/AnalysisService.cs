using BitFaster.Caching.Lru;
using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Settings;

namespace PerfPortal.Server.Views.Findings;

/// <summary>
/// The shared analysis that pages and endpoints show. It is computed on demand when the data or the thresholds have changed, at
/// most twice per second per source and for at most 10 % of the time, which limits the load of a large portal. Caches at most <see cref="MaxSources"/> sources.
/// The analysis of all sources never waits for that of a single one, and an unknown source is answered without computing.
/// </summary>
internal sealed class AnalysisService(
    PerformanceAnalyzer analyzer, RecommendationLedger ledger, ThresholdSettings thresholds, LiveFeed feed, KnownSources sources, PerformanceTracker tracker, TimeProvider time)
    : IDisposable
{
    private const int MaxSources = 100;
    private static readonly TimeSpan MinimumAge = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaximumAge = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _wholeGate = new(1);
    private readonly SemaphoreSlim _sourceGate = new(1);
    private readonly ClassicLru<string, Entry> _entries = new(MaxSources);

    /// <summary>Returns an analysis that is at most half a second old.</summary>
    public async Task<AnalysisResult> GetAsync(string? source, CancellationToken cancellationToken) =>
        (await GetVersionedAsync(source, cancellationToken).ConfigureAwait(false)).Result;

    /// <summary>Returns the analysis and the version of the live feed that it is based on; an outdated analysis is recomputed soon.</summary>
    public async Task<(AnalysisResult Result, long Version)> GetVersionedAsync(string? source, CancellationToken cancellationToken)
    {
        if (await IsUnknownAsync(source, cancellationToken).ConfigureAwait(false))
        {
            return (OfNothing(source), feed.Version);
        }

        var gate = GateOf(source);
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            string key = source ?? "";
            var age = _entries.TryGet(key, out var entry) ? time.GetElapsedTime(entry.Computed) : TimeSpan.MaxValue;
            bool isSame = entry is not null && entry.Version == feed.Version;
            if (entry is not null && entry.Thresholds == thresholds.Current && (age < MinAge(entry) || (isSame && age < MaximumAge)))
            {
                return (entry.Result, entry.Version);
            }

            entry = await ComputeAsync(key, source, cancellationToken).ConfigureAwait(false);
            return (entry.Result, entry.Version);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Analyzes a past window, which is not cached.</summary>
    /// <param name="source">The source; <see langword="null"/> for all except the portal itself.</param>
    /// <param name="limits">The thresholds.</param>
    /// <param name="end">The end of the window.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<AnalysisResult> AnalyzeAsync(string? source, PerformanceThresholds limits, DateTimeOffset end, CancellationToken cancellationToken)
    {
        var request = RequestOf(source, limits, end);
        return await IsUnknownAsync(source, cancellationToken).ConfigureAwait(false)
            ? PerformanceAnalyzer.OfNothing(request)
            : await analyzer.AnalyzeAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs the analysis immediately and records it as an operation of the portal.</summary>
    public Task<AnalysisResult> RunAsync(string? source, CancellationToken cancellationToken) => tracker.RunAsync(
        MetricType.AnalyticsCollection, "analysis",
        async (scope, token) =>
        {
            var gate = GateOf(source);
            await gate.WaitAsync(token).ConfigureAwait(false);
            AnalysisResult result;
            try
            {
                await thresholds.ReadAsync(token).ConfigureAwait(false);
                result = await IsUnknownAsync(source, token).ConfigureAwait(false) ? OfNothing(source) : (await ComputeAsync(source ?? "", source, token).ConfigureAwait(false)).Result;
            }
            finally
            {
                gate.Release();
            }

            scope.Set("records_processed", result.OperationsExamined + result.SamplesExamined);
            scope.Set("processing_seconds", result.Milliseconds / 1000);
            scope.Set("bottlenecks", (long)result.Bottlenecks.Count);
            return result;
        },
        cancellationToken);

    /// <summary>Forgets all analyses, after a source was removed from the data that they are based on.</summary>
    public void Forget() => _entries.Clear();

    /// <inheritdoc/>
    public void Dispose()
    {
        _wholeGate.Dispose();
        _sourceGate.Dispose();
    }

    /// <summary>Creates the request for the analysis of a source, including the resources of its host.</summary>
    public static AnalysisRequest RequestOf(string? source, PerformanceThresholds thresholds, DateTimeOffset end) =>
        new(source, thresholds, end) { Host = source is null ? null : HostSource.Of(source) };

    private async ValueTask<bool> IsUnknownAsync(string? source, CancellationToken cancellationToken) =>
        source is not null && !await sources.ContainsAsync(source, cancellationToken).ConfigureAwait(false);

    private AnalysisResult OfNothing(string? source) => PerformanceAnalyzer.OfNothing(RequestOf(source, thresholds.Current, time.GetUtcNow()));

    private SemaphoreSlim GateOf(string? source) => source is null ? _wholeGate : _sourceGate;

    private static TimeSpan MinAge(Entry entry)
    {
        var tenfold = TimeSpan.FromMilliseconds(10 * entry.Result.Milliseconds);
        return tenfold < MinimumAge ? MinimumAge : tenfold < MaximumAge ? tenfold : MaximumAge;
    }

    private async Task<Entry> ComputeAsync(string key, string? source, CancellationToken cancellationToken)
    {
        long version = feed.Version;
        var limits = thresholds.Current;
        var result = await analyzer.AnalyzeAsync(RequestOf(source, limits, time.GetUtcNow()), cancellationToken).ConfigureAwait(false);

        // Pages and endpoints read recommendations from the ledger, so record new ones before publishing the analysis.
        if (source is null)
        {
            await ledger.MergeAsync(result.Recommendations, cancellationToken).ConfigureAwait(false);
        }

        var entry = new Entry(result, version, limits, time.GetTimestamp());
        _entries.AddOrUpdate(key, entry);
        return entry;
    }

    private sealed record Entry(AnalysisResult Result, long Version, PerformanceThresholds Thresholds, long Computed);
}
