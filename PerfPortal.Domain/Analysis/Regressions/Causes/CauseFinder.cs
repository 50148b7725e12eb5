using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Regressions.Causes;

/// <summary>A regression to be explained.</summary>
/// <param name="MetricType">The type.</param>
/// <param name="Name">The name.</param>
/// <param name="Low">The earliest plausible beginning.</param>
/// <param name="Since">The most likely beginning.</param>
/// <param name="High">The latest plausible beginning.</param>
/// <param name="Before">The period before, up to <paramref name="Low"/>.</param>
/// <param name="After">The period since, from <paramref name="High"/> on.</param>
internal sealed record Unexplained(
    MetricType MetricType, string Name, DateTimeOffset Low, DateTimeOffset Since, DateTimeOffset High, TimeRange Before, TimeRange After)
{
    /// <summary>The operations of the name.</summary>
    public SeriesFilter Filter => new() { MetricType = MetricType, Name = Name };
}

/// <summary>
/// Looks for what changed together with the operations of a name: events in the interval of the change, metadata values that came with it, a shift between sources, more load,
/// more operations at the same time.
/// That something coincides does not prove that it is the cause; the weight says how well it fits. Reads at most <see cref="MaxOperations"/> operations on each side.
/// </summary>
internal sealed class CauseFinder(SeriesReader series, IOperationReader operations, IKnownEvents events)
{
    /// <summary>The maximum number of operations read on each side of the change.</summary>
    public const int MaxOperations = 500;

    private const int MaxCauses = 10;

    /// <summary>Returns the causes, the best first.</summary>
    public async Task<IReadOnlyList<FindingCause>> FindAsync(Unexplained change, CancellationToken cancellationToken)
    {
        var before = await series.ReadFiguresAsync(change.Before, change.Filter, StatisticsGrouping.Source, cancellationToken).ConfigureAwait(false);
        var after = await series.ReadFiguresAsync(change.After, change.Filter, StatisticsGrouping.Source, cancellationToken).ConfigureAwait(false);
        var known = await events.ReadAsync(
            new(change.Low - EventCauses.Tolerance, change.High + EventCauses.Tolerance), cancellationToken).ConfigureAwait(false);
        var causes = new List<FindingCause>();
        causes.AddRange(EventCauses.Find(change, known, after));
        var then = await SampleAsync(change.Before, change.Filter, cancellationToken).ConfigureAwait(false);
        var now = await SampleAsync(change.After, change.Filter, cancellationToken).ConfigureAwait(false);
        causes.AddRange(MetadataCauses.Find(then, now, change.Since));
        causes.AddRange(ConcurrencyCauses.Find(then, now));
        causes.AddRange(SourceCauses.Find(before, after));
        causes.AddRange(LoadCauses.Find(before, after));
        return [.. causes.OrderByDescending(cause => cause.Weight).ThenBy(cause => cause.Text, StringComparer.Ordinal).Take(MaxCauses)];
    }

    private async Task<List<Operation>> SampleAsync(TimeRange range, SeriesFilter filter, CancellationToken cancellationToken)
    {
        var sample = new List<Operation>();
        await operations.ScanAsync(
            range, new() { Series = filter },
            operation =>
            {
                sample.Add(operation);
                return sample.Count < MaxOperations;
            },
            cancellationToken).ConfigureAwait(false);
        return sample;
    }
}
