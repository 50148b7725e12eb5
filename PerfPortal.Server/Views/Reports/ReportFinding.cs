using PerfPortal.Domain.Analysis.Incidents;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Views.Reports;

/// <summary>A finding in a report.</summary>
/// <param name="Id">The ID.</param>
/// <param name="Kind">The kind.</param>
/// <param name="State"><c>open</c> or <c>closed</c>, when the report was made.</param>
/// <param name="Severity">The severity.</param>
/// <param name="Source">The source or host that it is about; null for all.</param>
/// <param name="MetricType">The metric type; null for a host, and for operations of several types.</param>
/// <param name="OperationName">The operation name; null for a host, and for operations of several names.</param>
/// <param name="Measure">The measure.</param>
/// <param name="Since">When it began, by the data.</param>
/// <param name="Until">When it ended; null while it is open.</param>
/// <param name="Size">Its size in the unit.</param>
/// <param name="Unit">The unit of the size.</param>
/// <param name="Confidence">The confidence, 0–1.</param>
/// <param name="Sentence">The fact, the number, and since when.</param>
/// <param name="Action">What to do; null when nothing can be advised, and when it is over.</param>
/// <param name="Incident">The id of the incident: findings with the same one belong together.</param>
public sealed record ReportFinding(
    string Id, string Kind, string State, Severity Severity, string? Source, MetricType? MetricType, string? OperationName, string Measure, DateTimeOffset Since, DateTimeOffset? Until,
    double Size, string Unit, double Confidence, string Sentence, string? Action, string Incident)
{
    /// <summary>Converts the findings of incidents, one incident after the other.</summary>
    public static IEnumerable<ReportFinding> Of(IEnumerable<Incident> incidents) => incidents.SelectMany(incident => incident.Findings.Select(finding => Of(finding, incident)));

    private static ReportFinding Of(Finding finding, Incident incident)
    {
        var latest = finding.Latest;
        return new(
            finding.Id, latest.Kind.WireName(), finding.State.WireName(), latest.Severity, latest.Subject.Source, latest.Subject.MetricType, latest.Subject.Name, latest.Subject.Measure,
            latest.Since, finding.Until, latest.Size, latest.Unit, latest.Confidence, latest.Sentence, finding.State == FindingState.Open ? latest.Action : null, incident.Id);
    }
}
