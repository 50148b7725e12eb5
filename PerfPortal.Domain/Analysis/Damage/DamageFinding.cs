using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Damage;

/// <summary>What is said about a damaged model.</summary>
internal static class DamageFinding
{
    // A model that answers wrongly matters as much as an hour of a host that is away.
    private const double CorruptImpact = 3600;
    private const double IncompleteImpact = 1800;
    private const double Confidence = 0.99;
    private const double HostWeight = 0.6;

    /// <summary>Returns what is observed of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="episode">What is, or was, wrong with it.</param>
    /// <param name="isOwn">Whether it is a model of the host whose models have a page.</param>
    /// <param name="others">The models of the same source with something wrong, this one included.</param>
    public static FindingObservation Of(CheckedModel model, DamageEpisode episode, bool isOwn, int others)
    {
        // Its checks are no longer stored: it says what it said.
        if (episode is { EndedBy: null, Latest.Known: { } known })
        {
            return known;
        }

        var latest = episode.Latest;
        double? score = latest.Known is null ? latest.Score : NumberOf(latest.Known, HealthCheckFacts.IntegrityScore);
        double? missing = latest.Known is null ? latest.FilesMissing : NumberOf(latest.Known, HealthCheckFacts.FilesMissing);
        var severity = SeverityOf(episode.Faults);
        return new()
        {
            Kind = FindingKind.DamagedModel,
            Subject = new(model.Source, MetricType.HealthCheck, model.Name, FindingMeasures.Integrity),
            Since = episode.Since,
            SinceLow = episode.SinceLow < episode.Since ? episode.SinceLow : episode.Since,
            SinceHigh = episode.Since,
            Until = episode.EndedBy?.End,
            Size = score < 1 ? 1 - score.Value : 1,
            Unit = "share",
            Confidence = Confidence,
            Severity = severity,
            Impact = severity == Severity.Critical ? CorruptImpact : IncompleteImpact,
            Sentence = episode.EndedBy is { } end ? Over(model, episode, Numbers(score, missing), end) : Lasting(model, episode, Numbers(score, missing)),
            Action = isOwn ? $"Repair {model.Name} on its page under Models." : $"Load the files of {model.Name} on {model.Source} again, and check it again.",
            Evidence = [.. Evidence(score, missing)],
            Causes = episode.EndedBy is null && others > 1
                ? [new("host", $"{Format.Count((long)others)} models on {model.Source} are damaged or incomplete: its disk may be failing or full.", null, HostWeight, CauseKeys.OfSource(model.Source))]
                : [],
            Operations = [.. new[] { latest, episode.First }.Where(check => check.Known is null).DistinctBy(check => check.Id).Select(check => ReferenceOf(model, check))],
        };
    }

    /// <summary>Returns what is said of the models that are too many to be told one by one.</summary>
    public static FindingObservation OfOthers(IReadOnlyList<FindingObservation> others)
    {
        var since = others.Min(one => one.Since);
        return new()
        {
            Kind = FindingKind.DamagedModel,
            Subject = new(null, MetricType.HealthCheck, null, FindingMeasures.Integrity),
            Discriminator = "others",
            Since = since,
            SinceLow = since,
            SinceHigh = since,
            MayHaveBegunEarlier = true,
            Size = others.Count,
            Unit = "",
            Confidence = Confidence,
            Severity = others.Max(one => one.Severity),
            Impact = others.Max(one => one.Impact),
            Sentence = $"{Format.Count((long)others.Count)} other models are damaged or incomplete, found by checks since {Moments.Text(since)}.",
            Action = "Look at the hosts that have most of them first.",
            Evidence = [new("models", others.Count, ""), new("sources", others.Select(one => one.Subject.Source).Distinct(StringComparer.Ordinal).Count(), "")],
        };
    }

    /// <summary>Corruption is critical: the model may give wrong answers. A model that is incomplete does not load, which is noticed.</summary>
    public static Severity SeverityOf(ModelFaults faults) => faults.HasFlag(ModelFaults.Corruption) ? Severity.Critical : Severity.Warning;

    private static string Lasting(CheckedModel model, DamageEpisode episode, string numbers) =>
        $"{model.Name} on {model.Source} is {StateOf(episode.Faults)}{numbers}, found by the check of {Moments.Text(episode.Since)}"
        + (episode.Latest.Reasons is { } reasons ? $". {reasons}" : ".");

    private static string Over(CheckedModel model, DamageEpisode episode, string numbers, CheckReport end) =>
        $"{model.Name} on {model.Source} was {StateOf(episode.Faults)}{numbers} from the check of {Moments.Text(episode.Since)} to {Moments.Text(end.End)}, when "
        + (end.IsDeletion ? "it was deleted." : "a check found nothing wrong.");

    private static string StateOf(ModelFaults faults) =>
        faults.HasFlag(ModelFaults.Corruption) ? "damaged" : faults.HasFlag(ModelFaults.MissingFiles) ? "incomplete" : "not intact";

    private static string Numbers(double? score, double? missing)
    {
        string[] parts =
        [
            .. score is { } share ? (string[])[$"integrity score {Format.Ratio(share)}"] : [],
            .. missing is > 0 and { } count ? (string[])[$"{Format.Count(count)} {(count == 1 ? "file" : "files")} missing"] : [],
        ];
        return parts.Length == 0 ? "" : $" ({string.Join(", ", parts)})";
    }

    /// <summary>A number that a finding told; <see langword="null"/> when it did not.</summary>
    public static double? NumberOf(FindingObservation told, string name) => told.Evidence.FirstOrDefault(number => number.Name == name)?.Value;

    private static IEnumerable<EvidenceNumber> Evidence(double? score, double? missing)
    {
        if (score is { } share)
        {
            yield return new(HealthCheckFacts.IntegrityScore, share, "share");
        }

        if (missing is { } count)
        {
            yield return new(HealthCheckFacts.FilesMissing, count, "");
        }
    }

    private static OperationReference ReferenceOf(CheckedModel model, CheckReport check) =>
        new(check.Id, MetricType.HealthCheck, model.Name, model.Source, check.Status, check.Start, (check.End - check.Start).TotalSeconds, null);
}
