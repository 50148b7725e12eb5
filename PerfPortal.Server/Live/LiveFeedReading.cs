using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Live;

/// <summary>Reads the live feed as an asynchronous stream.</summary>
internal static class LiveFeedReading
{
    /// <summary>Reads the messages of the feed. A slow reader receives only the newest message; older ones are skipped.</summary>
    /// <returns>
    /// The messages. <see langword="null"/> comes first and replaces the first message after skipped ones: the reader then needs a
    /// snapshot.
    /// </returns>
    public static async IAsyncEnumerable<LiveMessage?> ReadMessagesAsync(this LiveFeed feed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var waiting = Channel.CreateBounded<LiveMessage>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        void OnChanged(LiveMessage message) => waiting.Writer.TryWrite(message);
        feed.Changed += OnChanged;
        try
        {
            // Read after subscribing, so that a message in between is detected as a gap and not lost.
            long last = feed.Sequence;
            yield return null;
            await foreach (var message in waiting.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                bool hasGap = message.Sequence != last + 1;
                last = message.Sequence;
                yield return hasGap ? null : message;
            }
        }
        finally
        {
            feed.Changed -= OnChanged;
        }
    }
}
