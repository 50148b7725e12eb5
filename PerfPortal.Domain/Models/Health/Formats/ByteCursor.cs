using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>
/// Reads a part of a file forwards through a buffer of fixed size. Skipping reads nothing. Whatever a file claims, no more than the buffer is held, and reading past the end is a
/// <see cref="MalformedException"/> that names the place.
/// </summary>
internal sealed class ByteCursor : IDisposable
{
    /// <summary>The largest number of bytes that can be read at once.</summary>
    public const int MaxSpan = 64 * 1024;

    private readonly ByteSource _source;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(MaxSpan);
    private long _bufferedAt;
    private int _buffered;

    /// <summary>Reads from a position up to an end.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="start">The first byte.</param>
    /// <param name="end">The byte after the last; at most the length of the source.</param>
    public ByteCursor(ByteSource source, long start, long end)
    {
        _source = source;
        Position = start;
        End = end;
    }

    /// <summary>The next byte, from the beginning of the source.</summary>
    public long Position { get; private set; }

    /// <summary>The byte after the last.</summary>
    public long End { get; }

    /// <summary>The number of bytes up to the end.</summary>
    public long Remaining => End - Position;

    /// <summary>Whether numbers are big-endian.</summary>
    public bool IsBigEndian { get; set; }

    /// <summary>Returns the next bytes, valid until the next call.</summary>
    /// <param name="count">How many, at most <see cref="MaxSpan"/>.</param>
    /// <param name="what">What they are, for the error.</param>
    /// <exception cref="MalformedException">The file ends before.</exception>
    public ReadOnlySpan<byte> Take(int count, string what)
    {
        if (count > Remaining)
        {
            throw Ended(what);
        }

        if (Position < _bufferedAt || Position + count > _bufferedAt + _buffered)
        {
            _bufferedAt = Position;
            _buffered = _source.Read(Position, _buffer.AsSpan(0, (int)Math.Min(MaxSpan, Remaining)));
            if (_buffered < count)
            {
                throw Ended(what);
            }
        }

        var taken = _buffer.AsSpan((int)(Position - _bufferedAt), count);
        Position += count;
        return taken;
    }

    /// <summary>Goes forward without reading.</summary>
    /// <exception cref="MalformedException">The file ends before.</exception>
    public void Skip(ulong count, string what)
    {
        if (count > (ulong)Remaining)
        {
            throw Ended(what);
        }

        Position += (long)count;
    }

    public byte ReadByte(string what) => Take(1, what)[0];

    public ushort ReadUInt16(string what) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(Take(2, what)) : BinaryPrimitives.ReadUInt16LittleEndian(Take(2, what));

    public uint ReadUInt32(string what) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(Take(4, what)) : BinaryPrimitives.ReadUInt32LittleEndian(Take(4, what));

    public ulong ReadUInt64(string what) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(Take(8, what)) : BinaryPrimitives.ReadUInt64LittleEndian(Take(8, what));

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private MalformedException Ended(string what) => new(
        HealthReasonKinds.Truncated, Position, null, string.Create(CultureInfo.InvariantCulture, $"The {what} at byte {Position:N0} goes beyond the end at byte {End:N0}."));
}
