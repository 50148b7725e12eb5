namespace PerfPortal.Domain.Findings;

/// <summary>A measured number behind a finding.</summary>
/// <param name="Name">What it is, in snake_case.</param>
/// <param name="Value">The number.</param>
/// <param name="Unit">Its unit as people read it; <c>share</c> for 0–1, empty for a count or ratio.</param>
public sealed record EvidenceNumber(string Name, double Value, string Unit);
