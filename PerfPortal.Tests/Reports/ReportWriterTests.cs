using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Server.Reports;
using PerfPortal.Server.Views.Reports;
using Xunit;

namespace PerfPortal.Tests.Reports;

public sealed class ReportWriterTests
{
    [Fact]
    public async Task Json_is_snake_case_with_stretches_as_from_and_to()
    {
        using var json = JsonDocument.Parse(await WriteAsync(ReportFormat.Json));
        var root = json.RootElement;
        Assert.Equal(0.75, root.GetProperty("summary").GetProperty("success_rate").GetDouble());
        Assert.Equal(4, root.GetProperty("summary").GetProperty("p95").GetDouble());
        Assert.Equal("model_operation", root.GetProperty("types")[0].GetProperty("metric_type").GetString());
        Assert.Equal(10, root.GetProperty("score").GetProperty("deductions")[0].GetProperty("points").GetDouble());
        Assert.Equal("unchanged", root.GetProperty("comparison").GetProperty("total").GetProperty("verdict").GetString());
        var stretch = root.GetProperty("bottlenecks")[0].GetProperty("evidence").GetProperty("stretches")[0];
        Assert.Equal(["from", "to"], stretch.EnumerateObject().Select(member => member.Name));
        Assert.False(root.TryGetProperty("forecasts", out _));
    }

    [Theory]
    [InlineData("html")]
    [InlineData("markdown")]
    [InlineData("csv")]
    [InlineData("json")]
    public async Task A_report_that_includes_demonstration_data_says_so_and_no_other_does(string name)
    {
        string label = name == "json" ? "\"contains_demonstration_data\":true" : "Contains demonstration data (source demo), which is made up.";
        Assert.True(ReportApi.Format.TryParse(name, out var format));
        Assert.DoesNotContain(label, await WriteAsync(format), StringComparison.Ordinal);
        Assert.Contains(label, await WriteAsync(format, ReportFixture.Report() with { ContainsDemonstrationData = true }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Csv_neutralises_a_name_that_begins_like_a_formula()
    {
        string csv = await WriteAsync(ReportFormat.Csv);
        Assert.Contains($"names,model_operation,'{ReportFixture.Name},,count,4,,\r\n", csv, StringComparison.Ordinal);
        Assert.DoesNotContain(",=", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markdown_writes_reported_text_as_text()
    {
        string markdown = await WriteAsync(ReportFormat.Markdown);
        Assert.DoesNotContain("<script>", markdown.Replace("\\<script\\>", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("\\<script\\>", markdown, StringComparison.Ordinal);
        Assert.Contains("=cmd\\|", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Html_is_one_file_that_escapes_what_was_reported()
    {
        string html = await WriteAsync(ReportFormat.Html);
        Assert.StartsWith("<!DOCTYPE html>", html.TrimStart(), StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", html, StringComparison.Ordinal);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("html")]
    [InlineData("markdown")]
    public async Task Findings_are_told_with_since_size_and_confidence(string name)
    {
        Assert.True(ReportApi.Format.TryParse(name, out var format));
        string text = (await WriteAsync(format)).Replace("&#x2B;", "+", StringComparison.Ordinal);
        Assert.Contains("It rose from 3.5 s to 4 s.", text, StringComparison.Ordinal);
        Assert.Matches(@"Since \d{4}-\d\d-\d\d \d\d:\d\d, size \+13\.8 %, confidence 99\.9 %\.", text);
        Assert.Contains("Look at the slowest operations.", text, StringComparison.Ordinal);
        Assert.Matches(@"Over:.{1,30}CPU was at 97 %\. .{0,30}Since \d{4}-\d\d-\d\d \d\d:\d\d until \d{4}-\d\d-\d\d \d\d:\d\d, size 40 %, confidence 90 %\.", text.ReplaceLineEndings(" "));
    }

    [Fact]
    public async Task Findings_are_rows_of_the_table_and_members_of_the_document()
    {
        string csv = await WriteAsync(ReportFormat.Csv);
        Assert.Contains("regression,0.138,ratio,\"open, warning: It rose from 3.5 s to 4 s.\"\r\n", csv, StringComparison.Ordinal);
        Assert.Contains("regression_confidence,0.9999,share,f1\r\n", csv, StringComparison.Ordinal);
        Assert.Contains("findings,,,host,anomaly_until,,,", csv, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(await WriteAsync(ReportFormat.Json));
        var finding = json.RootElement.GetProperty("findings")[1];
        Assert.Equal(("closed", "critical", 0.9), (finding.GetProperty("state").GetString(), finding.GetProperty("severity").GetString(), finding.GetProperty("confidence").GetDouble()));
        Assert.Equal("f2", finding.GetProperty("incident").GetString());
    }

    [Theory]
    [InlineData("html")]
    [InlineData("markdown")]
    public async Task A_report_for_reading_calls_types_and_measures_by_their_title(string name)
    {
        Assert.True(ReportApi.Format.TryParse(name, out var format));
        string text = (await WriteAsync(format)).Replace("\\", "", StringComparison.Ordinal);
        Assert.Contains("Model operation", text, StringComparison.Ordinal);
        Assert.DoesNotContain("model_operation", text, StringComparison.Ordinal);
        Assert.DoesNotContain("_percent", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paper_is_light_whatever_the_theme_of_the_browser() =>
        Assert.Contains("@media screen and (prefers-color-scheme: dark)", await WriteAsync(ReportFormat.Html), StringComparison.Ordinal);

    [Theory]
    [InlineData("markdown", true)]
    [InlineData("MARKDOWN", false)]
    [InlineData("pdf", false)]
    public void Only_the_formats_of_the_contract_are_taken(string name, bool expected) => Assert.Equal(expected, ReportApi.Format.TryParse(name, out _));

    private static async Task<string> WriteAsync(ReportFormat format, PerformanceReport? report = null)
    {
        await using var services = new ServiceCollection().AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).BuildServiceProvider();
        return await new ReportWriter(services, NullLoggerFactory.Instance).WriteAsync(report ?? ReportFixture.Report(), format);
    }
}
