using System.Buffers.Text;
using PerfPortal.Domain.Operations;
using OperationStatus = PerfPortal.Domain.Operations.OperationStatus;

namespace PerfPortal.Server.Intake;

/// <summary>The recognized members of a batch item.</summary>
internal enum ItemMember
{
    None, Id, MetricType, OperationName, Source, StartTime, EndTime, DurationSeconds, Success, Status, ErrorType, ErrorMessage, Metadata, Progress, ResourceUsage,
    TraceId, SpanId, ParentId,
}

/// <summary>Parses member names and enumeration values of batch items from UTF-8.</summary>
internal static class ItemNames
{
    private const int UuidLength = 36;
    private const int UuidDigits = 32;

    /// <summary>Returns the member with this name; <see cref="ItemMember.None"/> for an unknown name.</summary>
    public static ItemMember Member(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 when name.SequenceEqual("id"u8) => ItemMember.Id,
        6 when name.SequenceEqual("source"u8) => ItemMember.Source,
        6 when name.SequenceEqual("status"u8) => ItemMember.Status,
        7 when name.SequenceEqual("success"u8) => ItemMember.Success,
        7 when name.SequenceEqual("span_id"u8) => ItemMember.SpanId,
        8 when name.SequenceEqual("metadata"u8) => ItemMember.Metadata,
        8 when name.SequenceEqual("end_time"u8) => ItemMember.EndTime,
        8 when name.SequenceEqual("trace_id"u8) => ItemMember.TraceId,
        8 when name.SequenceEqual("progress"u8) => ItemMember.Progress,
        9 when name.SequenceEqual("parent_id"u8) => ItemMember.ParentId,
        10 when name.SequenceEqual("start_time"u8) => ItemMember.StartTime,
        10 when name.SequenceEqual("error_type"u8) => ItemMember.ErrorType,
        11 when name.SequenceEqual("metric_type"u8) => ItemMember.MetricType,
        13 when name.SequenceEqual("error_message"u8) => ItemMember.ErrorMessage,
        14 when name.SequenceEqual("operation_name"u8) => ItemMember.OperationName,
        14 when name.SequenceEqual("resource_usage"u8) => ItemMember.ResourceUsage,
        16 when name.SequenceEqual("duration_seconds"u8) => ItemMember.DurationSeconds,
        _ => ItemMember.None,
    };

    /// <summary>Returns the metric type with this wire name.</summary>
    public static MetricType? Type(ReadOnlySpan<byte> word) => word.Length switch
    {
        12 when word.SequenceEqual("health_check"u8) => MetricType.HealthCheck,
        15 when word.SequenceEqual("model_operation"u8) => MetricType.ModelOperation,
        15 when word.SequenceEqual("system_resource"u8) => MetricType.SystemResource,
        17 when word.SequenceEqual("fallback_strategy"u8) => MetricType.FallbackStrategy,
        18 when word.SequenceEqual("download_operation"u8) => MetricType.DownloadOperation,
        20 when word.SequenceEqual("analytics_collection"u8) => MetricType.AnalyticsCollection,
        _ => null,
    };

    /// <summary>Returns the outcome with this wire name.</summary>
    public static OperationStatus? Outcome(ReadOnlySpan<byte> word) => word.Length switch
    {
        6 when word.SequenceEqual("failed"u8) => OperationStatus.Failed,
        9 when word.SequenceEqual("succeeded"u8) => OperationStatus.Succeeded,
        9 when word.SequenceEqual("cancelled"u8) => OperationStatus.Cancelled,
        9 when word.SequenceEqual("abandoned"u8) => OperationStatus.Abandoned,
        _ => null,
    };

    /// <summary>Parses a UUID of 32 hex digits, with or without its four hyphens.</summary>
    public static Guid? Id(ReadOnlySpan<byte> word) =>
        word.Length is UuidLength or UuidDigits && Utf8Parser.TryParse(word, out Guid id, out int used, word.Length == UuidDigits ? 'N' : 'D') && used == word.Length ? id : null;
}
