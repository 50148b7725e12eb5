using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking.Lanes;

namespace PerfPortal.Domain.Tracking;

/// <summary>
/// An operation of this process between its start and its end. The first of <see cref="Complete()"/>, <see cref="Fail(string?,string?)"/>,
/// <see cref="Cancel"/> and <see cref="Dispose"/> ends it; what comes later changes nothing. Like a transaction, a scope that is left
/// without a word of success has failed: that is how an exception on the way out looks from here.
/// </summary>
public readonly struct OperationScope : IDisposable, IEquatable<OperationScope>
{
    /// <summary>The error type of a scope that was left without being completed.</summary>
    public const string NotCompleted = "not_completed";

    private readonly TrackedSlot? _slot;
    private readonly long _startWall;
    private readonly uint _generation;

    internal OperationScope(TrackedSlot slot, uint generation, long startWall)
    {
        _slot = slot;
        _generation = generation;
        _startWall = startWall;
    }

    /// <summary>The operation's id, after its end too; that of a scope which no tracker made is empty.</summary>
    public Guid Id => _slot?.IdOf(_generation, _startWall) ?? Guid.Empty;

    /// <summary>
    /// Sets metadata members in one step, which costs less than one after the other. An operation keeps
    /// <see cref="OperationLimits.MetadataMembers"/>; more are left out, and counted in <see cref="PerformanceTracker.MembersDropped"/>.
    /// </summary>
    public void SetAll(params ReadOnlySpan<KeyValuePair<string, MetadataValue>> members) => _slot?.Set(_generation, members);

    /// <summary>Sets a metadata member.</summary>
    public void Set(string name, MetadataValue value) => SetAll(new KeyValuePair<string, MetadataValue>(name, value));

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
            _slot?.Report(_generation, new Progress(done, total is { } all && double.IsFinite(all) && all >= 0 ? all : null, unit));
        }
    }

    /// <summary>The operation ended well.</summary>
    public void Complete() => End(OperationStatus.Succeeded, null, null, []);

    /// <summary>The operation ended well, and this is what else is to be said of it: <see cref="SetAll"/> in the same step.</summary>
    public void Complete(params ReadOnlySpan<KeyValuePair<string, MetadataValue>> members) => End(OperationStatus.Succeeded, null, null, members);

    /// <summary>The operation failed.</summary>
    public void Fail(string? errorType, string? message) => End(OperationStatus.Failed, errorType, message, []);

    /// <summary>The operation failed with an exception.</summary>
    public void Fail(Exception exception) => Fail(exception.GetType().Name, exception.Message);

    /// <summary>The operation was stopped on purpose.</summary>
    public void Cancel() => End(OperationStatus.Cancelled, null, null, []);

    /// <summary>Leaves the scope; unless it ended before, it has failed with the error type <see cref="NotCompleted"/>.</summary>
    public void Dispose() => Fail(NotCompleted, "The scope was left without being completed.");

    /// <inheritdoc/>
    public bool Equals(OperationScope other) => ReferenceEquals(_slot, other._slot) && _generation == other._generation;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is OperationScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_slot, _generation);

    /// <summary>The same operation.</summary>
    public static bool operator ==(OperationScope left, OperationScope right) => left.Equals(right);

    /// <summary>Different operations.</summary>
    public static bool operator !=(OperationScope left, OperationScope right) => !left.Equals(right);

    private void End(OperationStatus status, string? errorType, string? message, ReadOnlySpan<KeyValuePair<string, MetadataValue>> members) =>
        _slot?.Finish(_generation, status, errorType, message, members);
}
