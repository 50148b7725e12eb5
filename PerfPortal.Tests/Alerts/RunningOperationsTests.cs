using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Operations;
using PerfPortal.Tests.Analysis;
using Xunit;

namespace PerfPortal.Tests.Alerts;

public sealed class RunningOperationsTests
{
    [Fact]
    public void Operations_without_progress_come_last_and_how_long_they_ran_is_no_share_of_a_host()
    {
        var idle = Days.Ended(0, 3600, MetricType.DownloadOperation, "idle") with { Status = OperationStatus.Running, EndTime = null };
        var busy = Days.Ended(30, 60, name: "busy");
        var window = new Domain.Statistics.TimeRange(Days.Now.AddMinutes(-5), Days.Now);
        var running = AlertExplainer.RunningOf([idle, busy], new HashSet<Guid> { idle.Id }, window, isShared: false);
        Assert.Equal([("busy", null), ("idle", null)], running.Select(one => (one.Operation.Name, one.Share)));

        // An alert about operations is about their time.
        var shared = AlertExplainer.RunningOf([idle, busy], new HashSet<Guid>(), window, isShared: true);
        Assert.Equal([("idle", 300 / 360.0), ("busy", 60 / 360.0)], shared.Select(one => (one.Operation.Name, one.Share!.Value)));
    }
}
