using PerfPortal.Domain.Resources;

namespace PerfPortal.Server.Pages.Operations;

/// <summary>A resource value at the start and end of an operation.</summary>
/// <param name="Title">The display name.</param>
/// <param name="Start">The value at the start, with its unit.</param>
/// <param name="End">The value at the end, with its unit.</param>
internal sealed record UsageRow(string Title, string Start, string End)
{
    private const string StartPrefix = "start_";
    private const string EndPrefix = "end_";

    /// <summary>Pairs values reported as <c>start_…</c> and <c>end_…</c>. A name without a prefix counts as an end value.</summary>
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
