using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;

namespace PerfPortal.Domain.Analysis.Damage;

/// <summary>
/// Finds models that a health check of any source found damaged or incomplete. The latest check of a source and model decides: a finding ends when a later check finds nothing wrong, or says that
/// the model was deleted, and never because time passed: a model that nobody checks is not repaired.
/// </summary>
/// <param name="checks">The checks.</param>
/// <param name="stored">The stored checks, read once.</param>
/// <param name="ledger">What was found before.</param>
/// <param name="ownHost">The source whose models have a page of their own; <see langword="null"/> for none.</param>
public sealed class DamagedModelDetector(ReportedChecks checks, IOperationReader stored, FindingLedger ledger, string? ownHost = null) : IFindingDetector
{
    /// <summary>The models that are told one by one; of those beyond, one finding says how many there are.</summary>
    public const int MaxModels = 500;

    // What ended before the portal looked, such as in history that is sent later, is told for a day.
    private static readonly TimeSpan Lately = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public IReadOnlyList<FindingKind> Kinds { get; } = [FindingKind.DamagedModel];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FindingObservation>> ObserveAsync(DetectionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var findings = await ledger.ListAsync(cancellationToken).ConfigureAwait(false);
        var open = findings.Where(finding => finding.State == FindingState.Open && finding.Latest.Kind == FindingKind.DamagedModel).ToList();
        if (!checks.IsLoaded)
        {
            await checks.LoadAsync(stored, open, cancellationToken).ConfigureAwait(false);
        }

        var found = checks.Find(request.Now);
        var told = open.ToLookup(finding => Finding.KeyOf(finding.Latest), StringComparer.Ordinal);
        var onHost = found.Where(item => item.Open is not null).GroupBy(item => item.Model.Source, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        FindingObservation Observe(CheckedModel model, DamageEpisode episode) =>
            Continued(DamageFinding.Of(model, episode, model.Source == ownHost, onHost.GetValueOrDefault(model.Source)), told);

        var lasting = found.Where(item => item.Open is not null).Select(item => Observe(item.Model, item.Open!))
            .OrderByDescending(one => told.Contains(Finding.KeyOf(one))).ThenByDescending(one => one.Severity).ThenBy(one => one.Since)
            .ThenBy(one => one.Subject.Source, StringComparer.Ordinal).ThenBy(one => one.Subject.Name, StringComparer.Ordinal).ToList();
        var over = found.Where(item => item.Ended is not null).Select(item => Observe(item.Model, item.Ended!))
            .Where(one => one.Until >= request.Now - Lately || told[Finding.KeyOf(one)].Any(finding => finding.Latest.Since <= one.Until))
            .OrderByDescending(one => told.Contains(Finding.KeyOf(one))).ThenByDescending(one => one.Until).Take(MaxModels);
        return
        [
            .. lasting.Take(MaxModels),
            .. lasting.Count > MaxModels ? (FindingObservation[])[DamageFinding.OfOthers([.. lasting.Skip(MaxModels)])] : [],
            .. over,
        ];
    }

    /// <summary>A report of an earlier check that comes late moves the beginning back; the finding stays the same.</summary>
    private static FindingObservation Continued(FindingObservation observed, ILookup<string, Finding> told) =>
        told[Finding.KeyOf(observed)].FirstOrDefault(finding => finding.Latest.SinceLow > observed.SinceHigh && (observed.Until is null || finding.Latest.Since <= observed.Until)) is { } later
            ? observed with { SinceHigh = later.Latest.SinceLow }
            : observed;
}
