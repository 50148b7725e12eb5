using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Alerts.Preview;

/// <summary>The part of the past that was looked at.</summary>
/// <param name="Range">The range, whole minutes; it begins later than asked where minutes are no longer kept.</param>
/// <param name="Resolution">How finely the past is known; <see langword="null"/> when nothing of the signal is kept.</param>
public sealed record HistoryAnswer(TimeRange Range, TimeSpan? Resolution);

/// <summary>Gives what a rule measured at every minute of a past range, by the functions that measure live. Thread-safe. Exceptions of the store propagate.</summary>
public sealed class SignalHistory(
    StatisticsReader statistics, IResourceReader resources, IOperationReader operations, ActiveOperations active, FindingLedger findings, RetentionHorizons horizons, TimeProvider time,
    IScoreSource? scores = null)
{
    /// <summary>The longest range.</summary>
    public static readonly TimeSpan MaxRange = TimeSpan.FromDays(31);

    // What is read at once: more takes memory, less takes longer.
    private const int MinutesAtOnce = 6 * 60;

    /// <summary>Reads a range.</summary>
    /// <param name="rule">The rule; it must be valid.</param>
    /// <param name="range">The range, at most <see cref="MaxRange"/>; minutes that end in it are observed.</param>
    /// <param name="each">Receives the time and what was measured, minute by minute.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <exception cref="ArgumentException">The range is too long.</exception>
    public async Task<HistoryAnswer> ReadAsync(AlertRule rule, TimeRange range, Action<DateTimeOffset, RuleObservation> each, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(each);
        if (range.Length > MaxRange)
        {
            throw new ArgumentException($"The range is longer than {MaxRange.TotalDays} days.", nameof(range));
        }

        var now = time.GetUtcNow();
        long from = RollupBuckets.Of(RollupResolution.Minute, range.From < horizons.OldestMinute ? horizons.OldestMinute : range.From);
        long to = RollupBuckets.Of(RollupResolution.Minute, range.To < now ? range.To : now);
        var looked = new TimeRange(RollupBuckets.Start(RollupResolution.Minute, from), RollupBuckets.Start(RollupResolution.Minute, Math.Max(from, to)));
        if (Of(rule, to - from) is not { } signal)
        {
            return new(looked, null);
        }

        var limit = new SubjectLimit();
        for (long first = from; first < to; first += MinutesAtOnce)
        {
            long end = Math.Min(to, first + MinutesAtOnce);
            await signal.LoadAsync(first, end, cancellationToken).ConfigureAwait(false);
            for (long minute = first + 1; minute <= end; minute++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                limit.Begin();
                each(RollupBuckets.Start(RollupResolution.Minute, minute), limit.Cut(signal.Observe(minute)));
            }
        }

        return new(looked, signal.Resolution);
    }

    private IPastSignal? Of(AlertRule rule, long minutes) => rule.Signal.Kind switch
    {
        AlertSignalKind.Resource => new PastResource(rule, resources),
        AlertSignalKind.RunningFor => new PastRunning(rule, operations, active, time),
        AlertSignalKind.NoData => new PastSilence(rule, statistics, resources),
        AlertSignalKind.Finding => new PastFindings(rule, findings),
        AlertSignalKind.Score when scores is not null => new PastScore(rule, scores, minutes),
        AlertSignalKind.Score or AlertSignalKind.Portal => null,
        _ => new PastOperations(rule, statistics),
    };
}
