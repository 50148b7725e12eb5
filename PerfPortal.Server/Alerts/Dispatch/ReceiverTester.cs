using PerfPortal.Domain.Alerts.Delivery;

namespace PerfPortal.Server.Alerts.Dispatch;

/// <summary>What a receiver answered to a test message.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Elapsed">The time that it took.</param>
internal sealed record TestResult(DeliveryAnswer Answer, TimeSpan Elapsed);

/// <summary>Sends a test message, past the outbox, and returns the receiver's actual answer.</summary>
internal sealed class ReceiverTester(IAlertSender sender, Uri? portalUrl, TimeProvider time)
{
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
        return new(await sender.SendAsync(receiver, message, cancellationToken).ConfigureAwait(false), time.GetElapsedTime(began));
    }
}
