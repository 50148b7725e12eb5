using PerfPortal.Domain.Analysis.Regressions;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Views.Findings;

/// <summary>What may have changed performance: reported markers and edited thresholds.</summary>
internal sealed class KnownEvents(EfMarkerStore markers, ThresholdSettings thresholds) : IKnownEvents
{
    private const int Most = 100;

    public async Task<IReadOnlyList<KnownEvent>> ReadAsync(TimeRange range, CancellationToken cancellationToken)
    {
        var reported = await markers.ReadAsync(range, null, Most, cancellationToken).ConfigureAwait(false);
        var edited = await thresholds.ReadHistoryAsync(Most, cancellationToken).ConfigureAwait(false);
        return
        [
            .. reported.Select(marker => new KnownEvent("marker", marker.At, $"{marker.Name}{(marker.Source is null ? "" : $" on {marker.Source}")} was reported as a marker.", marker.Source))
                .Concat(edited.Where(change => change.ChangedAt >= range.From && change.ChangedAt < range.To && change.Differences.Count > 0)
                    .Select(change => new KnownEvent("settings", change.ChangedAt, Words(change), null)))
                .OrderByDescending(known => known.At).Take(Most),
        ];
    }

    private static string Words(ThresholdChange change) =>
        $"{change.ChangedBy} changed {string.Join(", ", change.Differences.Select(one => $"{one.Name} from {Format.Exact(one.Before)} to {Format.Exact(one.After)}"))}.";
}
