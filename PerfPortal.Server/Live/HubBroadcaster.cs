using System.Threading.Channels;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Live;

/// <summary>
/// Hands the live feed to hub clients. A message is composed and serialized once for all who listen to the same topic through the same
/// filter. Each client and topic has at most one message on its way: while that is not delivered, what happens is not buffered, and the
/// next message is a snapshot.
/// </summary>
internal sealed class HubBroadcaster(LiveFeed feed, HubMessageWriter writer, HubSubscriptions subscriptions, ILogger<HubBroadcaster> logger) : BackgroundService
{
    /// <summary>Topics.</summary>
    public static readonly string[] Topics = ["operations", "resources", "alerts", "dashboard"];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var waiting = Channel.CreateBounded<LiveMessage>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        void OnChanged(LiveMessage message) => waiting.Writer.TryWrite(message);
        feed.Changed += OnChanged;
        try
        {
            long last = -1;
            await foreach (var message in waiting.Reader.ReadAllAsync(stoppingToken).ConfigureAwait(false))
            {
                // A gap means that writing took longer than a message: the state as it is now says it all.
                bool isWhole = last < 0 || message.Sequence == last + 1;
                last = message.Sequence;
                foreach (var audience in subscriptions.Audiences)
                {
                    if (HubMessageWriter.Concerns(audience.Topic, message) || !isWhole)
                    {
                        await TellAsync(audience, message, isWhole, stoppingToken).ConfigureAwait(false);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            feed.Changed -= OnChanged;
        }
    }

    private async Task TellAsync(HubAudience audience, LiveMessage message, bool isWhole, CancellationToken cancellationToken)
    {
        var listeners = audience.Listeners;
        if (listeners.Length == 0)
        {
            return;
        }

        try
        {
            var news = isWhole ? await ComposeAsync(audience, message, cancellationToken).ConfigureAwait(false) : null;
            HubPush? snapshot = null;
            foreach (var listener in listeners)
            {
                if (!listener.TryBegin(out bool skipped))
                {
                    continue;
                }

                var push = news;
                if (skipped || !isWhole)
                {
                    push = snapshot ??= await ComposeAsync(audience, null, cancellationToken).ConfigureAwait(false);
                }

                Write(listener, push);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogError(exception, "A hub message of topic {Topic} could not be composed.", audience.Topic);
        }
    }

    private async Task<HubPush?> ComposeAsync(HubAudience audience, LiveMessage? message, CancellationToken cancellationToken) =>
        await writer.WriteAsync(audience.Topic, audience.Filter, message, cancellationToken).ConfigureAwait(false) is { } said ? new HubPush(said) : null;

    /// <summary>Writes what is ready; a connection that does not take it at once is waited for by nobody.</summary>
    private static void Write(HubListener listener, HubPush? push)
    {
        if (push is null)
        {
            listener.End();
            return;
        }

        try
        {
            if (!push.TryWrite(listener.Connection, listener.Lane, out var writing))
            {
                listener.Skip();
            }
            else if (writing.IsCompletedSuccessfully)
            {
                listener.End();
            }
            else
            {
                _ = FinishAsync(listener, writing);
            }
        }
        catch (Exception exception) when (IsEnding(exception))
        {
            listener.End();
        }
    }

    private static async Task FinishAsync(HubListener listener, ValueTask writing)
    {
        try
        {
            await writing.ConfigureAwait(false);
        }
        catch (Exception exception) when (IsEnding(exception))
        {
            // The connection is ending; its subscriptions end with it.
        }
        finally
        {
            listener.End();
        }
    }

    private static bool IsEnding(Exception exception) => exception is IOException or OperationCanceledException or InvalidOperationException;
}
