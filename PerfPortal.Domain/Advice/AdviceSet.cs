namespace PerfPortal.Domain.Advice;

/// <summary>The values that one operation uses, looked up by kind and subject and kept within their safe ranges.</summary>
public sealed class AdviceSet
{
    private readonly bool _useDefaults;
    private readonly bool _tryConnections;

    /// <summary>Creates the set of an operation.</summary>
    /// <param name="items">The advice.</param>
    /// <param name="useDefaults">Whether the operation is one of those that use the safe defaults although something was learned.</param>
    /// <param name="tryConnections">Whether the operation tries <see cref="AdviceKinds.ConnectionsTrial"/>, if the advice has one.</param>
    public AdviceSet(IReadOnlyList<AdviceItem> items, bool useDefaults = false, bool tryConnections = false)
    {
        ArgumentNullException.ThrowIfNull(items);
        Items = items;
        _useDefaults = useDefaults;
        _tryConnections = tryConnections;
        Arm = !useDefaults && IsLearned(items) ? AdviceFacts.Advised : AdviceFacts.Default;
    }

    /// <summary>The advice as it was answered, whatever this operation uses of it.</summary>
    public IReadOnlyList<AdviceItem> Items { get; }

    /// <summary>What the operation reports as <see cref="AdviceFacts.Arm"/>.</summary>
    public string Arm { get; }

    /// <summary>When the first item expires; <see langword="null"/> without items.</summary>
    public DateTimeOffset? ExpiresAt => Items.Count == 0 ? null : Items.Min(item => item.ExpiresAt);

    /// <summary>
    /// Returns the value to use, within the safe range of its kind. An item for the subject goes before the one without a subject, and this before the safe default;
    /// <see langword="null"/> when there is none of them.
    /// </summary>
    public double? Find(string kind, string? subject = null)
    {
        var item = Item(kind, subject) ?? (subject is null ? null : Item(kind, null));
        if (_tryConnections && !_useDefaults && kind == AdviceKinds.Connections && Item(AdviceKinds.ConnectionsTrial, null)?.Value is { } trial)
        {
            return AdviceCatalog.Bound(kind, trial);
        }

        double? value = _useDefaults ? item?.SafeDefault : item?.Value;
        return AdviceCatalog.Bound(kind, value) ?? AdviceCatalog.Bound(kind, AdviceCatalog.DefaultOf(kind, subject));
    }

    /// <summary>Returns the value to use of a kind that has a safe default.</summary>
    /// <exception cref="ArgumentException">There is no advice of this kind, and it has no default.</exception>
    public double Get(string kind, string? subject = null) =>
        Find(kind, subject) ?? throw new ArgumentException($"There is no advice of the kind {kind}, and it has no safe default.", nameof(kind));

    /// <summary>Whether a retry after an error of this category succeeds often enough: <see cref="AdviceCatalog.WorthwhileRetry"/>.</summary>
    public bool IsRetryWorthwhile(string category) => Get(AdviceKinds.RetrySuccess, category) >= AdviceCatalog.WorthwhileRetry;

    /// <summary>Whether anything that a component acts on was learned from the history.</summary>
    internal static bool IsLearned(IReadOnlyList<AdviceItem> items) => items.Any(item => item.IsLearned && AdviceCatalog.Find(item.Kind)?.IsFollowed == true);

    private AdviceItem? Item(string kind, string? subject) => Items.FirstOrDefault(item => item.Kind == kind && item.Subject == subject);
}
