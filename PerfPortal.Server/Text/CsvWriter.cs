using System.Buffers;
using System.Globalization;
using System.Text;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Text;

/// <summary>
/// Writes comma-separated values (RFC 4180): lines end with CR LF, numbers use the invariant culture. Text that a spreadsheet could interpret as a formula gets
/// a leading apostrophe (OWASP, "CSV Injection"); numbers, including negative ones, are unchanged. The caller may clear
/// <paramref name="output"/> between rows to stream a large file.
/// </summary>
internal sealed class CsvWriter(StringBuilder output)
{
    /// <summary>The byte order mark. Without it Excel reads a file as the code page of the machine, and non-ASCII characters are garbled.</summary>
    public const string Mark = "\uFEFF";

    private static readonly SearchValues<char> FormulaStarts = SearchValues.Create("=+-@＝＋－＠");

    // Spreadsheets use the semicolon as cell separator in locales with a decimal comma.
    private static readonly SearchValues<char> QuotedCharacters = SearchValues.Create(",;\"\r\n");

    private bool _isInRow;

    /// <summary>Creates a writer with its own buffer.</summary>
    public CsvWriter()
        : this(new())
    {
    }

    /// <summary>Writes a row. Cells are strings, numbers (<see cref="int"/>, <see cref="long"/>, <see cref="double"/>), times or <see langword="null"/>.</summary>
    /// <exception cref="ArgumentException">A cell has an unsupported type.</exception>
    public CsvWriter Row(params ReadOnlySpan<object?> cells)
    {
        foreach (object? cell in cells)
        {
            _ = cell switch
            {
                null => Text(null),
                string text => Text(text),
                double number => Number(number),
                long number => Number(number),
                int number => Number(number),
                DateTimeOffset time => Time(time),
                _ => throw new ArgumentException($"Cells of type {cell.GetType().Name} are not supported.", nameof(cells)),
            };
        }

        return EndRow();
    }

    /// <summary>Writes a text cell, escaped against formulas and quoted where necessary; empty for <see langword="null"/>.</summary>
    public CsvWriter Text(string? text)
    {
        Separate();
        if (string.IsNullOrEmpty(text))
        {
            return this;
        }

        string safe = IsLikeFormula(text) ? "'" + text : text;
        if (safe.AsSpan().ContainsAny(QuotedCharacters) || safe[0] == ' ' || safe[^1] == ' ')
        {
            output.Append('"').Append(safe.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        else
        {
            output.Append(safe);
        }

        return this;
    }

    /// <summary>Writes a number cell; empty for <see langword="null"/> and non-finite numbers.</summary>
    public CsvWriter Number(double? number)
    {
        Separate();
        if (number is { } value && double.IsFinite(value))
        {
            output.Append(CultureInfo.InvariantCulture, $"{value:R}");
        }

        return this;
    }

    /// <summary>Writes an integer cell.</summary>
    public CsvWriter Number(long number)
    {
        Separate();
        output.Append(CultureInfo.InvariantCulture, $"{number}");
        return this;
    }

    /// <summary>Writes a time cell, RFC 3339 in UTC; empty for <see langword="null"/>.</summary>
    public CsvWriter Time(DateTimeOffset? time)
    {
        Separate();
        output.Append(time is { } value ? WireJson.Text(value) : null);
        return this;
    }

    /// <summary>Ends the row.</summary>
    public CsvWriter EndRow()
    {
        output.Append("\r\n");
        _isInRow = false;
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => output.ToString();

    private void Separate()
    {
        output.Append(_isInRow ? "," : null);
        _isInRow = true;
    }

    /// <summary>
    /// Spreadsheets skip white space and invisible characters before a formula, and some treat full-width signs as ASCII. A leading tab or
    /// line break also counts as a formula: it can move the rest of the text into a separate cell or row.
    /// </summary>
    private static bool IsLikeFormula(string text)
    {
        if (text[0] is '\t' or '\r' or '\n')
        {
            return true;
        }

        foreach (char c in text)
        {
            if (!IsSkipped(c))
            {
                return FormulaStarts.Contains(c);
            }
        }

        return false;
    }

    private static bool IsSkipped(char c) => char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format;
}
