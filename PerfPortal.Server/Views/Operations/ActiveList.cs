namespace PerfPortal.Server.Views.Operations;

/// <summary>The running operations, longest running first, and their total number.</summary>
/// <param name="Rows">The visible rows.</param>
/// <param name="Total">The total number of running operations.</param>
public sealed record ActiveList(IReadOnlyList<ActiveRow> Rows, int Total)
{
    /// <summary>An empty list.</summary>
    public static ActiveList Empty { get; } = new([], 0);
}
