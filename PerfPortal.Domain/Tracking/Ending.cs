using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>The reported end of an operation.</summary>
public sealed record Ending
{
    /// <summary>The outcome.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>The end time; <see langword="null"/> to use <see cref="Duration"/> or else the current time.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>The duration, or <see langword="null"/>.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The error type.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The error message.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Metadata changes.</summary>
    public IReadOnlyList<KeyValuePair<string, MetadataValue>> Metadata { get; init; } = [];

    /// <summary>The resource usage of the host, or <see langword="null"/> to keep the known values.</summary>
    public IReadOnlyDictionary<string, double>? ResourceUsage { get; init; }

    /// <summary>Returns the ended operation. An end before the start, caused by a clock jump, becomes the start.</summary>
    internal Operation ApplyTo(Operation operation, DateTimeOffset now)
    {
        var stated = EndTime?.ToWholeMicroseconds() ?? (Duration is { } duration ? (operation.StartTime + duration).ToWholeMicroseconds() : null);
        var reported = operation with { Metadata = operation.Metadata.With(Metadata) };
        var ended = stated is null ? ClockSkew.EndNow(reported, now)
            : Duration is not null ? reported with { EndTime = stated }
            : ClockSkew.EndAt(reported, stated.Value, now);
        return ended with
        {
            Status = Status,
            EndTime = ended.EndTime < ended.StartTime ? ended.StartTime : ended.EndTime,
            ErrorType = ErrorType,
            ErrorMessage = OperationLimits.CutError(ErrorMessage),
            ResourceUsage = ResourceUsage ?? operation.ResourceUsage,
        };
    }
}
