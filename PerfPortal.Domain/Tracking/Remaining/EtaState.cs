using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking.Remaining;

/// <summary>What was learnt about the quality of estimates, to be kept across restarts.</summary>
/// <param name="Errors">The errors by type and basis.</param>
/// <param name="Outcomes">Whether P90 held, by type.</param>
public sealed record EtaState(IReadOnlyList<EtaErrors> Errors, IReadOnlyList<EtaOutcomes> Outcomes);

/// <summary>The latest errors of estimates.</summary>
/// <param name="MetricType">The metric type.</param>
/// <param name="Basis">The number of the basis.</param>
/// <param name="Scores">The errors in units of the predicted spread, oldest first.</param>
public sealed record EtaErrors(MetricType MetricType, byte Basis, IReadOnlyList<double> Scores);

/// <summary>Whether the P90 of the latest operations held.</summary>
/// <param name="MetricType">The metric type.</param>
/// <param name="Ends">The end of each operation, oldest first.</param>
/// <param name="Held">Whether each ended by the P90 that was stated; as many as <paramref name="Ends"/>.</param>
public sealed record EtaOutcomes(MetricType MetricType, IReadOnlyList<DateTimeOffset> Ends, IReadOnlyList<bool> Held);
