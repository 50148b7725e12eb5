using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Views;

/// <summary>
/// The sources with at least one report: operations, running or ended, or samples. Requests for any other source need no computing, so that invented
/// names cost nothing. A source is known half a second after its first report at the latest.
/// </summary>
internal sealed class KnownSources(IOperationReader operations, IResourceReader resources, ActiveOperations active, LiveFeed feed, TimeProvider time) : ISourceListener
{
    private static readonly TimeSpan MinimumAge = TimeSpan.FromMilliseconds(500);

    private Known? _known;

    /// <summary>Returns whether the source is known.</summary>
    public async ValueTask<bool> ContainsAsync(string source, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (source == PortalSource.Name || source == HostSource.Name)
        {
            return true;
        }

        var known = Volatile.Read(ref _known);
        if (known?.Names.Contains(source) == true)
        {
            return true;
        }

        var version = (feed.Version, active.Version);
        if (known is null || (known.Version != version && time.GetElapsedTime(known.ReadAt) >= MinimumAge))
        {
            known = new(await ReadAsync(cancellationToken).ConfigureAwait(false), version, time.GetTimestamp());
            Volatile.Write(ref _known, known);
        }

        return known.Names.Contains(source);
    }

    /// <inheritdoc/>
    public void OnSourceRemoved(string source) => Volatile.Write(ref _known, null);

    private async Task<HashSet<string>> ReadAsync(CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(operations.ReadSources(), StringComparer.Ordinal);
        names.UnionWith(active.List().Select(operation => operation.Current.Source));
        names.UnionWith((await resources.ReadLatestAsync(cancellationToken).ConfigureAwait(false)).Select(sample => sample.Source));
        return names;
    }

    private sealed record Known(HashSet<string> Names, (long Feed, long Active) Version, long ReadAt);
}
