using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>Operations as comma-separated values (RFC 4180), one a line. A text that a spreadsheet would take for a formula begins with an apostrophe.</summary>
internal static class OperationCsv
{
    /// <summary>The first line.</summary>
    public const string Header =
        "id,metric_type,operation_name,source,status,start_time,end_time,duration_seconds,error_type,error_message,trace_id,span_id,parent_id,metadata,resource_usage\r\n";

    private static readonly SearchValues<char> Formula = SearchValues.Create("=+-@\t\r");
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    /// <summary>Writes a line.</summary>
    public static void Write(StringBuilder output, Operation operation)
    {
        output.Append(CultureInfo.InvariantCulture, $"{operation.Id:D},{operation.MetricType.WireName()},");
        Text(output, operation.Name).Append(',');
        Text(output, operation.Source).Append(',');
        output.Append(operation.Status.WireName()).Append(',').Append(WireJson.Text(operation.StartTime)).Append(',');
        output.Append(operation.EndTime is { } end ? WireJson.Text(end) : null).Append(',');
        output.Append(CultureInfo.InvariantCulture, $"{operation.Duration?.TotalSeconds},");
        Text(output, operation.ErrorType).Append(',');
        Text(output, operation.ErrorMessage).Append(',');
        Text(output, operation.TraceId).Append(',');
        Text(output, operation.SpanId).Append(',');
        Text(output, operation.ParentId).Append(',');
        Text(output, operation.Metadata.Count == 0 ? null : JsonSerializer.Serialize(operation.Metadata, WireJson.Options)).Append(',');
        Text(output, operation.ResourceUsage is { } usage ? JsonSerializer.Serialize(usage, WireJson.Options) : null).Append("\r\n");
    }

    /// <summary>Writes one text cell.</summary>
    internal static StringBuilder Text(StringBuilder output, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return output;
        }

        string safe = Formula.Contains(text[0]) ? "'" + text : text;
        return safe.AsSpan().ContainsAny(Quoted)
            ? output.Append('"').Append(safe.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"')
            : output.Append(safe);
    }
}
