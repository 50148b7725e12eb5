using System.Runtime.CompilerServices;
using System.Threading.Channels;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Live;

/// <summary>Reads the live feed at the reader's own pace.</summary>
internal static class LiveFeedReading
{
    /// <summary>Only the newest message waits for a slow reader; older ones are skipped.</summary>
    /// <returns>
    /// The messages, with <see langword="null"/> first and in place of a message before which others were skipped: the reader then needs a
    /// snapshot.
    /// </returns>
    public static async IAsyncEnumerable<LiveMessage?> ReadAsync(this LiveFeed feed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var waiting = Channel.CreateBounded<LiveMessage>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        void OnChanged(LiveMessage message) => waiting.Writer.TryWrite(message);
        feed.Changed += OnChanged;
        try
        {
            // Read after subscribing, so that a message in between is taken for a gap and not lost.
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
