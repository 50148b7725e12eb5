using System.Globalization;
using System.Text;

namespace PerfPortal.Server.Text;

/// <summary>
/// Writes comma-separated values (RFC 4180) that are safe to open in a spreadsheet: text that begins like a formula gets an apostrophe in front
/// (OWASP, "CSV Injection"). Numbers are written as numbers, whatever their sign.
/// </summary>
internal sealed class CsvText
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a line. Cells are texts, whole or floating numbers, times, or <see langword="null"/> for an empty cell.</summary>
    /// <exception cref="ArgumentException">A cell is something else.</exception>
    public CsvText Line(params ReadOnlySpan<object?> cells)
    {
        for (int i = 0; i < cells.Length; i++)
        {
            _text.Append(i == 0 ? "" : ",").Append(Cell(cells[i]));
        }

        _text.Append("\r\n");
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private static string Cell(object? cell) => cell switch
    {
        null => "",
        string text => Quote(Neutral(text)),
        double number => double.IsFinite(number) ? number.ToString("R", CultureInfo.InvariantCulture) : "",
        long or int => Convert.ToString(cell, CultureInfo.InvariantCulture)!,
        DateTimeOffset time => Wire.WireJson.Text(time),
        _ => throw new ArgumentException($"A cell cannot hold a {cell.GetType().Name}."),
    };

    /// <summary>Spreadsheets skip white space in front, and some take a full-width sign for the plain one.</summary>
    private static string Neutral(string text)
    {
        var visible = text.AsSpan().TrimStart();
        bool isLikeFormula = text is ['\t' or '\r' or '\n', ..] || visible is ['=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠', ..];
        return isLikeFormula ? "'" + text : text;
    }

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
