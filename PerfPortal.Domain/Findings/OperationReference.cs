using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Findings;

/// <summary>An operation as evidence names it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="MetricType">Its type.</param>
/// <param name="Name">Its name.</param>
/// <param name="Source">Who reported it.</param>
/// <param name="Status">Where it was in its life when the evidence was gathered.</param>
/// <param name="StartTime">When it started.</param>
/// <param name="DurationSeconds">How long it took, or <see langword="null"/> while it ran.</param>
/// <param name="ErrorType">The kind of its error, if it failed.</param>
public sealed record OperationReference(
    Guid Id, MetricType MetricType, string Name, string Source, OperationStatus Status, DateTimeOffset StartTime, double? DurationSeconds, string? ErrorType)
{
    /// <summary>A reference to an operation.</summary>
    public static OperationReference To(Operation operation) => new(
        operation.Id, operation.MetricType, operation.Name, operation.Source, operation.Status, operation.StartTime,
        operation.Duration?.TotalSeconds, operation.ErrorType);
}
