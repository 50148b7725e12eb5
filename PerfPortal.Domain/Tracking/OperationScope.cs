using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking.Lanes;

namespace PerfPortal.Domain.Tracking;

/// <summary>
/// An in-process operation between its start and its end. The first call of <see cref="Complete()"/>, <see cref="Fail(string?,string?)"/>,
/// <see cref="Cancel"/> or <see cref="Dispose"/> ends it; later calls have no effect. Like a transaction, a scope that is disposed
/// without being completed has failed, for example because of an exception.
/// </summary>
public readonly struct OperationScope : IDisposable, IEquatable<OperationScope>
{
    /// <summary>The error type of a scope that was disposed without being completed.</summary>
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

    /// <summary>The operation id, also valid after the end; empty for a default scope.</summary>
    public Guid Id => _slot?.IdOf(_generation, _startWall) ?? Guid.Empty;

    /// <summary>Whether it has not ended yet.</summary>
    internal bool IsOpen => _slot?.IsOpenAt(_generation) == true;

    /// <summary>Its trace; <see langword="null"/> when it has none, and some time after its end.</summary>
    internal string? TraceId => _slot?.ContextOf(_generation)?.TraceId;

    /// <summary>
    /// Makes it the parent of the operations that start in this flow of execution, until the result is disposed or it ends: <c>using (scope.Enter()) { … }</c>. A default scope changes nothing.
    /// </summary>
    public IDisposable Enter() => _slot is null ? OperationContext.Keep() : OperationContext.ChildOf(this).Enter();

    /// <summary>
    /// Sets metadata members in one step, which is cheaper than separate calls. An operation accepts up to
    /// <see cref="OperationLimits.MetadataMembers"/>; further ones are dropped and counted in <see cref="PerformanceTracker.MembersDropped"/>.
    /// </summary>
    public void SetAll(params ReadOnlySpan<KeyValuePair<string, MetadataValue>> members) => _slot?.Set(_generation, members);

    /// <summary>Sets a metadata member.</summary>
    public void Set(string name, MetadataValue value) => SetAll(new KeyValuePair<string, MetadataValue>(name, value));

    /// <summary>Sets a metadata member to a number.</summary>
    public void Set(string name, double value) => Set(name, MetadataValue.From(value));

    /// <summary>Sets a metadata member to an integer.</summary>
    public void Set(string name, long value) => Set(name, MetadataValue.From(value));

    /// <summary>Sets a metadata member to an integer, such as a 64-bit seed.</summary>
    public void Set(string name, ulong value) => Set(name, MetadataValue.From(value));

    /// <summary>Sets a metadata member to a string.</summary>
    public void Set(string name, string? value) => Set(name, MetadataValue.From(value));

    /// <summary>Sets a metadata member to a boolean.</summary>
    public void Set(string name, bool value) => Set(name, MetadataValue.From(value));

    /// <summary>Reports progress.</summary>
    /// <param name="done">The completed amount, at least 0.</param>
    /// <param name="total">The total amount, if known.</param>
    /// <param name="unit">The unit.</param>
    public void Report(double done, double? total = null, string? unit = null)
    {
        if (double.IsFinite(done) && done >= 0)
        {
            _slot?.Report(_generation, new Progress(done, total is { } all && double.IsFinite(all) && all >= 0 ? all : null, unit));
        }
    }

    /// <summary>Ends the operation as succeeded.</summary>
    public void Complete() => End(OperationStatus.Succeeded, null, null, []);

    /// <summary>Ends the operation as succeeded and sets metadata members, like <see cref="SetAll"/>, in the same step.</summary>
    public void Complete(params ReadOnlySpan<KeyValuePair<string, MetadataValue>> members) => End(OperationStatus.Succeeded, null, null, members);

    /// <summary>Ends the operation as failed.</summary>
    public void Fail(string? errorType, string? message) => End(OperationStatus.Failed, errorType, message, []);

    /// <summary>Ends the operation as failed with an exception.</summary>
    public void Fail(Exception exception) => Fail(exception.GetType().Name, exception.Message);

    /// <summary>Ends the operation as cancelled.</summary>
    public void Cancel() => End(OperationStatus.Cancelled, null, null, []);

    /// <summary>Ends the operation as failed with the error type <see cref="NotCompleted"/>, unless it already ended.</summary>
    public void Dispose() => Fail(NotCompleted, "The scope was disposed without being completed.");

    /// <inheritdoc/>
    public bool Equals(OperationScope other) => ReferenceEquals(_slot, other._slot) && _generation == other._generation;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is OperationScope other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_slot, _generation);

    /// <summary>Whether both are the same operation.</summary>
    public static bool operator ==(OperationScope left, OperationScope right) => left.Equals(right);

    /// <summary>Whether they are different operations.</summary>
    public static bool operator !=(OperationScope left, OperationScope right) => !left.Equals(right);

    private void End(OperationStatus status, string? errorType, string? message, ReadOnlySpan<KeyValuePair<string, MetadataValue>> members) =>
        _slot?.Finish(_generation, status, errorType, message, members);
}
