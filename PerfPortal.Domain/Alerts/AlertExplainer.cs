using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Analysis.Regressions;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Alerts;

/// <summary>
/// Collects what helps to understand an alert that begins to fire: the operations that ran where it fires, what else the portal knows of that time, and the last time. Reads a bounded
/// number of operations. Exceptions of the store propagate.
/// </summary>
public sealed class AlertExplainer(
    ActiveOperations active, IOperationReader operations, FindingLedger findings, IKnownEvents events, IAlertStore store, IPortalHealth? health = null)
{
    /// <summary>The time before the condition began to hold in which something that happened may be its cause.</summary>
    public static readonly TimeSpan CauseWindow = TimeSpan.FromHours(1);

    /// <summary>The time in which the last occurrence is looked for.</summary>
    public static readonly TimeSpan MemoryWindow = TimeSpan.FromDays(90);

    private const int MaxRead = 500;

    /// <summary>Explains an alert as of the evaluation that made it fire.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="rule">Its rule.</param>
    /// <param name="points">The value of its signal over the hour before.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<AlertExplanation> ExplainAsync(Alert alert, AlertRule rule, IReadOnlyList<AlertPoint> points, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alert);
        ArgumentNullException.ThrowIfNull(rule);
        var now = alert.Status.FiringSince ?? alert.Status.PendingSince ?? DateTimeOffset.MinValue;
        var window = new TimeRange(now - (rule.Window > TimeSpan.FromMinutes(5) ? rule.Window : TimeSpan.FromMinutes(5)), now);
        var (ran, idle) = await ReadOperationsAsync(alert, window, cancellationToken).ConfigureAwait(false);
        var known = await findings.ListAsync(cancellationToken).ConfigureAwait(false);
        var finding = known.FirstOrDefault(finding => finding.Id == alert.Subject.FindingId);
        var last = (await store.ReadHistoryAsync(new(now - MemoryWindow, now, alert.RuleId, 100), cancellationToken).ConfigureAwait(false))
            .FirstOrDefault(other => other.Id != alert.Id && other.Subject.Key == alert.Subject.Key && other.State == AlertState.Resolved);
        return new()
        {
            Sentence = finding?.Latest.Sentence ?? await ProblemAsync(alert, cancellationToken).ConfigureAwait(false) ?? AlertWords.Sentence(alert, now),
            Points = points,
            Running = RunningOf(ran, idle, window, isShared: SignalTraits.Of(rule.Signal) is { HasOperations: true } && rule.Signal.Kind != AlertSignalKind.Finding),
            Causes = await CausesAsync(alert, finding, known, ran, window, cancellationToken).ConfigureAwait(false),
            LastTime = last is null ? null : LastTime(last, now),
            LastAlertId = last?.Id,
        };
    }

    /// <summary>The problem of the portal's part that the alert is about; <see langword="null"/> for other alerts.</summary>
    private async ValueTask<string?> ProblemAsync(Alert alert, CancellationToken cancellationToken) => alert.Subject.Part is not { } part || health is null
        ? null
        : (await health.ReadAsync(cancellationToken).ConfigureAwait(false)).FirstOrDefault(one => one.Name == part && one.HasProblem).Problem;

    /// <summary>The operations that ran on the source of the alert during the window, or anywhere when it has none: those in progress, and the latest that ended.</summary>
    private async Task<(IReadOnlyList<Operation> Ran, IReadOnlySet<Guid> Idle)> ReadOperationsAsync(Alert alert, TimeRange window, CancellationToken cancellationToken)
    {
        var filter = new SeriesFilter { Source = alert.Subject.Source, MetricType = alert.Subject.MetricType, Name = alert.Subject.Name };
        var running = active.List(filter).Take(MaxRead).ToList();
        var idle = running.Where(operation => operation.StalledAt(window.To) is not null).Select(operation => operation.Current.Id).ToHashSet();
        var ran = running.ConvertAll(operation => operation.Current);
        int left = MaxRead;
        await operations.ScanOutlinesAsync(
            window, new() { Series = filter },
            operation =>
            {
                ran.Add(operation);
                return --left > 0;
            },
            cancellationToken).ConfigureAwait(false);
        return (ran, idle);
    }

    /// <summary>
    /// The operations that ran, those that made no progress last. Only where the alert is about operations do they have a share: how long one ran says nothing about how much of a host it used.
    /// </summary>
    internal static IReadOnlyList<RunningOperation> RunningOf(IReadOnlyList<Operation> ran, IReadOnlySet<Guid> idle, TimeRange window, bool isShared)
    {
        var spent = ran.Select(operation => (Operation: operation, Seconds: Overlap(operation, window))).Where(item => item.Seconds > 0).ToList();
        double total = spent.Sum(item => item.Seconds);
        return
        [
            .. spent.OrderBy(item => idle.Contains(item.Operation.Id)).ThenByDescending(item => item.Seconds).ThenBy(item => item.Operation.Id).Take(AlertExplanation.MaxOperations)
                .Select(item => new RunningOperation(OperationReference.To(item.Operation), isShared ? item.Seconds / total : null, item.Operation.EndTime <= window.To ? item.Operation.EndTime : null)),
        ];
    }

    private static double Overlap(Operation operation, TimeRange window)
    {
        var from = operation.StartTime > window.From ? operation.StartTime : window.From;
        var to = operation.EndTime is { } end && end < window.To ? end : window.To;
        return (to - from).TotalSeconds;
    }

    private async Task<IReadOnlyList<FindingCause>> CausesAsync(
        Alert alert, Finding? finding, IReadOnlyList<Finding> known, IReadOnlyList<Operation> ran, TimeRange window, CancellationToken cancellationToken)
    {
        var since = alert.Status.PendingSince ?? window.To;
        var causes = new List<FindingCause>(finding?.Latest.Causes ?? []);
        causes.AddRange(known.Where(other => other.State == FindingState.Open && other.Id != finding?.Id && Concerns(other.Latest.Subject, alert.Subject))
            .SelectMany(other => other.Latest.Causes.Take(1).DefaultIfEmpty(new("finding", other.Latest.Sentence, other.Latest.Since, other.Latest.Confidence / 2))));
        var happened = await events.ReadAsync(new(since - CauseWindow, window.To), cancellationToken).ConfigureAwait(false);
        causes.AddRange(happened.Where(one => one.Source is null || alert.Subject.Source is null || one.Source == alert.Subject.Source)
            .Select(one => new FindingCause(one.Kind, one.Text, one.At, 1 - ((since - one.At).Duration() / (CauseWindow * 2)))));
        if (FailingName(ran) is { } failing)
        {
            causes.Add(failing);
        }

        return [.. causes.DistinctBy(cause => cause.Text).OrderByDescending(cause => cause.Weight).Take(AlertExplanation.MaxCauses)];
    }

    /// <summary>The name that failed most, if it stands out: most of the failures of several names.</summary>
    private static FindingCause? FailingName(IReadOnlyList<Operation> ran)
    {
        var failed = ran.Where(operation => operation.Status == OperationStatus.Failed).ToList();
        if (failed.Count < 2 || ran.DistinctBy(operation => operation.Name).Count() < 2)
        {
            return null;
        }

        var worst = failed.GroupBy(operation => (operation.MetricType, operation.Name)).OrderByDescending(group => group.Count()).First();
        int count = worst.Count();
        if (count * 2 <= failed.Count)
        {
            return null;
        }

        var errors = worst.Where(operation => operation.ErrorType is not null).GroupBy(operation => operation.ErrorType!).OrderByDescending(group => group.Count()).FirstOrDefault();
        string error = errors is null ? "" : $", most often with {errors.Key}";
        return new(
            "common", $"{worst.Key.MetricType.Singular()} {worst.Key.Name} has {Format.Count(count)} of the {Format.Count(failed.Count)} failures{error}.",
            worst.Min(operation => operation.EndTime), (double)count / failed.Count);
    }

    private static bool Concerns(FindingSubject finding, AlertSubject alert) =>
        (finding.Source is not null && finding.Source == alert.Source)
        || (finding.Name is not null && finding.Name == alert.Name && finding.MetricType == alert.MetricType);

    private static string LastTime(Alert last, DateTimeOffset now)
    {
        var ended = last.Status.ResolvedAt ?? now;
        string how = last.Acknowledged is { } taken
            ? $"{taken.By} took it on{(string.IsNullOrWhiteSpace(taken.Note) ? "" : $": “{taken.Note.Trim()}”")}"
            : "it resolved without anybody taking it on";
        return $"It last fired {AlertTimes.Lasted(now - ended)} ago, for {AlertTimes.Lasted(last.FiringTime(now))}; {how}.";
    }
}
