namespace PerfPortal.Server.Views;

/// <summary>One chart of a page.</summary>
/// <param name="Key">What identifies it across ranges, such as <c>cpu</c>.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Unit">The unit of its values; <see langword="null"/> for plain numbers.</param>
/// <param name="Data">Its points.</param>
/// <param name="Thresholds">Its limits.</param>
/// <param name="Top">The top of its axis; <see langword="null"/> to fit the data.</param>
/// <param name="EmptyText">Why it is empty, and what to do next.</param>
public sealed record ChartModel(
    string Key, string Title, string? Unit, ChartData Data, IReadOnlyList<ChartThreshold> Thresholds, double? Top, string EmptyText);
