using Bunit;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Pages.Live;
using PerfPortal.Server.Pages.Operations;
using PerfPortal.Server.Views.Operations;
using Xunit;

namespace PerfPortal.Tests.Pages.Operations;

/// <summary>What the pages show for an operation whose client has a wrong clock.</summary>
public sealed class RunningTimeTests
{
    [Fact]
    public void A_clock_that_is_a_minute_ahead_shows_the_running_time_that_the_portal_observed()
    {
        using var context = new PortalContext();
        var times = context.Render<OperationTimes>(p => p.Add(t => t.Operation, Skewed(60)).Add(t => t.Now, PortalContext.Noon.AddSeconds(34)));
        Assert.Equal("Running for", times.FindAll("dt")[^1].TextContent);
        Assert.StartsWith("34", times.FindAll("dd")[^1].TextContent, StringComparison.Ordinal);
        Assert.Contains("34 s ago", times.Markup, StringComparison.Ordinal);
        Assert.Contains("the client stated", times.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_right_clock_needs_no_remark()
    {
        using var context = new PortalContext();
        var times = context.Render<OperationTimes>(p => p.Add(t => t.Operation, Skewed(-1.5)).Add(t => t.Now, PortalContext.Noon.AddSeconds(30)));
        Assert.Equal("31.5 s", times.Find("b").TextContent);
        Assert.DoesNotContain("the client stated", times.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_of_running_operations_shows_the_same_time()
    {
        using var context = new PortalContext();
        var table = context.Render<ActiveTable>(p => p
            .Add(t => t.Rows, [new ActiveRow(Skewed(60), null, null)]).Add(t => t.Now, PortalContext.Noon.AddSeconds(34)).Add(t => t.ReadAt, PortalContext.Noon.AddSeconds(34)));
        Assert.Contains("34 s", table.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("in 26 s", table.Markup, StringComparison.Ordinal);
    }

    private static Operation Skewed(double ahead) => new()
    {
        Id = Guid.Empty,
        MetricType = MetricType.ModelOperation,
        Name = "train",
        Source = "node",
        Status = OperationStatus.Running,
        StartTime = PortalContext.Noon.AddSeconds(ahead),
        Events = [new(PortalContext.Noon, RunningTime.Started, null)],
    };
}
