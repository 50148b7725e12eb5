using System.Buffers;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// A dictionary-encoded column of strings: a form byte (0 for strings; otherwise the byte length of each string's lower-case hexadecimal
/// value), the number of distinct strings, the strings, and the column of their indexes. In a nullable column, index 0 means null and the first string is 1.
/// </summary>
internal sealed class TextColumn
{
    private const int MaxHexBytes = 64;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int[] _starts;
    private readonly int _hexBytes;
    private readonly string?[] _texts;
    private readonly LazyIntegers _numbers;
    private readonly int _nulls;

    private TextColumn(ReadOnlyMemory<byte> bytes, int[] starts, int hexBytes, int texts, LazyIntegers numbers, int nulls)
    {
        _bytes = bytes;
        _starts = starts;
        _hexBytes = hexBytes;
        _texts = new string?[texts];
        _numbers = numbers;
        _nulls = nulls;
    }

    /// <summary>Writes a column.</summary>
    public static void Write(BlockBuffer target, List<string> texts, ReadOnlySpan<long> numbers, bool isCompressed)
    {
        int hexBytes = HexBytes(texts);
        target.Byte((byte)hexBytes);
        target.Varint((ulong)texts.Count);
        foreach (string text in texts)
        {
            if (hexBytes > 0)
            {
                Convert.FromHexString(text, target.Take(hexBytes), out _, out _);
            }
            else
            {
                target.Text(text);
            }
        }

        IntegerColumn.Write(target, numbers, isCompressed);
    }

    /// <summary>Reads a column.</summary>
    /// <param name="bytes">The bytes starting at the column; retained.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="isNullable">Whether index 0 means null.</param>
    /// <param name="read">The length of the column in bytes.</param>
    /// <exception cref="InvalidDataException">The column is corrupt.</exception>
    public static TextColumn Read(ReadOnlyMemory<byte> bytes, int rows, bool isNullable, out int read)
    {
        var reader = new BlockReader(bytes.Span);
        int hexBytes = reader.Byte();
        int count = reader.Count(reader.Left);
        int[] starts = [];
        if (hexBytes > 0)
        {
            starts = [reader.Position];
            reader.Take(checked((int)Math.Min((long)count * hexBytes, int.MaxValue)));
        }
        else
        {
            starts = new int[count];
            for (int i = 0; i < count; i++)
            {
                starts[i] = reader.Position;
                reader.SkipText();
            }
        }

        int position = reader.Position;
        IntegerColumn.Skip(ref reader, rows);
        read = reader.Position;
        return new(bytes, starts, hexBytes, count, new(bytes[position..], rows), isNullable ? 1 : 0);
    }

    /// <summary>Returns the string of a row.</summary>
    /// <exception cref="InvalidDataException">The column is corrupt.</exception>
    public string? At(int row)
    {
        long number = _numbers[row] - _nulls;
        return number == -1 && _nulls == 1 ? null
            : (ulong)number < (ulong)_texts.Length ? _texts[number] ??= Text((int)number)
            : throw BlockReader.Damaged("a text is not in its dictionary");
    }

    /// <summary>Whether the string of any row contains a text, ignoring case. Each distinct string is checked once.</summary>
    /// <exception cref="InvalidDataException">The column is corrupt.</exception>
    public bool Contains(string text)
    {
        for (int i = 0; i < _texts.Length; i++)
        {
            if ((_texts[i] ??= Text(i)).Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static int HexBytes(List<string> texts)
    {
        int length = texts.Count == 0 ? 0 : texts[0].Length;
        if (length < 4 || length % 2 != 0 || length / 2 > MaxHexBytes)
        {
            return 0;
        }

        foreach (string text in texts)
        {
            if (text.Length != length || text.AsSpan().ContainsAnyExcept(HexDigits))
            {
                return 0;
            }
        }

        return length / 2;
    }

    private string Text(int number)
    {
        if (_hexBytes > 0)
        {
            return Convert.ToHexStringLower(_bytes.Span.Slice(_starts[0] + number * _hexBytes, _hexBytes));
        }

        var reader = new BlockReader(_bytes.Span[_starts[number]..]);
        return reader.Text();
    }
}
