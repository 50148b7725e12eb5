using System.Text;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Api;
using PerfPortal.Server.Text;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class OperationCsvTests
{
    [Fact]
    public void A_line_has_a_cell_for_each_header()
    {
        var line = new StringBuilder();
        var csv = new CsvWriter(line);
        OperationCsv.WriteHeader(csv);
        string header = line.ToString();
        line.Clear();
        var start = new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
        OperationCsv.Write(csv, new Operation
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
            "id,metric_type,operation_name,source,status,start_time,end_time,duration_seconds,error_type,error_message,trace_id,span_id,parent_id,metadata,resource_usage\r\n",
            header);
        Assert.Equal(
            "00000000-0000-0000-0000-000000000000,health_check,verify,node,failed,2026-03-04T12:00:00.000000Z,2026-03-04T12:00:01.500000Z,1.5,'=cmd,,,,,,\r\n",
            line.ToString());
        Assert.Equal(header.Count(c => c == ','), line.ToString().Count(c => c == ','));
    }
}
