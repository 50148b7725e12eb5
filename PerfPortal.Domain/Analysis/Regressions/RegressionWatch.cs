using PerfPortal.Domain.Statistics.ChangePoints;

namespace PerfPortal.Domain.Analysis.Regressions;

/// <summary>A regression of one measure of a name.</summary>
/// <param name="Since">The most likely beginning.</param>
/// <param name="Low">The earliest plausible beginning.</param>
/// <param name="High">The latest plausible beginning.</param>
/// <param name="Until">The end, or <see langword="null"/> while it lasts.</param>
/// <param name="Base">The level before, on the scale of the measure.</param>
/// <param name="Level">The level during it.</param>
/// <param name="Confidence">The confidence, 0–1.</param>
internal sealed record Regression(
    DateTimeOffset Since, DateTimeOffset Low, DateTimeOffset High, DateTimeOffset? Until, double Base, double Level, double Confidence);

/// <summary>
/// Follows one measure of a name from look to look. Once a regression is dated, later looks can narrow its interval but not leave it; it ends by the levels, not because a later search
/// no longer finds it. Not thread-safe.
/// </summary>
internal sealed class RegressionWatch
{
    /// <summary>The confidence that hourly steps need.</summary>
    public const double Confidence = 0.999;

    /// <summary>The confidence that steps of five minutes need: they are looked at 288 times a day.</summary>
    public const double FineConfidence = 0.99999;

    /// <summary>For how long a regression is followed; after that its level is the usual one.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(13);

    private const int LeastSteps = 5;
    private const int MostSteps = 72;

    // How often the standard error of the median of the latest steps must fit into the rise before they decide whether it is over: it is asked at every look.
    private const double Sureness = 10;

    // Slower because there is more to do: more than this many times the operations in the same steps.
    private const double Busier = 1.5;

    // The length of a stretch of hours that counts as a level.
    private const int HoursThere = 5;

    private MeasuredSteps? _hours;

    /// <summary>The regression that lasts, or the last one that ended.</summary>
    public Regression? Current { get; private set; }

    /// <summary>Whether a regression lasts.</summary>
    public bool IsOpen => Current is { Until: null };

    /// <summary>Looks at the steps as they are now.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="isFine">Whether they are short ones.</param>
    /// <param name="from">The time from which on a regression may begin: a day after the first operation.</param>
    /// <param name="now">The time.</param>
    public void Look(MeasuredSteps steps, bool isFine, DateTimeOffset from, DateTimeOffset now)
    {
        _hours = isFine ? _hours : steps;
        if (IsOpen)
        {
            Follow(steps, isFine, from, now);
        }
        else if (steps.MayBeWorse(isFine ? WasThere : null) && Latest(steps, isFine, from) is { } found && now - found.Since < Longest)
        {
            Open(found, steps, isFine);
        }
    }

    /// <summary>One that seemed to have ended goes on when the latest steps say so.</summary>
    private void Open(Regression found, MeasuredSteps steps, bool isFine)
    {
        if (Current is null || found.High > Current.Until)
        {
            Current = isFine && WasThere(found.Base, found.Level, found.Low) ? Current : found;
        }
        else if (Latest(steps, Current) > Current.Base + ((Current.Level - Current.Base) / 2))
        {
            Current = Narrow(Current with { Until = null }, found);
        }
    }

    /// <summary>
    /// Whether some hours of the last days, other than those of the last regression, were halfway as bad: short steps reach back only two days and do not know the weekdays before a weekend.
    /// </summary>
    private bool WasThere(double before, double level, DateTimeOffset since)
    {
        if (_hours is not { } hours)
        {
            return false;
        }

        int end = hours.PositionOf(since);
        double halfway = before + ((level - before) / 2);
        bool isDaily = Current is { Until: { } until } last && until - last.Since < TimeSpan.FromHours(12)
            && Math.Abs(Math.IEEERemainder((since - last.Since).TotalHours, 24)) <= 3;
        for (int from = 0; from + HoursThere <= end; from++)
        {
            bool isLast = !isDaily && Current is { } known && hours.TimeOf(hours.Steps[from + HoursThere - 1]) >= known.Low - TimeSpan.FromHours(1) && hours.TimeOf(hours.Steps[from]) < known.Until;
            if (!isLast && hours.Figure(from, from + HoursThere) >= halfway)
            {
                return true;
            }
        }

        return false;
    }

    private static Regression? Latest(MeasuredSteps steps, bool isFine, DateTimeOffset from)
    {
        if (steps.Find(isFine ? FineConfidence : Confidence, from) is not [.., { End: null } worse])
        {
            return null;
        }

        var found = ToTimes(steps, worse);
        int start = steps.PositionOf(found.Since);

        // A change nearer to the end than the search can split is put where it can: too early.
        if (steps.Steps.Count - start <= ChangePointOptions.Default.MinimumSegment)
        {
            return null;
        }

        return isFine && steps.Count(start, steps.Steps.Count) / (double)(steps.Steps.Count - start) > Busier * steps.Count(0, start) / start ? null : found;
    }

    /// <summary>A change within a step can show in that step or in the next one.</summary>
    private static Regression ToTimes(MeasuredSteps steps, WorseLevel worse)
    {
        int low = steps.PositionOf(steps.TimeOf(worse.Low));
        return new(
            steps.TimeOf(worse.Start), steps.TimeOf(steps.Steps[Math.Max(0, low - 1)]), steps.TimeOf(worse.High) + steps.Step, null, worse.Base, worse.Level, worse.Confidence);
    }

    private void Follow(MeasuredSteps steps, bool isFine, DateTimeOffset from, DateTimeOffset now)
    {
        var current = Current!;
        if (now - current.Since >= Longest)
        {
            Current = current with { Until = now };
        }
        else if (Recovery(steps, current) is { } until)
        {
            Current = current with { Until = until };
        }
        else if (steps.PositionOf(current.High) > 0 && steps.MayBeWorse() && steps.Find(isFine ? FineConfidence : Confidence, from) is [.., { End: null } worse] && ToTimes(steps, worse) is var again)
        {
            Current = Narrow(current, again);
        }
    }

    /// <summary>A later look that is more certain narrows the interval; one that says something else does not widen or move it.</summary>
    private static Regression Narrow(Regression current, Regression again)
    {
        bool isSame = again.Low <= current.High && current.Low <= again.High;
        bool isNarrower = again.Low >= current.Low && again.High <= current.High;
        var (low, high) = isNarrower ? (again.Low, again.High) : (current.Low, current.High);
        var since = isSame ? again.Since : current.Since;
        return current with
        {
            Low = low,
            High = high,
            Since = since < low ? low : since > high ? high : since,
            Base = isSame ? again.Base : current.Base,
            Level = again.Level,
            Confidence = Math.Max(current.Confidence, again.Confidence),
        };
    }

    /// <summary>The level of as many of the latest steps as are needed to tell whether the rise is undone; <see cref="double.NaN"/> when there are too few.</summary>
    private static double Latest(MeasuredSteps steps, Regression current)
    {
        int n = steps.Steps.Count;
        int needed = (int)Math.Max(LeastSteps, Math.Ceiling(Math.Pow(1.2533 * Sureness * steps.Noise / (current.Level - current.Base), 2)));
        return needed <= MostSteps && n - steps.PositionOf(current.High) >= needed ? steps.Figure(n - needed, n) : double.NaN;
    }

    /// <summary>The end, once half of the rise is undone: where the steps above and below its middle part best.</summary>
    private static DateTimeOffset? Recovery(MeasuredSteps steps, Regression current)
    {
        double middle = current.Base + ((current.Level - current.Base) / 2);
        if (!(Latest(steps, current) <= middle))
        {
            return null;
        }

        int n = steps.Steps.Count;
        int balance = 0;
        int best = 0;
        int end = n;
        for (int i = n - 1; i >= steps.PositionOf(current.High); i--)
        {
            balance += steps.Figure(i, i + 1) <= middle ? 1 : -1;
            if (balance > best)
            {
                (best, end) = (balance, i);
            }
        }

        return steps.TimeOf(steps.Steps[Math.Min(end, n - 1)]);
    }
}
