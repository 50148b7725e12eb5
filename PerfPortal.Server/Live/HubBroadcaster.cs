using Microsoft.AspNetCore.SignalR;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Live;

/// <summary>
/// Sends the live feed to hub clients. Each message is composed and serialized once for all listeners with the same topic and filter. A
/// listener whose previous message is still in transit is skipped and receives a snapshot next.
/// </summary>
internal sealed class HubBroadcaster(LiveFeed feed, HubMessageWriter writer, HubSubscriptions subscriptions, ILogger<HubBroadcaster> logger) : BackgroundService
{
    private const int BurstSize = 64;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var message in feed.ReadMessagesAsync(stoppingToken).ConfigureAwait(false))
            {
                foreach (var audience in subscriptions.Listeners.Where(item => HubMessageWriter.Concerns(item.Topic, message)).GroupBy(item => (item.Topic, item.Filter)))
                {
                    await SendAsync(audience, message, stoppingToken).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task SendAsync(IGrouping<(string Topic, SeriesFilter Filter), HubListener> audience, LiveMessage? message, CancellationToken cancellationToken)
    {
        try
        {
            var change = message is null ? null : await ComposeAsync(audience.Key, message, cancellationToken).ConfigureAwait(false);
            SerializedHubMessage? snapshot = null;
            int sent = 0;
            foreach (var listener in audience)
            {
                if (listener.IsBusy)
                {
                    listener.NeedsSnapshot = true;
                    continue;
                }

                var next = change;
                if (message is null || listener.NeedsSnapshot)
                {
                    next = snapshot ??= await ComposeAsync(audience.Key, null, cancellationToken).ConfigureAwait(false);
                    listener.NeedsSnapshot = false;
                }

                // Not awaited, so that a slow client does not delay others. SignalR closes connections that stop reading.
                _ = listener.SendAsync(next);
                if (++sent % BurstSize == 0)
                {
                    // Let connections send, so that a few pooled buffers are sufficient for all clients.
                    await Task.Yield();
                }
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (exception is not PortalBusyException)
            {
                logger.LogError(exception, "Composing a hub message for topic {Topic} failed.", audience.Key.Topic);
            }

            foreach (var listener in audience)
            {
                listener.NeedsSnapshot = true;
            }
        }
    }

    private async Task<SerializedHubMessage?> ComposeAsync((string Topic, SeriesFilter Filter) audience, LiveMessage? message, CancellationToken cancellationToken) =>
        (await writer.WriteAsync(audience.Topic, audience.Filter, message, cancellationToken).ConfigureAwait(false))?.ForHub();
}
