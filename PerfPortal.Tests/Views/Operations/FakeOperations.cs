using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Tests.Views.Operations;

/// <summary>Ended operations in memory; it has no rollups.</summary>
internal sealed class FakeOperations(params Operation[] ended) : IOperationReader
{
    public ValueTask<Operation?> FindAsync(Guid id, CancellationToken cancellationToken) => ValueTask.FromResult(ended.FirstOrDefault(one => one.Id == id));

    public ValueTask<IReadOnlyList<Operation>> ReadRunningAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<Operation>>([]);

    public ValueTask<OperationPage> ReadPageAsync(OperationQuery query, CancellationToken cancellationToken) => ValueTask.FromResult(new OperationPage(ended, null));

    public ValueTask ScanAsync(TimeRange range, OperationFilter filter, Func<Operation, bool> each, CancellationToken cancellationToken)
    {
        foreach (var one in ended
            .Where(one => range.Contains(one.EndTime!.Value) && filter.Series.Matches(new(one.MetricType, one.Source, one.Name), one.Status))
            .OrderByDescending(one => one.EndTime))
        {
            if (!each(one))
            {
                break;
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ReadRollupsAsync(
        RollupResolution resolution, long from, long to, SeriesIndex series, Action<long, RollupPage> each, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public IReadOnlyList<string> ReadSources() => [];
}
