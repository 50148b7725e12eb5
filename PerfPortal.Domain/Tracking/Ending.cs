using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>How an operation is said to have ended.</summary>
public sealed record Ending
{
    /// <summary>The outcome.</summary>
    public required OperationStatus Status { get; init; }

    /// <summary>When, or <see langword="null"/> for now, or for what <see cref="Duration"/> says.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>From start to end, or <see langword="null"/>.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The kind of error.</summary>
    public string? ErrorType { get; init; }

    /// <summary>The error's text.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Metadata laid over what is known.</summary>
    public IReadOnlyList<KeyValuePair<string, MetadataValue>> Metadata { get; init; } = [];

    /// <summary>The host's resources, or <see langword="null"/> to keep what is known.</summary>
    public IReadOnlyDictionary<string, double>? ResourceUsage { get; init; }

    /// <summary>The operation as it ended. An end before the start, from a clock that jumped, becomes the start.</summary>
    internal Operation ApplyTo(Operation operation, DateTimeOffset now)
    {
        var end = (EndTime ?? (Duration is { } duration ? operation.StartTime + duration : now)).ToWholeMicroseconds();
        return operation with
        {
            Status = Status,
            EndTime = end < operation.StartTime ? operation.StartTime : end,
            ErrorType = ErrorType,
            ErrorMessage = OperationLimits.CutError(ErrorMessage),
            Metadata = operation.Metadata.With(Metadata),
            ResourceUsage = ResourceUsage ?? operation.ResourceUsage,
        };
    }
}
