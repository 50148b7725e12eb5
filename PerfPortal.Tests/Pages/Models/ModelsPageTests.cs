using Bunit;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Server.Pages.Models;
using PerfPortal.Server.Security;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Tests.Alerts.Delivery;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Pages.Alerts;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Pages.Models;

public sealed class ModelsPageTests
{
    private const string Models = "/api/v1/performance/models";

    [Fact]
    public async Task Without_models_the_page_says_how_to_get_some_and_which_directories_do_not_exist()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var browser = new AlertingBrowser(portal.BrowseAs("/models?window=1h", Scope.Read, Scope.Admin));
        var page = browser.Context.Render<ModelsPage>();
        page.WaitForText("No models found.");
        Assert.Contains("Set PerfPortal:Models:Directories, or download a model.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Downloads; created by the first one", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain(page.FindAll("button"), button => button.HasAttribute("disabled"));
    }

    [Fact]
    public async Task Downloads_and_fallbacks_have_an_address_of_their_own_and_say_when_there_are_none()
    {
        await using var portal = await PortalFactory.StartAsync();
        using (var browser = new AlertingBrowser(portal.BrowseAs("/models?window=1h&tab=downloads", Scope.Read)))
        {
            var downloads = browser.Context.Render<ModelsPage>();
            downloads.WaitForText("No downloads yet.");
            Assert.Contains("Advice effect", downloads.Markup, StringComparison.Ordinal);
            Assert.Contains(ModelDecider.NeedsAdmin, downloads.Find("p.hint").TextContent, StringComparison.Ordinal);
            Assert.All(downloads.FindAll(".ml-auto button"), button => Assert.True(button.HasAttribute("disabled")));
        }

        using var other = new AlertingBrowser(portal.BrowseAs("/models?window=1h&tab=fallbacks&source=gpu-1", Scope.Read));
        var fallbacks = other.Context.Render<ModelsPage>();
        fallbacks.WaitForText("No fallbacks were reported in the last 7 days.");
        Assert.Contains("gpu-1 reported none.", fallbacks.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_another_source_selected_its_downloads_come_first_and_those_of_the_host_are_named_as_such()
    {
        await using var portal = await PortalFactory.StartAsync();
        var ended = SampleReports.Ended("far-away", ("metric_type", "download_operation"), ("source", "gpu-1"), ("success", true));
        Assert.Equal(1, (await portal.Client.PostAsync("/api/v1/performance/operations/batch", new[] { ended })).Expect(200)["accepted"].GetInt32());
        using var browser = new AlertingBrowser(portal.BrowseAs("/models?window=1h&tab=downloads&source=gpu-1", Scope.Read));
        var page = browser.Context.Render<ModelsPage>();
        page.WaitForText("Downloads of gpu-1");
        Assert.Equal(["Downloads of gpu-1", $"Downloads of this host ({HostSource.Name})"], page.FindAll("h2").Select(title => title.TextContent).Take(2));
        Assert.Equal("far-away", page.Find("section[aria-labelledby=source-downloads] tbody th").TextContent.Trim());
        Assert.Contains("metric_type=download_operation", page.Find("section[aria-labelledby=source-downloads] a").GetAttribute("href"), StringComparison.Ordinal);
        Assert.Contains("Downloads (0)", page.Markup, StringComparison.Ordinal);

        using var second = new AlertingBrowser(portal.BrowseAs("/models?window=1h&tab=downloads&source=gpu-2", Scope.Read));
        second.Context.Render<ModelsPage>().WaitForText("gpu-2 runs no downloads, and reported none in the selected time range.");
    }

    [Fact]
    public async Task Reported_fallbacks_are_shown_as_groups()
    {
        await using var portal = await PortalFactory.StartAsync();
        var ended = Enumerable.Range(0, 14).Select(_ => SampleReports.Ended(
            "chat", ("metric_type", "fallback_strategy"), ("source", "gpu-1"), ("success", true), ("metadata", new { attempts = "big 3 failed; small 1 ok", chosen = "small" })));
        Assert.Equal(14, (await portal.Client.PostAsync("/api/v1/performance/operations/batch", ended)).Expect(200)["accepted"].GetInt32());
        using var browser = new AlertingBrowser(portal.BrowseAs("/models?window=1h&tab=fallbacks", Scope.Read));
        var page = browser.Context.Render<ModelsPage>();
        page.WaitForText("Trying small first would have saved 42.0 s so far, in less than a minute; based on 28 recorded attempts.");
        Assert.Equal(["small", "big"], page.FindAll("article tbody th").Select(cell => cell.TextContent));
    }

    [Fact]
    public async Task A_download_is_started_in_a_dialog_with_the_validation_of_rest_and_its_model_is_checked_when_it_is_complete()
    {
        await using var server = await LoopbackReceiver.StartAsync();
        server.Answer = context => context.Response.Body.WriteAsync(SampleModels.Safetensors(1_000)).AsTask();
        await using var portal = await PortalFactory.StartAsync();
        using var browser = new AlertingBrowser(portal.BrowseAs("/models?window=1h", Scope.Read, Scope.Admin));
        var page = browser.Context.Render<ModelsPage>();
        page.WaitForText("No models found.");
        await AlertingBrowser.PressAsync(page, "Download a model");
        browser.Dialogs.WaitForText("From an address");
        await AlertingBrowser.PressAsync(browser.Dialogs, "Download");
        browser.Dialogs.WaitForText("Enter a repository, such as org/name.");
        await browser.Dialogs.InvokeAsync(() => browser.Dialogs.FindAll("input[type=radio]")[1].Click());
        browser.Dialogs.WaitForText("SHA-256");
        await browser.Dialogs.InvokeAsync(() => browser.Dialogs.Find("input[type=url]").Input(server.Url + "/tiny.safetensors"));
        await AlertingBrowser.PressAsync(browser.Dialogs, "Download");
        browser.Snackbars.WaitForText("Download started: tiny");

        using var second = new AlertingBrowser(portal.BrowseAs("/models/view?window=1h&name=tiny", Scope.Read));
        await IsAsync(portal, "healthy");
        var model = second.Context.Render<ModelPage>();
        model.WaitForText("every byte was read and is as it should be.");
        Assert.Contains(ModelDecider.NeedsAdmin, model.Markup, StringComparison.Ordinal);
        Assert.All(model.FindAll("header button"), button => Assert.True(button.HasAttribute("disabled")));
    }

    [Fact]
    public async Task A_damaged_model_is_repaired_from_where_it_came_although_its_download_was_forgotten_and_is_healthy()
    {
        await using var server = await LoopbackReceiver.StartAsync();
        server.Answer = context => context.Response.Body.WriteAsync(SampleModels.Safetensors(1_000)).AsTask();
        await using var portal = await PortalFactory.StartAsync();
        string id = (await portal.Client.PostAsync(Models + "/downloads", new { url = server.Url + "/tiny.safetensors" })).Expect(202)["id"].GetString()!;
        await IsAsync(portal, "healthy");
        (await portal.Client.SendAsync(HttpMethod.Delete, $"{Models}/downloads/{id}", null)).Expect(204);
        await File.WriteAllBytesAsync(
            Path.Combine(portal.Directory, "models", "files", "tiny", "tiny.safetensors"), SampleModels.Broken(1_000), Xunit.TestContext.Current.CancellationToken);
        (await portal.Client.PostAsync(Models + "/checks", new { model = "tiny" })).Expect(202);
        await IsAsync(portal, "damaged");
        using var browser = new AlertingBrowser(portal.BrowseAs("/models/view?window=1h&name=tiny", Scope.Read, Scope.Admin));
        var model = browser.Context.Render<ModelPage>();
        model.WaitForText($"From {server.Url}/tiny.safetensors");
        await AlertingBrowser.PressAsync(model, "Repair");
        browser.Snackbars.WaitForText("Repair started: tiny");
        await IsAsync(portal, "healthy");
    }

    [Fact]
    public async Task A_damaged_model_shows_why_its_score_and_what_to_do_when_its_origin_is_not_known()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "broken", "model.safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, SampleModels.Broken(1_000), Xunit.TestContext.Current.CancellationToken);
        await using var portal = await PortalFactory.StartAsync(("Models:Directories:0", folder.Path));
        (await portal.Client.PostAsync(Models + "/checks", new { model = "broken" })).Expect(202);
        await IsAsync(portal, "damaged");
        using var browser = new AlertingBrowser(portal.BrowseAs("/models?window=1h", Scope.Read, Scope.Admin));
        var page = browser.Context.Render<ModelsPage>();
        page.WaitForText("1 damaged");
        Assert.Contains("No interval between health checks has followed advice yet.", page.Markup, StringComparison.Ordinal);
        using var second = new AlertingBrowser(portal.BrowseAs("/models/view?window=1h&name=broken", Scope.Read, Scope.Admin));
        var model = second.Context.Render<ModelPage>();
        model.WaitForText("Where its files came from is not known");
        Assert.Equal("Damaged", model.Find("header .status").TextContent.Trim());
        Assert.NotEmpty(model.FindAll("section[aria-labelledby=reasons-title] tbody tr"));
        model.WaitForText("Integrity score, the last 90 days");
        Assert.Matches("^[1-9] checks? since ", model.Find("section[aria-labelledby=integrity-title] .hint").TextContent);
        Assert.Contains("The product of its four factors.", model.Markup, StringComparison.Ordinal);
        await AlertingBrowser.PressAsync(model, "Full check");
        second.Snackbars.WaitForText("Full check started: broken");
    }

    [Fact]
    public async Task A_damaged_model_shows_its_open_finding_which_closes_after_the_repair()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "tiny", "model.safetensors");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, SampleModels.Broken(1_000), Xunit.TestContext.Current.CancellationToken);
        await using var portal = await PortalFactory.StartAsync(("Models:Directories:0", folder.Path));
        (await portal.Client.PostAsync(Models + "/checks", new { model = "tiny" })).Expect(202);
        await IsAsync(portal, "damaged");
        await FindAsync(portal, "open");
        using (var browser = new AlertingBrowser(portal.BrowseAs("/models/view?window=1h&name=tiny", Scope.Read)))
        {
            var model = browser.Context.Render<ModelPage>();
            model.WaitForText("The finding closes when a check finds nothing wrong.");
            Assert.StartsWith("/insights?finding=", model.Find(".mud-alert a").GetAttribute("href"), StringComparison.Ordinal);
        }

        await File.WriteAllBytesAsync(file, SampleModels.Safetensors(1_000), Xunit.TestContext.Current.CancellationToken);
        (await portal.Client.PostAsync(Models + "/checks", new { model = "tiny", full = true })).Expect(202);
        await IsAsync(portal, "healthy");
        await FindAsync(portal, "closed");
        using var after = new AlertingBrowser(portal.BrowseAs("/models/view?window=1h&name=tiny", Scope.Read));
        var repaired = after.Context.Render<ModelPage>();
        repaired.WaitForText("every byte was read and is as it should be.");
        Assert.Empty(repaired.FindAll(".mud-alert"));
    }

    [Fact]
    public async Task A_model_that_is_not_there_is_said_not_to_be_there()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var browser = new AlertingBrowser(portal.BrowseAs("/models/view?name=nobody", Scope.Read));
        browser.Context.Render<ModelPage>().WaitForText("No model has the name nobody.");
    }

    private static Task FindAsync(PortalFactory portal, string state) => Eventually.TrueAsync(
        async () =>
        {
            await portal.Services.GetRequiredService<InsightService>().RunAsync(Xunit.TestContext.Current.CancellationToken);
            return (await portal.Client.GetAsync($"/api/v1/performance/findings?kind=damaged_model&state={state}")).Expect(200)["items"].GetArrayLength() == 1;
        },
        "the finding is " + state);

    private static Task IsAsync(PortalFactory portal, string state) => Eventually.TrueAsync(
        async () => (await portal.Client.GetAsync(Models)).Expect(200)["items"].EnumerateArray().Any(model => model.GetProperty("state").GetString() == state), "the model is " + state);
}
