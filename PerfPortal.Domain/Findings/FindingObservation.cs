using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Findings;

/// <summary>Something that may explain a finding.</summary>
/// <param name="Kind">The kind, snake_case: <c>marker</c>, <c>settings</c>, <c>metadata</c>, <c>host</c>, <c>load</c>, <c>resource</c>, <c>concurrency</c>, <c>common</c> (what the affected operations share).</param>
/// <param name="Text">One sentence with the measured numbers.</param>
/// <param name="At">When it happened, UTC; <see langword="null"/> for what has no moment.</param>
/// <param name="Weight">How well it fits, 0–1; causes are listed by it.</param>
/// <param name="Key">
/// What it is regardless of its words, such as <c>metadata:region=eu-west</c>, <c>source:gpu-1</c> or <c>marker:17</c>: findings with the same key share it. <see langword="null"/>
/// where it is particular to the finding.
/// </param>
public sealed record FindingCause(string Kind, string Text, DateTimeOffset? At, double Weight, string? Key = null);

/// <summary>A name that a finding about several names affects.</summary>
/// <param name="MetricType">The metric type.</param>
/// <param name="Name">The operation name.</param>
public sealed record AffectedName(MetricType MetricType, string Name);

/// <summary>
/// What a detector sees now. It has no identity yet: observations of the same problem are kept as one <see cref="Finding"/>.
/// </summary>
public sealed record FindingObservation
{
    /// <summary>The kind.</summary>
    public required FindingKind Kind { get; init; }

    /// <summary>The subject.</summary>
    public required FindingSubject Subject { get; init; }

    /// <summary>What identifies the problem within its kind where the subject does not, such as a normalised error message: the subject may then change. Otherwise empty.</summary>
    public string Discriminator { get; init; } = "";

    /// <summary>The most likely beginning, by the data, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The earliest plausible beginning; at most <see cref="Since"/>.</summary>
    public required DateTimeOffset SinceLow { get; init; }

    /// <summary>The latest plausible beginning; at least <see cref="Since"/>.</summary>
    public required DateTimeOffset SinceHigh { get; init; }

    /// <summary>Whether the data that were looked at begin about where the problem does, so that a known earlier beginning is kept.</summary>
    public bool MayHaveBegunEarlier { get; init; }

    /// <summary>The end, by the data; <see langword="null"/> while it lasts.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The size in <see cref="Unit"/>; signed, above 0 means more.</summary>
    public required double Size { get; init; }

    /// <summary>The unit: <c>ratio</c> (after divided by before, minus 1), <c>share</c>, <c>s</c>, or that of the metric.</summary>
    public required string Unit { get; init; }

    /// <summary>The confidence, 0–1.</summary>
    public required double Confidence { get; init; }

    /// <summary>The severity.</summary>
    public required Severity Severity { get; init; }

    /// <summary>
    /// The effect per hour in seconds of operation time lost or, for a resource, the urgency on the same scale: findings are ranked by it.
    /// </summary>
    public required double Impact { get; init; }

    /// <summary>One sentence: the fact and the number, then since when.</summary>
    public required string Sentence { get; init; }

    /// <summary>What to do, one sentence; <see langword="null"/> when nothing can be advised.</summary>
    public string? Action { get; init; }

    /// <summary>The measured numbers.</summary>
    public IReadOnlyList<EvidenceNumber> Evidence { get; init; } = [];

    /// <summary>Possible causes, the best first; at most 10.</summary>
    public IReadOnlyList<FindingCause> Causes { get; init; } = [];

    /// <summary>The names that it affects where the subject has none, at most 20; otherwise empty.</summary>
    public IReadOnlyList<AffectedName> Names { get; init; } = [];

    /// <summary>Who was running when it began, one sentence; <see langword="null"/> where that says nothing.</summary>
    public string? Running { get; init; }

    /// <summary>Operations that show it, at most 10.</summary>
    public IReadOnlyList<OperationReference> Operations { get; init; } = [];
}
