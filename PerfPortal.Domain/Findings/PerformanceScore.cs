namespace PerfPortal.Domain.Findings;

/// <summary>A deduction from the score, or a bonus, for one cause.</summary>
/// <param name="Kind">A machine-readable kind: <c>success_rate</c>, <c>p95_duration</c>, a kind of bottleneck, or <c>resource_efficiency</c>.</param>
/// <param name="Cause">A one-sentence description with the measured value.</param>
/// <param name="Points">The points, above 0, rounded to 0.1.</param>
public sealed record ScoreDeduction(string Kind, string Cause, double Points);

/// <summary>The overall performance score, 0–100.</summary>
/// <param name="Value">100 minus the deductions plus the bonus, clamped to 0–100; <see langword="null"/> without enough data.</param>
/// <param name="SufficientData">Whether there were enough operations for a score.</param>
/// <param name="Deductions">The deductions, largest first.</param>
/// <param name="Bonus">The bonus for efficient use of resources, or <see langword="null"/>.</param>
/// <param name="Operations">The number of operations that the score is based on.</param>
public sealed record PerformanceScore(
    double? Value, bool SufficientData, IReadOnlyList<ScoreDeduction> Deductions, ScoreDeduction? Bonus, long Operations);
