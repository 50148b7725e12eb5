using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;

namespace PerfPortal.Server.Alerts.Dispatch;

/// <summary>What the dispatcher knows of stored messages, so that it need not read them again. Thread-safe.</summary>
internal sealed class DeliveryBook
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, AlertDelivery> _unfinished = [];
    private readonly Dictionary<(string Receiver, string Group), AlertDelivery> _latest = [];
    private readonly List<ComposedMessage> _composed;

    /// <summary>Begins with what is stored.</summary>
    public DeliveryBook(IEnumerable<AlertDelivery> unfinished, IEnumerable<AlertDelivery> latest, IEnumerable<ComposedMessage> composed)
    {
        foreach (var delivery in latest)
        {
            _latest[(delivery.ReceiverId, delivery.Message.GroupKey)] = delivery;
        }

        foreach (var delivery in unfinished)
        {
            _unfinished[delivery.Message.Key] = delivery;
        }

        _composed = [.. composed];
    }

    /// <summary>The messages that are not finished.</summary>
    public IReadOnlyList<AlertDelivery> Unfinished
    {
        get
        {
            lock (_lock)
            {
                return [.. _unfinished.Values];
            }
        }
    }

    /// <summary>The latest message of each group of each receiver.</summary>
    public IReadOnlyList<AlertDelivery> Latest
    {
        get
        {
            lock (_lock)
            {
                return [.. _latest.Values];
            }
        }
    }

    /// <summary>The messages that were composed within an hour before a time.</summary>
    public IReadOnlyList<ComposedMessage> Composed(DateTimeOffset now)
    {
        lock (_lock)
        {
            _composed.RemoveAll(message => message.At <= now - Hour);
            return [.. _composed];
        }
    }

    /// <summary>Adds a message that was stored.</summary>
    public void Add(AlertDelivery delivery)
    {
        lock (_lock)
        {
            _unfinished[delivery.Message.Key] = delivery;
            _latest[(delivery.ReceiverId, delivery.Message.GroupKey)] = delivery;
            _composed.Add(new(delivery.ReceiverId, delivery.Message.ComposedAt, delivery.Message.IsDigest));
        }
    }

    /// <summary>Replaces a message after an attempt.</summary>
    public void Replace(AlertDelivery delivery)
    {
        lock (_lock)
        {
            if (delivery.State == DeliveryState.Waiting)
            {
                _unfinished[delivery.Message.Key] = delivery;
            }
            else
            {
                _unfinished.Remove(delivery.Message.Key);
            }
        }
    }

    /// <summary>Forgets the messages of a receiver that was removed, and the groups that were last heard of before a time.</summary>
    public void Forget(Func<string, bool> isKnownReceiver, DateTimeOffset before)
    {
        lock (_lock)
        {
            foreach (var key in _latest.Where(pair => !isKnownReceiver(pair.Key.Receiver) || pair.Value.Message.ComposedAt < before).Select(pair => pair.Key).ToList())
            {
                _latest.Remove(key);
            }
        }
    }
}
