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
using Severity = PerfPortal.Domain.Findings.Severity;

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
        var now = TimeProvider.System.GetUtcNow();
        var seen = SampleFindings.Of(FindingKind.Regression, "generate takes 5.1 s instead of 3.5 s since this morning.").Latest with { Since = now.AddHours(-3), SinceLow = now.AddHours(-3.2), SinceHigh = now.AddHours(-2.9) };
        await ledger.MergeAsync([FindingKind.Regression], [seen], now, CancellationToken.None);
        using var context = portal.BrowseAs("/insights", Scope.Read);
        var page = context.Render<InsightsPage>();
        page.WaitForText("generate takes 5.1 s instead of 3.5 s since this morning.");
        Assert.Contains("What changed (1)", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Very likely", page.Markup, StringComparison.Ordinal);
        Assert.Contains("model_version changed from 1 to 2", page.Markup, StringComparison.Ordinal);
        await page.InvokeAsync(() => page.Find("article[id^=finding-] .mud-expand-panel-header").Click());
        page.WaitForText("Possible cause");
        page.WaitForState(() => page.FindComponents<TimeChart>().Count == 1, Patience);
        var marks = page.FindComponent<TimeChart>().Instance.Marks;
        Assert.Contains(marks, mark => mark.To is null && mark.From == seen.Since);
        Assert.Contains(marks, mark => mark.To == seen.SinceHigh && mark.From == seen.SinceLow);
    }

    [Fact]
    public async Task Findings_of_one_incident_are_one_card_and_a_link_to_a_part_opens_it()
    {
        await using var portal = await PortalFactory.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        var latest = SampleFindings.Of(FindingKind.Regression, "generate is slower.").Latest with { Since = now.AddHours(-3), SinceLow = now.AddHours(-3), SinceHigh = now.AddHours(-3) };
        await MergeAsync(
            portal, now, latest, latest with { Severity = Severity.Warning, Subject = latest.Subject with { Measure = FindingMeasures.FailureRate }, Sentence = "generate fails more often." },
            latest with { Subject = latest.Subject with { Name = "another" }, Causes = [], Severity = Severity.Warning, Sentence = "another is slower." });
        var items = (await portal.Client.GetAsync("findings")).Expect(200)["items"].EnumerateArray().ToList();
        var part = items.Single(item => item.GetProperty("sentence").GetString() == "generate fails more often.");
        string id = part.GetProperty("id").GetString()!;
        var headline = items.Single(item => item.GetProperty("sentence").GetString() == "generate is slower.");
        Assert.Equal(headline.GetProperty("incident").GetString(), part.GetProperty("incident").GetString());
        Assert.Equal([headline.GetProperty("id").GetString()], part.GetProperty("related").EnumerateArray().Select(one => one.GetString()));

        using var context = portal.BrowseAs($"/insights?finding={id}", Scope.Read);
        var page = context.Render<InsightsPage>();
        page.WaitForText("What changed (2)");
        var cards = page.FindAll("article.finding").Where(article => article.ParentElement!.Closest("article") is null && article.TextContent.Contains("slower", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, cards.Count);
        Assert.Contains("generate fails more often.", cards[0].TextContent, StringComparison.Ordinal);
        Assert.Equal("finding-" + id, page.Find("article.linked").Id);
        Assert.DoesNotContain("no longer exists", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_to_a_finding_outside_the_range_shows_it_and_one_to_an_unknown_finding_says_so()
    {
        await using var portal = await PortalFactory.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        var latest = SampleFindings.Of(FindingKind.Anomaly, "It was unusual last month.", source: "gpu-1").Latest with { Since = now.AddDays(-30), SinceLow = now.AddDays(-30), SinceHigh = now.AddDays(-30), Until = now.AddDays(-29) };
        await MergeAsync(portal, now, latest);
        Assert.Empty((await portal.Client.GetAsync("findings")).Expect(200)["items"].EnumerateArray());
        string id = (await portal.Client.GetAsync("findings?window=60d")).Expect(200)["items"][0].GetProperty("id").GetString()!;
        using var context = portal.BrowseAs($"/insights?finding={id}", Scope.Read);
        context.Render<InsightsPage>().WaitForText("It was unusual last month.");

        using var other = portal.BrowseAs("/insights?finding=0123456789abcdef0123456789abcdef", Scope.Read);
        var page = other.Render<InsightsPage>();
        page.WaitForText("This finding no longer exists.");
        Assert.DoesNotContain("It was unusual last month.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markers_are_listed_and_whoever_may_report_them_deletes_them_and_can_undo_that()
    {
        await using var portal = await PortalFactory.StartAsync();
        (await portal.Client.PostAsync("markers", new { name = "deploy 1.4.2", metadata = new { version = "1.4.2" } })).Expect(201);
        using (var reader = portal.BrowseAs("/insights", Scope.Read))
        {
            var shown = reader.Render<InsightsPage>();
            shown.WaitForText("deploy 1.4.2");
            Assert.DoesNotContain(shown.FindAll("button"), button => button.TextContent.Trim() == "Delete");
        }

        using var context = portal.BrowseAs("/insights", Scope.Read, Scope.Report);
        var snackbars = context.Render<MudSnackbarProvider>();
        var page = context.Render<InsightsPage>();
        page.WaitForText("version: 1.4.2");
        await page.InvokeAsync(() => page.FindAll("button").First(button => button.TextContent.Trim() == "Delete").Click());
        page.WaitForText("No markers in this range.");
        Assert.Empty((await portal.Client.GetAsync("markers")).Expect(200)["items"].EnumerateArray());
        snackbars.WaitForState(() => snackbars.Markup.Contains("Undo", StringComparison.Ordinal), Patience);
        await snackbars.InvokeAsync(() => snackbars.FindAll("button").First(button => button.TextContent.Trim() == "Undo").Click());
        page.WaitForText("version: 1.4.2");
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

        await page.InvokeAsync(() => page.FindAll("button").First(button => button.TextContent.Trim() == "Dismiss").Click());
        dialogs.WaitForState(() => dialogs.FindAll("textarea").Count == 1, Patience);
        Assert.Equal(4, dialogs.FindAll("input[type=checkbox]").Count);
        dialogs.WaitForState(() => Focused() > 0, Patience);
        int focused = Focused();
        dialogs.Find("textarea").Change("Known; the mirror moves next week.");
        await dialogs.InvokeAsync(() => dialogs.FindAll("button").First(button => button.TextContent.Trim() == "Dismiss").Click());
        page.WaitForState(() => Counts(page)[2] == 1, Patience);
        page.WaitForState(() => Focused() > focused, Patience);
        Assert.Equal(before[0] - 1, Counts(page)[0]);
        var stored = (await portal.Client.GetAsync("recommendations?state=dismissed")).Expect(200)["items"];
        Assert.Equal(4, stored.GetArrayLength());
        Assert.Equal((SignedInPages.Person, "Known; the mirror moves next week."), (stored[0].GetProperty("changed_by").GetString(), stored[0].GetProperty("note").GetString()));

        snackbars.WaitForState(() => snackbars.Markup.Contains("Undo", StringComparison.Ordinal), Patience);
        await snackbars.InvokeAsync(() => snackbars.FindAll("button").First(button => button.TextContent.Trim() == "Undo").Click());
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
        await page.InvokeAsync(() => page.FindAll(".mud-tab")[^1].Click());
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

    private static Task MergeAsync(PortalFactory portal, DateTimeOffset now, params FindingObservation[] seen) =>
        portal.Services.GetRequiredService<FindingLedger>().MergeAsync([.. seen.Select(one => one.Kind).Distinct()], seen, now, CancellationToken.None);

    private static int[] Counts(IRenderedComponent<InsightsPage> page) =>
        [.. page.FindAll(".mud-tab").Select(tab => int.Parse(tab.TextContent.Split('(', ')')[1], System.Globalization.CultureInfo.InvariantCulture))];
}
