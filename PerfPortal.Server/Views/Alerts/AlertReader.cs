using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views.Alerts;

/// <summary>Which alerts are asked for.</summary>
/// <param name="Range">Those that lasted at some time in this range.</param>
internal sealed record AlertQuery(TimeRange Range)
{
    /// <summary>The state; <see langword="null"/> for all.</summary>
    public AlertState? State { get; init; }

    /// <summary>The severity; <see langword="null"/> for all.</summary>
    public AlertSeverity? Severity { get; init; }

    /// <summary>The source; <see langword="null"/> for all.</summary>
    public string? Source { get; init; }

    /// <summary>The rule; <see langword="null"/> for all.</summary>
    public string? RuleId { get; init; }
}

/// <summary>An alert with its messages.</summary>
/// <param name="Alert">The alert.</param>
/// <param name="Sentence">What is wrong, as of now.</param>
/// <param name="Deliveries">The messages about it, the latest first.</param>
internal sealed record AlertView(Alert Alert, string Sentence, IReadOnlyList<AlertMessageView> Deliveries);

/// <summary>A message about an alert to a receiver.</summary>
/// <param name="Receiver">The name of the receiver.</param>
/// <param name="At">When it was delivered, given up, or composed.</param>
/// <param name="State">Where it is on its way.</param>
/// <param name="Attempts">The number of attempts.</param>
/// <param name="Detail">What the receiver answered last.</param>
internal sealed record AlertMessageView(string Receiver, DateTimeOffset At, DeliveryState State, int Attempts, string? Detail);

/// <summary>Reads alerts for pages, endpoints and the hub.</summary>
internal sealed class AlertReader(AlertEngine engine, IAlertStore store, IDeliveryStore deliveries, TimeProvider time)
{
    /// <summary>The maximum number of alerts in a list.</summary>
    public const int MaxItems = 1_000;

    private const int MaxMessages = 1_000;

    /// <summary>Changes whenever an alert does.</summary>
    public long Version => engine.Version;

    /// <summary>Returns the current alerts and those that resolved within the last hour.</summary>
    public ValueTask<AlertBook> ReadBookAsync(CancellationToken cancellationToken) => engine.ReadAsync(cancellationToken);

    /// <summary>Returns alerts: current ones first, the most severe first, then resolved ones, the latest first; at most <see cref="MaxItems"/>.</summary>
    public async Task<IReadOnlyList<AlertView>> ListAsync(AlertQuery query, CancellationToken cancellationToken)
    {
        var wanted = await FindAllAsync(query, MaxItems, cancellationToken).ConfigureAwait(false);
        var messages = wanted.Count == 0 ? [] : await ReadMessagesAsync(null, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        return [.. wanted.Select(alert => new AlertView(alert, AlertWords.Sentence(alert, now), [.. messages.Where(item => item.AlertIds.Contains(alert.Id)).Select(item => item.View)]))];
    }

    /// <summary>Returns the alerts that fired at some time in a range, without their messages: current ones first, then the latest; at most <paramref name="max"/>.</summary>
    public async Task<IReadOnlyList<Alert>> ListFiredAsync(AlertQuery query, int max, CancellationToken cancellationToken) =>
        [.. (await FindAllAsync(query, max, cancellationToken).ConfigureAwait(false)).Where(alert => alert.Status.FiringSince is not null)];

    /// <summary>Returns an alert with its messages and its history, oldest entry first; <see langword="null"/> when it does not exist.</summary>
    public async Task<(AlertView View, IReadOnlyList<AlertEvent> Events)?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var alert = (await engine.ReadAsync(cancellationToken).ConfigureAwait(false)).Find(id) ?? await store.FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (alert is null)
        {
            return null;
        }

        var messages = await ReadMessagesAsync(id, cancellationToken).ConfigureAwait(false);
        return (
            new(alert, AlertWords.Sentence(alert, time.GetUtcNow()), [.. messages.Select(item => item.View)]),
            await store.ReadEventsAsync(id, cancellationToken).ConfigureAwait(false));
    }

    private async Task<IReadOnlyList<Alert>> FindAllAsync(AlertQuery query, int max, CancellationToken cancellationToken)
    {
        var book = await engine.ReadAsync(cancellationToken).ConfigureAwait(false);
        var found = book.Current.Where(alert => (alert.Status.FiringSince ?? alert.Status.PendingSince) < query.Range.To).ToList();
        if (query.State is null or AlertState.Resolved)
        {
            var past = await store.ReadHistoryAsync(new(query.Range.From, query.Range.To, query.RuleId, MaxItems), cancellationToken).ConfigureAwait(false);
            found.AddRange(past.Where(alert => alert.State == AlertState.Resolved));
        }

        return [.. found.Where(alert => Passes(alert, query)).Take(max)];
    }

    private static bool Passes(Alert alert, AlertQuery query) =>
        (query.State is null || query.State == alert.State)
        && (query.Severity is null || query.Severity == alert.Severity)
        && (query.RuleId is null || query.RuleId == alert.RuleId)
        && (query.Source is null || query.Source == alert.Subject.Source);

    private async Task<List<(HashSet<string> AlertIds, AlertMessageView View)>> ReadMessagesAsync(string? alertId, CancellationToken cancellationToken)
    {
        var names = (await deliveries.ReadReceiversAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(receiver => receiver.Id, receiver => receiver.Name);
        var found = await deliveries.ReadDeliveriesAsync(null, alertId, MaxMessages, cancellationToken).ConfigureAwait(false);
        return
        [
            .. found.Select(delivery => (
                delivery.Message.Alerts.Select(notice => notice.AlertId).ToHashSet(),
                new AlertMessageView(
                    names.GetValueOrDefault(delivery.ReceiverId, "a removed receiver"), delivery.FinishedAt ?? delivery.Message.ComposedAt, delivery.State, delivery.Attempts, delivery.Answer))),
        ];
    }
}
