using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Tests.Views.Operations;

/// <summary>Ended operations in memory; it has no rollups.</summary>
internal sealed class FakeOperations(params Operation[] ended) : IOperationReader
{
    public Task<Operation?> FindAsync(Guid id, CancellationToken cancellationToken) => Task.FromResult(ended.FirstOrDefault(one => one.Id == id));

    public Task<IReadOnlyList<Operation>> ReadRunningAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Operation>>([]);

    public Task<OperationPage> ReadPageAsync(OperationQuery query, CancellationToken cancellationToken) => Task.FromResult(new OperationPage(ended, null));

    public Task ScanAsync(TimeRange range, OperationFilter filter, Func<Operation, bool> each, CancellationToken cancellationToken)
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

        return Task.CompletedTask;
    }

    public Task ReadRollupsAsync(
        RollupResolution resolution, long from, long to, SeriesIndex series, Action<long, RollupPage> each, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> ReadSourcesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);
}
