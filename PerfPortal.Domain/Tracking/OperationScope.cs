using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Tracking;

/// <summary>
/// An operation of this process between its start and its end. The first of <see cref="Complete"/>, <see cref="Fail(string?,string?)"/>,
/// <see cref="Cancel"/> and <see cref="Dispose"/> ends it; what comes later changes nothing. Like a transaction, a scope that is left
/// without a word of success has failed: that is how an exception on the way out looks from here.
/// </summary>
public readonly struct OperationScope : IDisposable, IEquatable<OperationScope>
{
    /// <summary>The error type of a scope that was left without being completed.</summary>
    public const string NotCompleted = "not_completed";

    private readonly PerformanceTracker _tracker;
    private readonly ActiveOperation _entry;
    private readonly long _started;
    private readonly ResourceSample? _startSample;

    internal OperationScope(PerformanceTracker tracker, ActiveOperation entry, long started, ResourceSample? startSample)
    {
        _tracker = tracker;
        _entry = entry;
        _started = started;
        _startSample = startSample;
    }

    /// <summary>The operation's id.</summary>
    public Guid Id => _entry.Current.Id;

    /// <summary>Sets a metadata member.</summary>
    public void Set(string name, MetadataValue value) => _tracker?.Report(_entry, null, [new(name, value)]);

    /// <summary>Sets a metadata member to a number.</summary>
    public void Set(string name, double value) => Set(name, MetadataValue.From(value));

    /// <summary>Sets a metadata member to a whole number.</summary>
    public void Set(string name, long value) => Set(name, MetadataValue.From(value));

    /// <summary>Sets a metadata member to a text.</summary>
    public void Set(string name, string? value) => Set(name, MetadataValue.From(value));

    /// <summary>Sets a metadata member to true or false.</summary>
    public void Set(string name, bool value) => Set(name, MetadataValue.From(value));

    /// <summary>Says how far the operation got.</summary>
    /// <param name="done">What is done, at least 0.</param>
    /// <param name="total">What there is to do, if known.</param>
    /// <param name="unit">The unit.</param>
    public void Report(double done, double? total = null, string? unit = null)
    {
        if (double.IsFinite(done) && done >= 0)
        {
            _tracker?.Report(_entry, new Progress(done, total is { } all && double.IsFinite(all) && all >= 0 ? all : null, unit), null);
        }
    }

    /// <summary>The operation ended well.</summary>
    public void Complete() => End(new() { Status = OperationStatus.Succeeded });

    /// <summary>The operation failed.</summary>
    public void Fail(string? errorType, string? message) =>
        End(new() { Status = OperationStatus.Failed, ErrorType = errorType, ErrorMessage = message });

    /// <summary>The operation failed with an exception.</summary>
    public void Fail(Exception exception) => Fail(exception.GetType().Name, exception.Message);

    /// <summary>The operation was stopped on purpose.</summary>
    public void Cancel() => End(new() { Status = OperationStatus.Cancelled });

    /// <summary>Leaves the scope; unless it ended before, it has failed with the error type <see cref="NotCompleted"/>.</summary>
    public void Dispose() => Fail(NotCompleted, "The scope was left without being completed.");

    /// <inheritdoc/>
    public bool Equals(OperationScope other) => ReferenceEquals(_entry, other._entry);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is OperationScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _entry?.GetHashCode() ?? 0;

    /// <summary>The same operation.</summary>
    public static bool operator ==(OperationScope left, OperationScope right) => left.Equals(right);

    /// <summary>Different operations.</summary>
    public static bool operator !=(OperationScope left, OperationScope right) => !left.Equals(right);

    private void End(Ending ending) => _tracker?.End(_entry, ending, _started, _startSample);
}
