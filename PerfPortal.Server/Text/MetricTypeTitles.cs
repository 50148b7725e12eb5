using PerfPortal.Domain.Operations;
using PerfPortal.Server.Pages.Operations;

namespace PerfPortal.Server.Text;

/// <summary>What the kinds of operations are called on a page.</summary>
internal static class MetricTypeTitles
{
    private static readonly string[] Titles = ["Download", "Health check", "Fallback", "Analytics", "Model operation", "System"];

    /// <summary>The title of a metric type.</summary>
    public static string Title(this MetricType type) => Titles[(int)type];
}
