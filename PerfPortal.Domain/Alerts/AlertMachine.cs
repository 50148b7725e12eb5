using PerfPortal.Domain.Alerts.Rules;

namespace PerfPortal.Domain.Alerts;

/// <summary>
/// The life of an alert as a pure function: inactive, pending, firing, resolved, after the model of Prometheus' alerting rules (<c>for</c>, <c>keep_firing_for</c>), with a
/// recovery threshold, damped flapping, and missing data as a state of its own. What runs live and what replays history is this.
/// </summary>
/// <remarks>
/// Each minute is evaluated once; late data affect later evaluations only. When the clock steps back, times that would be in the future are set to the present, so that no timer runs
/// longer than its rule states. While data are missing, a pending timer keeps running but does not fire. Time without evaluation, because the portal was down or its clock was set
/// forward, counts neither as missing data nor as recovery.
/// </remarks>
public static class AlertMachine
{
    /// <summary>How long data must be missing before a firing alert has no data, and a pending one is dropped.</summary>
    public static readonly TimeSpan NoDataAfter = TimeSpan.FromMinutes(10);

    /// <summary>How long data must be missing before an alert is given up as resolved.</summary>
    public static readonly TimeSpan ForgetAfter = TimeSpan.FromHours(24);

    /// <summary>The time within which repeated firing is flapping.</summary>
    public static readonly TimeSpan FlapWindow = TimeSpan.FromHours(1);

    /// <summary>The number of times an alert fires within <see cref="FlapWindow"/> to be flapping.</summary>
    public const int FlapFirings = 3;

    /// <summary>How long the condition must not hold before a flapping alert resolves.</summary>
    public static readonly TimeSpan FlapCalm = TimeSpan.FromMinutes(15);

    /// <summary>A longer time between two evaluations is a gap in which nothing is known.</summary>
    public static readonly TimeSpan MaxStep = TimeSpan.FromMinutes(2);

    /// <summary>The maximum number of firings that are remembered.</summary>
    public const int MaxFirings = 8;

    /// <summary>Evaluates one subject of a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="status">The status after the previous evaluation.</param>
    /// <param name="value">What was measured; <see langword="null"/> when there are no data or not enough operations.</param>
    /// <param name="at">The time of the evaluation, UTC.</param>
    /// <returns>The status, and the transition if the state changed.</returns>
    public static (AlertStatus Status, AlertTransition? Transition) Step(AlertRule rule, AlertStatus status, double? value, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(status);
        status = Forget(WithoutGap(NotLaterThan(status, at), at), at) with { SteppedAt = at };
        if (status.State == AlertState.Resolved)
        {
            status = new() { Firings = status.Firings, IsFlapping = status.IsFlapping, SteppedAt = at };
        }

        return value is { } number && !double.IsNaN(number) ? Measured(rule, status, number, at) : Missing(status, at);
    }

    private static (AlertStatus, AlertTransition?) Measured(AlertRule rule, AlertStatus status, double value, DateTimeOffset at)
    {
        bool isActive = status.State.IsActive();
        bool isBeyond = isActive ? rule.IsBeyondRecovery(value) : rule.IsBeyond(value);
        var next = status with { Value = value, MissingSince = null };
        if (isBeyond)
        {
            next = next with { LastBeyond = at, PendingSince = status.PendingSince ?? at, Peak = Further(rule, status.Peak, value) };
        }

        switch (status.State)
        {
            case AlertState.Inactive when !isBeyond:
                return (next, null);
            case AlertState.Inactive when rule.For <= TimeSpan.Zero:
                return Fire(next, at, "Condition met.");
            case AlertState.Inactive:
                return Change(next, AlertState.Pending, at, "Condition met.");
            case AlertState.Pending when !isBeyond:
                return Change(next with { PendingSince = null, Peak = null, LastBeyond = null, Unwatched = TimeSpan.Zero }, AlertState.Inactive, at, "Back to normal before the alert fired.");
            case AlertState.Pending when at - next.PendingSince >= rule.For:
                return Fire(next, at, $"Condition met for {AlertWords.Held(next, at)}.");
            case AlertState.Pending:
                return (next, null);
            default:
                return isBeyond || at - (next.LastBeyond ?? at) < Hold(rule, next)
                    ? status.State == AlertState.Firing ? (next, null) : Change(next, AlertState.Firing, at, "Data again; the condition is still met.")
                    : Change(next with { ResolvedAt = at }, AlertState.Resolved, at, Recovered(rule, next));
        }
    }

    private static (AlertStatus, AlertTransition?) Missing(AlertStatus status, DateTimeOffset at)
    {
        var next = status with { MissingSince = status.MissingSince ?? at };
        var missing = at - next.MissingSince!.Value;
        return status.State switch
        {
            AlertState.Pending when missing >= NoDataAfter => Change(
                next with { PendingSince = null, Peak = null, LastBeyond = null, Unwatched = TimeSpan.Zero }, AlertState.Inactive, at, $"No data for {AlertTimes.Lasted(missing)}."),
            AlertState.Firing when missing >= NoDataAfter => Change(next, AlertState.NoData, at, $"No data for {AlertTimes.Lasted(missing)}."),
            AlertState.NoData when missing >= ForgetAfter => Change(next with { ResolvedAt = at }, AlertState.Resolved, at, $"No data for {AlertTimes.Lasted(missing)}."),
            _ => (next, null),
        };
    }

    private static (AlertStatus, AlertTransition?) Fire(AlertStatus status, DateTimeOffset at, string reason)
    {
        var firings = status.Firings.Append(at).TakeLast(MaxFirings).ToList();
        return Change(status with { FiringSince = at, Firings = firings, IsFlapping = status.IsFlapping || firings.Count >= FlapFirings }, AlertState.Firing, at, reason);
    }

    private static (AlertStatus, AlertTransition?) Change(AlertStatus status, AlertState to, DateTimeOffset at, string reason) =>
        (status with { State = to }, new(status.State, to, at, reason));

    private static TimeSpan Hold(AlertRule rule, AlertStatus status) =>
        status.IsFlapping && rule.KeepFiringFor < FlapCalm ? FlapCalm : rule.KeepFiringFor > TimeSpan.Zero ? rule.KeepFiringFor : TimeSpan.Zero;

    private static string Recovered(AlertRule rule, AlertStatus status) => Hold(rule, status) is var hold && hold > TimeSpan.Zero
        ? $"Back to normal for {AlertTimes.Lasted(hold)}."
        : "Back to normal.";

    private static double Further(AlertRule rule, double? peak, double value) =>
        peak is not { } known ? value : rule.Comparison == AlertComparison.Above ? Math.Max(known, value) : Math.Min(known, value);

    /// <summary>Forgets firings that are too old to count as flapping.</summary>
    private static AlertStatus Forget(AlertStatus status, DateTimeOffset at) =>
        status.Firings.Count == 0 || at - status.Firings[0] < FlapWindow
            ? status
            : status.Firings.Where(firing => at - firing < FlapWindow).ToList() is var left
                ? status with { Firings = left, IsFlapping = status.IsFlapping && left.Count > 0 }
                : status;

    private static AlertStatus WithoutGap(AlertStatus status, DateTimeOffset at) => at - status.SteppedAt is not { } step || step <= MaxStep
        ? status
        : status with
        {
            MissingSince = Clamp(status.MissingSince + step, at),
            LastBeyond = Clamp(status.LastBeyond + step, at),
            Unwatched = status.PendingSince is null ? TimeSpan.Zero : status.Unwatched + step,
        };

    private static AlertStatus NotLaterThan(AlertStatus status, DateTimeOffset at) => status with
    {
        PendingSince = Clamp(status.PendingSince, at),
        FiringSince = Clamp(status.FiringSince, at),
        LastBeyond = Clamp(status.LastBeyond, at),
        MissingSince = Clamp(status.MissingSince, at),
        SteppedAt = Clamp(status.SteppedAt, at),
        Firings = status.Firings.Any(firing => firing > at) ? [.. status.Firings.Select(firing => firing < at ? firing : at)] : status.Firings,
    };

    private static DateTimeOffset? Clamp(DateTimeOffset? time, DateTimeOffset at) => time > at ? at : time;
}
