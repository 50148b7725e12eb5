namespace PerfPortal.Server.Intake;

/// <summary>A body as sent. It counts the bytes and keeps the last ones, which are the trailer of a gzip body.</summary>
/// <param name="inner">The body of the request.</param>
/// <param name="max">The number of bytes after which reading fails.</param>
internal sealed class SentStream(Stream inner, long max) : Stream
{
    private readonly byte[] _last = new byte[GzipTrailer.Length];
    private long _count;

    /// <summary>The last bytes read, at most the length of a trailer.</summary>
    public ReadOnlySpan<byte> Last => _last.AsSpan(_last.Length - (int)Math.Min(_count, _last.Length));

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => _count; set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    /// <exception cref="BodyTooLargeException">The body is larger than the limit.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (read > 0)
        {
            int kept = Math.Max(0, _last.Length - read);
            _last.AsSpan(_last.Length - kept).CopyTo(_last);
            buffer.Span[Math.Max(0, read - _last.Length)..read].CopyTo(_last.AsSpan(kept));
        }

        return (_count += read) > max ? throw new BodyTooLargeException() : read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>A body is larger than its limit.</summary>
internal sealed class BodyTooLargeException : Exception;
