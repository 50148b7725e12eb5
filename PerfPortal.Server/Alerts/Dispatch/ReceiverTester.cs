using System.Collections.Concurrent;
using PerfPortal.Domain.Alerts.Delivery;

namespace PerfPortal.Server.Alerts.Dispatch;

/// <summary>What a receiver answered to a test message.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Elapsed">The time that it took.</param>
/// <param name="Note">What messages lack because of a setting; <see langword="null"/> for nothing.</param>
internal sealed record TestResult(DeliveryAnswer Answer, TimeSpan Elapsed, string? Note = null);

/// <summary>Sends a test message, past the outbox, and returns the receiver's actual answer.</summary>
internal sealed class ReceiverTester(IAlertSender sender, Uri? portalUrl, TimeProvider time)
{
    /// <summary>Said when the portal's public address is not configured.</summary>
    public const string NoLinks = "PublicUrl is not set: messages contain no links to the portal.";

    private readonly ConcurrentDictionary<string, DateTimeOffset> _accepted = new(StringComparer.Ordinal);

    /// <summary>When a receiver last accepted a test since the portal started, UTC.</summary>
    public DateTimeOffset? AcceptedAt(string receiverId) => _accepted.TryGetValue(receiverId, out var at) ? at : null;

    /// <summary>Whether messages have links to the portal, which needs its public address.</summary>
    public bool HasLinks => portalUrl is not null;

    /// <summary>Sends a test message.</summary>
    /// <param name="receiver">The receiver.</param>
    /// <param name="by">Who sends it.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<TestResult> SendAsync(AlertReceiver receiver, string by, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        long began = time.GetTimestamp();
        string group = AlertGroups.KeyOf(receiver, new Dictionary<string, string> { ["test"] = "test" });
        var message = new AlertMessage
        {
            Key = AlertGroups.MessageKey(receiver.Id, group, now),
            GroupKey = group,
            GroupLabels = new Dictionary<string, string>(),
            Alerts = [AlertNotices.Test(receiver, by, portalUrl, now)],
            IsTest = true,
            ComposedAt = now,
        };
        var answer = await sender.SendAsync(receiver, message, cancellationToken).ConfigureAwait(false);
        if (answer.Outcome == DeliveryOutcome.Accepted)
        {
            _accepted[receiver.Id] = time.GetUtcNow();
        }

        return new(answer, time.GetElapsedTime(began), portalUrl is null ? NoLinks : null);
    }
}
