using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PerfPortal.Benchmarks.Measuring;

/// <summary>A measurement as a table for a person and as JSON for a script.</summary>
internal static class MeasurementReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new GoalConverter() },
    };

    /// <summary>The measurement as JSON: <c>verb</c>, <c>machine</c>, <c>rows</c>.</summary>
    public static string ToJson(Measurement measurement) => JsonSerializer.Serialize(measurement, Json);

    /// <summary>The measurement as a Markdown table whose columns line up in a terminal too.</summary>
    public static string ToTable(Measurement measurement)
    {
        string[] head = ["what", "measured", "yardstick", "its figure", "ratio", "goal", ""];
        List<string[]> lines = [head, .. measurement.Rows.Select(Cells)];
        int[] widths = Enumerable.Range(0, head.Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{measurement.Verb}: {measurement.Machine}").AppendLine();
        for (int i = 0; i < lines.Count; i++)
        {
            text.Append("| ").AppendJoin(" | ", lines[i].Select((cell, column) => cell.PadRight(widths[column]))).AppendLine(" |");
            if (i == 0)
            {
                text.Append("| ").AppendJoin(" | ", widths.Select(width => new string('-', Math.Max(3, width)))).AppendLine(" |");
            }
        }

        return text.ToString();
    }

    private static string[] Cells(MeasuredRow row) =>
    [
        row.Name,
        $"{Number(row.Value)} {row.Unit}",
        row.Yardstick ?? "",
        row.YardstickValue is { } yardstick ? $"{Number(yardstick)} {row.Unit}" : "",
        row.Ratio is { } ratio ? Number(ratio) : "",
        row.Goal?.ToString() ?? "",
        row.Met switch { true => "met", false => "not met", _ => "" },
    ];

    private static string Number(double value) => Math.Abs(value) switch
    {
        0 => "0",
        >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        >= 0.1 => value.ToString("0.###", CultureInfo.InvariantCulture),
        _ => value.ToString("0.#####", CultureInfo.InvariantCulture),
    };
}
