using System.Net.Http.Headers;
using PerfPortal.Server.Storage;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Hosting;

/// <summary>A directory in place of the database file stops root as well.</summary>
public sealed class UnavailableDatabaseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_cannot_be_opened_leaves_the_process_alive_and_says_why_until_it_can_be()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, StorageSetup.FileName);
        Directory.CreateDirectory(file);
        string reason = file + " is a directory, but a file is expected there: move it elsewhere";
        await using var portal = PortalFactory.StartUnready(folder.Path);
        using var browser = portal.Server.CreateClient();

        using var live = await browser.GetAsync("/livez", Token);
        using var ready = await browser.GetAsync("/readyz", Token);
        Assert.Equal(200, (int)live.StatusCode);
        Assert.Equal(503, (int)ready.StatusCode);
        Assert.Contains(reason, await ready.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        var dashboard = await portal.Client.GetAsync("dashboard");
        Assert.Contains(reason, dashboard.Expect(503)["detail"].GetString(), StringComparison.Ordinal);

        browser.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        using var page = await browser.GetAsync("/operations", Token);
        string html = await page.Content.ReadAsStringAsync(Token);
        Assert.Equal((503, "text/html"), ((int)page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        Assert.Contains(reason, html, StringComparison.Ordinal);
        Assert.Contains("http-equiv=\"refresh\"", html, StringComparison.Ordinal);

        Directory.Delete(file);
        await Eventually.TrueAsync(async () => (await portal.Client.GetAsync("/readyz")).Code == 200, "the portal recovers");
    }
}
