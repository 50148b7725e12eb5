namespace PerfPortal.Domain.Statistics;

/// <summary>What a rollup of a page is of, in the numbers that storage gives to names. Pages are ordered by source, name, kind and outcome.</summary>
/// <param name="Kind">The kind of operation, 0–31.</param>
/// <param name="Source">The number of the source, not negative.</param>
/// <param name="Name">The number of the name, not negative.</param>
/// <param name="Outcome">The outcome, 0–7.</param>
public readonly record struct PageKey(byte Kind, int Source, int Name, byte Outcome) : IComparable<PageKey>
{
    /// <summary>Compares in the order of a page.</summary>
    public int CompareTo(PageKey other)
    {
        int order = Source.CompareTo(other.Source);
        order = order != 0 ? order : Name.CompareTo(other.Name);
        order = order != 0 ? order : Kind.CompareTo(other.Kind);
        return order != 0 ? order : Outcome.CompareTo(other.Outcome);
    }

    /// <summary>Whether one comes before the other.</summary>
    public static bool operator <(PageKey left, PageKey right) => left.CompareTo(right) < 0;

    /// <summary>Whether one comes after the other.</summary>
    public static bool operator >(PageKey left, PageKey right) => left.CompareTo(right) > 0;

    /// <summary>Whether one comes before the other or is it.</summary>
    public static bool operator <=(PageKey left, PageKey right) => left.CompareTo(right) <= 0;

    /// <summary>Whether one comes after the other or is it.</summary>
    public static bool operator >=(PageKey left, PageKey right) => left.CompareTo(right) >= 0;
}
