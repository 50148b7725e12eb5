using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Journal;

namespace PerfPortal.Domain.Alerts;

/// <summary>
/// Evaluates the rules once for every minute and keeps the alerts. An evaluation, or an action of a person, is stored in one transaction with what receivers must be told, and only
/// then becomes visible: after a crash or an outage of the store everything continues from the last stored evaluation. Thread-safe; changes run one at a time.
/// </summary>
public sealed class AlertEngine(IAlertStore store, IDeliveryStore deliveries, IAlertSource source, TimeProvider time, ILogger<AlertEngine>? logger = null) : ISourceListener, IDisposable
{
    /// <summary>How long resolved alerts remain in the book.</summary>
    public static readonly TimeSpan KeptResolved = TimeSpan.FromHours(1);

    /// <summary>How long after the end of a minute it is evaluated, so that what was reported at its end is counted.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);

    /// <summary>The maximum number of alerts that are explained in one evaluation; in a storm of more, the others have only their sentence.</summary>
    public const int MaxExplained = 50;

    /// <summary>A clock that steps back by more than this is believed, and evaluation goes on from there.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(2);

    private readonly ILogger _logger = logger ?? NullLogger<AlertEngine>.Instance;
    private readonly SemaphoreSlim _gate = new(1);
    private readonly ConcurrentDictionary<string, bool> _removedSources = new(StringComparer.Ordinal);
    private AlertBook? _book;
    private long _version;
    private bool _isExplainingFailing;
    private bool _isDropping;

    /// <summary>Changes whenever an alert does.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>Raised after receivers were given something to be told.</summary>
    public event Action? OutboxFilled;

    /// <summary>Returns all current and recent alerts.</summary>
    public async ValueTask<AlertBook> ReadAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _book) is { } book)
        {
            return book;
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await LoadAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Evaluates the last whole minute, unless that has been done.</summary>
    /// <returns>Whether there was anything to evaluate.</returns>
    public async Task<bool> EvaluateAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var book = await LoadAsync(cancellationToken).ConfigureAwait(false);
            var at = MinuteBefore(time.GetUtcNow() - Settling);
            if (at <= book.EvaluatedAt && book.EvaluatedAt - at <= ClockTolerance)
            {
                return false;
            }

            var rules = (await source.ReadRulesAsync(cancellationToken).ConfigureAwait(false)).Where(rule => rule.IsEnabled).ToList();
            var observations = await source.MeasureAsync(rules, at, cancellationToken).ConfigureAwait(false);
            var round = await BeginAsync(book, at, cancellationToken).ConfigureAwait(false);
            string[] removed = [.. _removedSources.Keys];
            round.Evaluate(observations, removed);
            LogDropped(round.Dropped);
            await CommitAsync(book, await ExplainAsync(round.ToCommit() with { Evaluated = at }, rules, at, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            foreach (string gone in removed)
            {
                _removedSources.TryRemove(gone, out _);
            }

            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Applies silences that were added or removed, without waiting for the next evaluation.</summary>
    public async Task ApplySilencesAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var book = await LoadAsync(cancellationToken).ConfigureAwait(false);
            var round = await BeginAsync(book, time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            round.Mute();
            await CommitAsync(book, round.ToCommit(), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Records that somebody has taken on an alert.</summary>
    /// <returns>The alert; <see langword="null"/> when it does not exist or has resolved.</returns>
    public Task<Alert?> AcknowledgeAsync(string id, string by, string? note, CancellationToken cancellationToken) => ChangeAsync(
        id,
        alert => alert with { Acknowledged = new(by, time.GetUtcNow(), note) },
        alert => new(alert.Id, time.GetUtcNow(), AlertEventKind.Acknowledged, alert.State, string.IsNullOrWhiteSpace(note) ? "Acknowledged." : $"Acknowledged: {note}", by),
        cancellationToken);

    /// <summary>Withdraws an acknowledgement.</summary>
    /// <returns>The alert; <see langword="null"/> when it does not exist or has resolved.</returns>
    public Task<Alert?> WithdrawAsync(string id, string by, CancellationToken cancellationToken) => ChangeAsync(
        id,
        alert => alert with { Acknowledged = null },
        alert => new(alert.Id, time.GetUtcNow(), AlertEventKind.Unacknowledged, alert.State, "The acknowledgement was withdrawn.", by),
        cancellationToken);

    /// <inheritdoc/>
    public void OnSourceRemoved(string source) => _removedSources.TryAdd(source, true);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<AlertRound> BeginAsync(AlertBook book, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return new(
            book.Current, LatestOf(book.Resolved), await store.ReadSilencesAsync(now, cancellationToken).ConfigureAwait(false),
            await deliveries.ReadReceiversAsync(cancellationToken).ConfigureAwait(false), at, now);
    }

    private async Task<Alert?> ChangeAsync(string id, Func<Alert, Alert> change, Func<Alert, AlertEvent> say, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var book = await LoadAsync(cancellationToken).ConfigureAwait(false);
            if (book.Current.FirstOrDefault(alert => alert.Id == id) is not { } known)
            {
                return null;
            }

            var changed = change(known);
            await CommitAsync(book, new() { Alerts = [changed], Events = [say(changed)] }, cancellationToken).ConfigureAwait(false);
            return changed;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<AlertBook> LoadAsync(CancellationToken cancellationToken)
    {
        if (_book is null)
        {
            var now = time.GetUtcNow();
            var alerts = await store.ReadCurrentAsync(now - KeptResolved, cancellationToken).ConfigureAwait(false);
            var evaluated = await store.ReadEvaluatedAsync(cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _book, AlertBook.Of(alerts, evaluated, now));
        }

        return _book;
    }

    private async Task CommitAsync(AlertBook book, AlertCommit commit, CancellationToken cancellationToken)
    {
        await store.CommitAsync(commit, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _book, book.After(commit, time.GetUtcNow()));
        if (commit.Alerts.Count > 0 || commit.RemovedIds.Count > 0)
        {
            Interlocked.Increment(ref _version);
        }

        if (commit.Outbox.Count > 0)
        {
            OutboxFilled?.Invoke();
        }
    }

    private async Task<AlertCommit> ExplainAsync(AlertCommit commit, IReadOnlyList<AlertRule> rules, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var explained = new List<Alert>(commit.Alerts.Count);
        int count = 0;
        foreach (var alert in commit.Alerts)
        {
            bool begins = alert.State == AlertState.Firing && alert.Status.FiringSince == at && alert.Explanation is null;
            explained.Add(begins && count++ < MaxExplained ? await ExplainAsync(alert, rules.First(rule => rule.Id == alert.RuleId), cancellationToken).ConfigureAwait(false) : alert);
        }

        return commit with { Alerts = explained };
    }

    /// <summary>An alert that cannot be explained is still an alert.</summary>
    private async Task<Alert> ExplainAsync(Alert alert, AlertRule rule, CancellationToken cancellationToken)
    {
        try
        {
            var explanation = await source.ExplainAsync(alert, rule, cancellationToken).ConfigureAwait(false);
            _isExplainingFailing = false;
            return alert with { Explanation = explanation };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_isExplainingFailing)
            {
                _logger.LogError(exception, "The alert {Rule} could not be explained; it fires all the same.", alert.RuleName);
                _isExplainingFailing = true;
            }

            return alert;
        }
    }

    private void LogDropped(int dropped)
    {
        if (dropped > 0 && !_isDropping)
        {
            _logger.LogWarning("There are {Max} alerts at a time; {Dropped} more are not followed until some of them end.", AlertRound.MaxAlerts, dropped);
        }

        _isDropping = dropped > 0;
    }

    private static Dictionary<(string Rule, string Subject), Alert> LatestOf(IReadOnlyList<Alert> resolved)
    {
        var latest = new Dictionary<(string, string), Alert>();
        foreach (var alert in resolved)
        {
            latest.TryAdd(alert.Key, alert);
        }

        return latest;
    }

    private static DateTimeOffset MinuteBefore(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
}
