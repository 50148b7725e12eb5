using System.Text;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Bytes that are written one after another into an array that grows and is used again.</summary>
internal sealed class BlockBuffer
{
    private const int Largest = 1 << 30;
    private const int Kept = 1 << 20;
    private byte[] _bytes = new byte[1024];

    /// <summary>How many bytes are written.</summary>
    public int Length { get; private set; }

    /// <summary>What is written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Forgets what is written; an unusually large array is given up.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length > Kept)
        {
            _bytes = new byte[1024];
        }
    }

    /// <summary>Takes back what was written after a length.</summary>
    public void CutTo(int length) => Length = length;

    /// <summary>Room for bytes, which count as written; its content is undefined.</summary>
    /// <exception cref="ArgumentException">There are more than 1 GiB.</exception>
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

    /// <summary>One byte.</summary>
    public void Byte(byte value) => Take(1)[0] = value;

    /// <summary>Bytes as they are.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>An unsigned number.</summary>
    public void Varint(ulong value)
    {
        if (_bytes.Length - Length < Domain.Statistics.Varint.MaxLength)
        {
            Grow(Domain.Statistics.Varint.MaxLength);
        }

        Length += Domain.Statistics.Varint.Write(_bytes.AsSpan(Length), value);
    }

    /// <summary>A signed number.</summary>
    public void ZigZag(long value) => Varint(Domain.Statistics.Varint.ZigZag(value));

    /// <summary>A text: its length in bytes × 2, then UTF-8; or + 1 and UTF-16, little-endian, when it is no valid Unicode.</summary>
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
            throw new ArgumentException("The operations of a block are larger than 1 GiB.");
        }

        Array.Resize(ref _bytes, (int)wanted);
    }
}
