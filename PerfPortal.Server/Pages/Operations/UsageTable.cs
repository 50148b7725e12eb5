using PerfPortal.Server.Text;

namespace PerfPortal.Server.Pages.Operations;

/// <summary>A resource at the start and at the end of an operation.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Start">At the start, with its unit.</param>
/// <param name="End">At the end, with its unit.</param>
internal sealed record UsageRow(string Title, string Start, string End)
{
    private const string StartPrefix = "start_";
    private const string EndPrefix = "end_";

    /// <summary>Pairs what was reported as <c>start_…</c> and <c>end_…</c>; a name without a prefix stands in the column of the end.</summary>
    public static IReadOnlyList<UsageRow> Of(IReadOnlyDictionary<string, double> usage)
    {
        var rows = new List<UsageRow>();
        var names = usage.Keys.Select(Bare).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        foreach (string name in names)
        {
            double? start = usage.TryGetValue(StartPrefix + name, out double s) ? s : null;
            double? end = usage.TryGetValue(EndPrefix + name, out double e) ? e : usage.TryGetValue(name, out double plain) ? plain : null;
            rows.Add(new(ResourceNames.Title(name), ResourceNames.Value(name, start), ResourceNames.Value(name, end)));
        }

        return rows;
    }

    private static string Bare(string name) =>
        name.StartsWith(StartPrefix, StringComparison.Ordinal) ? name[StartPrefix.Length..]
        : name.StartsWith(EndPrefix, StringComparison.Ordinal) ? name[EndPrefix.Length..]
        : name;
}
