using PerfPortal.Domain.Analysis.Incidents;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Wire;

/// <summary>A problem that the portal found by itself.</summary>
/// <param name="Id">The id, which stays the same while the problem lasts: 32 hex digits.</param>
/// <param name="Kind">The kind.</param>
/// <param name="State"><c>open</c> or <c>closed</c>.</param>
/// <param name="Severity"><c>warning</c> or <c>critical</c>.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Since">When it began, by the data.</param>
/// <param name="SinceLow">The earliest plausible beginning.</param>
/// <param name="SinceHigh">The latest plausible beginning.</param>
/// <param name="Until">When it ended; null while it is open.</param>
/// <param name="Size">Its size in the unit; above 0 means more.</param>
/// <param name="Unit">The unit: <c>ratio</c> is the relative change, 0.5 for half as much again.</param>
/// <param name="Confidence">The confidence, 0–1.</param>
/// <param name="Impact">What findings are ordered by: seconds of operation time lost per hour, or the same urgency.</param>
/// <param name="Sentence">The fact, the number, and since when.</param>
/// <param name="Action">What to do; null when nothing can be advised.</param>
/// <param name="Evidence">The measured numbers.</param>
/// <param name="Causes">Possible causes, the best first.</param>
/// <param name="Operations">Operations that show it.</param>
/// <param name="FirstSeen">When the portal first saw it.</param>
/// <param name="LastSeen">When the portal last saw it.</param>
/// <param name="Running">Who was running when it began; null where that says nothing.</param>
/// <param name="Incident">The id of the incident: the same for all findings that overlap in time and share a name, a host or a likely cause.</param>
/// <param name="Related">The ids of the other findings of the incident, open ones first, the gravest first; at most 100.</param>
internal sealed record FindingBody(
    string Id, string Kind, string State, string Severity, FindingSubjectBody Subject, DateTimeOffset Since, DateTimeOffset SinceLow, DateTimeOffset SinceHigh, DateTimeOffset? Until,
    double Size, string Unit, double Confidence, double Impact, string Sentence, string? Action, IReadOnlyList<EvidenceNumber> Evidence, IReadOnlyList<FindingCause> Causes,
    IReadOnlyList<ReferenceBody> Operations, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, string? Running, string Incident, IReadOnlyList<string> Related)
{
    private const int MaxRelated = 100;

    /// <summary>Converts a finding to its wire form.</summary>
    public static FindingBody Of(Finding finding, Incident? incident)
    {
        var latest = finding.Latest;
        return new(
            finding.Id, latest.Kind.WireName(), finding.State.WireName(), latest.Severity.WireName(), FindingSubjectBody.Of(latest.Subject), latest.Since, latest.SinceLow, latest.SinceHigh,
            finding.Until, latest.Size, latest.Unit, latest.Confidence, latest.Impact, latest.Sentence, latest.Action, latest.Evidence, latest.Causes,
            [.. latest.Operations.Select(ReferenceBody.Of)], finding.FirstSeen, finding.LastSeen, latest.Running,
            incident?.Id ?? finding.Id, [.. (incident?.Findings ?? []).Where(other => other.Id != finding.Id).Take(MaxRelated).Select(other => other.Id)]);
    }
}

/// <summary>What a finding is about.</summary>
/// <param name="Source">The source or host; null for all.</param>
/// <param name="MetricType">The metric type; null for a host, and for operations of several types.</param>
/// <param name="Name">The operation name; null for a host, and for operations of several names.</param>
/// <param name="Measure"><c>duration</c>, <c>failure_rate</c>, <c>throughput</c>, <c>reports</c>, <c>integrity</c>, or a resource metric such as <c>disk_free_gb</c>.</param>
internal sealed record FindingSubjectBody(string? Source, MetricType? MetricType, string? Name, string Measure)
{
    /// <summary>Converts a subject to its wire form.</summary>
    public static FindingSubjectBody Of(FindingSubject subject) => new(subject.Source, subject.MetricType, subject.Name, subject.Measure);
}
