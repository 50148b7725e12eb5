using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Analysis.Incidents;

/// <summary>One incident: the findings that overlap in time and share a name, a host or a likely cause.</summary>
public sealed record Incident
{
    private Incident(string id, IReadOnlyList<Finding> findings) => (Id, Findings) = (id, findings);

    /// <summary>The findings: open ones first, the gravest first; at least one.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>The ID: that of the finding that was seen first. It stays the same when others join.</summary>
    public string Id { get; }

    /// <summary>The finding that tells it in one sentence: the gravest, an open one before those that are over.</summary>
    public Finding Headline => Findings[0];

    /// <summary>Whether one of the findings is open.</summary>
    public bool IsOpen => Headline.State == FindingState.Open;

    /// <summary>What to do: for the gravest open finding with a likely cause, otherwise for the headline; <see langword="null"/> when nothing can be advised.</summary>
    public string? Action => (Findings.FirstOrDefault(finding => finding.State == FindingState.Open && finding.Latest.Causes is [{ Weight: >= IncidentKeys.LikelyWeight }, ..]) ?? Headline).Latest.Action;

    /// <summary>When it began, by the data.</summary>
    public DateTimeOffset Since => Findings.Min(finding => finding.Latest.Since);

    /// <summary>Groups findings: open incidents first, the gravest first; then those that are over, the latest end first.</summary>
    public static IReadOnlyList<Incident> Of(IReadOnlyCollection<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        Finding[] all = [.. findings];
        var groups = IncidentGrouping.Group([.. all.Select(PartOf)]);
        return Sort(groups.Select(group => Make([.. group.Select(index => all[index])])));
    }

    /// <summary>Open incidents first, the gravest first; then those that are over, the latest end first.</summary>
    public static IReadOnlyList<Incident> Sort(IEnumerable<Incident> incidents) =>
    [
        .. incidents.OrderBy(incident => incident.Headline.State)
            .ThenByDescending(incident => incident.IsOpen ? Gravity.Of(incident.Headline.Latest) : default)
            .ThenByDescending(incident => incident.Headline.Until ?? DateTimeOffset.MaxValue)
            .ThenBy(incident => incident.Headline.Id, StringComparer.Ordinal),
    ];

    /// <summary>The same incident with some of its findings only; <see langword="null"/> when none is left.</summary>
    public Incident? Only(Func<Finding, bool> which) => Findings.Where(which).ToList() is { Count: > 0 } left ? new(Id, left) : null;

    /// <summary>Whether something that lasts until now is a part of it: it shares a subject or a cause with an open finding, and overlaps that in time.</summary>
    /// <param name="keys">What it has to do with, see <see cref="IncidentKeys"/>.</param>
    public bool Concerns(IReadOnlyList<string> keys) =>
        keys.Count > 0 && Findings.Any(finding => finding.State == FindingState.Open && IncidentKeys.Of(finding.Latest).Any(key => keys.Contains(key, StringComparer.Ordinal)));

    private static Incident Make(IReadOnlyList<Finding> findings) => new(
        findings.OrderBy(finding => finding.FirstSeen).ThenBy(finding => finding.Latest.Since).ThenBy(finding => finding.Id, StringComparer.Ordinal).First().Id, [.. Sort(findings)]);

    private static IncidentPart PartOf(Finding finding) =>
        new(finding.Latest.SinceLow, finding.State == FindingState.Open ? null : finding.Until ?? finding.LastSeen, IncidentKeys.Of(finding.Latest));

    private static IEnumerable<Finding> Sort(IEnumerable<Finding> findings) => findings
        .OrderBy(finding => finding.State).ThenByDescending(finding => Gravity.Of(finding.Latest)).ThenBy(finding => finding.Latest.Since).ThenBy(finding => finding.Id, StringComparer.Ordinal);
}
