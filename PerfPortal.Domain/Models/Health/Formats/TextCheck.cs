using System.Globalization;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>Examines a vocabulary or a list of merges: lines of UTF-8 without control characters.</summary>
internal static class TextCheck
{
    private const int MaxLine = 16 * 1024;

    public static void Run(ByteSource source, StructureReport report, bool isMerges)
    {
        report.Format = isMerges ? "merges" : "vocabulary";
        if (source.Length == 0)
        {
            throw new MalformedException(HealthReasonKinds.Truncated, 0, null, "The file is empty.");
        }

        using var cursor = new ByteCursor(source, 0, source.Length);
        byte[] line = new byte[MaxLine];
        for (long number = 1; cursor.Remaining > 0; number++)
        {
            long at = cursor.Position;
            int length = ReadLine(cursor, line, number);
            var text = line.AsSpan(0, length).TrimEnd((byte)'\r');
            if (text.Contains((byte)0) || !System.Text.Unicode.Utf8.IsValid(text))
            {
                throw new MalformedException(HealthReasonKinds.Text, at, length, string.Create(CultureInfo.InvariantCulture, $"Line {number:N0} is not valid text."));
            }

            bool isPair = text.Count((byte)' ') == 1 && text[0] != ' ' && text[^1] != ' ';
            if (isMerges && !text.IsEmpty && !isPair && !(number == 1 && text[0] == '#'))
            {
                throw new MalformedException(HealthReasonKinds.Text, at, length, string.Create(CultureInfo.InvariantCulture, $"Line {number:N0} is not a pair of two tokens."));
            }
        }
    }

    private static int ReadLine(ByteCursor cursor, byte[] line, long number)
    {
        for (int i = 0; i < MaxLine; i++)
        {
            if (cursor.Remaining == 0 || (line[i] = cursor.ReadByte("line")) == '\n')
            {
                return i;
            }
        }

        throw new MalformedException(
            HealthReasonKinds.Text, cursor.Position - MaxLine, MaxLine, string.Create(CultureInfo.InvariantCulture, $"Line {number:N0} is longer than {MaxLine:N0} bytes."));
    }
}
