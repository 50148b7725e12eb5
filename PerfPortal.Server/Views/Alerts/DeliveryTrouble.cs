using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Views.Alerts;

/// <summary>Says what is wrong with the delivery of messages to the receivers that there are. What a removed receiver, or one that is switched off, is not told is no trouble.</summary>
internal static class DeliveryTrouble
{
    /// <summary>The number of attempts from which a message that does not arrive is a problem.</summary>
    public const int MaxAttempts = 3;

    /// <summary>How long a message that was given up is a problem.</summary>
    public static readonly TimeSpan GivenUpFor = TimeSpan.FromHours(1);

    private const int MaxRead = 50;

    /// <summary>Returns what is wrong, in one sentence, or <see langword="null"/>.</summary>
    public static async Task<string?> ReadAsync(IDeliveryStore deliveries, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var receivers = (await deliveries.ReadReceiversAsync(cancellationToken).ConfigureAwait(false)).Where(receiver => receiver.IsEnabled).ToDictionary(receiver => receiver.Id);
        if (receivers.Count == 0)
        {
            return null;
        }

        var waiting = Wanted(await deliveries.ReadUnfinishedAsync(cancellationToken).ConfigureAwait(false));
        var failing = waiting.Where(delivery => delivery.Attempts >= MaxAttempts).ToList();
        if (failing.Count > 0)
        {
            var stuck = failing.Select(delivery => delivery.ReceiverId).ToHashSet();
            int count = waiting.Count(delivery => stuck.Contains(delivery.ReceiverId));
            return $"{Format.Count(count)} {(count == 1 ? "message waits" : "messages wait")} for {Names(stuck)}; the last answer: {failing[^1].Answer ?? "none"}";
        }

        var lost = Wanted(await deliveries.ReadDeliveriesAsync(null, null, MaxRead, cancellationToken).ConfigureAwait(false))
            .Where(delivery => delivery.State == DeliveryState.GivenUp && delivery.FinishedAt >= now - GivenUpFor && !delivery.Message.IsTest).ToList();
        return lost.Count == 0
            ? null
            : $"{Format.Count(lost.Count)} {(lost.Count == 1 ? "message" : "messages")} to {Names(lost.Select(delivery => delivery.ReceiverId).ToHashSet())} had to be given up; the last answer: {lost[0].Answer ?? "none"}";

        List<AlertDelivery> Wanted(IReadOnlyList<AlertDelivery> all) => [.. all.Where(delivery => receivers.ContainsKey(delivery.ReceiverId))];
        string Names(HashSet<string> ids) => string.Join(", ", ids.Select(id => receivers[id].Name).Order(StringComparer.OrdinalIgnoreCase));
    }
}
