using Bunit;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Pages.Resources;
using Xunit;

namespace PerfPortal.Tests.Pages.Resources;

public sealed class ResourceComponentsTests
{
    private static readonly DateTimeOffset Noon = PortalContext.Noon;

    [Fact]
    public void A_core_above_the_limit_is_highlighted()
    {
        using var context = new PortalContext();
        var bars = context.Render<CoreBars>(p => p.Add(c => c.Cores, [12.5, 91, 130]).Add(c => c.Limit, 90));
        Assert.Equal(["Core 0", "Core 1", "Core 2"], bars.FindAll("li > span:first-child").Select(name => name.TextContent));
        Assert.Equal(["12.5 %", "91 %", "100 %"], bars.FindAll("li > .num").Select(value => value.TextContent));
        Assert.Equal(2, bars.FindAll(".core-busy").Count);
        Assert.Equal("--share:12.5%", bars.Find(".core").GetAttribute("style"));
    }

    [Fact]
    public void What_a_host_does_not_measure_is_said_with_its_reason()
    {
        using var context = new PortalContext();
        var sample = new ResourceSample("node", Noon)
        {
            Sensors = new Dictionary<string, SensorStatus> { [Sensors.Gpu] = new(SensorState.Absent, "No NVIDIA driver."), [Sensors.Cpu] = new(SensorState.Ok, null) },
        };
        var facts = context.Render<HostFacts>(p => p.Add(f => f.Sample, sample));
        Assert.Equal("No NVIDIA driver.", facts.Find("[aria-labelledby=gpus-title] .hint").TextContent);
        Assert.Equal("node does not report this resource.", facts.Find("[aria-labelledby=disks-title] .hint").TextContent);
        Assert.Equal(["CPU", "Memory", "Disk", "Network", "GPU", "Process"], facts.FindAll("dt").Select(sensor => sensor.TextContent));
        Assert.Equal(["Measuring", "Not reported", "Absent: No NVIDIA driver."], [facts.FindAll("dd")[0].TextContent, facts.FindAll("dd")[1].TextContent, facts.FindAll("dd")[4].TextContent]);
    }

    [Fact]
    public void Disks_networks_and_gpus_are_tables()
    {
        using var context = new PortalContext();
        var sample = new ResourceSample("node", Noon)
        {
            Disks = [new("/", 100, 40, 60, 1024, null, HoldsData: true)],
            Networks = [new("eth0", 2048, 0)],
            Gpus = [new(0, "H200", 50, 1024, 2048, 61, 300)],
        };
        var facts = context.Render<HostFacts>(p => p.Add(f => f.Sample, sample));
        Assert.Equal(
            ["/ contains the portal's data", "60 %", "40 GiB", "100 GiB", "1 KiB/s", "–"],
            facts.FindAll("[aria-labelledby=disks-title] td").Select(cell => string.Join(' ', cell.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
        Assert.Equal(["eth0", "2 KiB/s", "0 B/s"], facts.FindAll("[aria-labelledby=networks-title] td").Select(cell => cell.TextContent));
        Assert.Equal(["0", "H200", "50 %", "1 GiB", "2 GiB", "61 °C", "300 W"], facts.FindAll("[aria-labelledby=gpus-title] td").Select(cell => cell.TextContent));
    }

    [Fact]
    public void Many_hosts_are_paged_and_each_opens_its_own_view()
    {
        using var context = new PortalContext("/resources?window=6h");
        _ = context.State;
        var hosts = Enumerable.Range(10, 25).Select(i => new ResourceSample($"node-{i}", Noon.AddMinutes(-1)) { [ResourceMetric.CpuPercent] = i }).ToList();
        var table = context.Render<HostTable>(p => p.Add(t => t.Hosts, hosts).Add(t => t.Selected, "node-11"));
        Assert.Equal(10, table.FindAll("tbody tr").Count);
        Assert.Contains("25 hosts · 1–10 of 25", table.Markup, StringComparison.Ordinal);
        Assert.Equal("/resources?window=6h&source=node-10", table.Find("tbody a").GetAttribute("href"));
        table.FindAll("button").Single(button => button.TextContent.Contains("Next", StringComparison.Ordinal)).Click();
        Assert.Contains("node-20", table.Find("tbody tr").TextContent, StringComparison.Ordinal);
    }
}
