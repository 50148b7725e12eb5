using System.Text;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Api;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class OperationCsvTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("a=b", "a=b")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"no\"", "\"say \"\"no\"\"\"")]
    [InlineData("=a,\"b\"", "\"'=a,\"\"b\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData(null, "")]
    public void A_cell_is_quoted_where_it_must_be_and_never_a_formula(string? text, string cell) =>
        Assert.Equal(cell, OperationCsv.Text(new StringBuilder(), text).ToString());

    [Fact]
    public void A_line_has_a_cell_for_each_header()
    {
        var line = new StringBuilder();
        var start = new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
        OperationCsv.Write(line, new Operation
        {
            Id = Guid.Empty,
            MetricType = MetricType.HealthCheck,
            Name = "verify",
            Source = "node",
            Status = OperationStatus.Failed,
            StartTime = start,
            EndTime = start.AddSeconds(1.5),
            ErrorType = "=cmd",
        });
        Assert.Equal(
            "00000000-0000-0000-0000-000000000000,health_check,verify,node,failed,2026-03-04T12:00:00.000000Z,2026-03-04T12:00:01.500000Z,1.5,'=cmd,,,,,,\r\n",
            line.ToString());
        Assert.Equal(OperationCsv.Header.Count(c => c == ','), line.ToString().Count(c => c == ','));
    }
}
