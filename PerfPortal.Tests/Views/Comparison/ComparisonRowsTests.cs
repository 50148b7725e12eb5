using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views.Comparison;
using Xunit;

namespace PerfPortal.Tests.Views.Comparison;

public sealed class ComparisonRowsTests
{
    private static readonly IReadOnlyList<ComparedStatistics> Rows =
    [
        SampleComparison.Row("steady", MetricType.ModelOperation, 2, Verdict.Unchanged), SampleComparison.Row("worse", MetricType.ModelOperation, 3, Verdict.Regressed),
        SampleComparison.Row("=new", MetricType.DownloadOperation, null, Verdict.InsufficientData),
    ];

    [Theory]
    [InlineData(null, "worse,steady,=new")]
    [InlineData("p50", "steady,worse,=new")]
    [InlineData("-p50", "worse,steady,=new")]
    [InlineData("name", "=new,steady,worse")]
    [InlineData("-name", "worse,steady,=new")]
    [InlineData("type", "=new,steady,worse")]
    [InlineData("-type", "steady,worse,=new")]
    [InlineData("nonsense", "worse,steady,=new")]
    public void Rows_are_sorted_with_the_unknown_last(string? sort, string expected) =>
        Assert.Equal(expected, string.Join(',', ComparisonRows.Shown(Rows, null, null, sort).Select(row => row.Name)));

    [Theory]
    [InlineData("p50")]
    [InlineData("-p50")]
    [InlineData("verdict")]
    [InlineData("count")]
    public void Ties_are_in_the_ordinal_order_of_type_and_name(string sort)
    {
        ComparedStatistics[] tied =
        [
            SampleComparison.Row("b", MetricType.ModelOperation, 1, Verdict.Unchanged), SampleComparison.Row("a", MetricType.ModelOperation, 1, Verdict.Unchanged),
            SampleComparison.Row("B", MetricType.ModelOperation, 1, Verdict.Unchanged), SampleComparison.Row("z", MetricType.DownloadOperation, 1, Verdict.Unchanged),
        ];
        Assert.Equal(["z", "B", "a", "b"], ComparisonRows.Shown(tied, null, null, sort).Select(row => row.Name));
    }

    [Theory]
    [InlineData(Verdict.Regressed, Verdict.Unchanged, true)]
    [InlineData(Verdict.Regressed, Verdict.InsufficientData, true)]
    [InlineData(Verdict.Regressed, Verdict.Regressed, false)]
    [InlineData(Verdict.Unchanged, Verdict.Unchanged, false)]
    public void All_names_together_can_be_worse_though_none_is_by_itself(Verdict total, Verdict name, bool expected)
    {
        var range = new AnsweredRange(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1), "exact");
        ComparedStatistics[] names = [SampleComparison.Row("a", MetricType.ModelOperation, 1, Verdict.Improved), SampleComparison.Row("b", MetricType.ModelOperation, 1, name)];
        Assert.Equal(expected, ComparisonRows.IsWorseOnlyTogether(new(range, range, "a test", SampleComparison.Row("all", MetricType.ModelOperation, 1, total), [], names)));
    }

    [Fact]
    public void Rows_are_filtered_by_type_and_text()
    {
        Assert.Equal(["=new"], ComparisonRows.Shown(Rows, MetricType.DownloadOperation, null, null).Select(row => row.Name));
        Assert.Equal(["steady"], ComparisonRows.Shown(Rows, null, " STEA ", null).Select(row => row.Name));
    }
}
