namespace PerfPortal.Server.Views;

/// <summary>One chart of a page.</summary>
/// <param name="Key">The key, which is the same for every range, such as <c>cpu</c>.</param>
/// <param name="Title">The title.</param>
/// <param name="Unit">The unit of the values; <see langword="null"/> for plain numbers.</param>
/// <param name="Data">The data.</param>
/// <param name="Thresholds">The threshold lines.</param>
/// <param name="Top">The maximum of the value axis; <see langword="null"/> to fit the data.</param>
/// <param name="EmptyText">The text of an empty chart: the reason and what to do next.</param>
public sealed record ChartModel(
    string Key, string Title, string? Unit, ChartData Data, IReadOnlyList<ChartThreshold> Thresholds, double? Top, string EmptyText)
{
    /// <summary>The marked points and periods.</summary>
    public IReadOnlyList<ChartMark> Marks { get; init; } = [];
}
