using System.Buffers.Text;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>Splits a kernel text into lines.</summary>
internal ref struct KernelLines(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        line = default;
        if (_rest.IsEmpty)
        {
            return false;
        }

        int end = _rest.IndexOf((byte)'\n');
        line = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return true;
    }
}

/// <summary>Splits a line of a kernel text into fields separated by blanks.</summary>
internal ref struct KernelFields(ReadOnlySpan<byte> line)
{
    private ReadOnlySpan<byte> _rest = line;

    public bool TryNext(out ReadOnlySpan<byte> field)
    {
        _rest = _rest.TrimStart(" \t"u8);
        int end = _rest.IndexOfAny((byte)' ', (byte)'\t');
        field = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[end..];
        return !field.IsEmpty;
    }

    public bool TryNextNumber(out ulong number)
    {
        number = 0;
        return TryNext(out var field) && KernelText.TryParse(field, out number);
    }

    public bool TryNextNumber(out double number)
    {
        number = 0;
        return TryNext(out var field)
            && Utf8Parser.TryParse(field, out number, out int used) && used == field.Length && double.IsFinite(number);
    }

    public bool TrySkip(int count)
    {
        while (count > 0 && TryNext(out _))
        {
            count--;
        }

        return count == 0;
    }
}

/// <summary>Parses numbers in kernel texts.</summary>
internal static class KernelText
{
    /// <summary>Parses an integer that spans the whole field.</summary>
    public static bool TryParse(ReadOnlySpan<byte> field, out ulong number) =>
        Utf8Parser.TryParse(field, out number, out int used) && used == field.Length;

    /// <summary>Finds the number after <paramref name="key"/> in lines of the form <c>key number</c> or <c>key: number unit</c>.</summary>
    public static bool TryFind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, out ulong number)
    {
        var lines = new KernelLines(text);
        while (lines.TryNext(out var line))
        {
            var fields = new KernelFields(line);
            if (line.StartsWith(key) && fields.TryNext(out var name) && name.SequenceEqual(key))
            {
                return fields.TryNextNumber(out number);
            }
        }

        number = 0;
        return false;
    }

    /// <summary>Reads the number in a file with one line.</summary>
    public static bool TryReadNumber(this KernelFile file, out ulong number)
    {
        number = 0;
        return file.TryRead(out var text) && TryParse(text.Trim(" \n"u8), out number);
    }
}
