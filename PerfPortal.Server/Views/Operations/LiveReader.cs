using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views.Operations;

/// <summary>What the live page shows.</summary>
/// <param name="Active">What is in progress.</param>
/// <param name="Ended">What ended last in the range, latest first.</param>
/// <param name="ReadAt">When it was read.</param>
internal sealed record LiveView(ActiveList Active, IReadOnlyList<Operation> Ended, DateTimeOffset ReadAt);

/// <summary>Reads the live page.</summary>
internal sealed class LiveReader(ActiveReader active, IOperationReader reader, TimeProvider time)
{
    /// <summary>The most operations in progress that are shown.</summary>
    public const int MaxActive = 200;

    /// <summary>The most ended operations that are shown.</summary>
    public const int MaxEnded = 50;

    /// <summary>Reads what is in progress now and what ended last in the range.</summary>
    public async Task<LiveView> ReadAsync(TimeRange range, string? source, LiveQuery query, CancellationToken cancellationToken)
    {
        var filter = new SeriesFilter { Source = source, MetricType = query.MetricType };
        var running = await active.ReadAsync(filter, query.WithOwn, query.Matches, MaxActive, cancellationToken).ConfigureAwait(false);
        var ended = await ReadEndedAsync(range, filter, query.Text, cancellationToken).ConfigureAwait(false);
        if (query.WithOwn && source is null)
        {
            var own = await ReadEndedAsync(range, filter with { Source = PortalSource.Name }, query.Text, cancellationToken).ConfigureAwait(false);
            ended = [.. ended.Concat(own).OrderByDescending(operation => operation.EndTime).ThenBy(operation => operation.Id).Take(MaxEnded)];
        }

        return new(running, ended, time.GetUtcNow());
    }

    private async Task<IReadOnlyList<Operation>> ReadEndedAsync(TimeRange range, SeriesFilter filter, string? text, CancellationToken cancellationToken)
    {
        var ended = new List<Operation>(MaxEnded);
        await reader.ScanAsync(
            range, new() { Series = filter, Text = text },
            operation =>
            {
                ended.Add(operation);
                return ended.Count < MaxEnded;
            },
            cancellationToken).ConfigureAwait(false);
        return ended;
    }
}
