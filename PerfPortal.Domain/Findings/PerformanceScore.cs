using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Findings;

/// <summary>A deduction from the score, or a bonus, for one cause.</summary>
/// <param name="Kind">A machine-readable kind: <c>success_rate</c>, <c>p95_duration</c>, a kind of bottleneck, or <c>resource_efficiency</c>.</param>
/// <param name="Cause">A one-sentence description with the measured value.</param>
/// <param name="Points">The points, above 0, rounded to 0.1.</param>
public sealed record ScoreDeduction(string Kind, string Cause, double Points)
{
    /// <summary>The type that it is about, or <see langword="null"/>.</summary>
    public MetricType? MetricType { get; init; }

    /// <summary>The operation name that it is about, or <see langword="null"/>.</summary>
    public string? OperationName { get; init; }

    /// <summary>The host that it is about, or <see langword="null"/>.</summary>
    public string? Source { get; init; }

    /// <summary>What would give the points back, in one sentence with numbers; <see langword="null"/> for a bonus.</summary>
    public string? Remedy { get; init; }
}

/// <summary>How much data a score is based on.</summary>
/// <param name="NamesJudged">The names with enough operations to be judged by themselves.</param>
/// <param name="NamesTogether">The names that ran too rarely and were judged together.</param>
/// <param name="NamesLeftOut">The names that ran too rarely even together and were left out.</param>
/// <param name="OperationShare">The share of the operations that was judged, 0–1.</param>
/// <param name="Hosts">The hosts that were measured for long enough for the bonus.</param>
public sealed record ScoreSufficiency(int NamesJudged, int NamesTogether, int NamesLeftOut, double OperationShare, int Hosts);

/// <summary>The overall performance score, 0–100.</summary>
/// <param name="Value">100 minus the deductions plus the bonus, clamped to 0–100; <see langword="null"/> without enough data.</param>
/// <param name="SufficientData">Whether there were enough operations for a score.</param>
/// <param name="Deductions">The deductions, largest first.</param>
/// <param name="Bonus">The bonus for efficient use of resources, or <see langword="null"/>.</param>
/// <param name="Operations">The number of operations that the score is based on.</param>
public sealed record PerformanceScore(
    double? Value, bool SufficientData, IReadOnlyList<ScoreDeduction> Deductions, ScoreDeduction? Bonus, long Operations)
{
    /// <summary>How much data it is based on; <see langword="null"/> without a score.</summary>
    public ScoreSufficiency? Sufficiency { get; init; }
}
