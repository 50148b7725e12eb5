using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Settings;

namespace PerfPortal.Server.Views.Findings;

/// <summary>The score at a moment.</summary>
/// <param name="Analysis">The analysis of the 24 hours before the moment.</param>
/// <param name="Thresholds">The thresholds that it was computed with: those in effect at the moment.</param>
internal sealed record ScoreView(AnalysisResult Analysis, ThresholdState Thresholds);

/// <summary>Reads the score of the present or of any past moment, which depends on the data and on the thresholds of that moment alone.</summary>
internal sealed class ScoreReader(AnalysisService analysis, ThresholdSettings thresholds)
{
    /// <summary>Reads the score.</summary>
    /// <param name="source">The source; <see langword="null"/> for all except the portal itself.</param>
    /// <param name="at">The moment; <see langword="null"/> for the shared analysis of the present.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ScoreView> ReadAsync(string? source, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        if (at is not { } moment)
        {
            var current = await thresholds.ReadAsync(cancellationToken).ConfigureAwait(false);
            return new(await analysis.GetAsync(source, cancellationToken).ConfigureAwait(false), current);
        }

        var then = await thresholds.ReadAsOfAsync(moment, cancellationToken).ConfigureAwait(false);
        return new(await analysis.AnalyzeAsync(source, then.Thresholds, moment.ToWholeMicroseconds(), cancellationToken).ConfigureAwait(false), then);
    }
}
