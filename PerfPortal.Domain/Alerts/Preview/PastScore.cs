using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Journal;

namespace PerfPortal.Domain.Alerts.Preview;

/// <summary>The score in the past, computed for at most <see cref="MaxSteps"/> moments, because each takes a whole analysis.</summary>
internal sealed class PastScore(AlertRule rule, IScoreSource? scores, long minutes) : IPastSignal
{
    /// <summary>The maximum number of moments.</summary>
    public const int MaxSteps = 100;

    private readonly long _step = Math.Max(60, (minutes + MaxSteps - 1) / MaxSteps);
    private readonly SortedDictionary<long, double?> _scores = [];
    private double? _held;

    public TimeSpan Resolution => TimeSpan.FromMinutes(_step);

    public async Task LoadAsync(long from, long to, CancellationToken cancellationToken)
    {
        for (long minute = from - (from % _step); minute <= to && scores is not null; minute += _step)
        {
            if (!_scores.ContainsKey(minute))
            {
                _scores.Add(minute, await scores.ReadAsync(rule.Scope.Source, RollupBuckets.Start(RollupResolution.Minute, minute), cancellationToken).ConfigureAwait(false));
            }
        }
    }

    public RuleObservation Observe(long minute)
    {
        _held = _scores.TryGetValue(minute - (minute % _step), out double? score) ? score : _held;
        return new(rule, [new(new(rule.Scope.Source), _held)], false);
    }
}
