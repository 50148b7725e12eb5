using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Channels;
using PerfPortal.Server.Alerts.Receivers;

namespace PerfPortal.Server.Alerts.Dispatch;

/// <summary>Sends a message once, through the channel of its receiver.</summary>
internal interface IAlertSender
{
    /// <summary>Sends a message once, and returns what the receiver answered. Only a cancellation, and failures of the store, are thrown.</summary>
    Task<DeliveryAnswer> SendAsync(AlertReceiver receiver, AlertMessage message, CancellationToken cancellationToken);
}

/// <summary>Sends messages with the stored secrets of their receivers.</summary>
internal sealed class AlertSender(IDeliveryStore store, ReceiverVault vault, IEnumerable<IAlertChannel> channels, ILogger<AlertSender> logger) : IAlertSender
{
    private readonly Dictionary<ReceiverKind, IAlertChannel> _channels = channels.ToDictionary(channel => channel.Kind);

    /// <inheritdoc/>
    public async Task<DeliveryAnswer> SendAsync(AlertReceiver receiver, AlertMessage message, CancellationToken cancellationToken)
    {
        if (await vault.ReadAsync(store, receiver, cancellationToken).ConfigureAwait(false) is not { } secret)
        {
            return new(DeliveryOutcome.Unavailable, ReceiverVault.Unreadable);
        }

        try
        {
            return await _channels[receiver.Kind].SendAsync(receiver, secret, message, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The message of an unknown exception may contain an address, and so a secret.
            logger.LogError("Sending to the receiver {Receiver} failed: {Exception}.", receiver.Name, exception.GetType().Name);
            return new(DeliveryOutcome.Failed, AnswerText.Clean($"The portal could not send the message: {exception.Message}", secret));
        }
    }
}
