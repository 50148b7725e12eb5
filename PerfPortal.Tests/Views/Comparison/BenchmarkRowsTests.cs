using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Pages.Benchmarks;
using PerfPortal.Server.Views.Comparison;
using Xunit;

namespace PerfPortal.Tests.Views.Comparison;

public sealed class BenchmarkRowsTests
{
    private static readonly IReadOnlyList<Benchmark> Items =
    [
        Row("steady", MetricType.ModelOperation, 2, Verdict.Unchanged), Row("worse", MetricType.ModelOperation, 3, Verdict.Regressed),
        Row("=new", MetricType.DownloadOperation, null, Verdict.InsufficientData),
    ];

    [Theory]
    [InlineData(null, "worse,steady,=new")]
    [InlineData("p50", "steady,worse,=new")]
    [InlineData("-p50", "worse,steady,=new")]
    [InlineData("name", "=new,steady,worse")]
    [InlineData("nonsense", "worse,steady,=new")]
    public void Rows_are_sorted_with_the_unknown_last(string? sort, string expected) =>
        Assert.Equal(expected, string.Join(',', BenchmarkRows.Shown(Items, null, null, sort).Select(item => item.Name)));

    [Fact]
    public void Rows_are_filtered_by_type_and_text()
    {
        Assert.Equal(["=new"], BenchmarkRows.Shown(Items, MetricType.DownloadOperation, null, null).Select(item => item.Name));
        Assert.Equal(["steady"], BenchmarkRows.Shown(Items, null, " STEA ", null).Select(item => item.Name));
    }

    [Fact]
    public void The_export_holds_what_is_shown_and_no_formulas()
    {
        string csv = BenchmarkRows.Csv(BenchmarkRows.Shown(Items, MetricType.DownloadOperation, null, null));
        Assert.Equal(3, csv.Split("\r\n").Length);
        Assert.Contains("download_operation,'=new,", csv, StringComparison.Ordinal);
    }

    private static Benchmark Row(string name, MetricType type, double? p50, Verdict verdict) => new(
        type, name, new OutcomeStatistics(10, 10, 0, 0, 0, 1, p50, p50, p50, p50, p50, p50, p50, 1), null, new(verdict, null, null, null, "Because."));
}
