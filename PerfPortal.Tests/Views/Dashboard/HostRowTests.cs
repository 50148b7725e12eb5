using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views.Dashboard;
using Xunit;

namespace PerfPortal.Tests.Views.Dashboard;

public sealed class HostRowTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_host_whose_tile_warns_is_not_called_healthy()
    {
        var rows = HostRow.Of([Sample("calm", 20), Sample("busy", 97)], [], [], PerformanceThresholds.Default, Now);
        Assert.Equal([("busy", Health.Warning), ("calm", Health.Healthy)], rows.Select(row => (row.Newest.Source, row.State)));
        Assert.All(rows, row => Assert.Null(row.Word));
    }

    [Fact]
    public void Only_a_host_whose_reports_are_missed_is_silent_and_an_old_busy_sample_says_nothing_about_now()
    {
        var missed = SampleFindings.Of(FindingKind.Silence, "gpu-1 is silent.", source: "gpu-1");
        var rows = HostRow.Of([Sample("gpu-1", 97, 60), Sample("gpu-2", 97, 60)], [missed], [], PerformanceThresholds.Default, Now);
        Assert.Equal([("gpu-1", Health.Critical, "Silent"), ("gpu-2", Health.Unknown, "Out of date")], rows.Select(row => (row.Newest.Source, row.State, row.Word!)));
        Assert.All(rows, row => Assert.Null(row.Value(ResourceMetric.CpuPercent)));
    }

    [Fact]
    public void The_gravest_of_problem_and_tile_counts()
    {
        var forecast = SampleFindings.Of(FindingKind.Forecast, "Full soon.", Severity.Critical, "busy");
        var row = Assert.Single(HostRow.Of([Sample("busy", 97)], [forecast], [], PerformanceThresholds.Default, Now));
        Assert.Equal((Health.Critical, "Full soon."), (row.State, row.Reason));
        var low = Sample("full", 20);
        low[ResourceMetric.DiskFreeGb] = 0.5;
        Assert.Equal(Health.Critical, Assert.Single(HostRow.Of([low], [SampleFindings.Of(FindingKind.Anomaly, "Odd.", Severity.Warning, "full")], [], PerformanceThresholds.Default, Now)).State);
    }

    private static ResourceSample Sample(string host, double cpu, double minutesOld = 0)
    {
        var sample = new ResourceSample(host, Now.AddMinutes(-minutesOld));
        sample[ResourceMetric.CpuPercent] = cpu;
        return sample;
    }
}
