namespace PerfPortal.Server.Views.Operations;

/// <summary>Operations in progress, longest running first, and how many there are.</summary>
/// <param name="Rows">The rows that are shown.</param>
/// <param name="Total">How many are in progress.</param>
public sealed record ActiveList(IReadOnlyList<ActiveRow> Rows, int Total)
{
    /// <summary>Nothing is in progress.</summary>
    public static ActiveList Empty { get; } = new([], 0);
}
