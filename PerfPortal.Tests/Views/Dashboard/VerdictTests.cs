using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views.Dashboard;
using PerfPortal.Server.Views.Findings;
using Xunit;

namespace PerfPortal.Tests.Views.Dashboard;

public sealed class VerdictTests
{
    [Fact]
    public void Without_data_nothing_is_claimed() => Assert.Equal(Health.Unknown, Verdict.Of(SampleAnalysis.Empty, []).State);

    [Fact]
    public void With_data_and_without_a_bottleneck_things_are_healthy() =>
        Assert.Equal(Health.Healthy, Verdict.Of(SampleAnalysis.Empty with { Score = new(100, true, [], null, 50) }, []).State);

    [Theory]
    [InlineData(Severity.Warning, Health.Warning)]
    [InlineData(Severity.Critical, Health.Critical)]
    public void The_worst_bottleneck_decides_and_is_named(Severity severity, Health state)
    {
        var verdict = Verdict.Of(SampleAnalysis.Empty with { Bottlenecks = [SampleAnalysis.Failing(severity)] }, []);
        Assert.Equal((state, "9 % of operations failed.", 0), (verdict.State, verdict.Sentence, verdict.More));
    }

    [Fact]
    public void A_regression_comes_before_silence_and_both_before_failures()
    {
        var failing = SampleAnalysis.Empty with { Bottlenecks = [SampleAnalysis.Failing(Severity.Critical)] };
        var silence = Found(FindingKind.Silence, "Nothing has ended for an hour.");
        silence = silence with { Latest = silence.Latest with { Subject = new(null, null, null, FindingMeasures.Throughput) } };
        var regression = Found(FindingKind.Regression, "fetch is slower.");
        Assert.Equal(("fetch is slower.", 2), Said(Verdict.Of(failing, [silence, regression])));
        Assert.Equal(("Nothing has ended for an hour.", 1), Said(Verdict.Of(failing, [silence])));
        Assert.Equal(("9 % of operations failed.", 1), Said(Verdict.Of(failing, [regression with { Latest = regression.Latest with { Severity = Severity.Warning } }])));
    }

    [Fact]
    public void What_belongs_together_is_one_problem_as_grave_as_its_gravest_part()
    {
        var failing = SampleAnalysis.Failing(Severity.Critical);
        var error = Found(FindingKind.RecurringFailure, "9 of 100 failed with ConnectionReset.");
        error = error with { Latest = error.Latest with { Severity = Severity.Warning, Subject = new(null, failing.MetricType, null, FindingMeasures.FailureRate), Names = [new(failing.MetricType!.Value, failing.OperationName!)] } };
        var verdict = Verdict.Of(SampleAnalysis.Empty with { Bottlenecks = [failing] }, [error]);
        Assert.Equal((Health.Critical, "9 of 100 failed with ConnectionReset.", 0), (verdict.State, verdict.Sentence, verdict.More));
    }

    [Fact]
    public void Operations_that_regressed_are_not_named_twice()
    {
        var slower = SampleAnalysis.Failing() with { Kind = BottleneckKinds.Degradation, Sentence = "fetch became slower." };
        var regression = Found(FindingKind.Regression, "fetch is slower.");
        var same = regression with { Latest = regression.Latest with { Subject = new(null, slower.MetricType, slower.OperationName, FindingMeasures.Duration) } };
        Assert.Equal(("fetch is slower.", 0), Said(Verdict.Of(SampleAnalysis.Empty with { Bottlenecks = [slower] }, [same])));
        Assert.Equal(1, Verdict.Of(SampleAnalysis.Empty with { Bottlenecks = [slower] }, [regression]).More);
    }

    [Fact]
    public void The_score_is_written_out_as_a_sum()
    {
        Assert.Equal("100 − 5 − 2.1 + 3.1 = 96", Verdict.Sum(new(96, true, [new("a", "A", 5), new("b", "B", 2.1)], new("c", "C", 3.1), 50)));
        Assert.Equal("100 + 5 = 100 (limited to 0–100)", Verdict.Sum(new(100, true, [], new("c", "C", 5), 50)));
        Assert.Null(Verdict.Sum(SampleAnalysis.Empty.Score));
    }

    [Fact]
    public void The_change_is_against_the_period_before_and_unknown_without_one()
    {
        var row = new TypeRow(null, SampleAnalysis.Some(15, 3), SampleAnalysis.Some(10, 4), [], 0);
        Assert.Equal(0.5, row.CountChange!.Value, 9);
        Assert.Equal((null, null), (row.PerformanceChange, row.MixChange));
        Assert.Null((row with { Before = SampleAnalysis.Nothing }).CountChange);
    }

    [Fact]
    public void A_row_shows_what_its_names_did_and_a_mix_that_is_worth_a_word()
    {
        TypeRow Row(double total, double performance) => new(null, SampleAnalysis.Some(15, 3), SampleAnalysis.Some(10, 4), [], 0)
        {
            Judgement = new(Domain.Analysis.Comparison.Verdict.Unchanged, 4.9, 0.5, null, "Because.") { Split = new(total, performance, null, null, null, 1, 1, []) },
        };
        Assert.Equal((0.02, 3.9), (Math.Round(Row(4.998, 1.02).PerformanceChange!.Value, 9), Math.Round(Row(4.998, 1.02).MixChange!.Value, 9)));
        Assert.Null(Row(1.03, 1.02).MixChange);
    }

    [Fact]
    public void Evidence_leads_to_the_operations_behind_it() => Assert.Equal(
        "/operations?window=24h&metric_type=download_operation&name=fetch%20a%26b&status=failed", FindingLinks.OperationsPath(SampleAnalysis.Failing(), source: null));

    [Theory]
    [InlineData(0.09, "share", "9 %")]
    [InlineData(5, "GiB", "5 GiB")]
    [InlineData(1.5, "ratio", "1.5 times")]
    [InlineData(72.6, "s", "1 m 13 s")]
    [InlineData(12, "", "12")]
    public void A_number_of_evidence_has_its_unit(double value, string unit, string text) => Assert.Equal(text, Format.Value(value, unit));

    private static (string, int) Said(Verdict verdict) => (verdict.Sentence, verdict.More);

    private static Finding Found(FindingKind kind, string sentence) => SampleFindings.Of(kind, sentence);
}
