namespace PerfPortal.Domain.Statistics;

/// <summary>Identifies a rollup in a page, by the numbers that storage assigns to names. Pages are ordered by source, name, kind and outcome.</summary>
/// <param name="Kind">The kind of operation, 0–31.</param>
/// <param name="Source">The number of the source, non-negative.</param>
/// <param name="Name">The number of the name, non-negative.</param>
/// <param name="Outcome">The outcome, 0–7.</param>
public readonly record struct PageKey(byte Kind, int Source, int Name, byte Outcome) : IComparable<PageKey>
{
    /// <summary>Compares by page order.</summary>
    public int CompareTo(PageKey other)
    {
        int order = Source.CompareTo(other.Source);
        order = order != 0 ? order : Name.CompareTo(other.Name);
        order = order != 0 ? order : Kind.CompareTo(other.Kind);
        return order != 0 ? order : Outcome.CompareTo(other.Outcome);
    }

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator <(PageKey left, PageKey right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator >(PageKey left, PageKey right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> comes before or equals <paramref name="right"/>.</summary>
    public static bool operator <=(PageKey left, PageKey right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> comes after or equals <paramref name="right"/>.</summary>
    public static bool operator >=(PageKey left, PageKey right) => left.CompareTo(right) >= 0;
}
