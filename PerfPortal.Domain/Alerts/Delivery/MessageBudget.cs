namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>A message that was composed, as far as budgets count it.</summary>
/// <param name="ReceiverId">The receiver.</param>
/// <param name="At">When, UTC.</param>
/// <param name="IsDigest">Whether it was a digest.</param>
public readonly record struct ComposedMessage(string ReceiverId, DateTimeOffset At, bool IsDigest);

/// <summary>
/// What is left of a receiver's messages in the last hour. A quarter of them, at least one, is reserved for digests, which keep an equal distance: however many alerts there are, a
/// receiver hears about all of them within an hour divided by that number, and never gets more messages than it allows.
/// </summary>
internal sealed class MessageBudget
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly int _max;
    private readonly int _reserved;
    private readonly List<ComposedMessage> _counted;

    /// <summary>Counts the messages of one receiver.</summary>
    /// <param name="max">The maximum number of messages within an hour.</param>
    /// <param name="composed">The messages of all receivers.</param>
    /// <param name="receiverId">The receiver.</param>
    /// <param name="now">The present, UTC.</param>
    public MessageBudget(int max, IEnumerable<ComposedMessage> composed, string receiverId, DateTimeOffset now)
    {
        _max = max;
        _reserved = Math.Max(1, max / 4);
        _counted = [.. composed.Where(message => message.ReceiverId == receiverId && message.At > now - Hour).OrderBy(message => message.At)];
    }

    /// <summary>The number of messages about single groups that may be composed now.</summary>
    public int Singles => Math.Max(0, Math.Min(_max - _reserved - _counted.Count(message => !message.IsDigest), _max - _counted.Count));

    /// <summary>The earliest time of the next digest, UTC; it may be in the past.</summary>
    public DateTimeOffset NextDigestAt
    {
        get
        {
            var digests = _counted.Where(message => message.IsDigest).ToList();
            var spaced = digests.Count == 0 ? DateTimeOffset.MinValue : digests[^1].At + (Hour / _reserved);
            var freed = _counted.Count < _max ? DateTimeOffset.MinValue : _counted[_counted.Count - _max].At + Hour;
            return spaced > freed ? spaced : freed;
        }
    }
}
