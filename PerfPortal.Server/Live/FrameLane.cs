using System.Buffers.Binary;
using Microsoft.AspNetCore.Http.Features;

namespace PerfPortal.Server.Live;

/// <summary>
/// The stream below a WebSocket, into which ready frames can be written beside the WebSocket's own. It looks at the header of each frame that
/// passes (RFC 6455, 5.2), so that a ready frame never lies within a message, before the first one (the handshake's answer) or behind a close.
/// What it does not understand closes the lane for good; the WebSocket goes on as if it were not there.
/// </summary>
internal sealed class FrameLane(Stream inner) : Stream
{
    private const int ReadyText = 0x81;
    private const int ReadyBinary = 0x82;

    private readonly SemaphoreSlim _turn = new(1);
    private bool _isOpen;
    private bool _isClosed;
    private bool _isWithin;

    /// <inheritdoc/>
    public override bool CanRead => inner.CanRead;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => inner.CanWrite;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>A message as one frame of a server, which masks nothing.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> message, bool isText)
    {
        int header = message.Length < 126 ? 2 : message.Length <= ushort.MaxValue ? 4 : 10;
        byte[] frame = new byte[header + message.Length];
        frame[0] = (byte)(isText ? ReadyText : ReadyBinary);
        frame[1] = (byte)(header == 2 ? message.Length : header == 4 ? 126 : 127);
        if (header == 4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), (ushort)message.Length);
        }
        else if (header == 10)
        {
            BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(2), message.Length);
        }

        message.CopyTo(frame.AsSpan(header));
        return frame;
    }

    /// <summary>Writes a ready frame if nothing else is being written just now.</summary>
    /// <param name="frame">What <see cref="Frame"/> made.</param>
    /// <param name="writing">Completes when the connection has taken it.</param>
    /// <returns>Whether it is written; else nothing of it was.</returns>
    public bool TryWrite(ReadOnlyMemory<byte> frame, out ValueTask writing)
    {
        writing = default;
        if (!_turn.Wait(0))
        {
            return false;
        }

        if (!_isOpen || _isClosed || _isWithin)
        {
            _turn.Release();
            return false;
        }

        writing = WriteInTurnAsync(frame, CancellationToken.None);
        return true;
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        See(buffer.Span);
        await WriteInTurnAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => inner.ReadAsync(buffer, offset, count, cancellationToken);

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public override void Flush()
    {
        // The connection flushes what is written to it.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _isClosed = true;
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private ValueTask WriteInTurnAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        ValueTask writing;
        try
        {
            writing = inner.WriteAsync(buffer, cancellationToken);
        }
        catch
        {
            _isClosed = true;
            _turn.Release();
            throw;
        }

        if (!writing.IsCompletedSuccessfully)
        {
            return FinishAsync(writing);
        }

        writing.GetAwaiter().GetResult();
        _turn.Release();
        return ValueTask.CompletedTask;
    }

    private async ValueTask FinishAsync(ValueTask writing)
    {
        try
        {
            await writing.ConfigureAwait(false);
        }
        catch
        {
            _isClosed = true;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A write of the WebSocket is one whole frame; one that is not would make the place of the next header unknown.</summary>
    private void See(ReadOnlySpan<byte> frame)
    {
        const int Close = 8;
        int opcode = frame.Length < 2 ? -1 : frame[0] & 0x0f;
        if (WholeLength(frame) != frame.Length || opcode == Close)
        {
            _isClosed = true;
        }
        else if (opcode is 0 or 1 or 2)
        {
            _isWithin = (frame[0] & 0x80) == 0;
            _isOpen = true;
        }
    }

    private static long WholeLength(ReadOnlySpan<byte> frame) => frame.Length < 2 || (frame[1] & 0x80) != 0 ? -1 : frame[1] switch
    {
        < 126 => 2 + frame[1],
        126 => frame.Length < 4 ? -1 : 4 + BinaryPrimitives.ReadUInt16BigEndian(frame[2..]),
        _ => frame.Length < 10 ? -1 : 10 + BinaryPrimitives.ReadInt64BigEndian(frame[2..]),
    };

    /// <summary>Puts a lane below the WebSocket that the request opens; the request's features then hold it.</summary>
    internal sealed class Upgrade(IHttpUpgradeFeature inner, IFeatureCollection features) : IHttpUpgradeFeature
    {
        /// <inheritdoc/>
        public bool IsUpgradableRequest => inner.IsUpgradableRequest;

        /// <inheritdoc/>
        public async Task<Stream> UpgradeAsync()
        {
            var lane = new FrameLane(await inner.UpgradeAsync().ConfigureAwait(false));
            features.Set(lane);
            return lane;
        }
    }
}
