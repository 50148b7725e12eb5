using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Wire;

/// <summary>A point in time that may explain a change, such as a deployment.</summary>
/// <param name="Id">The number of the marker.</param>
/// <param name="At">When it happened.</param>
/// <param name="Name">What happened.</param>
/// <param name="Source">The source that it concerns; null for all.</param>
/// <param name="Metadata">Facts about it.</param>
/// <param name="ReportedAt">When it was reported.</param>
internal sealed record MarkerBody(long Id, DateTimeOffset At, string Name, string? Source, Metadata Metadata, DateTimeOffset ReportedAt);
