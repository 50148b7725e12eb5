using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Pages.Alerts;
using Xunit;

namespace PerfPortal.Tests.Pages.Alerts;

public sealed class RuleFormTests
{
    [Fact]
    public void A_share_is_entered_in_percent_and_a_time_in_minutes()
    {
        var form = new RuleForm(null);
        form.Choose(AlertSignalKind.FailureRate);
        (form.Name, form.Threshold, form.WindowMinutes, form.ForMinutes, form.MinOperations) = ("Errors", 7, 15, 2, 10);
        form.Touch("name");
        Assert.Equal("%", form.Unit);
        var rule = form.Build()!;
        Assert.Equal(0.07, rule.Threshold, 9);
        Assert.Equal((TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(2), 10), (rule.Window, rule.For, rule.MinOperations));
        Assert.Equal(7, new RuleForm(rule).Threshold!.Value, 6);
    }

    [Fact]
    public void Mistakes_are_told_once_a_field_was_edited_and_all_when_saving()
    {
        var form = new RuleForm(null);
        Assert.True(form.HasErrors);
        Assert.Null(form.Error("name"));
        (form.Threshold, form.WindowMinutes) = (120, 1.5);
        form.Touch("threshold");
        Assert.Equal("Enter a number from 0 to 100 %.", form.Error("threshold"));
        Assert.Null(form.Error("window_seconds"));
        form.ShowErrors();
        Assert.Equal("Enter a name.", form.Error("name"));
        Assert.Equal("Enter whole minutes from 1 to 1,440.", form.Error("window_seconds"));
        Assert.Null(form.Build());
    }

    [Fact]
    public void A_recovery_threshold_on_the_bad_side_is_refused()
    {
        var form = new RuleForm(null) { Name = "CPU", Threshold = 80, Recovery = 90 };
        form.Touch("recovery_threshold");
        Assert.StartsWith("Enter a number at or below the threshold", form.Error("recovery_threshold"), StringComparison.Ordinal);
        form.Recovery = 70;
        form.Touch("recovery_threshold");
        Assert.NotNull(form.Build());
    }

    [Fact]
    public void Another_signal_drops_what_it_cannot_say_and_another_unit_the_threshold()
    {
        var form = new RuleForm(null) { Name = "x", Source = "gpu-1" };
        form.Choose(ResourceMetric.MemoryPercent);
        Assert.Equal(90, form.Threshold);
        form.Choose(ResourceMetric.DiskFreeGb);
        Assert.Null(form.Threshold);
        form.Choose(AlertSignalKind.Portal);
        Assert.Equal((null, null, AlertPer.All, AlertComparison.Above), (form.Source, form.Metric, form.Per, form.Comparison));
        Assert.NotNull(form.Build());
        form.Choose(AlertSignalKind.Duration);
        Assert.Equal((95.0, "s"), (form.Quantile, form.Unit));
        Assert.Equal(0.95, form.Build()!.Signal.Quantile!.Value, 9);
    }

    [Fact]
    public void A_suggestion_sets_the_recovery_threshold_too_so_that_it_stays_on_the_right_side()
    {
        var form = new RuleForm(null) { Name = "Errors", Threshold = 80, Recovery = 70 };
        form.Suggest(60, 54);
        Assert.Equal((60.0, 54.0), (form.Threshold, form.Recovery));
        Assert.NotNull(form.Build());
        form.Choose(AlertSignalKind.FailureRate);
        form.Suggest(0.2, null);
        Assert.Equal((20.0, null), (form.Threshold, form.Recovery));
    }

    [Fact]
    public void A_rule_without_a_name_can_be_tried_and_not_saved()
    {
        var form = new RuleForm(null);
        Assert.Equal((true, 90.0), (form.CanTry, form.ToTry()?.Threshold));
        Assert.Null(form.Build());
        form.Threshold = 120;
        form.Touch("threshold");
        Assert.Null(form.ToTry());
    }

    [Fact]
    public void A_condition_names_its_window_and_the_operations_that_it_needs()
    {
        var rule = new AlertRule
        {
            Id = "a",
            Name = "a",
            Signal = new(AlertSignalKind.Duration, Quantile: 0.95),
            Threshold = 60,
            Window = TimeSpan.FromHours(1),
            MinOperations = 20,
            For = TimeSpan.FromMinutes(5),
        };
        Assert.Matches("^P95 duration above .+ over 1 h with at least 20 operations, for 5 min$", AlertLooks.Condition(rule));
        Assert.Equal("CPU above 80 % over 1 h", AlertLooks.Condition(rule with { Signal = new(AlertSignalKind.Resource, ResourceMetric.CpuPercent), Threshold = 80, MinOperations = 0, For = TimeSpan.Zero }));
    }

    [Fact]
    public void A_form_is_dirty_only_while_it_differs()
    {
        var form = new RuleForm(new() { Id = "a", Name = "CPU", Signal = new(AlertSignalKind.Resource, ResourceMetric.CpuPercent), Threshold = 80, Labels = new Dictionary<string, string> { ["team"] = "a" } });
        Assert.False(form.IsDirty);
        form.Labels[0].Value = "b";
        Assert.True(form.IsDirty);
        form.Labels[0].Value = "a";
        Assert.False(form.IsDirty);
        form.Labels.Add(new() { Name = "team", Value = "a" });
        form.Touch("labels");
        Assert.Equal("The label team is there twice.", form.Error("labels"));
    }
}
