namespace PerfPortal.Domain.Analysis.Incidents;

/// <summary>Something that may belong to an incident: when it lasted and what it has to do with.</summary>
/// <param name="From">The earliest plausible beginning.</param>
/// <param name="To">The end; <see langword="null"/> while it lasts.</param>
/// <param name="Keys">Its subjects and likely causes, see <see cref="IncidentKeys"/>.</param>
public sealed record IncidentPart(DateTimeOffset From, DateTimeOffset? To, IReadOnlyList<string> Keys);
