using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Alerts.Rules;

/// <summary>What a rule on a kind of signal can say.</summary>
/// <param name="Unit">The unit of the threshold.</param>
/// <param name="Min">The lowest threshold.</param>
/// <param name="Max">The highest threshold.</param>
/// <param name="Per">How the scope can be divided; the first is what is meant when nothing is said.</param>
public sealed record SignalTraits(string Unit, double Min, double Max, IReadOnlyList<AlertPer> Per)
{
    private const double Seconds = 10_000_000;
    private const double Huge = 1e15;

    private static readonly IReadOnlyList<AlertPer> Hosts = [AlertPer.Source, AlertPer.All];
    private static readonly IReadOnlyList<AlertPer> Operations = [AlertPer.All, AlertPer.Source, AlertPer.MetricType, AlertPer.Name];
    private static readonly IReadOnlyList<AlertPer> Whole = [AlertPer.All];

    /// <summary>Whether a value can only be too high: a rule that asks for less makes no sense.</summary>
    public bool IsAboveOnly { get; private init; }

    /// <summary>Whether a window, and a number of operations in it, mean something.</summary>
    public bool HasWindow { get; private init; }

    /// <summary>Whether a minimum number of operations means something.</summary>
    public bool HasMinOperations { get; private init; }

    /// <summary>Whether the scope can name a source.</summary>
    public bool HasSource { get; private init; } = true;

    /// <summary>Whether the scope can name a metric type and an operation name.</summary>
    public bool HasOperations { get; private init; }

    /// <summary>Returns what a rule on a signal can say.</summary>
    public static SignalTraits Of(AlertSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return signal.Kind switch
        {
            AlertSignalKind.Resource => signal.Metric?.Info() is { } info
                ? new(info.Unit, 0, info.Max, Hosts) { HasWindow = true }
                : new("", 0, Huge, Hosts) { HasWindow = true },
            AlertSignalKind.FailureRate => new("share", 0, 1, Operations) { HasWindow = true, HasMinOperations = true, HasOperations = true },
            AlertSignalKind.Duration => new("s", 0, Seconds, Operations) { HasWindow = true, HasMinOperations = true, HasOperations = true },
            AlertSignalKind.Throughput => new("/h", 0, 1_000_000_000, Operations) { HasWindow = true, HasOperations = true },
            AlertSignalKind.Abandoned => new("", 0, 1_000_000, Operations) { HasWindow = true, HasOperations = true, IsAboveOnly = true },
            AlertSignalKind.RunningFor => new("s", 1, Seconds, Operations) { HasOperations = true, IsAboveOnly = true },
            AlertSignalKind.NoData => new("s", 60, TimeSpan.FromDays(7).TotalSeconds, Hosts) { IsAboveOnly = true },
            AlertSignalKind.Score => new("", 0, 100, Whole),
            AlertSignalKind.Finding => new(signal.FindingKind == FindingKind.Forecast ? "h" : "", 0, Huge, Whole) { HasOperations = true },
            _ => new("", 0, 0, Whole) { IsAboveOnly = true, HasSource = false },
        };
    }
}
