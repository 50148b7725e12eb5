using System.Text;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Reads what <see cref="BlockBuffer"/> wrote and never goes beyond it.</summary>
internal ref struct BlockReader
{
    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Reads from the beginning.</summary>
    public BlockReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Bytes that were read.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes that are left.</summary>
    public readonly int Left => _bytes.Length - Position;

    /// <summary>What is left.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes[Position..];

    /// <summary>The exception of a block that does not hold what it should.</summary>
    public static InvalidDataException Damaged(string what) => new($"A block of operations is damaged: {what}.");

    /// <summary>Bytes as they are.</summary>
    /// <exception cref="InvalidDataException">There are not so many.</exception>
    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Left)
        {
            throw Damaged("it ends too early");
        }

        var taken = _bytes.Slice(Position, count);
        Position += count;
        return taken;
    }

    /// <summary>One byte.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>An unsigned number.</summary>
    public ulong Varint()
    {
        int length = Domain.Statistics.Varint.Read(_bytes[Position..], out ulong value);
        if (length <= 0)
        {
            throw Damaged(length == Domain.Statistics.Varint.TooLong ? "a number is longer than 64 bits" : "it ends too early");
        }

        Position += length;
        return value;
    }

    /// <summary>A signed number.</summary>
    public long ZigZag() => Domain.Statistics.Varint.UnZigZag(Varint());

    /// <summary>A number that counts something.</summary>
    /// <exception cref="InvalidDataException">It is greater than <paramref name="max"/>.</exception>
    public int Count(int max)
    {
        ulong value = Varint();
        return value <= (ulong)max ? (int)value : throw Damaged("a count is too great");
    }

    /// <summary>A text.</summary>
    public string Text()
    {
        int head = Count(int.MaxValue);
        var bytes = Take(head >> 1);
        return (head & 1) == 0 ? Encoding.UTF8.GetString(bytes) : Utf16(bytes);
    }

    /// <summary>Goes past a text.</summary>
    public void SkipText() => Take(Count(int.MaxValue) >> 1);

    private static string Utf16(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % sizeof(char) != 0)
        {
            throw Damaged("half a character");
        }

        char[] text = new char[bytes.Length / sizeof(char)];
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = (char)System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
        }

        return new(text);
    }
}
