using System.Text.Json;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Text;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>Writes operations as CSV, one per row.</summary>
internal static class OperationCsv
{
    /// <summary>Writes the header row.</summary>
    public static void WriteHeader(CsvWriter csv) => csv.Row(
        "id", "metric_type", "operation_name", "source", "status", "start_time", "end_time", "duration_seconds", "error_type", "error_message", "trace_id", "span_id",
        "parent_id", "metadata", "resource_usage");

    /// <summary>Writes the row of an operation.</summary>
    public static void Write(CsvWriter csv, Operation operation) => csv
        .Text(operation.Id.ToString("D")).Text(operation.MetricType.WireName()).Text(operation.Name).Text(operation.Source).Text(operation.Status.WireName())
        .Time(operation.StartTime).Time(operation.EndTime).Number(operation.Duration?.TotalSeconds).Text(operation.ErrorType).Text(operation.ErrorMessage)
        .Text(operation.TraceId).Text(operation.SpanId).Text(operation.ParentId)
        .Text(operation.Metadata.Count == 0 ? null : JsonSerializer.Serialize(operation.Metadata, WireJson.Options))
        .Text(operation.ResourceUsage is { } usage ? JsonSerializer.Serialize(usage, WireJson.Options) : null)
        .EndRow();
}
