using System.Globalization;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Tests.Journal;

namespace PerfPortal.Tests.Contract;

/// <summary>Everything that the readers of a store say, as text, so that two stores can be compared.</summary>
internal static class StoreAnswers
{
    private static readonly TimeRange Always = new(DateTimeOffset.UnixEpoch, new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public static async Task<string> OfAsync(IOperationReader operations, IResourceReader resources, IEnumerable<string> sources, CancellationToken cancellationToken)
    {
        var lines = new List<string> { "sources " + string.Join(',', operations.ReadSources()) };
        foreach (string? source in sources.Prepend(null))
        {
            var filter = new OperationFilter { Series = new() { Source = source } };
            await AddOperationsAsync(lines, operations, filter, cancellationToken);
            await AddRollupsAsync(lines, operations, filter.Series, cancellationToken);
            if (source is not null)
            {
                await AddResourcesAsync(lines, resources, source, cancellationToken);
            }
        }

        lines.AddRange((await resources.ReadLatestAsync(cancellationToken)).Select(sample => $"latest {sample.Source} {sample.SampledAt:O}").Order(StringComparer.Ordinal));
        lines.AddRange((await operations.ReadRunningAsync(cancellationToken)).Select(operation => $"running {operation.Id} {operation.Source}").Order(StringComparer.Ordinal));
        return string.Join('\n', lines);
    }

    private static async Task AddOperationsAsync(List<string> lines, IOperationReader operations, OperationFilter filter, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        await operations.ScanAsync(Always, filter, operation =>
        {
            found.Add(Text(operation));
            return true;
        }, cancellationToken);
        lines.AddRange(found.Order(StringComparer.Ordinal));
        foreach (var order in Enum.GetValues<OperationOrder>())
        {
            var page = await operations.ReadPageAsync(new(Always, filter, order, 20, null), cancellationToken);
            lines.Add($"{order} {string.Join(',', page.Items.Select(operation => operation.Id))} {page.Next is not null}");
        }

        var marks = new List<string>();
        await operations.ScanMarksAsync(Always, filter, int.MaxValue, mark => marks.Add($"{mark.End:O} {mark.Duration} {mark.Status}"), cancellationToken);
        lines.AddRange(marks.Order(StringComparer.Ordinal));
    }

    private static async Task AddRollupsAsync(List<string> lines, IOperationReader operations, SeriesFilter filter, CancellationToken cancellationToken)
    {
        var found = new List<string>();
        await operations.RollUpAsync(Always, filter, true, (series, outcome, rollup) => found.Add($"range {series} {outcome} {Text(rollup)}"), cancellationToken);
        foreach (var resolution in Enum.GetValues<RollupResolution>())
        {
            var series = new SeriesIndex();
            await operations.ReadRollupsAsync(
                resolution, 0, long.MaxValue, series,
                (bucket, page) => found.AddRange(RollupPages.ToDeltas(resolution, bucket, page, series).Where(delta => filter.Matches(delta.Series, delta.Outcome))
                    .Select(delta => $"{resolution} {bucket} {delta.Series} {delta.Outcome} {Text(delta.Rollup)}")),
                cancellationToken);
        }

        lines.AddRange(found.Order(StringComparer.Ordinal));
    }

    private static async Task AddResourcesAsync(List<string> lines, IResourceReader resources, string source, CancellationToken cancellationToken)
    {
        await resources.ReadSamplesAsync(source, Always, (sample, covered) => lines.Add($"sample {source} {sample.SampledAt:O} {covered} {sample[ResourceMetric.CpuPercent]}"), cancellationToken);
        foreach (var resolution in Enum.GetValues<RollupResolution>())
        {
            await resources.ReadResourceRollupsAsync(
                source, resolution, 0, int.MaxValue, (bucket, rollup) => lines.Add($"resource {source} {resolution} {bucket} {rollup[ResourceMetric.CpuPercent]}"), cancellationToken);
        }
    }

    private static string Text(Operation operation) => string.Create(
        CultureInfo.InvariantCulture,
        $"{operation.Id} {operation.MetricType} {operation.Name} {operation.Source} {operation.Status} {operation.StartTime:O} {operation.EndTime:O} {string.Join(';', operation.Metadata.Select(member => $"{member.Key}={member.Value.Numeric:R}"))}");

    private static string Text(Rollup rollup) => string.Create(
        CultureInfo.InvariantCulture,
        $"{rollup.Count} {rollup.Sum:R} {rollup.Min:R} {rollup.Max:R} {rollup.Durations.Count} {rollup.Durations.Quantile(0.5):R} {rollup.Durations.Quantile(0.95):R} {string.Join(';', rollup.Facts.Select(fact => $"{fact.Key}={fact.Value.Count}/{fact.Value.Sum:R}"))}");
}
