using System.Buffers;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Ranges;
using PerfPortal.Domain.Models.Downloads.Transport;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>Copies the body of an answer into the part file: small reads are collected in a pooled buffer and written at once.</summary>
internal sealed class BodyCopier(PartState state, TransferContext context, TransferFigures figures, HostLimit host)
{
    private const int BufferBytes = 512 << 10;
    private static readonly TimeSpan MaxHeld = TimeSpan.FromMilliseconds(250);

    /// <summary>Copies until the piece or the body ends.</summary>
    /// <param name="body">The body; it begins at the position of the piece.</param>
    /// <param name="segment">The piece.</param>
    /// <param name="stall">Watches the progress.</param>
    /// <exception cref="DownloadException">The body ended too early, or the file could not be written.</exception>
    public async Task CopyAsync(SourceBody body, Segment segment, StallGuard stall)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        int filled = 0;
        try
        {
            long lastWrite = context.Time.GetTimestamp();
            while (true)
            {
                long wanted = Math.Min(Math.Min(segment.End, body.End ?? long.MaxValue) - segment.Position - filled, BufferBytes - filled);
                int read = wanted <= 0 ? 0 : await body.Body.ReadAsync(buffer.AsMemory(filled, (int)Math.Min(wanted, host.MaxChunk)), stall.Token).ConfigureAwait(false);
                filled += read;
                if (read > 0)
                {
                    figures.AddReceived(read);
                    stall.Count(read);
                    await LimitAsync(read, stall).ConfigureAwait(false);
                }

                if (filled > 0 && (read == 0 || filled == BufferBytes || context.Time.GetElapsedTime(lastWrite) >= MaxHeld))
                {
                    int count = filled;
                    filled = 0;
                    buffer = Write(segment, buffer, count);
                    lastWrite = context.Time.GetTimestamp();
                }

                if (read == 0)
                {
                    EnsureWhole(body, segment);
                    return;
                }
            }
        }
        catch (Exception exception) when (filled > 0 && exception is not DownloadException)
        {
            // What has arrived need not arrive again.
            buffer = Write(segment, buffer, filled);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private byte[] Write(Segment segment, byte[] buffer, int count)
    {
        long position = segment.Position;
        state.Part.Write(buffer.AsSpan(0, count), position);
        int useful = (int)state.Book.Advance(segment, count);
        figures.AddDone(useful);
        figures.AddWasted(count - useful);
        return state.Hasher.Offer(position, buffer, useful) ? ArrayPool<byte>.Shared.Rent(BufferBytes) : buffer;
    }

    private async ValueTask LimitAsync(int read, StallGuard stall)
    {
        var wait = host.Take(read);
        if (wait > TimeSpan.Zero)
        {
            stall.Suspend();
            await Task.Delay(wait, context.Time, stall.Token).ConfigureAwait(false);
            stall.Arm();
        }
    }

    private static void EnsureWhole(SourceBody body, Segment segment)
    {
        if (body.End is { } end && segment.Position < Math.Min(end, segment.End))
        {
            throw new DownloadException(
                DownloadErrorCategory.Network, $"{body.Reply.Uri.Host} closed the connection {Format.Count(Math.Min(end, segment.End) - segment.Position)} bytes before the end.")
            { IsTransient = true };
        }
    }
}
