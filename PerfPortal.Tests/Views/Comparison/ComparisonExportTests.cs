using System.Text.Json;
using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views.Comparison;
using Xunit;

namespace PerfPortal.Tests.Views.Comparison;

public sealed class ComparisonExportTests
{
    private static readonly ComparedStatistics New = SampleComparison.Row("=new", MetricType.DownloadOperation, 2, Verdict.InsufficientData);
    private static readonly ComparedStatistics Known = New with { Name = "known", Base = New.Statistics };

    [Fact]
    public void Benchmarks_have_a_line_each_without_formulas()
    {
        string[] lines = ComparisonExport.BenchmarkCsv([New, Known]).Split("\r\n");
        Assert.Equal(
            "metric_type,operation_name,count,succeeded,failed,cancelled,abandoned,success_rate,mean,min,max,p50,p90,p95,p99,throughput_per_hour,"
            + "baseline_count,baseline_success_rate,baseline_p50,ratio,verdict,p_value,success_p_value,reason",
            lines[0]);
        Assert.Equal("download_operation,'=new,10,10,0,0,0,1,2,2,2,2,2,2,2,1,,,,,insufficient_data,,,Because.", lines[1]);
        Assert.Equal("download_operation,known,10,10,0,0,0,1,2,2,2,2,2,2,2,1,10,1,2,,insufficient_data,,,Because.", lines[2]);
        Assert.Equal([""], lines[3..]);
    }

    [Fact]
    public void Compared_names_have_a_line_each()
    {
        string[] lines = ComparisonExport.CompareCsv([New]).Split("\r\n");
        Assert.Equal(
            "metric_type,operation_name,count,base_count,success_rate,base_success_rate,mean,base_mean,p50,base_p50,p95,base_p95,p99,base_p99,"
            + "throughput_per_hour,base_throughput_per_hour,ratio,verdict,p_value,success_p_value,reason",
            lines[0]);
        Assert.Equal("download_operation,'=new,10,0,1,,2,,2,,2,,2,,1,0,,insufficient_data,,,Because.", lines[1]);
    }

    [Fact]
    public void Json_has_the_members_of_the_api()
    {
        var range = new AnsweredRange(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1), "exact");
        using var benchmarks = JsonDocument.Parse(ComparisonExport.BenchmarkJson(new(range, range, "previous", "a test", []) { Total = New, Types = [] }, [New, Known]));
        Assert.Equal(["items", "range", "baseline_range", "baseline", "test", "total", "by_type", "next_cursor"], benchmarks.RootElement.EnumerateObject().Select(member => member.Name));
        var items = benchmarks.RootElement.GetProperty("items");
        Assert.Equal("=new", items[0].GetProperty("operation_name").GetString());
        Assert.Equal(JsonValueKind.Null, items[0].GetProperty("baseline").ValueKind);
        Assert.Equal(10, items[1].GetProperty("baseline").GetProperty("count").GetInt32());
        Assert.Equal("insufficient_data", items[0].GetProperty("verdict").GetString());

        using var compared = JsonDocument.Parse(ComparisonExport.CompareJson(new(range, range, "a test", New, [], [New, Known]), [Known]));
        Assert.Equal(["range", "base_range", "test", "total", "by_type", "by_name"], compared.RootElement.EnumerateObject().Select(member => member.Name));
        Assert.Equal(["known"], compared.RootElement.GetProperty("by_name").EnumerateArray().Select(item => item.GetProperty("operation_name").GetString()));
        Assert.Equal(0, compared.RootElement.GetProperty("total").GetProperty("base").GetProperty("count").GetInt32());
    }
}
