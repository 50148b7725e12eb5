using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>What was stored of resources, for reading. Safe for use by many at once.</summary>
public interface IResourceReader
{
    /// <summary>The newest sample of each source.</summary>
    Task<IReadOnlyList<ResourceSample>> ReadLatestAsync(CancellationToken cancellationToken);

    /// <summary>Walks the samples of a source in a range, oldest first.</summary>
    Task ReadSamplesAsync(string source, TimeRange range, Action<ResourceSample, TimeSpan> each, CancellationToken cancellationToken);

    /// <summary>Walks the rollups of a source in buckets [<paramref name="from"/>, <paramref name="to"/>), oldest first.</summary>
    ValueTask ReadResourceRollupsAsync(
        string source, RollupResolution resolution, long from, long to, Action<long, ResourceRollup> each, CancellationToken cancellationToken);
}
