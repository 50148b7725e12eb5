using PerfPortal.Domain.Settings;
using PerfPortal.Server.Pages.Admin;
using Xunit;

namespace PerfPortal.Tests.Pages.Admin;

public sealed class ThresholdFormTests
{
    private static readonly PerformanceThresholds Standard = PerformanceThresholds.Default;

    [Fact]
    public void A_new_form_shows_what_is_in_force_and_has_nothing_to_save()
    {
        var form = new ThresholdForm(Standard, 3);
        Assert.False(form.IsDirty);
        Assert.Equal("30", form.TextOf(Info("slow_operation_seconds")));
        Assert.Equal(Standard, form.Build());
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("much", false)]
    [InlineData("NaN", false)]
    [InlineData("1.01", false)]
    [InlineData("-0.1", false)]
    [InlineData("0,5", false)]
    [InlineData("0.07", true)]
    public void A_field_is_judged_by_its_bounds(string text, bool isRight)
    {
        var form = new ThresholdForm(Standard, 0);
        form.Type(Info("failure_rate"), text);
        Assert.Equal(isRight, form.Error(Info("failure_rate")) is null);
        Assert.Equal(isRight, form.Build() is not null);
        Assert.True(form.IsDirty);
    }

    [Fact]
    public void Another_way_to_write_the_same_number_changes_nothing()
    {
        var form = new ThresholdForm(Standard, 0);
        form.Type(Info("slow_operation_seconds"), " 30.0 ");
        Assert.False(form.IsDirty);
    }

    [Fact]
    public void Taking_in_what_others_saved_keeps_what_was_typed_and_nothing_else()
    {
        var form = new ThresholdForm(Standard, 1);
        form.Type(Info("slow_operation_seconds"), "90");
        form.Rebase(Standard with { SlowOperationSeconds = 12, FailureRate = 0.2 }, 2);
        var built = form.Build()!;
        Assert.Equal((90, 0.2, 2L), (built.SlowOperationSeconds, built.FailureRate, form.Version));
    }

    [Fact]
    public void A_limit_of_a_name_is_edited_like_the_others_and_survives_a_change_by_someone_else()
    {
        var form = new ThresholdForm(Standard, 1);
        form.Names = form.Names.With("train", 7200);
        Assert.True(form.IsDirty);
        Assert.Equal(7200, form.Build()!.SlowOperationSecondsByName["train"]);

        form.Rebase(Standard with { SlowOperationSecondsByName = NameLimits.None.With("other", 5) }, 2);
        Assert.Equal(["train"], form.Build()!.SlowOperationSecondsByName.Keys);
        form.Load(Standard, 3);
        Assert.False(form.IsDirty);
        form.Rebase(Standard with { SlowOperationSecondsByName = NameLimits.None.With("other", 5) }, 4);
        Assert.Equal(["other"], form.Build()!.SlowOperationSecondsByName.Keys);
    }

    private static ThresholdInfo Info(string name) => ThresholdCatalog.TryFind(name, out var info) ? info : throw new ArgumentException(name);
}
