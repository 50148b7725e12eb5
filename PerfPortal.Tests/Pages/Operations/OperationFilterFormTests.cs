using Bunit;
using PerfPortal.Server.Pages.Operations;
using PerfPortal.Server.Views.Operations;
using Xunit;

namespace PerfPortal.Tests.Pages.Operations;

public sealed class OperationFilterFormTests
{
    [Fact]
    public void What_is_typed_is_applied_after_a_pause_and_replaces_the_history()
    {
        using var context = new PortalContext();
        var changes = new List<OperationFilterForm.FilterChange>();
        var form = context.Render<OperationFilterForm>(p => p.Add(f => f.View, new OperationView()).Add(f => f.OnChange, changes.Add));
        form.Find("input[type=search]").Input("time");
        form.Find("input[type=search]").Input("timeout");
        Assert.Empty(changes);
        context.Time.Advance(TimeSpan.FromSeconds(1));
        form.WaitForAssertion(() => Assert.Single(changes));
        Assert.True(changes[0].Replace);
        Assert.Contains(new KeyValuePair<string, string?>("q", "timeout"), changes[0].Parameters);
    }

    [Fact]
    public void A_choice_is_applied_at_once_and_can_be_taken_back()
    {
        using var context = new PortalContext();
        OperationFilterForm.FilterChange? change = null;
        var form = context.Render<OperationFilterForm>(p => p.Add(f => f.View, new OperationView { Text = "x" }).Add(f => f.OnChange, c => change = c));
        form.FindAll("select")[1].Change("failed");
        Assert.False(change!.Replace);
        Assert.Equal([("status", "failed"), ("q", "x")], change.Parameters.Where(p => !string.IsNullOrEmpty(p.Value)).Select(p => (p.Key, p.Value!)));
    }

    [Fact]
    public void A_mistake_is_said_beside_its_field_and_not_applied()
    {
        using var context = new PortalContext();
        bool isApplied = false;
        var form = context.Render<OperationFilterForm>(p => p.Add(f => f.View, new OperationView()).Add(f => f.OnChange, _ => isApplied = true));
        form.FindAll("input[inputmode=decimal]")[0].Input("soon");
        context.Time.Advance(TimeSpan.FromSeconds(1));
        var field = form.FindAll("input[inputmode=decimal]")[0];
        Assert.Equal("true", field.GetAttribute("aria-invalid"));
        Assert.NotEmpty(form.Find("#" + field.GetAttribute("aria-describedby")).TextContent);
        Assert.False(isApplied);
    }
}
