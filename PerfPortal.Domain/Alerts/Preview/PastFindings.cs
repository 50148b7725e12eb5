using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;

namespace PerfPortal.Domain.Alerts.Preview;

/// <summary>Findings in the past, from when the portal first saw them until it last did, each with its latest size: sizes of the past are not kept.</summary>
internal sealed class PastFindings(AlertRule rule, FindingLedger ledger) : IPastSignal
{
    private List<Finding> _findings = [];

    public TimeSpan Resolution => TimeSpan.FromMinutes(1);

    public async Task LoadAsync(long from, long to, CancellationToken cancellationToken) =>
        _findings = [.. (await ledger.ListAsync(cancellationToken).ConfigureAwait(false)).Where(finding => FindingSignals.IsAbout(rule, finding))];

    public RuleObservation Observe(long minute)
    {
        var at = RollupBuckets.Start(RollupResolution.Minute, minute);
        return new(rule, [.. FindingSignals.Measure(rule, _findings.Where(finding => finding.FirstSeen <= at && (finding.State == FindingState.Open || finding.LastSeen >= at)))], true);
    }
}
