using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PerfPortal.Server.Intake;

/// <summary>Explains why a text is not valid JSON: what is wrong at that position, and how to send it instead.</summary>
internal static class JsonFault
{
    /// <summary>The error of a body in UTF-16.</summary>
    public const string Utf16 = "The body is encoded in UTF-16. Send JSON in UTF-8.";

    private const int MaxShown = 40;

    /// <summary>Finds the offset of the fault that a reader of the text reported.</summary>
    /// <param name="text">The text.</param>
    /// <param name="exception">The report of the reader.</param>
    /// <param name="skipped">The bytes before the text that the state of the reader counts.</param>
    public static int Find(ReadOnlySpan<byte> text, JsonException exception, int skipped = 0)
    {
        long line = exception.LineNumber.GetValueOrDefault();
        int at = line == 0 ? -skipped : 0;
        for (int end; line > 0 && (end = text[at..].IndexOf((byte)'\n')) >= 0; line--)
        {
            at += end + 1;
        }

        return (int)Math.Clamp(at + exception.BytePositionInLine.GetValueOrDefault(), 0, text.Length);
    }

    /// <summary>Explains the fault at an offset of a body.</summary>
    public static string ExplainBody(ReadOnlySpan<byte> text, int at)
    {
        if (IsUtf16(text))
        {
            return Utf16;
        }

        if (text.Trim(" \t\r\n"u8).IsEmpty)
        {
            return "The body is empty.";
        }

        at = Math.Min(at, text.Length);
        int line = text[..at].Count((byte)'\n');
        int column = at - (text[..at].LastIndexOf((byte)'\n') + 1);
        return string.Create(CultureInfo.InvariantCulture, $"The body is not valid JSON (line {line + 1}, byte {column + 1}). {Cause(text, at)}").TrimEnd();
    }

    /// <summary>Explains the fault at an offset of an operation in a batch, or of a line.</summary>
    /// <param name="text">The text of the operation.</param>
    /// <param name="at">The offset of the fault.</param>
    /// <param name="what">The subject of the sentence: <c>The operation</c> or <c>The line</c>.</param>
    public static string ExplainItem(ReadOnlySpan<byte> text, int at, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} is not valid JSON (byte {at + 1}). {Cause(text, Math.Min(at, text.Length))}").TrimEnd();

    /// <summary>Whether the text is UTF-16, as Windows PowerShell writes files: by its mark, or because one of its first two bytes is 0.</summary>
    public static bool IsUtf16(ReadOnlySpan<byte> text) => text.Length >= 2 && (text[..2].IndexOf((byte)0) >= 0 || text[..2].SequenceEqual((ReadOnlySpan<byte>)[0xFF, 0xFE]) || text[..2].SequenceEqual((ReadOnlySpan<byte>)[0xFE, 0xFF]));

    /// <summary>Explains a second object after the first one, as in NDJSON; <see langword="null"/> if none follows.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The offset of the end of the first object.</param>
    public static string? ExplainSecondValue(ReadOnlySpan<byte> text, int at)
    {
        var rest = text[at..];
        int gap = rest.IndexOfAnyExcept(" \t\r\n"u8);
        return gap < 0 || rest[gap] != '{' ? null
            : Gap(text, at + gap).Contains((byte)'\n') ? "It looks like NDJSON, one object per line. Send it with Content-Type application/x-ndjson, from a file with curl --data-binary."
            : "It looks like NDJSON without its line breaks, which curl -d removes. Send the file with curl --data-binary and Content-Type application/x-ndjson.";
    }

    private static string? Cause(ReadOnlySpan<byte> text, int at)
    {
        var (begin, word) = JsonWord.At(text, at);
        if (word is not null)
        {
            return begin > 0 && text[begin - 1] == '\\' ? "A string contains an invalid escape; a backslash is written \\\\." : Explain(MemberBefore(text[..begin]) ?? "A value", word);
        }

        if (at == text.Length)
        {
            return "It ends unexpectedly.";
        }

        var (depth, deepest) = Nesting(text[..(at + 1)]);
        return deepest > BodyReader.MaxDepth ? string.Create(CultureInfo.InvariantCulture, $"JSON can be nested at most {BodyReader.MaxDepth} levels deep; the array around the items of a batch is not counted.")
            : text[at] == '\'' ? "Names and strings must be in double quotes."
            : text[at] < ' ' ? "A control character in a string must be escaped, such as \\n."
            : depth == 1 && text[at] == '{' ? ExplainSecondValue(text, at)
            : null;
    }

    private static string Explain(string member, string word) => word.TrimStart('+', '-') switch
    {
        "NaN" or "nan" or "Infinity" or "infinity" or "inf" or "Inf" => $"{member} is {word}, which JSON cannot express. Send null or leave the member out.",
        "None" or "True" or "False" or "undefined" => $"{member} is {word}; JSON has null, true and false.",
        _ => $"{member} is {word}, which is not a JSON value.",
    };

    /// <summary>The blanks before an offset.</summary>
    private static ReadOnlySpan<byte> Gap(ReadOnlySpan<byte> text, int end) => text[(text[..end].LastIndexOfAnyExcept(" \t\r\n"u8) + 1)..end];

    /// <summary>The name of the member whose value begins at the end of the text.</summary>
    private static string? MemberBefore(ReadOnlySpan<byte> text)
    {
        text = text.TrimEnd(" \t\r\n"u8);
        if (!text.EndsWith(":"u8) || !(text = text[..^1].TrimEnd(" \t\r\n"u8)).EndsWith("\""u8))
        {
            return null;
        }

        text = text[..^1];
        var name = text[(text.LastIndexOf((byte)'"') + 1)..];
        return name.Length is > 0 and <= MaxShown ? Encoding.UTF8.GetString(name) : null;
    }

    /// <summary>The nesting at the end of the text, and the deepest in it. The text is valid JSON up to its last byte.</summary>
    private static (int AtEnd, int Deepest) Nesting(ReadOnlySpan<byte> text)
    {
        var (depth, deepest) = (0, 0);
        while (text.IndexOfAny("[]{}\""u8) is >= 0 and var at)
        {
            byte found = text[at];
            text = text[(at + 1)..];
            if (found == '"')
            {
                text = JsonExtent.AfterText(text);
            }
            else
            {
                depth += found is (byte)'[' or (byte)'{' ? 1 : -1;
                deepest = Math.Max(deepest, depth);
            }
        }

        return (depth, deepest);
    }
}
