using Bunit;
using MudBlazor;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Pages.Admin;
using PerfPortal.Server.Security;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Pages.Admin;

public sealed class NameLimitsFieldTests
{
    [Fact]
    public async Task A_limit_is_added_for_a_name_and_removed_again_and_a_wrong_one_says_why()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var context = portal.BrowseAs("/admin/thresholds", Scope.Read, Scope.Admin);
        var limits = NameLimits.None.With("other", 5);
        var field = context.Render<NameLimitsField>(parameters => parameters.Add(one => one.Value, limits).Add(one => one.ValueChanged, changed => limits = changed));
        Assert.Contains("5 s", field.Markup, StringComparison.Ordinal);

        void Add() => field.FindAll("button").First(button => button.TextContent.Trim() == "Add").Click();
        Add();
        Assert.Contains("Choose an operation name.", field.Markup, StringComparison.Ordinal);
        await field.InvokeAsync(() => field.FindComponent<MudAutocomplete<string>>().Instance.ValueChanged.InvokeAsync("train"));
        await field.InvokeAsync(() => field.FindComponent<MudNumericField<double?>>().Instance.ValueChanged.InvokeAsync(0));
        Add();
        Assert.Contains("Enter a number from 0.001 to 10,000,000 s.", field.Markup, StringComparison.Ordinal);
        await field.InvokeAsync(() => field.FindComponent<MudNumericField<double?>>().Instance.ValueChanged.InvokeAsync(7200));
        Add();
        Assert.Equal([("other", 5), ("train", 7200)], limits.Select(pair => (pair.Key, pair.Value)));

        field.Render(parameters => parameters.Add(one => one.Value, limits).Add(one => one.ValueChanged, changed => limits = changed));
        field.Find("button[aria-label='Remove the limit of other']").Click();
        Assert.Equal(["train"], limits.Keys);
    }
}
