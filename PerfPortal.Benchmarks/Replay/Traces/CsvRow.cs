using System.Globalization;

namespace PerfPortal.Benchmarks.Replay.Traces;

/// <summary>One line of a CSV file under its header. Empty fields are absent.</summary>
internal sealed class CsvRow
{
    private readonly Dictionary<string, int> _columns;
    private readonly string[] _fields;

    /// <summary>A row.</summary>
    /// <param name="trace">The file's name without directories and <c>.gz</c>.</param>
    /// <param name="number">1 for the first row below the header.</param>
    /// <param name="columns">The position of each column.</param>
    /// <param name="fields">The row's fields.</param>
    public CsvRow(string trace, long number, Dictionary<string, int> columns, string[] fields)
    {
        Trace = trace;
        Number = number;
        _columns = columns;
        _fields = fields;
    }

    /// <summary>The file's name without directories and <c>.gz</c>.</summary>
    public string Trace { get; }

    /// <summary>1 for the first row below the header.</summary>
    public long Number { get; }

    /// <summary>The field's text, or <see langword="null"/> where it is empty.</summary>
    public string? Text(string column) =>
        _columns.TryGetValue(column, out int position) && _fields[position] is { Length: > 0 } text ? text : null;

    /// <summary>The field as a finite number, or <see langword="null"/> where it is empty.</summary>
    /// <exception cref="FormatException">The field holds something else.</exception>
    public double? Number64(string column)
    {
        if (Text(column) is not { } text)
        {
            return null;
        }

        double value = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(value) ? value : throw new FormatException($"{column} is not finite.");
    }

    /// <summary>Splits a line at its commas; a field may stand in double quotes, doubled inside (RFC 4180, without line breaks in fields).</summary>
    public static string[] Split(string line)
    {
        if (!line.Contains('"', StringComparison.Ordinal))
        {
            return line.Split(',');
        }

        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (c == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[i++]);
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(c);
            }
        }

        fields.Add(field.ToString());
        return [.. fields];
    }
}
