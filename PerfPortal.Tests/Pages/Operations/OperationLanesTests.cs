using Bunit;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Pages.Operations;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Operations;
using Xunit;
using static PerfPortal.Tests.Views.Operations.SampleOperations;

namespace PerfPortal.Tests.Pages.Operations;

public sealed class OperationLanesTests
{
    private static readonly Operation Root = Ended(1) with { Name = "pull model", StartTime = Noon.AddSeconds(-100), EndTime = Noon };
    private static readonly Operation Part = Ended(2, status: OperationStatus.Failed) with { Name = "shard 2", StartTime = Noon.AddSeconds(-75), EndTime = Noon.AddSeconds(-25) };

    [Fact]
    public void A_bar_starts_and_ends_where_its_operation_does_and_says_so()
    {
        using var context = new PortalContext();
        var lanes = context.Render<OperationLanes>(p => p
            .Add(l => l.Operation, Part).Add(l => l.Tree, new([new(Root, 0), new(Part, 1)], 2, true)).Add(l => l.Now, Noon));
        var links = lanes.FindAll("a.lane");
        Assert.Contains("--depth:0;--left:0%;--width:100%", links[0].GetAttribute("style"), StringComparison.Ordinal);
        Assert.Contains("--depth:1;--left:25%;--width:50%", links[1].GetAttribute("style"), StringComparison.Ordinal);
        Assert.Equal("shard 2, Download, failed, starts after 25.0 s, takes 50.0 s", links[1].QuerySelector(".visually-hidden")!.TextContent);
        Assert.StartsWith($"/operations/{Part.Id}", links[1].GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal(["true"], lanes.FindAll("[aria-current]").Select(lane => lane.GetAttribute("aria-current")!));
        Assert.Contains("2 operations.", lanes.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_tree_says_how_much_is_missing()
    {
        using var context = new PortalContext();
        var lanes = context.Render<OperationLanes>(p => p.Add(l => l.Operation, Root).Add(l => l.Tree, new([new(Root, 0)], 240, false)).Add(l => l.Now, Noon));
        Assert.Contains("Showing 1 of 240 operations.", lanes.Markup, StringComparison.Ordinal);
        Assert.Contains("there may be more", lanes.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Concurrent_operations_and_the_host_share_the_axis()
    {
        using var context = new PortalContext();
        var host = new ChartData(Root.StartTime, Noon, [Root.StartTime, Noon.AddSeconds(-50), Noon], [new("CPU", [20, null, 80])]);
        var lanes = context.Render<OperationLanes>(p => p
            .Add(l => l.Operation, Root).Add(l => l.Others, [Part with { EndTime = null, Status = OperationStatus.Running }]).Add(l => l.Host, host).Add(l => l.HostName, "alpha").Add(l => l.Now, Noon));
        Assert.Contains("--left:25%;--width:75%", lanes.FindAll("a.lane")[1].GetAttribute("style"), StringComparison.Ordinal);
        Assert.Equal("M0 80M1000 20", lanes.Find("svg path").GetAttribute("d"));
        Assert.Equal("CPU of alpha", lanes.Find("span[title]").TextContent);
        Assert.Equal("CPU of alpha: 20 % to 80 %", lanes.Find("svg").GetAttribute("aria-label"));
    }
}
