using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>Reads stored resource samples and rollups. Thread-safe.</summary>
public interface IResourceReader
{
    /// <summary>Returns the newest sample of each source.</summary>
    Task<IReadOnlyList<ResourceSample>> ReadLatestAsync(CancellationToken cancellationToken);

    /// <summary>Enumerates the samples of a source in a range, oldest first.</summary>
    Task ReadSamplesAsync(string source, TimeRange range, Action<ResourceSample, TimeSpan> each, CancellationToken cancellationToken);

    /// <summary>Enumerates the rollups of a source in buckets [<paramref name="from"/>, <paramref name="to"/>), oldest first.</summary>
    ValueTask ReadResourceRollupsAsync(
        string source, RollupResolution resolution, long from, long to, Action<long, ResourceRollup> each, CancellationToken cancellationToken);

    /// <summary>Enumerates the rollups of several sources in buckets [<paramref name="from"/>, <paramref name="to"/>): source by source, the oldest first.</summary>
    async ValueTask ReadResourceRollupsAsync(
        IReadOnlyList<string> sources, RollupResolution resolution, long from, long to, Action<string, long, ResourceRollup> each, CancellationToken cancellationToken)
    {
        foreach (string source in sources)
        {
            await ReadResourceRollupsAsync(source, resolution, from, to, (bucket, rollup) => each(source, bucket, rollup), cancellationToken).ConfigureAwait(false);
        }
    }
}
