using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views.Operations;

/// <summary>The data of the live page.</summary>
/// <param name="Active">The running operations.</param>
/// <param name="Ended">The most recently completed operations of the range, newest first.</param>
/// <param name="ReadAt">The time of the read.</param>
internal sealed record LiveView(ActiveList Active, IReadOnlyList<Operation> Ended, DateTimeOffset ReadAt);

/// <summary>Reads the data of the live page.</summary>
internal sealed class LiveReader(ActiveReader active, IOperationReader reader, TimeProvider time)
{
    /// <summary>The maximum number of running operations.</summary>
    public const int MaxActive = 200;

    /// <summary>The maximum number of completed operations.</summary>
    public const int MaxEnded = 200;

    /// <summary>Reads the running operations and the most recently completed ones of the range.</summary>
    public async Task<LiveView> ReadAsync(TimeRange range, string? source, LiveQuery query, CancellationToken cancellationToken)
    {
        var filter = new SeriesFilter { Source = source, MetricType = query.MetricType };
        var running = await active.ReadAsync(filter, query.IncludePortal, query.Matches, MaxActive, cancellationToken).ConfigureAwait(false);
        var ended = await ReadEndedAsync(range, filter, query.Text, cancellationToken).ConfigureAwait(false);
        if (query.IncludePortal && source is null)
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
