using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Server.Views.Findings;

namespace PerfPortal.Server.Views.Alerts;

/// <summary>Gives alert rules the score that the dashboard shows.</summary>
internal sealed class ScoreSource(ScoreReader scores) : IScoreSource
{
    public async Task<double?> ReadAsync(string? source, DateTimeOffset? at, CancellationToken cancellationToken) =>
        (await scores.ReadAsync(source, at, cancellationToken).ConfigureAwait(false)).Analysis.Score.Value;
}
