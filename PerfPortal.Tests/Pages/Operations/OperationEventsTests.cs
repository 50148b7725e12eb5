using Bunit;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Pages.Operations;
using Xunit;

namespace PerfPortal.Tests.Pages.Operations;

public sealed class OperationEventsTests
{
    [Theory]
    [InlineData(1_308, "started,start reported,cancelled")]
    [InlineData(0, "started,cancelled")]
    public void A_start_that_was_reported_later_is_not_told_as_the_time_of_the_start(int delay, string kinds)
    {
        using var context = new PortalContext("/operations");
        _ = context.State;
        var start = PortalContext.Noon;
        var operation = new Operation
        {
            Id = Guid.NewGuid(),
            MetricType = MetricType.DownloadOperation,
            Name = "tiny",
            Source = "gpu-1",
            Status = OperationStatus.Cancelled,
            StartTime = start,
            EndTime = start.AddSeconds(1.9),
        }.WithEvent(start.AddMilliseconds(delay), RunningTime.Started).WithEvent(start.AddSeconds(1.9), "cancelled");
        var events = context.Render<OperationEventsPanel>(of => of.Add(panel => panel.Operation, operation));
        Assert.Equal(kinds, string.Join(',', events.FindAll("b").Select(kind => kind.TextContent)));
    }
}
