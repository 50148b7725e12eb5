using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Silence;

/// <summary>
/// Finds hosts that no longer report samples, and that no operation ends any more although some should. Time in which this process did not run is not silence.
/// </summary>
/// <param name="series">The series.</param>
/// <param name="time">The clock; its first reading is taken as the start of the process.</param>
public sealed class SilenceDetector(SeriesReader series, TimeProvider time) : IFindingDetector
{
    /// <summary>A host that has been silent for longer is taken as gone for good.</summary>
    public static readonly TimeSpan Gone = TimeSpan.FromDays(3);

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan History = TimeSpan.FromDays(14);

    private readonly DateTimeOffset _running = time.GetUtcNow();

    /// <inheritdoc/>
    public IReadOnlyList<FindingKind> Kinds { get; } = [FindingKind.Silence];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FindingObservation>> ObserveAsync(DetectionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var observations = new List<FindingObservation>();
        foreach (var host in await series.ReadHostsAsync(cancellationToken).ConfigureAwait(false))
        {
            // Only a host that might be silent is looked at.
            if (request.Now - host.SampledAt is var silent && silent >= SilentHost.Shortest && silent < Gone)
            {
                var steps = await series.ReadResourcesAsync(host.Source, new(host.SampledAt - Day, host.SampledAt), Step, cancellationToken).ConfigureAwait(false);
                if (SilentHost.Find(host, steps, request.Now, Later(host.SampledAt, _running)) is { } observation)
                {
                    observations.Add(observation);
                }
            }
        }

        if (await FindSilentOperationsAsync(request.Now, cancellationToken).ConfigureAwait(false) is { } nothing)
        {
            observations.Add(nothing);
        }

        return observations;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private async Task<FindingObservation?> FindSilentOperationsAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var day = EndedCounts.Of(await series.ReadOperationsAsync(new(now - Day - SilentOperations.Longest, now), Step, SeriesFilter.Everyone, cancellationToken).ConfigureAwait(false));
        var hours = EndedCounts.Of(await series.ReadOperationsAsync(new(now - History, now), Hour, SeriesFilter.Everyone, cancellationToken).ConfigureAwait(false));
        return SilentOperations.Find(day, hours, now, _running);
    }
}
