namespace PerfPortal.Benchmarks.Replay.Traces;

/// <summary>The content of one row of a trace: an operation, a resource sample, or nothing that the portal accepts.</summary>
internal abstract record TraceRow
{
    /// <summary>The newest moment that the row speaks of, UTC; <see langword="null"/> for a skipped row.</summary>
    public abstract DateTime? End { get; }
}

/// <summary>A finished operation.</summary>
/// <param name="Id">A stable id, see <see cref="OperationId"/>.</param>
/// <param name="MetricType">One of the portal's metric types, by its wire name.</param>
/// <param name="Name">The operation's name.</param>
/// <param name="Source">The host or service that did it.</param>
/// <param name="Start">UTC.</param>
/// <param name="Duration">0 or more, whole microseconds.</param>
/// <param name="Succeeded">Whether it succeeded; otherwise it failed.</param>
/// <param name="Facts">Metadata: values are <see cref="string"/> or <see cref="long"/> or <see cref="double"/>; what the trace does not know is absent.</param>
internal sealed record OperationRow(
    Guid Id,
    string MetricType,
    string Name,
    string Source,
    DateTime Start,
    TimeSpan Duration,
    bool Succeeded,
    IReadOnlyList<KeyValuePair<string, object>> Facts) : TraceRow
{
    /// <inheritdoc/>
    public override DateTime? End => Start + Duration;
}

/// <summary>One value of a resource sensor.</summary>
/// <param name="Source">The host that was measured.</param>
/// <param name="SampledAt">UTC.</param>
/// <param name="Metric">The sample's member on the wire, for example <c>gpu_memory_used_mb</c>.</param>
/// <param name="Value">In the unit that the member's name ends on.</param>
internal sealed record SampleRow(string Source, DateTime SampledAt, string Metric, double Value) : TraceRow
{
    /// <inheritdoc/>
    public override DateTime? End => SampledAt;
}

/// <summary>A row that is not sent.</summary>
/// <param name="Reason">Why; rows are counted by it, so it names no single row.</param>
internal sealed record SkippedRow(string Reason) : TraceRow
{
    /// <inheritdoc/>
    public override DateTime? End => null;
}
