using System.Collections.Concurrent;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;

namespace PerfPortal.Server.Alerts.Dispatch;

/// <summary>
/// Stores the results of attempts. A result that cannot be stored is kept and stored later, so that a message that was accepted is not sent again while the portal runs. Thread-safe.
/// </summary>
internal sealed class DeliveryResults(IDeliveryStore store, ILogger logger)
{
    private readonly ConcurrentDictionary<string, (AlertDelivery Delivery, IReadOnlyList<AlertEvent> Events)> _unsaved = [];
    private bool _isFailing;

    /// <summary>Stores the result of an attempt with the history of its alerts. Does not throw.</summary>
    public async Task SaveAsync(AlertDelivery delivery, string receiver, CancellationToken cancellationToken)
    {
        if (delivery.State == DeliveryState.GivenUp)
        {
            logger.LogWarning("The message {Key} to the receiver {Receiver} was given up after {Attempts} attempts: {Answer}", delivery.Message.Key, receiver, delivery.Attempts, delivery.Answer);
        }

        var events = DeliveryEvents.Of(delivery, receiver);
        try
        {
            await store.SaveAsync(delivery, events, cancellationToken).ConfigureAwait(false);
            _unsaved.TryRemove(delivery.Message.Key, out _);
            _isFailing = false;
        }
        catch (Exception exception)
        {
            _unsaved[delivery.Message.Key] = (delivery, events);
            if (!_isFailing && !cancellationToken.IsCancellationRequested)
            {
                logger.LogError(exception, "The result of a message could not be stored; retrying.");
                _isFailing = true;
            }
        }
    }

    /// <summary>Stores what could not be stored before. Exceptions of the store propagate.</summary>
    public async Task SaveLateAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, (delivery, events)) in _unsaved.ToArray())
        {
            await store.SaveAsync(delivery, events, cancellationToken).ConfigureAwait(false);
            _unsaved.TryRemove(KeyValuePair.Create(key, (delivery, events)));
        }
    }
}
