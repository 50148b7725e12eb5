using PerfPortal.Domain.Analysis.Incidents;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Findings;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Groups all findings into incidents, once per change of the findings, so that every page and endpoint tells the same ones.</summary>
internal sealed class IncidentReader(FindingLedger ledger)
{
    private Grouped? _grouped;

    /// <summary>Returns the incidents of some findings: the gravest open one first. Findings that are not among them connect them all the same, but are left out.</summary>
    public async Task<IReadOnlyList<Incident>> OfAsync(IReadOnlyCollection<Finding> findings, CancellationToken cancellationToken)
    {
        var grouped = await ReadAsync(cancellationToken).ConfigureAwait(false);
        var wanted = findings.Select(finding => finding.Id).ToHashSet(StringComparer.Ordinal);
        return Incident.Sort(grouped.Incidents.Select(incident => incident.Only(finding => wanted.Contains(finding.Id))).OfType<Incident>());
    }

    /// <summary>Returns the whole incident of a finding; <see langword="null"/> when the finding no longer exists.</summary>
    public async Task<Incident?> FindAsync(string findingId, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken).ConfigureAwait(false)).ByFinding.GetValueOrDefault(findingId);

    private async Task<Grouped> ReadAsync(CancellationToken cancellationToken)
    {
        // The ledger replaces its list whenever a finding changes.
        var findings = await ledger.ListAsync(cancellationToken).ConfigureAwait(false);
        if (Volatile.Read(ref _grouped) is { } known && ReferenceEquals(known.Findings, findings))
        {
            return known;
        }

        var incidents = Incident.Of(findings);
        var grouped = new Grouped(
            findings, incidents,
            incidents.SelectMany(incident => incident.Findings.Select(finding => (finding.Id, incident))).ToDictionary(pair => pair.Id, pair => pair.incident, StringComparer.Ordinal));
        Volatile.Write(ref _grouped, grouped);
        return grouped;
    }

    private sealed record Grouped(IReadOnlyList<Finding> Findings, IReadOnlyList<Incident> Incidents, IReadOnlyDictionary<string, Incident> ByFinding);
}
