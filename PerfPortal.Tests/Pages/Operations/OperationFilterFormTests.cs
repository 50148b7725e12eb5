using Bunit;
using MudBlazor;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages.Operations;
using PerfPortal.Server.Views.Operations;
using Xunit;

namespace PerfPortal.Tests.Pages.Operations;

public sealed class OperationFilterFormTests
{
    [Fact]
    public async Task What_is_typed_is_applied_after_a_pause_and_replaces_the_history()
    {
        using var context = new PortalContext();
        context.Render<MudPopoverProvider>();
        var changes = new List<OperationFilterForm.FilterChange>();
        var form = context.Render<OperationFilterForm>(p => p.Add(f => f.View, new OperationView()).Add(f => f.OnChange, changes.Add));
        var field = form.FindComponents<FilterField>()[0];
        await field.Find("input").InputAsync("time");
        await field.Find("input").InputAsync("timeout");
        Assert.Empty(changes);
        await PauseUntilAsync(context, () => changes.Count > 0);
        Assert.Single(changes);
        Assert.True(changes[0].Replace);
        Assert.Contains(new KeyValuePair<string, string?>("q", "timeout"), changes[0].Parameters);
    }

    [Fact]
    public async Task A_choice_is_applied_at_once_and_can_be_taken_back()
    {
        using var context = new PortalContext();
        context.Render<MudPopoverProvider>();
        OperationFilterForm.FilterChange? change = null;
        var form = context.Render<OperationFilterForm>(p => p.Add(f => f.View, new OperationView { Text = "x" }).Add(f => f.OnChange, c => change = c));
        var outcome = form.FindComponents<MudSelect<string>>()[1].Instance;
        await form.InvokeAsync(() => outcome.ValueChanged.InvokeAsync("failed"));
        Assert.False(change!.Replace);
        Assert.Equal([("status", "failed"), ("q", "x")], change.Parameters.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => (p.Key, p.Value!)));
    }

    [Fact]
    public async Task A_mistake_is_said_beside_its_field_and_not_applied()
    {
        using var context = new PortalContext();
        context.Render<MudPopoverProvider>();
        bool isApplied = false;
        var form = context.Render<OperationFilterForm>(p => p.Add(f => f.View, new OperationView()).Add(f => f.OnChange, _ => isApplied = true));
        var field = form.FindComponents<FilterField>()[1];
        await field.Find("input[inputmode=decimal]").InputAsync("soon");
        await PauseUntilAsync(context, () => field.Find("input").GetAttribute("aria-invalid") == "true");
        Assert.NotEmpty(field.Find(".mud-input-error .mud-input-helper-text, .mud-input-error.mud-input-helper-text, .mud-input-helper-text").TextContent);
        Assert.False(isApplied);
    }

    /// <summary>Lets time pass until the form reacts: the field may set its timer only after the input was handled, so a single step can be too early.</summary>
    private static async Task PauseUntilAsync(PortalContext context, Func<bool> hasReacted)
    {
        for (int step = 0; !hasReacted(); step++)
        {
            Assert.True(step < 500, "The form did not react.");
            context.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, Xunit.TestContext.Current.CancellationToken);
        }
    }
}
