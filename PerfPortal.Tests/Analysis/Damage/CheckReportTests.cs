using PerfPortal.Domain.Analysis.Damage;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests.Analysis.Damage;

public sealed class CheckReportTests
{
    [Theory]
    [InlineData(true, 0, 0.4, ModelFaults.Corruption, ModelFaults.MissingFiles)]
    [InlineData(true, 3, 0.4, ModelFaults.Corruption | ModelFaults.MissingFiles, ModelFaults.None)]
    [InlineData(false, 3, 0.4, ModelFaults.MissingFiles, ModelFaults.Corruption)]
    [InlineData(false, 0, 0.4, ModelFaults.LowScore, ModelFaults.Corruption | ModelFaults.MissingFiles)]
    [InlineData(false, 0, 1.0, ModelFaults.None, ModelFaults.All)]
    [InlineData(false, 0, null, ModelFaults.None, ModelFaults.All)]
    [InlineData(false, null, null, ModelFaults.None, ModelFaults.Corruption)]
    [InlineData(null, 0, null, ModelFaults.None, ModelFaults.MissingFiles)]
    [InlineData(null, null, 1.0, ModelFaults.None, ModelFaults.All)]
    [InlineData(null, null, 0.99, ModelFaults.LowScore, ModelFaults.None)]
    [InlineData(true, null, 1.0, ModelFaults.Corruption, ModelFaults.None)]
    public void A_check_says_what_its_facts_say_and_nothing_about_those_that_it_does_not_report(bool? corrupt, int? missing, double? score, ModelFaults faults, ModelFaults clears)
    {
        var report = CheckReport.Of(Of(corrupt, missing, score, OperationStatus.Succeeded))!;
        Assert.Equal((faults, clears, score, (long?)missing), (report.Faults, report.Clears, report.Score, report.FilesMissing));
    }

    [Fact]
    public void A_check_without_any_fact_says_nothing() => Assert.Null(CheckReport.Of(Of(null, null, null, OperationStatus.Succeeded)));

    [Theory]
    [InlineData(OperationStatus.Cancelled)]
    [InlineData(OperationStatus.Abandoned)]
    public void A_check_that_was_cancelled_or_abandoned_says_nothing(OperationStatus status)
    {
        Assert.Null(CheckReport.Of(Of(true, 3, 0.1, status)));
        Assert.Null(CheckReport.Of(Of(false, 0, 1, status)));
    }

    [Fact]
    public void A_check_that_failed_may_have_found_damage_but_clears_nothing()
    {
        Assert.Null(CheckReport.Of(Of(false, 0, 1, OperationStatus.Failed)));
        Assert.Null(CheckReport.Of(Of(null, null, 0, OperationStatus.Failed)));
        var found = CheckReport.Of(Of(true, 0, 0.2, OperationStatus.Failed))!;
        Assert.Equal((ModelFaults.Corruption, ModelFaults.None), (found.Faults, found.Clears));
    }

    [Theory]
    [InlineData(OperationStatus.Cancelled, true)]
    [InlineData(OperationStatus.Succeeded, true)]
    [InlineData(OperationStatus.Failed, false)]
    public void That_a_model_was_deleted_clears_everything(OperationStatus status, bool clears)
    {
        var report = CheckReport.Of(Checks.Check(1, [("model_deleted", MetadataValue.From(true))], status: status));
        Assert.Equal(clears, report is { IsDeletion: true, Clears: ModelFaults.All, Faults: ModelFaults.None });
    }

    [Fact]
    public void Facts_of_other_kinds_and_out_of_range_count_as_not_reported()
    {
        Assert.Null(CheckReport.Of(Checks.Check(1, [("corruption_detected", MetadataValue.From("yes")), ("files_missing", MetadataValue.From(-1)), ("integrity_score", MetadataValue.From(7.0))])));
        Assert.Null(CheckReport.Of(Checks.Check(1, [("model_deleted", MetadataValue.From("true"))])));
        Assert.Null(CheckReport.Of(Checks.Check(1, Checks.Damaged, source: RemovedSource.NameOf(3))));
        Assert.Null(CheckReport.Of(Checks.Check(1, Checks.Damaged) with { MetricType = MetricType.ModelOperation }));
        Assert.Null(CheckReport.Of(Checks.Check(1, Checks.Damaged) with { EndTime = null, Status = OperationStatus.Running }));
    }

    [Fact]
    public void Reasons_are_a_text_or_a_list_and_are_cut()
    {
        Assert.Equal("One. Two.", ReasonsOf(MetadataValue.From(" One.\nTwo. ")));
        Assert.Equal("One. Two. Three.", ReasonsOf(MetadataValue.FromJson("""["One.", 7, "Two.", "Three.", "Four."]""")));
        Assert.Null(ReasonsOf(MetadataValue.FromJson("""{"a":1}""")));
        Assert.Null(ReasonsOf(MetadataValue.From(true)));
        Assert.Null(ReasonsOf(MetadataValue.From("  ")));
        Assert.Equal("The hash is 12b884fa….", ReasonsOf(MetadataValue.From("The hash is 12b884fa41c03995335d7cb290082d37.")));
        string cut = ReasonsOf(MetadataValue.From(new string('x', 298) + "😀 and more"))!;
        Assert.Equal(new string('x', 298) + "…", cut);
    }

    [Fact]
    public void A_model_whose_name_had_no_place_among_the_names_keeps_its_own()
    {
        var operation = Checks.Check(1, [Checks.Corrupt(true), (NameLimiter.NameMember, MetadataValue.From("org/late"))], NameLimiter.OtherNames);
        Assert.Equal("org/late", CheckReport.ModelOf(operation));
        Assert.Null(CheckReport.ModelOf(Checks.Check(1, Checks.Damaged, NameLimiter.OtherNames)));
        Assert.Equal("llama", CheckReport.ModelOf(Checks.Check(1, Checks.Damaged)));
    }

    private static string? ReasonsOf(MetadataValue value) => CheckReport.Of(Checks.Check(1, [Checks.Corrupt(true), ("reasons", value)]))!.Reasons;

    private static Operation Of(bool? corrupt, int? missing, double? score, OperationStatus status) => Checks.Check(
        1,
        [
            .. corrupt is { } flag ? ((string, MetadataValue)[])[Checks.Corrupt(flag)] : [],
            .. missing is { } count ? ((string, MetadataValue)[])[Checks.Missing(count)] : [],
            .. score is { } share ? ((string, MetadataValue)[])[Checks.Score(share)] : [],
        ],
        status: status);
}
