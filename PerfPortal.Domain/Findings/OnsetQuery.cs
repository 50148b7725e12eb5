using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Findings;

/// <summary>What to count over time to find when the condition of a bottleneck began; see <see cref="Onset"/>.</summary>
/// <param name="Filter">The operations to count.</param>
/// <param name="Limit">The share of operations beyond the limit from which the condition holds, 0–1.</param>
/// <param name="Count">Counts one step: all operations, and those beyond the limit; the name is <see langword="null"/> unless <paramref name="ByName"/>.</param>
/// <param name="ByName">Whether each name is counted by itself, because limits differ between names.</param>
internal sealed record OnsetQuery(SeriesFilter Filter, double Limit, Func<string?, StatisticsBuilder, OnsetStep> Count, bool ByName = false)
{
    /// <summary>The minimum duration of an operation that is beyond the limit, or <see langword="null"/> when duration does not matter.</summary>
    public TimeSpan? MinDuration { get; init; }

    /// <summary>Before this time the condition cannot have begun, such as the start of the base of a comparison; <see langword="null"/> when it is judged over the window of the analysis.</summary>
    public DateTimeOffset? Earliest { get; init; }

    /// <summary>Whether an operation is beyond the limit.</summary>
    public required Func<Operation, bool> IsBeyond { get; init; }
}
