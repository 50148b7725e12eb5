using System.Buffers.Binary;
using System.IO.Compression;

namespace PerfPortal.Benchmarks.Replay.Traces;

/// <summary>
/// Decompresses gzip and notices a file that was cut short, which <see cref="GZipStream"/> takes for its end.
/// A file ends with the length of its last member (RFC 1952, section 2.3.1, ISIZE); a length beyond all that was decompressed
/// is no such length. In a file of a megabyte this overlooks one cut in some thousands.
/// </summary>
internal sealed class CheckedGzip : Stream
{
    private const int SizeLength = 4;
    private readonly Stream _file;
    private readonly GZipStream _gzip;
    private long _read;

    /// <summary>Decompresses <paramref name="file"/>, which must be seekable and is closed with this stream.</summary>
    public CheckedGzip(Stream file)
    {
        _file = file;
        _gzip = new GZipStream(file, CompressionMode.Decompress);
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file is no gzip file, or was cut short.</exception>
    public override int Read(Span<byte> buffer) => Checked(_gzip.Read(buffer), buffer.Length);

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file is no gzip file, or was cut short.</exception>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The file is no gzip file, or was cut short.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Checked(await _gzip.ReadAsync(buffer, cancellationToken), buffer.Length);

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

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Checked(int read, int asked)
    {
        _read += read;
        if (read == 0 && asked > 0 && _read <= uint.MaxValue && LastMember() > _read)
        {
            throw new InvalidDataException("It was cut short.");
        }

        return read;
    }

    private uint LastMember()
    {
        Span<byte> size = stackalloc byte[SizeLength];
        if (_file.Length < SizeLength)
        {
            throw new InvalidDataException("It was cut short.");
        }

        _file.Seek(-SizeLength, SeekOrigin.End);
        _file.ReadExactly(size);
        return BinaryPrimitives.ReadUInt32LittleEndian(size);
    }
}
