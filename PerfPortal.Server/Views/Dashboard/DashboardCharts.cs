using PerfPortal.Server.Charts;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>One chart of the dashboard.</summary>
/// <param name="Key">What identifies it over changes of range: a sensor, or <c>operations</c>.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Unit">The unit of its values.</param>
/// <param name="Data">Its points.</param>
/// <param name="Thresholds">Its limits.</param>
/// <param name="Top">The top of its scale, or <see langword="null"/>.</param>
/// <param name="EmptyText">What is said without data.</param>
public sealed record DashboardChart(
    string Key, string Title, string? Unit, ChartData Data, IReadOnlyList<ChartThreshold> Thresholds, double? Top, string EmptyText);

/// <summary>The charts of the dashboard.</summary>
/// <param name="All">The charts, in order.</param>
/// <param name="GpuAbsent">Why there is no chart of a GPU; <see langword="null"/> when there is one.</param>
public sealed record DashboardCharts(IReadOnlyList<DashboardChart> All, string? GpuAbsent);
