using Bunit;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.Effects;
using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Server.Pages.Models;
using PerfPortal.Server.Wire;
using Xunit;

namespace PerfPortal.Tests.Pages.Models;

public sealed class ModelComponentsTests
{
    private static readonly ModelReasonBody Truncated = new("model.safetensors", HealthReasonKinds.Truncated, HealthSeverity.Error, 4096, 100, "The file ends 100 bytes too early.");

    [Fact]
    public void A_model_says_its_state_in_words_and_the_worst_reason_beside_its_name()
    {
        using var context = new PortalContext("/models");
        _ = context.State;
        var table = context.Render<ModelTable>(of => of
            .Add(t => t.Items, [SampleModels.Model("b", HealthState.Damaged, Truncated), SampleModels.Model("a"), SampleModels.Model("c", HealthState.Unknown)])
            .Add(t => t.Scores, new Dictionary<string, IReadOnlyList<double?>> { ["b"] = [1, 1, null, 0.42], ["a"] = [1] })
            .Add(t => t.Now, PortalContext.Noon));
        var rows = table.FindAll("tbody tr");
        Assert.Equal(["Damaged", "Healthy", "Unknown"], rows.Select(row => row.QuerySelector("td")!.TextContent.Trim()));
        Assert.Contains(Truncated.Sentence, rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("42 %", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Equal("Last 42 %, lowest 42 %, highest 100 %", rows[0].QuerySelector("svg.spark")!.GetAttribute("aria-label"));
        Assert.Contains("3 min ago", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("every byte", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("in 6 h", rows[1].TextContent, StringComparison.Ordinal);
        Assert.Contains("It was not checked yet.", rows[2].TextContent, StringComparison.Ordinal);
        Assert.Contains("/models/view?name=b&", rows[0].QuerySelector("a")!.GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_running_download_shows_amount_speed_connections_retries_and_the_time_left()
    {
        var card = Show(SampleModels.Download(), canAct: true);
        string text = card.Find("article").TextContent;
        foreach (string part in (string[])["Running", "25 % · 1 MiB of 4 MiB · 3.0 s left", "1 MiB/s", "8 connections", "2 retries", "1 of 2 files", "The server does not support ranges."])
        {
            Assert.Contains(part, text, StringComparison.Ordinal);
        }

        Assert.Equal(["Cancel org/tiny"], card.FindAll("header button").Select(button => button.GetAttribute("aria-label")));
    }

    [Theory]
    [InlineData(DownloadState.Failed, "Failed", "Resume org/tiny,Forget org/tiny")]
    [InlineData(DownloadState.Interrupted, "Interrupted", "Resume org/tiny,Forget org/tiny")]
    [InlineData(DownloadState.Cancelled, "Cancelled", "Resume org/tiny,Forget org/tiny")]
    [InlineData(DownloadState.Completed, "Completed", "Forget org/tiny")]
    [InlineData(DownloadState.Queued, "Waiting", "Cancel org/tiny")]
    public void A_download_offers_what_its_state_allows(DownloadState state, string word, string buttons)
    {
        var card = Show(SampleModels.Download(state), canAct: true);
        Assert.Contains(word, card.Find("header").TextContent, StringComparison.Ordinal);
        Assert.Equal(buttons, string.Join(',', card.FindAll("header button").Select(button => button.GetAttribute("aria-label"))));
        Assert.Equal(state == DownloadState.Failed, card.Markup.Contains("Rate limit: The server answers 429", StringComparison.Ordinal));
    }

    [Fact]
    public void A_completed_download_of_which_no_hash_was_known_says_that_it_is_not_verified()
    {
        var download = SampleModels.Download(DownloadState.Completed) with { Files = [new("a.bin", 20, 20, true, false), new("config.json", 20, 20, true, true)] };
        Assert.Equal("Completed", Show(download, canAct: true).Find("header .status, header .d-flex.gap-1").TextContent.Trim());
        Assert.Contains("verified by hash", Show(download, canAct: true).Markup, StringComparison.Ordinal);
        var card = Show(download with { Verified = false }, canAct: true);
        Assert.Contains("Completed, not verified", card.Find("header").TextContent, StringComparison.Ordinal);
        Assert.Contains("not verified: no hash is known", Show(download with { Verified = false, FilesCount = 1 }, canAct: true).Markup, StringComparison.Ordinal);
        Assert.Equal(["Complete, not verified", "Verified"], card.FindAll("tbody tr").Select(row => row.QuerySelectorAll("td")[^1].TextContent));
        Assert.Null(card.Find("article").GetAttribute("data-mark"));
    }

    [Fact]
    public void A_download_that_cannot_connect_says_why_and_when_it_tries_again_instead_of_a_bar()
    {
        var stuck = SampleModels.Download() with
        {
            BytesDone = 0,
            BytesTotal = null,
            BytesPerSecond = 0,
            Connections = 0,
            EtaSeconds = null,
            LastError = "hub.example:443 could not be reached: Connection refused.",
            LastErrorCategory = "network",
            NextAttemptAt = PortalContext.Noon.AddSeconds(11.2),
            NextRetry = 7,
            MaxRetries = 8,
        };
        var card = Show(stuck, canAct: true);
        Assert.Contains("Waits 12.0 s, then tries again (retry 7 of 8): hub.example:443 could not be reached: Connection refused.", card.Markup, StringComparison.Ordinal);
        Assert.Empty(card.FindAll("[role=progressbar]"));
        Assert.DoesNotContain("connections", card.Markup, StringComparison.Ordinal);
        Assert.Contains("Tries again now (retry 7 of 8): hub", Show(stuck with { NextAttemptAt = null }, canAct: true).Markup, StringComparison.Ordinal);
        Assert.Contains("Waits 12.0 s, then tries again: hub", Show(stuck with { NextRetry = 0 }, canAct: true).Markup, StringComparison.Ordinal);
        Assert.Single(Show(stuck with { BytesTotal = 100 }, canAct: true).FindAll("[role=progressbar]"));
    }

    [Theory]
    [InlineData("main", "org/tiny at main (commit 4945613) on hub.example")]
    [InlineData("494561330558", "org/tiny at commit 4945613 on hub.example")]
    [InlineData(null, "https://hub.example/tiny.safetensors")]
    public void A_repository_is_named_with_its_hub_revision_and_commit(string? revision, string text)
    {
        var download = SampleModels.Download();
        Assert.Contains($"From {text} to", Show(revision is null ? download : download with { Hub = "https://hub.example", Repository = "org/tiny", Revision = revision, Commit = "494561330558a3256d3d6cf1d3140f673209ed51" }, canAct: true).Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_told_where_rounding_would_hide_it_and_retries_that_are_not_known_are_not_told()
    {
        var card = Show(SampleModels.Download(DownloadState.Cancelled) with { BytesDone = (4 << 20) - 312, Retries = null }, canAct: true);
        Assert.Contains("all but 312 B of 4 MiB", card.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("retries", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_cannot_act_and_is_told_why()
    {
        var card = Show(SampleModels.Download(DownloadState.Failed), canAct: false);
        Assert.All(card.FindAll("header button"), button => Assert.True(button.HasAttribute("disabled")));
        Assert.All(card.FindAll("header button"), button => Assert.Equal(ModelDecider.NeedsAdmin, button.GetAttribute("title")));
    }

    [Fact]
    public async Task A_repair_lists_files_in_order_and_says_what_it_loads_and_from_where()
    {
        var repair = new RepairBody(
            [
                new(1, "config.json", 20, [], "Download it again first: it says what the others must be.", 20, "https://hub.example/config.json"),
                new(2, "model.safetensors", 100, [new(4096, 100)], "Its end is missing.", 4196, "https://hub.example/model.safetensors"),
            ],
            120, 120, 4216, null);
        using var context = new PortalContext("/models/view?name=org/tiny");
        _ = context.State;
        int repaired = 0;
        var panel = context.Render<RepairPanel>(of => of
            .Add(p => p.Repair, repair).Add(p => p.CheckedAt, PortalContext.Noon).Add(p => p.Now, PortalContext.Noon).Add(p => p.CanAct, true).Add(p => p.OnRepair, () => repaired++));
        Assert.Equal(["1. config.json", "2. model.safetensors"], panel.FindAll("ol li b").Select(step => step.TextContent));
        Assert.Contains("2 files, loads 120 B of 4.1 KiB", panel.Markup, StringComparison.Ordinal);
        Assert.Contains("100 B of 4.1 KiB: bytes 4,096–4,195", panel.Markup, StringComparison.Ordinal);
        Assert.Contains("From https://hub.example/model.safetensors", panel.Markup, StringComparison.Ordinal);
        await panel.InvokeAsync(() => panel.Find("button").Click());
        Assert.Equal(1, repaired);

        panel.Render(of => of.Add(p => p.Last, SampleModels.Download(DownloadState.Failed)));
        Assert.Contains("The last repair failed", panel.Markup, StringComparison.Ordinal);
        Assert.Contains("asks to wait for an hour", panel.Markup, StringComparison.Ordinal);

        panel.Render(of => of.Add(p => p.Last, SampleModels.Download(DownloadState.Completed)).Add(p => p.CheckedAt, PortalContext.Noon.AddHours(-1)));
        Assert.Contains("the check that follows says whether everything is right", panel.Markup, StringComparison.Ordinal);
        panel.Render(of => of.Add(p => p.Repair, repair with { Steps = [repair.Steps[0], repair.Steps[1] with { Origin = null }] }));
        Assert.Contains("except for 1 file of unknown origin; the check that follows says whether the rest is right", panel.Markup, StringComparison.Ordinal);
        panel.Render(of => of.Add(p => p.Repair, repair));

        panel.Render(of => of.Add(p => p.Running, SampleModels.Download()));
        Assert.Empty(panel.FindAll("button"));
        Assert.Contains("25 % · 1 MiB of 4 MiB", panel.Markup, StringComparison.Ordinal);

        var lost = repair with { Steps = [.. repair.Steps.Select(step => step with { Origin = null })], BytesToLoad = 0, BytesTotal = 0 };
        var unknown = context.Render<RepairPanel>(of => of.Add(p => p.Repair, lost).Add(p => p.Directory, "/models/org/tiny").Add(p => p.CanAct, true));
        Assert.Empty(unknown.FindAll("button"));
        Assert.Contains("2 files, 120 B to download again", unknown.Markup, StringComparison.Ordinal);
        Assert.Contains("Where its files came from is not known", unknown.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_shows_alternatives_in_the_advised_order_and_what_another_order_would_have_saved()
    {
        using var context = new PortalContext("/models?tab=fallbacks");
        _ = context.State;
        const string Sentence = "Trying llama-3b first would have saved 41.0 s a day; based on 212 recorded attempts.";
        var card = context.Render<FallbackCard>(of => of.Add(c => c.Item, SampleModels.Group(new("llama-3b", 41, 30, 52, 212, Sentence, true, "30.0 s to 52.0 s a day", 518_400))));
        Assert.Contains(Sentence, card.Markup, StringComparison.Ordinal);
        Assert.Contains("30.0 s to 52.0 s a day", card.Markup, StringComparison.Ordinal);
        Assert.Equal(["1 llama-3b 92 % 440 ms 10 10 400 ms", "2 llama-8b-q4 50 % 24.0 s 2 1 12.0 s"],
            card.FindAll("tbody tr").Select(row => string.Join(' ', row.Children.Select(cell => cell.TextContent.Trim()))));
        Assert.Contains("source=gpu-1", card.Find("h3 a").GetAttribute("href"), StringComparison.Ordinal);

        var few = context.Render<FallbackCard>(of => of.Add(c => c.Item, SampleModels.Group(attempts: 3)));
        Assert.Contains("needs 12 attempts, has 5", few.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_that_is_minutes_old_states_its_sums_so_far_and_recommends_only_what_is_clear()
    {
        using var context = new PortalContext("/models?tab=fallbacks");
        _ = context.State;
        const string Sentence = "No order is clearly better: trying llama-3b first would have saved from −236 ms to 1.2 s so far, in 4 min (95 % interval); based on 12 recorded attempts.";
        var counterfactual = new CounterfactualBody("llama-3b", 0.498, -0.236, 1.232, 12, Sentence, false, "−236 ms to 1.2 s so far, in 4 min", 250);
        var card = context.Render<FallbackCard>(of => of.Add(c => c.Item, SampleModels.Group(counterfactual, observedSeconds: 250)));
        Assert.Contains(Sentence, card.Markup, StringComparison.Ordinal);
        Assert.Empty(card.FindAll("b"));
        Assert.Contains("Time lost so far, in 4 min", card.Find("dl").TextContent, StringComparison.Ordinal);
        Assert.Contains("10 of 10 make 92 %", card.Markup, StringComparison.Ordinal);
        Assert.Contains("by the expected time to success alone", card.Markup, StringComparison.Ordinal);

        var known = SampleModels.Group() with { OrderedBy = FallbackGroupBody.ByCompatibility };
        var weighted = context.Render<FallbackCard>(of => of.Add(c => c.Item, known with { Alternatives = [.. known.Alternatives.Select(one => one with { Compatibility = 0.75 })] }));
        Assert.Contains("divided by compatibility", weighted.Markup, StringComparison.Ordinal);
        Assert.Contains("0.75", weighted.Find("tbody tr").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Whether_advice_helped_is_a_sentence_for_all_and_a_row_for_each_host()
    {
        using var context = new PortalContext("/models?tab=downloads");
        var panel = context.Render<EffectPanel>(of => of.Add(
            p => p.Items,
            [new(AdviceTopic.Download, null, AdviceVerdict.Helped, 80, 12, 0.61, 0.5, 0.74, 0.001), new(AdviceTopic.Download, "hub.example", AdviceVerdict.NotEnoughData, 3, 0, null, null, null, null),
                new(AdviceTopic.Download, "127.0.0.1:80", AdviceVerdict.Helped, 77, 12, 0.6, 0.5, 0.7, 0.001)]));
        Assert.Contains("Advice helped: 80 advised downloads took 0.61 times as long as 12 with the defaults", panel.Markup, StringComparison.Ordinal);
        Assert.Equal("hub.example", panel.Find("tbody th").TextContent);
        Assert.Contains("Not enough data", panel.Find("tbody").TextContent, StringComparison.Ordinal);
    }

    private static IRenderedComponent<DownloadCard> Show(ModelDownloadBody download, bool canAct)
    {
        var context = new PortalContext("/models?tab=downloads");
        _ = context.State;
        return context.Render<DownloadCard>(of => of.Add(c => c.Item, download).Add(c => c.Now, PortalContext.Noon).Add(c => c.CanAct, canAct));
    }
}
