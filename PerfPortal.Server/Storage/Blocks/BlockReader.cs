using System.Text;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Reads data written by <see cref="BlockBuffer"/>, with bounds checks.</summary>
internal ref struct BlockReader
{
    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Creates a reader at the start of the bytes.</summary>
    public BlockReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The number of bytes read.</summary>
    public int Position { get; private set; }

    /// <summary>The number of remaining bytes.</summary>
    public readonly int Left => _bytes.Length - Position;

    /// <summary>The remaining bytes.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes[Position..];

    /// <summary>Creates the exception for a corrupt block.</summary>
    public static InvalidDataException Damaged(string what) => new($"An operation block is corrupt: {what}.");

    /// <summary>Reads raw bytes.</summary>
    /// <exception cref="InvalidDataException">Fewer bytes remain.</exception>
    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Left)
        {
            throw Damaged("unexpected end of data");
        }

        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>Reads one byte.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>Reads an unsigned varint.</summary>
    public ulong Varint()
    {
        int length = Domain.Statistics.Varint.Read(_bytes[Position..], out ulong value);
        if (length <= 0)
        {
            throw Damaged(length == Domain.Statistics.Varint.TooLong ? "a number exceeds 64 bits" : "unexpected end of data");
        }

        Position += length;
        return value;
    }

    /// <summary>Reads a signed zigzag varint.</summary>
    public long ZigZag() => Domain.Statistics.Varint.UnZigZag(Varint());

    /// <summary>Reads a count.</summary>
    /// <exception cref="InvalidDataException">The count exceeds <paramref name="max"/>.</exception>
    public int Count(int max)
    {
        ulong value = Varint();
        return value <= (ulong)max ? (int)value : throw Damaged("a count is too large");
    }

    /// <summary>Reads a string.</summary>
    public string Text()
    {
        int head = Count(int.MaxValue);
        var bytes = Take(head >> 1);
        return (head & 1) == 0 ? Encoding.UTF8.GetString(bytes) : Utf16(bytes);
    }

    /// <summary>Skips a string.</summary>
    public void SkipText() => Take(Count(int.MaxValue) >> 1);

    private static string Utf16(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % sizeof(char) != 0)
        {
            throw Damaged("a UTF-16 string has an odd length");
        }

        char[] text = new char[bytes.Length / sizeof(char)];
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = (char)System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
        }

        return new(text);
    }
}
