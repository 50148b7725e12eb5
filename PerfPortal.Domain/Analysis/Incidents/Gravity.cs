using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Analysis.Incidents;

/// <summary>
/// How much a problem matters: critical before warning; among equals damaged models, then regressions, then silence, then resources, then failures, then slow operations; then by impact. The
/// greater comes first.
/// </summary>
/// <param name="Severity">The severity.</param>
/// <param name="Rank">The rank of the kind; 0 matters most.</param>
/// <param name="Impact">See <see cref="FindingObservation.Impact"/>.</param>
public readonly record struct Gravity(Severity Severity, int Rank, double Impact) : IComparable<Gravity>
{
    /// <summary>The gravity of a finding.</summary>
    public static Gravity Of(FindingObservation observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        return new(observation.Severity, RankOf(observation.Kind), observation.Impact);
    }

    /// <summary>The gravity of a bottleneck.</summary>
    public static Gravity Of(Bottleneck bottleneck)
    {
        ArgumentNullException.ThrowIfNull(bottleneck);
        int rank = bottleneck.Kind == BottleneckKinds.Degradation ? 1
            : BottleneckKinds.IsResource(bottleneck.Kind) ? 3
            : bottleneck.Kind == BottleneckKinds.HighFailureRate ? 4
            : 5;
        return new(bottleneck.Severity, rank, 0);
    }

    /// <inheritdoc/>
    public int CompareTo(Gravity other) =>
        Severity != other.Severity ? Severity.CompareTo(other.Severity) : Rank != other.Rank ? other.Rank.CompareTo(Rank) : Impact.CompareTo(other.Impact);

    /// <summary>Whether one matters less than another.</summary>
    public static bool operator <(Gravity left, Gravity right) => left.CompareTo(right) < 0;

    /// <summary>Whether one matters more than another.</summary>
    public static bool operator >(Gravity left, Gravity right) => left.CompareTo(right) > 0;

    /// <summary>Whether one matters at most as much as another.</summary>
    public static bool operator <=(Gravity left, Gravity right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one matters at least as much as another.</summary>
    public static bool operator >=(Gravity left, Gravity right) => left.CompareTo(right) >= 0;

    private static int RankOf(FindingKind kind) => kind switch
    {
        FindingKind.DamagedModel => 0,
        FindingKind.Regression or FindingKind.Degradation => 1,
        FindingKind.Silence => 2,
        FindingKind.Forecast or FindingKind.Anomaly => 3,
        _ => 4,
    };
}
