using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Failures;

/// <summary>
/// Finds errors that recur, across names and sources. Examines the latest <see cref="MaxFailures"/> failures of the last 24 hours, and reads them only when their number has changed.
/// </summary>
public sealed class RecurringFailureDetector(SeriesReader series, IOperationReader reader) : IFindingDetector
{
    /// <summary>The maximum number of failures examined.</summary>
    public const int MaxFailures = 5000;

    /// <summary>The maximum number of findings; the groups with most failures.</summary>
    public const int MaxGroups = 10;

    private const int MaxSuccesses = 500;
    private const int MaxScanned = 20_000;
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    private (long Failed, DateTimeOffset From)? _read;
    private IReadOnlyList<(FailureGroup Group, IReadOnlyList<CommonTrait> Traits)> _groups = [];

    /// <inheritdoc/>
    public IReadOnlyList<FindingKind> Kinds { get; } = [FindingKind.RecurringFailure];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FindingObservation>> ObserveAsync(DetectionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var range = new TimeRange(request.Now - Window, request.Now);
        var steps = await series.ReadOperationsAsync(range, Step, SeriesFilter.Everyone, cancellationToken).ConfigureAwait(false);
        long failed = steps.Sum(one => one.Points.Sum(point => (long)point.Failed));

        // The oldest failures leave the window at a step's edge, which changes the number too.
        if (_read?.Failed != failed || request.Now - _read.Value.From > TimeSpan.FromHours(1))
        {
            _groups = failed < RecurringFailure.MinimumFailures ? [] : await ReadAsync(range, cancellationToken).ConfigureAwait(false);
            _read = (failed, request.Now);
        }

        return
        [
            .. _groups.Select(item => RecurringFailure.Observe(item.Group, item.Traits, [.. steps.Where(one => item.Group.Names.Contains((one.MetricType, one.Name)))], range, request.Thresholds))
                .OfType<FindingObservation>(),
        ];
    }

    private async Task<IReadOnlyList<(FailureGroup, IReadOnlyList<CommonTrait>)>> ReadAsync(TimeRange range, CancellationToken cancellationToken)
    {
        var latest = new LatestCollector(MaxFailures);
        await reader.ScanAsync(range, new() { Series = new() { Status = OperationStatus.Failed } }, latest.Add, cancellationToken).ConfigureAwait(false);
        var groups = FailureGroup.Of(latest.ToList()).Where(group => group.Failures.Count >= RecurringFailure.MinimumFailures).Take(MaxGroups).ToList();
        var found = new List<(FailureGroup, IReadOnlyList<CommonTrait>)>();
        foreach (var group in groups)
        {
            found.Add((group, CommonTraits.Find(group.Failures, await ReadSuccessesAsync(group, range, cancellationToken).ConfigureAwait(false))));
        }

        return found;
    }

    private async Task<List<Operation>> ReadSuccessesAsync(FailureGroup group, TimeRange range, CancellationToken cancellationToken)
    {
        var names = group.Names.ToHashSet();
        var filter = new SeriesFilter { Status = OperationStatus.Succeeded, MetricType = group.Type, Name = names.Count == 1 ? group.Names[0].Name : null };
        var successes = new List<Operation>();
        int scanned = 0;
        await reader.ScanAsync(
            range, new() { Series = filter },
            operation =>
            {
                if (names.Contains((operation.MetricType, operation.Name)))
                {
                    successes.Add(operation);
                }

                return successes.Count < MaxSuccesses && ++scanned < MaxScanned;
            },
            cancellationToken).ConfigureAwait(false);
        return successes;
    }
}
