namespace PerfPortal.Domain.Findings;

/// <summary>Points lost, or won as a bonus, for one cause.</summary>
/// <param name="Kind">A word for programs: <c>success_rate</c>, <c>p95_duration</c>, a kind of bottleneck, or <c>resource_efficiency</c>.</param>
/// <param name="Cause">One sentence for a person, with its number.</param>
/// <param name="Points">The points, above 0, to a tenth.</param>
public sealed record ScoreDeduction(string Kind, string Cause, double Points);

/// <summary>How well things go, 0–100.</summary>
/// <param name="Value">100 less the deductions plus the bonus, held within 0–100; <see langword="null"/> without enough data.</param>
/// <param name="SufficientData">Whether there were enough operations to say it.</param>
/// <param name="Deductions">What was lost, most first.</param>
/// <param name="Bonus">What was won for efficient use of resources, or <see langword="null"/>.</param>
/// <param name="Operations">How many operations it is over.</param>
public sealed record PerformanceScore(
    double? Value, bool SufficientData, IReadOnlyList<ScoreDeduction> Deductions, ScoreDeduction? Bonus, long Operations);
