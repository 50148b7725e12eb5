using PerfPortal.Domain.Analysis.Suggestions;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Hosting;

/// <summary>
/// Applies the thresholds that the history suggests, once a day, under the name <see cref="Person"/>. Runs only where the setting says so; a day after a change by a person, at the earliest.
/// </summary>
internal sealed class SelfTuningService(ThresholdAdvisor advisor, ThresholdSettings thresholds, PortalReadiness readiness, TimeProvider time, ILogger<SelfTuningService> logger)
    : PeriodicService(TimeSpan.FromHours(1), readiness, time, logger)
{
    /// <summary>The name in the history of changes.</summary>
    public const string Person = "self-tuning";

    private static readonly TimeSpan Pause = TimeSpan.FromDays(1);

    private readonly TimeProvider _time = time;
    private readonly ILogger _logger = logger;

    /// <inheritdoc/>
    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var state = await thresholds.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (state.ChangedAt is { } changed && _time.GetUtcNow() - changed < Pause)
        {
            return;
        }

        var suggestions = await advisor.SuggestAsync(state.Thresholds, cancellationToken).ConfigureAwait(false);
        var tuned = ThresholdAdvisor.Apply(state.Thresholds, suggestions);
        if (tuned != state.Thresholds && await thresholds.WriteAsync(state.Version, tuned, Person, cancellationToken).ConfigureAwait(false) is not null)
        {
            _logger.LogInformation("Self-tuning changed thresholds: {Changes}", string.Join(" ", suggestions.Where(suggestion => suggestion.IsChange).Select(suggestion => $"{suggestion.WireName}: {suggestion.Sentence}")));
        }
    }
}
