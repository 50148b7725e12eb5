using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis;

/// <summary>Reads the rows behind findings. Every read is bounded and runs only when a finding needs it.</summary>
public sealed class EvidenceReader(IOperationReader reader)
{
    /// <summary>The maximum number of downloads read.</summary>
    public const int DownloadRows = 300;

    /// <summary>The maximum number of slow operations counted from rows.</summary>
    public const int SlowRows = 50_000;

    private const int Worst = 5;
    private const int MaxRunning = 10;
    private const int Candidates = 50;

    /// <summary>Counts the operations of a type and range that took longer than a limit; returns <see langword="null"/> above <see cref="SlowRows"/>.</summary>
    public async Task<long?> CountSlowAsync(TimeRange range, string? source, MetricType type, TimeSpan limit, CancellationToken cancellationToken)
    {
        long slow = 0;
        bool isAll = await reader.ScanMarksAsync(
            range, new() { Series = new() { Source = source, MetricType = type }, MinDuration = limit }, SlowRows,
            mark => slow += mark.Status is OperationStatus.Succeeded or OperationStatus.Failed && mark.Duration > limit ? 1 : 0,
            cancellationToken).ConfigureAwait(false);
        return isAll ? slow : null;
    }

    /// <summary>Returns the latest operations of a series, at most <paramref name="atMost"/>.</summary>
    public async Task<IReadOnlyList<Operation>> ReadLatestAsync(TimeRange range, SeriesFilter filter, int atMost, CancellationToken cancellationToken)
    {
        var latest = new LatestCollector(atMost);
        await reader.ScanAsync(range, new() { Series = filter }, latest.Add, cancellationToken).ConfigureAwait(false);
        return latest.ToList();
    }

    /// <summary>Adds the rows behind a bottleneck to its evidence.</summary>
    public async Task<Bottleneck> CompleteAsync(Bottleneck bottleneck, AnalysisInput input, CancellationToken cancellationToken)
    {
        switch (bottleneck.Kind)
        {
            case BottleneckKinds.SlowOperations:
                var slow = new OperationFilter { Series = bottleneck.Onset!.Filter, MinDuration = bottleneck.Onset.MinDuration };
                return With(bottleneck, await LongestAsync(input.Range, slow, bottleneck.Onset.IsBeyond, cancellationToken).ConfigureAwait(false));
            case BottleneckKinds.HighFailureRate:
                return With(bottleneck, [.. input.Failures.Where(operation => bottleneck.Onset!.Filter.Matches(new(operation.MetricType, operation.Source, operation.Name))).Take(Worst)]);
            case BottleneckKinds.Degradation:
                var named = new OperationFilter { Series = bottleneck.Onset!.Filter };
                return With(bottleneck, await LongestAsync(new(bottleneck.Since!.Value, input.Now), named, _ => true, cancellationToken).ConfigureAwait(false));
            default:
                return bottleneck.Evidence.LongestStretch is not { } stretch
                    ? bottleneck
                    : bottleneck with
                    {
                        Evidence = bottleneck.Evidence with { Running = await RunningAsync(bottleneck, stretch, input, cancellationToken).ConfigureAwait(false) },
                    };
        }
    }

    private static bool IsFinished(Operation operation) => operation.Status is OperationStatus.Succeeded or OperationStatus.Failed;

    private static Bottleneck With(Bottleneck bottleneck, IReadOnlyList<Operation> worst) =>
        bottleneck with { Evidence = bottleneck.Evidence with { WorstOperations = [.. worst.Select(OperationReference.To)] } };

    private async Task<IReadOnlyList<Operation>> LongestAsync(TimeRange range, OperationFilter filter, Func<Operation, bool> passes, CancellationToken cancellationToken)
    {
        var page = await reader.ReadPageAsync(new(range, filter, OperationOrder.DurationDescending, Candidates, null), cancellationToken).ConfigureAwait(false);
        return [.. page.Items.Where(operation => IsFinished(operation) && passes(operation)).LongestFirst(range.To).Take(Worst)];
    }

    /// <summary>
    /// Returns the operations that overlap a period, including those still running: those reported by the host itself or, when there are none,
    /// those of all sources, because the source of a service can differ from its host name.
    /// </summary>
    private async Task<IReadOnlyList<OperationReference>> RunningAsync(
        Bottleneck bottleneck, TimeRange stretch, AnalysisInput input, CancellationToken cancellationToken)
    {
        var still = await reader.ReadRunningAsync(cancellationToken).ConfigureAwait(false);
        var ofHost = await RunningAsync(new() { Source = bottleneck.Source }, still, stretch, input.Now, cancellationToken).ConfigureAwait(false);
        return ofHost.Count > 0 || input.Source is not null
            ? ofHost
            : await RunningAsync(SeriesFilter.Everyone, still, stretch, input.Now, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<OperationReference>> RunningAsync(
        SeriesFilter series, IReadOnlyList<Operation> still, TimeRange stretch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var ended = await reader.ReadPageAsync(
            new(new(stretch.From, now > stretch.To ? now : stretch.To), new() { Series = series }, OperationOrder.DurationDescending, Candidates, null),
            cancellationToken).ConfigureAwait(false);
        return
        [
            .. still.Where(operation => series.Matches(new(operation.MetricType, operation.Source, operation.Name)))
                .Concat(ended.Items)
                .Where(operation => operation.RunningSince() < stretch.To)
                .LongestFirst(now)
                .Take(MaxRunning)
                .Select(OperationReference.To),
        ];
    }
}
