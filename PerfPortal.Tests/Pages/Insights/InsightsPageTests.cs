using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Findings;
using PerfPortal.Server.Charts;
using PerfPortal.Server.Pages.Insights;
using PerfPortal.Server.Security;
using PerfPortal.Server.Storage;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Settings;
using PerfPortal.Tests.Views;
using Xunit;
using InsightsPage = PerfPortal.Server.Pages.Insights.Insights;

namespace PerfPortal.Tests.Pages.Insights;

public sealed class InsightsPageTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task An_empty_portal_says_what_a_score_needs_and_that_nothing_exceeds_a_threshold()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var context = portal.BrowseAs("/insights", Scope.Read);
        var page = context.Render<InsightsPage>();
        page.WaitForText("Not enough data (needs 10 operations, has 0)");
        Assert.Contains("Bottlenecks (0)", page.Markup, StringComparison.Ordinal);
        Assert.Contains("No open recommendations.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("sign in with a key", page.Markup, StringComparison.Ordinal);
        Assert.True(page.Find("button.mud-button-filled").HasAttribute("disabled"));
    }

    [Fact]
    public async Task A_portal_that_is_not_ready_says_so_and_offers_to_try_again()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, StorageSetup.FileName));
        await using var portal = PortalFactory.StartUnready(folder.Path);
        using var context = portal.BrowseAs("/insights", Scope.Read);
        var page = context.Render<InsightsPage>();
        page.WaitForText("The analysis could not be loaded.");
        Assert.Contains("Try again", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finding_tells_its_story_and_shows_its_evidence_with_the_beginning_marked()
    {
        await using var portal = await PortalFactory.StartAsync();
        var ledger = portal.Services.GetRequiredService<FindingLedger>();
        var now = DateTimeOffset.UtcNow;
        var seen = SampleFindings.Of(FindingKind.Regression, "generate takes 5.1 s instead of 3.5 s since this morning.").Latest with { Since = now.AddHours(-3), SinceLow = now.AddHours(-3.2), SinceHigh = now.AddHours(-2.9) };
        await ledger.MergeAsync([FindingKind.Regression], [seen], now, CancellationToken.None);
        using var context = portal.BrowseAs("/insights", Scope.Read);
        var page = context.Render<InsightsPage>();
        page.WaitForText("generate takes 5.1 s instead of 3.5 s since this morning.");
        Assert.Contains("What changed (1)", page.Markup, StringComparison.Ordinal);
        Assert.Contains("98 % sure", page.Markup, StringComparison.Ordinal);
        Assert.Contains("model_version changed from 1 to 2", page.Markup, StringComparison.Ordinal);
        var card = page.Find("article[id^=finding-]");
        card.QuerySelector(".mud-expand-panel-header")!.Click();
        page.WaitForText("Possible cause");
        page.WaitForState(() => page.FindComponents<TimeChart>().Count == 1, Patience);
        var marks = page.FindComponent<TimeChart>().Instance.Marks;
        Assert.Contains(marks, mark => mark.To is null && mark.From == seen.Since);
        Assert.Contains(marks, mark => mark.To == seen.SinceHigh && mark.From == seen.SinceLow);
    }

    [Fact]
    public async Task The_same_error_in_four_downloads_is_one_card_whose_dismissal_counts_for_all_and_can_be_undone()
    {
        await using var portal = await PortalFactory.StartAsync();
        await FailAsync(portal, "a", "b", "c", "d");
        using var context = portal.BrowseAs("/insights", Scope.Read, Scope.Report);
        var dialogs = context.Render<MudDialogProvider>();
        var snackbars = context.Render<MudSnackbarProvider>();
        var page = context.Render<InsightsPage>();
        page.WaitForText("Fix \"ConnectionReset\" in 4 downloads");
        Assert.Single(page.FindAll("article"), article => article.TextContent.Contains("ConnectionReset", StringComparison.Ordinal) && article.TextContent.Contains("Dismiss", StringComparison.Ordinal));
        Assert.Contains("24 of 48 downloads of a, b and 2 more failed with ConnectionReset.", page.Markup, StringComparison.Ordinal);
        int[] before = Counts(page);
        Assert.Equal(before[..^1].Sum(), before[^1]);

        page.FindAll("button").First(button => button.TextContent.Trim() == "Dismiss").Click();
        dialogs.WaitForState(() => dialogs.FindAll("textarea").Count == 1, Patience);
        Assert.Equal(4, dialogs.FindAll("input[type=checkbox]").Count);
        dialogs.WaitForState(() => Focused() > 0, Patience);
        int focused = Focused();
        dialogs.Find("textarea").Change("Known; the mirror moves next week.");
        dialogs.FindAll("button").First(button => button.TextContent.Trim() == "Dismiss").Click();
        page.WaitForState(() => Counts(page)[2] == 1, Patience);
        page.WaitForState(() => Focused() > focused, Patience);
        Assert.Equal(before[0] - 1, Counts(page)[0]);
        var stored = (await portal.Client.GetAsync("recommendations?state=dismissed")).Expect(200)["items"];
        Assert.Equal(4, stored.GetArrayLength());
        Assert.Equal((SignedInPages.Person, "Known; the mirror moves next week."), (stored[0].GetProperty("changed_by").GetString(), stored[0].GetProperty("note").GetString()));

        snackbars.WaitForState(() => snackbars.Markup.Contains("Undo", StringComparison.Ordinal), Patience);
        snackbars.FindAll("button").First(button => button.TextContent.Trim() == "Undo").Click();
        page.WaitForState(() => Counts(page)[2] == 0, Patience);
        Assert.Equal(before, Counts(page));

        int Focused() => context.JSInterop.Invocations["Blazor._internal.domWrapper.focus"].Count;
    }

    [Fact]
    public async Task A_link_to_a_recommendation_opens_its_evidence_and_leads_to_the_window_of_the_finding()
    {
        await using var portal = await PortalFactory.StartAsync();
        await FailAsync(portal, "a", "b");
        var group = (await portal.Client.GetAsync("recommendations/groups?state=open&current=true")).Expect(200)["items"].EnumerateArray()
            .First(item => item.GetProperty("kind").GetString() == "recurring_failure");
        Assert.Equal(2, group.GetProperty("members").GetArrayLength());
        Assert.Equal("ConnectionReset", group.GetProperty("cause").GetString());
        foreach (string? id in new[] { group.GetProperty("id").GetString(), group.GetProperty("members")[1].GetProperty("id").GetString() })
        {
            using var context = portal.BrowseAs($"/insights?window=1h&finding={id}", Scope.Read);
            var page = context.Render<InsightsPage>();
            page.WaitForText("Calculation");
            Assert.Contains("/operations?window=24h&metric_type=download_operation&name=a&status=failed", page.FindAll("article a").Select(link => link.GetAttribute("href")));
        }
    }

    [Fact]
    public async Task Under_a_source_recommendations_about_what_only_other_sources_run_are_left_out_and_shared_ones_say_so()
    {
        await using var portal = await PortalFactory.StartAsync();
        await FailAsync(portal, "a");
        var other = SampleReports.Ended("b", ("metric_type", "download_operation"), ("source", "other"));
        Assert.Equal(1, (await portal.Client.PostAsync("operations/batch", new[] { other }))["accepted"].GetInt32());
        using var mine = portal.BrowseAs("/insights?window=1h&source=test", Scope.Read);
        var page = mine.Render<InsightsPage>();
        page.WaitForText("ConnectionReset");
        Assert.Contains(page.FindAll("article header"), header => header.TextContent.Contains("ConnectionReset", StringComparison.Ordinal) && header.TextContent.Contains("All sources", StringComparison.Ordinal));
        using var theirs = portal.BrowseAs("/insights?window=1h&source=other", Scope.Read);
        page = theirs.Render<InsightsPage>();
        page.WaitForText("No open recommendations.");
        Assert.DoesNotContain("ConnectionReset", page.Markup, StringComparison.Ordinal);
        Assert.Equal(0, (await portal.Client.GetAsync("recommendations?source=other")).Expect(200)["items"].GetArrayLength());
        Assert.NotEqual(0, (await portal.Client.GetAsync("recommendations?source=test")).Expect(200)["items"].GetArrayLength());
    }

    [Fact]
    public async Task The_tab_is_in_the_address()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var context = portal.BrowseAs("/insights?window=1h&state=applied", Scope.Read);
        var page = context.Render<InsightsPage>();
        page.WaitForText("No applied recommendations.");
        page.FindAll(".mud-tab")[^1].Click();
        page.WaitForText("No recommendations yet.");
        Assert.Equal("/insights?window=1h&state=all", context.PathAndQuery);
    }

    [Fact]
    public async Task A_paused_page_keeps_what_it_shows_and_counts_what_is_new()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var context = portal.BrowseAs("/insights?window=1h", Scope.Read);
        var page = context.Render<InsightsPage>();
        page.WaitForText("has 0)");
        context.State.Pause();
        await FailAsync(portal, "a");
        page.WaitForState(() => context.State.NewSincePause >= 12, Patience);
        Assert.Contains("has 0)", page.Markup, StringComparison.Ordinal);
        context.State.Resume();
        page.WaitForText("ConnectionReset");
    }

    /// <summary>Six failed and six successful downloads of each name.</summary>
    private static async Task FailAsync(PortalFactory portal, params string[] names)
    {
        var ended = names.SelectMany(name => Enumerable.Range(0, 12).Select(i => SampleReports.Ended(
            name, ("metric_type", "download_operation"), ("success", i >= 6), ("error_type", i >= 6 ? null : "ConnectionReset"))));
        Assert.Equal(12 * names.Length, (await portal.Client.PostAsync("operations/batch", ended))["accepted"].GetInt32());
        (await portal.Client.PostAsync("optimize", null)).Expect(200);
    }

    private static int[] Counts(IRenderedComponent<InsightsPage> page) =>
        [.. page.FindAll(".mud-tab").Select(tab => int.Parse(tab.TextContent.Split('(', ')')[1], System.Globalization.CultureInfo.InvariantCulture))];
}
