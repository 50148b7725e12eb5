using Microsoft.AspNetCore.SignalR;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Live;

/// <summary>
/// The subscription of one connection to one topic. At most one message is in transit, which limits the memory of a slow client.
/// </summary>
internal sealed class HubListener(HubConnectionContext connection, string topic, SeriesFilter filter, IDisposable? watch) : IDisposable
{
    private volatile bool _isBusy = true;

    /// <summary>The topic.</summary>
    public string Topic => topic;

    /// <summary>The filter.</summary>
    public SeriesFilter Filter => filter;

    /// <summary>Whether a message is in transit. A new listener is busy until its first snapshot is sent.</summary>
    public bool IsBusy => _isBusy;

    /// <summary>Whether a message was skipped, so that the next one must be a snapshot. Used only by the broadcaster.</summary>
    public bool NeedsSnapshot { get; set; }

    /// <summary>Sends a message and completes when the connection has accepted it; <see langword="null"/> sends nothing.</summary>
    public async Task SendAsync(SerializedHubMessage? message)
    {
        _isBusy = true;
        try
        {
            if (message is not null)
            {
                await connection.WriteAsync(message, CancellationToken.None).ConfigureAwait(false);
            }
        }
        finally
        {
            _isBusy = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => watch?.Dispose();
}
