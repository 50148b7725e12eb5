namespace PerfPortal.Domain.Findings;

/// <summary>A measured number that supports a finding.</summary>
/// <param name="Name">The name, in snake_case.</param>
/// <param name="Value">The value.</param>
/// <param name="Unit">The display unit; <c>share</c> for 0–1, empty for a count or ratio.</param>
public sealed record EvidenceNumber(string Name, double Value, string Unit);
