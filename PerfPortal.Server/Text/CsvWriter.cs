using System.Buffers;
using System.Globalization;
using System.Text;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Text;

/// <summary>
/// Writes comma-separated values (RFC 4180): lines end with CR LF, numbers are invariant. Text that a spreadsheet could take for a formula gets
/// an apostrophe in front (OWASP, "CSV Injection"); numbers stay numbers, whatever their sign. The caller may empty
/// <paramref name="output"/> between rows, so that a large file streams.
/// </summary>
internal sealed class CsvWriter(StringBuilder output)
{
    private static readonly SearchValues<char> FormulaStarts = SearchValues.Create("=+-@＝＋－＠");

    // The semicolon separates cells where a comma is the decimal separator.
    private static readonly SearchValues<char> QuotedCharacters = SearchValues.Create(",;\"\r\n");

    private bool _isInRow;

    /// <summary>Makes a writer with its own buffer.</summary>
    public CsvWriter()
        : this(new())
    {
    }

    /// <summary>Writes a row. Cells are texts, numbers (<see cref="int"/>, <see cref="long"/>, <see cref="double"/>), times or <see langword="null"/>.</summary>
    /// <exception cref="ArgumentException">A cell has another type.</exception>
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
                _ => throw new ArgumentException($"A cell cannot hold a {cell.GetType().Name}.", nameof(cells)),
            };
        }

        return EndRow();
    }

    /// <summary>Writes a text cell, guarded against formulas and quoted where needed; empty without a text.</summary>
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

    /// <summary>Writes a number cell; empty without a finite number.</summary>
    public CsvWriter Number(double? number)
    {
        Separate();
        if (number is { } value && double.IsFinite(value))
        {
            output.Append(CultureInfo.InvariantCulture, $"{value:R}");
        }

        return this;
    }

    /// <summary>Writes a cell with a whole number.</summary>
    public CsvWriter Number(long number)
    {
        Separate();
        output.Append(CultureInfo.InvariantCulture, $"{number}");
        return this;
    }

    /// <summary>Writes a time cell, RFC 3339 in UTC; empty without a time.</summary>
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
    /// Spreadsheets skip white space and invisible characters before a formula, and some read full-width signs as plain ones. A leading tab or
    /// line end counts as a formula too: it may move the rest of the text into a cell or line of its own.
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
