using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Findings;

/// <summary>A reference to an operation in evidence.</summary>
/// <param name="Id">The operation ID.</param>
/// <param name="MetricType">The metric type.</param>
/// <param name="Name">The operation name.</param>
/// <param name="Source">The source that reported it.</param>
/// <param name="Status">The status when the evidence was collected.</param>
/// <param name="StartTime">The start time.</param>
/// <param name="DurationSeconds">The duration in seconds, or <see langword="null"/> if it was running.</param>
/// <param name="ErrorType">The error type, if it failed.</param>
public sealed record OperationReference(
    Guid Id, MetricType MetricType, string Name, string Source, OperationStatus Status, DateTimeOffset StartTime, double? DurationSeconds, string? ErrorType)
{
    /// <summary>Creates a reference to an operation.</summary>
    public static OperationReference To(Operation operation) => new(
        operation.Id, operation.MetricType, operation.Name, operation.Source, operation.Status, operation.StartTime,
        operation.Duration?.TotalSeconds, operation.ErrorType);
}
