using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Receivers;

namespace PerfPortal.Server.Alerts.Channels;

/// <summary>Sends messages to one kind of receiver.</summary>
internal interface IAlertChannel
{
    /// <summary>The kind.</summary>
    ReceiverKind Kind { get; }

    /// <summary>Sends a message once, and returns what the receiver answered. Only a cancellation is thrown.</summary>
    Task<DeliveryAnswer> SendAsync(AlertReceiver receiver, ReceiverSecret secret, AlertMessage message, CancellationToken cancellationToken);
}
