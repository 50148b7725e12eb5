using PerfPortal.Domain.Resources;
using PerfPortal.Server.Controls;
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
            rows.Add(new(ResourceTexts.Title(name), ResourceTexts.Value(name, start), ResourceTexts.Value(name, end)));
        }

        return rows;
    }

    private static string Bare(string name) =>
        name.StartsWith(StartPrefix, StringComparison.Ordinal) ? name[StartPrefix.Length..]
        : name.StartsWith(EndPrefix, StringComparison.Ordinal) ? name[EndPrefix.Length..]
        : name;
}

/// <summary>Resource metrics in words.</summary>
internal static class ResourceTexts
{
    /// <summary>The title of a metric by its wire name; an unknown name is its own title.</summary>
    public static string Title(string wireName) => ResourceMetrics.Find(wireName)?.Metric switch
    {
        ResourceMetric.CpuPercent => "CPU",
        ResourceMetric.MemoryPercent => "Memory",
        ResourceMetric.MemoryUsedMb => "Memory in use",
        ResourceMetric.GpuUtilizationPercent => "GPU",
        ResourceMetric.GpuMemoryUsedMb => "GPU memory in use",
        _ => wireName,
    };

    /// <summary>A value with the unit of its metric.</summary>
    public static string Value(string wireName, double? value) => ResourceMetrics.Find(wireName)?.Unit switch
    {
        "MiB" => Numbers.Bytes(value * 1024 * 1024),
        "GiB" => Numbers.Bytes(value * 1024 * 1024 * 1024),
        "B/s" => Numbers.Value(value, "bytes/s"),
        { } unit => Numbers.Value(value, unit),
        null => Numbers.Plain(value),
    };
}
