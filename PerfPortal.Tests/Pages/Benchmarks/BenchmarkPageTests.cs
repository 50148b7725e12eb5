using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using PerfPortal.Server.Security;
using PerfPortal.Server.Settings;
using PerfPortal.Tests.Api;
using Xunit;
using BenchmarkPage = PerfPortal.Server.Pages.Benchmarks.Benchmarks;
using ComparePage = PerfPortal.Server.Pages.Compare.Compare;
using TestContext = Xunit.TestContext;

namespace PerfPortal.Tests.Pages.Benchmarks;

public sealed class BenchmarkPageTests(PortalFactory portal) : IClassFixture<PortalFactory>, IAsyncLifetime
{
    private const string LongName = "huggingface/acme-research/experimental-large-language-model-family/checkpoint-000-q4_k_m.gguf";

    public async ValueTask InitializeAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        (await portal.Client.PostAsync("/api/v1/performance/operations/batch", Enumerable.Range(0, 120).Select(i => new
        {
            id = new Guid(i + 1, 0, 0, new byte[8]),
            metric_type = "download_operation",
            operation_name = LongName.Replace("000", $"{i:000}", StringComparison.Ordinal),
            source = "bench",
            start_time = now.AddMinutes(-2),
            end_time = now.AddMinutes(-1),
            success = true,
        }))).Expect(200);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void Many_names_are_divided_into_pages_of_fifty()
    {
        using var context = Browse("/benchmarks?window=1h&sort=name", Scope.Read);
        var page = context.Render<BenchmarkPage>();
        page.WaitForText("1–50 of 120");
        Assert.Equal(50, page.FindAll("tbody tr.mud-table-row").Count);
        context.Navigation.NavigateTo("/benchmarks?window=1h&sort=name&page=3");
        page.WaitForText("101–120 of 120");
        Assert.Equal(20, page.FindAll("tbody tr.mud-table-row").Count);
    }

    [Fact]
    public void A_long_name_shows_its_beginning_and_its_end_and_all_of_it_on_hover()
    {
        using var context = Browse("/benchmarks?window=1h&sort=name", Scope.Read);
        var page = context.Render<BenchmarkPage>();
        page.WaitForText("checkpoint");
        var name = page.Find($"tbody [title='{LongName}']");
        Assert.StartsWith("huggingface/acme", name.TextContent, StringComparison.Ordinal);
        Assert.EndsWith("000-q4_k_m.gguf", name.TextContent, StringComparison.Ordinal);
        Assert.True(name.TextContent.Length <= 48);
    }

    [Fact]
    public void A_filter_leads_back_to_the_first_page()
    {
        using var context = Browse("/benchmarks?window=1h&page=3&q=checkpoint-11", Scope.Read);
        context.Render<MudPopoverProvider>();
        var page = context.Render<BenchmarkPage>();
        page.WaitForText("10 of 120 names");
        page.Find("[data-filter]").Input("checkpoint-01");
        page.WaitForState(() => context.PathAndQuery.Contains("q=checkpoint-01", StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        Assert.DoesNotContain("page=", context.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_without_operations_says_so_and_offers_a_longer_one()
    {
        using var context = Browse("/benchmarks?window=1h&source=nobody", Scope.Read);
        var page = context.Render<BenchmarkPage>();
        page.WaitForText("No operations ended in this range.");
        await page.InvokeAsync(() => page.FindAll("button").First(button => button.TextContent.Contains("Show the last 7 days", StringComparison.Ordinal)).Click());
        Assert.Contains("window=7d", context.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_baseline_is_pinned_in_a_dialog_and_the_message_can_undo_it()
    {
        using var context = Browse("/benchmarks?window=1h", Scope.Read, Scope.Admin);
        var settings = portal.Services.GetRequiredService<BaselineSettings>();
        var dialogs = context.Render<MudDialogProvider>();
        var snackbars = context.Render<MudSnackbarProvider>();
        var page = context.Render<BenchmarkPage>();
        page.WaitForState(() => page.Markup.Contains("Pin this range", StringComparison.Ordinal), TimeSpan.FromSeconds(20));
        await page.InvokeAsync(() => page.FindAll("button").First(button => button.TextContent.Contains("Pin this range", StringComparison.Ordinal)).Click());
        dialogs.WaitForState(() => dialogs.FindAll("#pin input").Count == 1);
        dialogs.Find("#pin input").Input(" ");
        Assert.True(dialogs.Find("button[type=submit]").HasAttribute("disabled"));
        dialogs.Find("#pin input").Input("Release 7");
        dialogs.Find("#pin").Submit();
        snackbars.WaitForState(() => snackbars.Markup.Contains("“Release 7” is pinned for all users.", StringComparison.Ordinal));
        Assert.Equal("Release 7", (await settings.ReadAsync(TestContext.Current.CancellationToken)).Pinned?.Name);
        await snackbars.InvokeAsync(() => snackbars.FindAll("button").First(button => button.TextContent.Contains("Undo", StringComparison.Ordinal)).Click());
        snackbars.WaitForState(() => snackbars.Markup.Contains("The change was undone.", StringComparison.Ordinal));
        Assert.Null((await settings.ReadAsync(TestContext.Current.CancellationToken)).Pinned);
    }

    [Fact]
    public void Compare_divides_many_names_into_pages_and_offers_a_period_of_ones_own()
    {
        using var context = Browse("/compare?window=1h&sort=name&base_from=now-3h&base_to=now-2h", Scope.Read);
        context.Render<MudPopoverProvider>();
        var page = context.Render<ComparePage>();
        page.WaitForText("1–50 of 120");
        Assert.Empty(page.FindAll("select"));
        var from = page.FindAll("input").First(input => input.GetAttribute("value") == "now-3h");
        from.Input("nonsense");
        page.WaitForText("today, yesterday");
        page.FindAll("input").First(input => input.GetAttribute("value") == "nonsense").Input("now-5h");
        page.Find("form").Submit();

        // The page may be drawing what it has just read; then the click waits.
        page.WaitForAssertion(() => Assert.Contains("base_from=now-5h", context.PathAndQuery, StringComparison.Ordinal));
    }

    private PortalContext Browse(string uri, params Scope[] scopes)
    {
        var identity = new ClaimsIdentity(scopes.Select(scope => new Claim(Scopes.ClaimType, scope.WireName())).Append(new(ClaimTypes.Name, "ada")), "test");
        var context = new PortalContext(uri, services =>
        {
            services.AddSingleton(TimeProvider.System);
            services.AddSingleton<AuthenticationStateProvider>(new SignedIn(new(identity)));
            ((BunitServiceProvider)services).AddFallbackServiceProvider(new PortalBehindPages(portal.Services));
        });
        _ = context.State;
        return context;
    }

    private sealed class SignedIn(ClaimsPrincipal user) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(user));
    }
}
