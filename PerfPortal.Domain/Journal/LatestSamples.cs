using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// A reader that caches the newest sample of each source: read once, then updated from commits. Correct only when this process is the only writer.
/// Bounded by the number of sources. Thread-safe.
/// </summary>
public sealed class LatestSamples(IResourceReader stored, RetentionHorizons horizons) : IResourceReader, ICommitListener, ISourceListener
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceSample> _latest = new(StringComparer.Ordinal);
    private bool _isRead;
    private int _removals;

    /// <inheritdoc/>
    public void OnCommitted(CommitNotice notice)
    {
        lock (_lock)
        {
            Learn(notice.Samples);
        }
    }

    /// <inheritdoc/>
    public void OnSourceRemoved(string source)
    {
        lock (_lock)
        {
            _latest.Remove(source);
            _removals++;
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ResourceSample>> ReadLatestAsync(CancellationToken cancellationToken)
    {
        while (!Volatile.Read(ref _isRead))
        {
            int removals = Volatile.Read(ref _removals);
            var samples = await stored.ReadLatestAsync(cancellationToken).ConfigureAwait(false);
            lock (_lock)
            {
                // What was read may contain a source that has been removed since.
                if (removals == _removals)
                {
                    Learn(samples);
                    _isRead = true;
                }
            }
        }

        var oldest = horizons.OldestSample;
        lock (_lock)
        {
            return [.. _latest.Values.Where(sample => sample.SampledAt >= oldest)];
        }
    }

    /// <inheritdoc/>
    public Task ReadSamplesAsync(string source, TimeRange range, Action<ResourceSample, TimeSpan> each, CancellationToken cancellationToken) =>
        stored.ReadSamplesAsync(source, range, each, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ReadResourceRollupsAsync(
        string source, RollupResolution resolution, long from, long to, Action<long, ResourceRollup> each, CancellationToken cancellationToken) =>
        stored.ReadResourceRollupsAsync(source, resolution, from, to, each, cancellationToken);

    /// <inheritdoc/>
    public ValueTask ReadResourceRollupsAsync(
        IReadOnlyList<string> sources, RollupResolution resolution, long from, long to, Action<string, long, ResourceRollup> each, CancellationToken cancellationToken) =>
        stored.ReadResourceRollupsAsync(sources, resolution, from, to, each, cancellationToken);

    // Samples may be committed late and out of order.
    private void Learn(IReadOnlyList<ResourceSample> samples)
    {
        foreach (var sample in samples)
        {
            if (!_latest.TryGetValue(sample.Source, out var known) || known.SampledAt < sample.SampledAt)
            {
                _latest[sample.Source] = sample;
            }
        }
    }
}
