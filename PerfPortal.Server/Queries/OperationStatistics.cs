using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Queries;

/// <summary>
/// The statistics of a filtered set of operations: from rollups where source, name, type and outcome are all that is asked,
/// else by a bounded scan; beyond the bound there are none, and a reason.
/// </summary>
internal sealed class OperationStatistics(StatisticsReader statistics, IOperationReader reader)
{
    /// <summary>Rows that are scanned at most.</summary>
    public const int MostRows = 500_000;

    /// <summary>Reads the statistics.</summary>
    public async Task<(OutcomeStatistics? Statistics, string? Reason, AnsweredRange Range)> ReadAsync(
        TimeRange range, OperationFilter filter, CancellationToken cancellationToken)
    {
        if (filter.IsOverSeriesOnly)
        {
            var answer = await statistics.ReadAsync(new(range, filter.Series), cancellationToken).ConfigureAwait(false);
            return (answer.Total, null, answer.Range);
        }

        var builder = new StatisticsBuilder();
        int rows = 0;
        await reader.ScanAsync(
            range, filter,
            operation =>
            {
                var rollup = new Rollup();
                OperationFigures.AddTo(rollup, operation);
                builder.Add(operation.Status.ToOutcome(), rollup);
                return ++rows <= MostRows;
            },
            cancellationToken).ConfigureAwait(false);
        var exact = new AnsweredRange(range.From, range.To, "exact");
        return rows <= MostRows
            ? (builder.Build(range.Length), null, exact)
            : (null, FormattableString.Invariant($"More than {MostRows:N0} operations pass the filter; narrow the range or the filter."), exact);
    }
}
