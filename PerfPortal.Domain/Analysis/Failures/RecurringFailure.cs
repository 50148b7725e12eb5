using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Failures;

/// <summary>
/// An error recurs when at least <see cref="MinimumFailures"/> operations failed with it in 24 hours, over at least <see cref="MinimumSpread"/>, and they are at least one in a hundred
/// operations of these names. It is over when it has been absent for an hour and for four times its usual pause.
/// </summary>
public static class RecurringFailure
{
    /// <summary>The minimum number of failures.</summary>
    public const int MinimumFailures = 5;

    /// <summary>The minimum time between the first and the last of them: a burst at one moment is one event.</summary>
    public static readonly TimeSpan MinimumSpread = TimeSpan.FromMinutes(10);

    private const double MinimumShare = 0.01;
    private const double CriticalTimes = 3;
    private const double OverAfterPauses = 4;
    private const int MaxOperations = 5;
    private const int MaxNames = 20;
    private static readonly TimeSpan OverAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan Lately = TimeSpan.FromHours(6);

    /// <summary>Returns what a group of failures amounts to; <see langword="null"/> when it does not recur.</summary>
    /// <param name="group">The failures of the range.</param>
    /// <param name="traits">What they have in common.</param>
    /// <param name="series">The operations of their names in the range.</param>
    /// <param name="range">The range; its end is the present.</param>
    /// <param name="thresholds">The thresholds.</param>
    public static FindingObservation? Observe(
        FailureGroup group, IReadOnlyList<CommonTrait> traits, IReadOnlyList<OperationSeries> series, TimeRange range, PerformanceThresholds thresholds)
    {
        ArgumentNullException.ThrowIfNull(group);
        int count = group.Failures.Count;
        long finished = series.Sum(one => one.Points.Sum(point => (long)point.Finished));
        if (count < MinimumFailures || group.LastAt - group.FirstAt < MinimumSpread || finished == 0 || count < MinimumShare * finished)
        {
            return null;
        }

        double share = Math.Min(1, (double)count / finished);
        var pause = (group.LastAt - group.FirstAt) / (count - 1);
        var over = pause * OverAfterPauses is var usual && usual > OverAfter ? usual : OverAfter;
        bool isOver = range.To - group.LastAt > over;
        var next = NextFailure.Of(series, group.FirstAt) ?? NextFailure.Of(series);
        return new()
        {
            Kind = FindingKind.RecurringFailure,
            Subject = new(null, group.Type, group.Names.Count == 1 ? group.Names[0].Name : null, FindingMeasures.FailureRate),
            Discriminator = $"{group.ErrorType}\u001f{group.Message}",
            Since = group.FirstAt,
            SinceLow = group.FirstAt - pause,
            SinceHigh = group.FirstAt,
            MayHaveBegunEarlier = group.FirstAt - range.From < over,
            Until = isOver ? group.LastAt : null,
            Size = share,
            Unit = "share",
            Confidence = 1 - (1.0 / (count + 1)),
            Severity = share > CriticalTimes * thresholds.FailureRate ? Severity.Critical : Severity.Warning,
            Impact = group.Failures.Sum(failure => failure.Duration?.TotalSeconds ?? 0) / range.Length.TotalHours,
            Sentence = $"{Format.Count((long)count)} of {OperationNouns.Many(finished, group.Type)} of {NamesOf(group)} failed with {group.Title} in 24 hours (since {Moments.Text(group.FirstAt)})"
                + (next is null || isOver ? "." : $"; the chance that the next one fails is {Format.Ratio(next.Probability)} ({Format.Ratio(next.Low)}–{Format.Ratio(next.High)})."),
            Action = traits.Count > 0 ? $"Look at {traits[0].Trait} {traits[0].Value} first." : $"Look at the latest failures with {group.Title}.",
            Evidence = [.. Numbers(group, share, next, range)],
            Causes = [.. traits.Select(trait => new FindingCause("common", trait.Sentence, null, Math.Clamp(trait.Difference, 0, 1), trait.Key))],
            Names = group.Names.Count == 1 ? [] : [.. group.Names.Take(MaxNames).Select(name => new AffectedName(name.Type, name.Name))],
            Operations = [.. group.Failures.Take(MaxOperations).Select(OperationReference.To)],
        };
    }

    private static IEnumerable<EvidenceNumber> Numbers(FailureGroup group, double share, NextFailure? next, TimeRange range)
    {
        int lately = group.Failures.Count(failure => failure.EndTime >= range.To - Lately);
        yield return new("failures", group.Failures.Count, "");
        yield return new("failure_rate", share, "share");
        yield return new("names", group.Names.Count, "");
        yield return new("sources", group.Failures.Select(failure => failure.Source).Distinct().Count(), "");
        yield return new("failures_of_last_6_hours", lately, "");
        yield return new("failures_of_18_hours_before", group.Failures.Count - lately, "");
        if (next is not null)
        {
            yield return new("next_failure_probability", next.Probability, "share");
            yield return new("next_failure_low", next.Low, "share");
            yield return new("next_failure_high", next.High, "share");
        }
    }

    private static string NamesOf(FailureGroup group) => group.Names.Count switch
    {
        1 => group.Names[0].Name,
        2 => $"{group.Names[0].Name} and {group.Names[1].Name}",
        _ => $"{group.Names[0].Name} and {Format.Count((long)group.Names.Count - 1)} other names",
    };
}
