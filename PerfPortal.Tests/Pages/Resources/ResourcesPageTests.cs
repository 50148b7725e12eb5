using System.Globalization;
using Bunit;
using PerfPortal.Tests.Api;
using Xunit;
using Page = PerfPortal.Server.Pages.Resources.Resources;

namespace PerfPortal.Tests.Pages.Resources;

public sealed class ResourcesPageTests
{
    [Fact]
    public async Task A_source_without_samples_says_why_and_leads_to_a_host_that_has_them()
    {
        await using var portal = await PortalFactory.StartAsync();
        await SampleAsync(portal, "node-1", minutesAgo: 0);
        using var context = portal.Browse("/resources?window=1h&source=batch");
        var page = context.Render<Page>();
        page.WaitForText("No samples from batch.");
        await page.InvokeAsync(() => page.FindAll("button").Single(button => button.TextContent.Contains("Show node-1", StringComparison.Ordinal)).Click());
        Assert.Equal("node-1", context.State.Source);
        page.WaitForText("CPU cores");
        Assert.Equal("node-1", page.Find("h1 + span .source-name").TextContent);
    }

    [Fact]
    public async Task A_host_that_stopped_reporting_is_said_to_be_old()
    {
        await using var portal = await PortalFactory.StartAsync();
        await SampleAsync(portal, "node-1", minutesAgo: 20);
        using var context = portal.Browse("/resources?window=1h&source=node-1");
        var page = context.Render<Page>();
        page.WaitForText("All values below are from that time.");
        Assert.Contains("20 min ago", page.Find("h1 ~ .hint").TextContent, StringComparison.Ordinal);
        Assert.Equal(42, Number(page.Find("[aria-label=CPU] .metric-value").TextContent));
        Assert.Contains("No samples from node-1 in this range for: Load, Memory, Disk usage, Disk space free, Disk throughput, Network.", page.Markup, StringComparison.Ordinal);
        Assert.Equal(["CPU"], page.FindAll("figure h3").Select(title => title.TextContent));
        Assert.Contains("The host does not report this sensor.", page.Find("[aria-label=GPU].metric-unknown").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_host_lost_in_the_range_is_said_unless_every_page_says_it()
    {
        await using var portal = await PortalFactory.StartAsync();
        await SampleAsync(portal, "node-1", minutesAgo: 0);
        await LoseAsync("portal_unreachable", 1_204, days: 2);
        await LoseAsync("rejected", 7, days: 40);
        await LoseAsync("buffer_full", 9, days: 0);
        using var context = portal.Browse("/resources?window=7d&source=node-1");
        var page = context.Render<Page>();
        page.WaitForText("1,204 operations of node-1 were dropped at ");
        Assert.DoesNotContain("7 operations of", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("9 operations of", page.Markup, StringComparison.Ordinal);

        async Task LoseAsync(string reason, int operations, int days) => (await portal.Client.PostAsync(
            "losses", new { id = Guid.NewGuid(), source = "node-1", reason, operations, samples = 0, last_seconds_ago = days * 86_400 })).Expect(200);
    }

    private static double Number(string text) => double.Parse(text.Split(['%', ' '])[0], CultureInfo.InvariantCulture);

    private static async Task SampleAsync(PortalFactory portal, string host, int minutesAgo) =>
        (await portal.Client.PostAsync("/api/v1/performance/resources", new { source = host, sampled_at = TimeProvider.System.GetUtcNow().AddMinutes(-minutesAgo), cpu_percent = 42.0 })).Expect(200);
}
