using System.Security.Cryptography;
using System.Text.Json;
using BitFaster.Caching.Lru;
using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Trends;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>A serialized dashboard.</summary>
/// <param name="Json">The response body, UTF-8.</param>
/// <param name="ETag">The quoted entity tag: a hash of the content without the time of generation.</param>
internal sealed record DashboardBytes(byte[] Json, string ETag);

/// <summary>
/// Caches <c>GET /dashboard</c> per source. Recomputes it after a change, at most every half second, and at the latest when it is
/// <c>DashboardCacheTtl</c> old. Caches at most <see cref="MaxSources"/> sources. The dashboard of all sources does not wait for that of a single one, and an unknown
/// source is answered without computing.
/// </summary>
internal sealed class DashboardCache(
    AnalysisService analysis, RecommendationReader recommendations, FindingReader findings, IncidentReader incidents, ThresholdSettings thresholds, StatisticsReader statistics, ResourceHistory resources, ActiveOperations active, LiveFeed feed, KnownSources sources, HeavyReads heavy, PortalOptions options, TimeProvider time)
    : IDisposable
{
    private const int MaxSources = 100;
    private static readonly TimeSpan MinimumAge = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RecentWindow = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly ClassicLru<string, Entry> _entries = new(MaxSources);
    private Entry? _whole;
    private bool _isComputing;

    /// <summary>
    /// The dashboard of all sources if it is current, or less than <see cref="MaxLag"/> old while the next one is computed. The read is
    /// lock-free because it serves most requests.
    /// </summary>
    private DashboardBytes? Fresh =>
        Volatile.Read(ref _whole) is { } entry
        && (IsFresh(entry, Current, mustBeCurrent: false) || (Volatile.Read(ref _isComputing) && time.GetElapsedTime(entry.Computed) < MaxLag))
            ? entry.Bytes
            : null;

    /// <summary>Returns the dashboard of one source, or of all.</summary>
    /// <exception cref="PortalBusyException">Too many dashboards of single sources are already queued.</exception>
    public Task<DashboardBytes> GetAsync(string? source, CancellationToken cancellationToken) =>
        source is not null ? GetSourceAsync(source, mustBeCurrent: false, cancellationToken) : Fresh is { } fresh ? Task.FromResult(fresh) : GetWholeAsync(mustBeCurrent: false, cancellationToken);

    /// <summary>
    /// Returns the dashboard as of the latest change, for a message that announces one: the next message may not come for a minute. The analysis in it keeps its own
    /// pace.
    /// </summary>
    /// <exception cref="PortalBusyException">Too many dashboards of single sources are already queued.</exception>
    public Task<DashboardBytes> GetCurrentAsync(string? source, CancellationToken cancellationToken) =>
        source is not null ? GetSourceAsync(source, mustBeCurrent: true, cancellationToken) : GetWholeAsync(mustBeCurrent: true, cancellationToken);

    /// <summary>Forgets all dashboards.</summary>
    public void Forget()
    {
        Volatile.Write(ref _whole, null);
        _entries.Clear();
    }

    private async Task<DashboardBytes> GetSourceAsync(string source, bool mustBeCurrent, CancellationToken cancellationToken)
    {
        if (!await sources.ContainsAsync(source, cancellationToken).ConfigureAwait(false))
        {
            var (nothing, _) = await analysis.GetVersionedAsync(source, cancellationToken).ConfigureAwait(false);
            return Serialize(await DescribeAsync(nothing, source, recentCount: 0, sample: null, cancellationToken).ConfigureAwait(false));
        }

        if (_entries.TryGet(source, out var entry) && IsFresh(entry, Current, mustBeCurrent))
        {
            return entry.Bytes;
        }

        using var place = await heavy.EnterAsync(HeavyRead.Source, cancellationToken).ConfigureAwait(false) ?? throw new PortalBusyException();
        var version = Current;
        if (!_entries.TryGet(source, out entry) || !IsFresh(entry, version, mustBeCurrent))
        {
            entry = await ComputeAsync(source, version, cancellationToken).ConfigureAwait(false);
            _entries.AddOrUpdate(source, entry);
        }

        return entry.Bytes;
    }

    private async Task<DashboardBytes> GetWholeAsync(bool mustBeCurrent, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var version = Current;
            if (Volatile.Read(ref _whole) is { } known && IsFresh(known, version, mustBeCurrent))
            {
                return known.Bytes;
            }

            Volatile.Write(ref _isComputing, true);
            var entry = await ComputeAsync(null, version, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _whole, entry);
            return entry.Bytes;
        }
        finally
        {
            Volatile.Write(ref _isComputing, false);
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private DataVersion Current => new(feed.Version, active.Version, recommendations.Version, findings.Version, thresholds.Version);

    private bool IsFresh(Entry entry, DataVersion version, bool mustBeCurrent)
    {
        if (mustBeCurrent)
        {
            return entry.Asked == version;
        }

        var age = time.GetElapsedTime(entry.Computed);
        return age < MinimumAge || (entry.Version == version && age < TimeSpan.FromSeconds(options.DashboardCacheTtl));
    }

    private async Task<Entry> ComputeAsync(string? source, DataVersion version, CancellationToken cancellationToken)
    {
        var (result, seen) = await analysis.GetVersionedAsync(source, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var filter = new SeriesFilter { Source = source };
        var recent = (await statistics.ReadAsync(new(new(now - RecentWindow, now), filter, WithFacts: false), cancellationToken).ConfigureAwait(false)).Total;
        var newest = await resources.ReadNewestAsync(HostSource.Of(source), cancellationToken).ConfigureAwait(false);
        var body = await DescribeAsync(
            result, source, recent.Count + recent.Cancelled + recent.Abandoned, newest?.IsFreshAt(now) == true ? newest : null, cancellationToken).ConfigureAwait(false);
        return new(Serialize(body), version, version with { Commits = Math.Min(version.Commits, seen) }, time.GetTimestamp());
    }

    private async Task<DashboardBody> DescribeAsync(
        AnalysisResult result, string? source, long recentCount, ResourceSample? sample, CancellationToken cancellationToken)
    {
        var open = await recommendations.ListOpenAsync(source, cancellationToken).ConfigureAwait(false);
        var found = await findings.ListOpenAsync(source, cancellationToken).ConfigureAwait(false);
        var verdict = Verdict.OfIncidents(result, await incidents.OfAsync(found, cancellationToken).ConfigureAwait(false));
        string host = HostSource.Of(source);
        return new(
            result.At,
            new(result.Summary.Count, result.Summary.SuccessRate, result.Summary.Mean, result.Summary.P95),
            ScoreBody.Of(result.Score),
            new(sample?[ResourceMetric.CpuPercent], sample?[ResourceMetric.MemoryPercent], sample?[ResourceMetric.DiskFreeGb],
                sample?[ResourceMetric.GpuMemoryUsedMb], sample?[ResourceMetric.GpuUtilizationPercent], host, sample?.SampledAt),
            result.Types.ToDictionary(type => type.Key.WireName(), type => type.Value.Count),
            active.List(new SeriesFilter { Source = source }).Count,
            recentCount,
            [.. result.Bottlenecks.Select(item => item.Sentence)],
            [.. open.Select(item => item.Sentence)],
            ResourceTrends.Resources.ToDictionary(
                name => name,
                name => TrendDirections.WireName(
                    result.Trends.FirstOrDefault(trend => trend.Resource == name && trend.Source == host)?.Direction ?? default)))
        {
            Verdict = new(verdict.State.ToString().ToLowerInvariant(), verdict.Sentence, verdict.More),
            Findings = [.. found.Select(item => item.Latest.Sentence)],
        };
    }

    private static DashboardBytes Serialize(DashboardBody body)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Options);
        byte[] content = JsonSerializer.SerializeToUtf8Bytes(body with { GeneratedAt = default }, WireJson.Options);
        string tag = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 12));
        return new(json, $"\"{tag}\"");
    }

    /// <param name="Bytes">The dashboard.</param>
    /// <param name="Asked">The versions when computing began.</param>
    /// <param name="Version">The same, with the commits that the analysis has seen.</param>
    /// <param name="Computed">The time stamp.</param>
    private sealed record Entry(DashboardBytes Bytes, DataVersion Asked, DataVersion Version, long Computed);

    /// <summary>The versions of everything that a dashboard is made from.</summary>
    private readonly record struct DataVersion(long Commits, long Active, long Recommendations, long Findings, long Thresholds);
}
