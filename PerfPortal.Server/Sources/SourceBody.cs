using PerfPortal.Server.Views.Losses;

namespace PerfPortal.Server.Sources;

/// <summary>A source with what is stored of it, and what it lost.</summary>
/// <param name="Source">The source.</param>
/// <param name="Operations">The number of operations in its statistics, for as long as these are kept.</param>
/// <param name="Running">The number of operations in progress.</param>
/// <param name="LastReportAt">When its latest operation started or its latest sample was taken; null when neither is stored any more.</param>
/// <param name="DroppedOperations">The number of operations that its programs dropped before they reached the portal: its figures lack them.</param>
/// <param name="DroppedSamples">The number of samples that they dropped.</param>
/// <param name="RejectedOperations">The number of operations that the portal rejected as invalid, as far as the programs told.</param>
/// <param name="RejectedSamples">The number of samples that the portal rejected as invalid.</param>
/// <param name="LastDropAt">When a report was last dropped.</param>
/// <param name="LastRejectionAt">When a report was last rejected.</param>
/// <param name="Losses">The losses, the latest first.</param>
internal sealed record SourceBody(
    string Source, long Operations, int Running, DateTimeOffset? LastReportAt, long DroppedOperations, long DroppedSamples, long RejectedOperations, long RejectedSamples,
    DateTimeOffset? LastDropAt, DateTimeOffset? LastRejectionAt, IReadOnlyList<LossBody> Losses)
{
    /// <summary>Creates the body.</summary>
    public static SourceBody Of(SourceRow row)
    {
        var (dropped, rejected) = (row.Losses.Where(loss => loss.IsDropped).ToList(), row.Losses.Where(loss => !loss.IsDropped).ToList());
        return new(
            row.Name, row.Operations, row.Running, row.LastReportAt, dropped.Sum(loss => loss.Operations), dropped.Sum(loss => loss.Samples), rejected.Sum(loss => loss.Operations),
            rejected.Sum(loss => loss.Samples), dropped.FirstOrDefault()?.To, rejected.FirstOrDefault()?.To, [.. row.Losses.Select(LossBody.Of)]);
    }
}
