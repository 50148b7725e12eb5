namespace PerfPortal.Server.Pages.Alerts;

/// <summary>A label as a form edits it.</summary>
public sealed class LabelRow
{
    /// <summary>The name.</summary>
    public string? Name { get; set; }

    /// <summary>The value.</summary>
    public string? Value { get; set; }

    /// <summary>Whether nothing was entered.</summary>
    public bool IsEmpty => string.IsNullOrWhiteSpace(Name) && string.IsNullOrWhiteSpace(Value);

    /// <summary>Returns the rows of labels.</summary>
    internal static List<LabelRow> Of(IReadOnlyDictionary<string, string> labels) => [.. labels.Select(label => new LabelRow { Name = label.Key, Value = label.Value })];

    /// <summary>Returns the labels of the rows that are not empty; of rows with the same name, the last one.</summary>
    internal static Dictionary<string, string> ToLabels(IEnumerable<LabelRow> rows)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in rows.Where(row => !row.IsEmpty))
        {
            labels[row.Name?.Trim() ?? ""] = row.Value?.Trim() ?? "";
        }

        return labels;
    }

    /// <summary>Returns a name that two rows have, or <see langword="null"/>.</summary>
    internal static string? Repeated(IEnumerable<LabelRow> rows) =>
        rows.Where(row => !row.IsEmpty).GroupBy(row => row.Name?.Trim()).FirstOrDefault(group => group.Count() > 1)?.Key;
}
