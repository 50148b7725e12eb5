using System.Text;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>A reusable, growing byte buffer for sequential writes.</summary>
internal sealed class BlockBuffer
{
    private const int Largest = 1 << 30;
    private const int Kept = 1 << 20;
    private byte[] _bytes = new byte[1024];

    /// <summary>The number of bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>The written bytes.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Resets the buffer. An unusually large array is released.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > Kept)
        {
            _bytes = new byte[1024];
        }
    }

    /// <summary>Truncates the buffer to a length.</summary>
    public void CutTo(int length) => Length = length;

    /// <summary>Appends space for bytes and returns it; its content is undefined.</summary>
    /// <exception cref="ArgumentException">The buffer would exceed 1 GiB.</exception>
    public Span<byte> Take(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Grow(count);
        }

        var taken = _bytes.AsSpan(Length, count);
        Length += count;
        return taken;
    }

    /// <summary>Writes one byte.</summary>
    public void Byte(byte value) => Take(1)[0] = value;

    /// <summary>Writes raw bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Writes an unsigned varint.</summary>
    public void Varint(ulong value)
    {
        if (_bytes.Length - Length < Domain.Statistics.Varint.MaxLength)
        {
            Grow(Domain.Statistics.Varint.MaxLength);
        }

        Length += Domain.Statistics.Varint.Write(_bytes.AsSpan(Length), value);
    }

    /// <summary>Writes a signed number as a zigzag varint.</summary>
    public void ZigZag(long value) => Varint(Domain.Statistics.Varint.ZigZag(value));

    /// <summary>Writes a string: its length in bytes × 2, then UTF-8; or length × 2 + 1 and UTF-16, little-endian, if it is not valid Unicode.</summary>
    public void Text(string text)
    {
        int start = Length;
        int max = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (System.Text.Unicode.Utf8.FromUtf16(text, Take(max), out _, out int written, replaceInvalidSequences: false) == System.Buffers.OperationStatus.Done)
        {
            Length = start;
            Varint((ulong)written << 1);
            var utf8 = Take(max);
            System.Text.Unicode.Utf8.FromUtf16(text, utf8, out _, out _);
            Length -= max - written;
            return;
        }

        Length = start;
        int bytes = text.Length * sizeof(char);
        Varint(((ulong)bytes << 1) | 1);
        var utf16 = Take(bytes);
        for (int i = 0; i < text.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(utf16[(2 * i)..], text[i]);
        }
    }

    private void Grow(int count)
    {
        long wanted = Math.Max((long)Length + count, Math.Min(2L * _bytes.Length, Largest));
        if (wanted > Largest)
        {
            throw new ArgumentException("The operations of a block exceed 1 GiB.");
        }

        Array.Resize(ref _bytes, (int)wanted);
    }
}
