namespace PerfPortal.Domain.Advice;

/// <summary>The values that one operation uses, looked up by kind and subject and kept within their safe ranges.</summary>
public sealed class AdviceSet
{
    private readonly bool _useDefaults;
    private readonly string? _trial;

    /// <summary>Creates the set of an operation.</summary>
    /// <param name="items">The advice.</param>
    /// <param name="useDefaults">Whether the operation is one of those that use the safe defaults of what is tried, although something was learned.</param>
    /// <param name="trial">
    /// <see cref="AdviceKinds.Connections"/> or <see cref="AdviceKinds.Concurrency"/> when the operation tries a level of it that has not been measured enough, if the advice names one.
    /// </param>
    public AdviceSet(IReadOnlyList<AdviceItem> items, bool useDefaults = false, string? trial = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        Items = items;
        _useDefaults = useDefaults;
        _trial = trial;
        Arm = useDefaults || !items.Any(IsCompared) ? AdviceFacts.Default
            : trial is not null && Item(TrialOf(trial), null)?.Value is not null ? AdviceFacts.Trial
            : AdviceFacts.Advised;
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
        bool isDefault = _useDefaults && AdviceCatalog.Find(kind)?.Use == AdviceUse.Tried;
        if (!isDefault && kind == _trial && Item(TrialOf(kind), null)?.Value is { } trial)
        {
            return AdviceCatalog.Bound(kind, trial);
        }

        return AdviceCatalog.Bound(kind, isDefault ? item?.SafeDefault : item?.Value) ?? AdviceCatalog.Bound(kind, AdviceCatalog.DefaultOf(kind, subject));
    }

    /// <summary>Returns the value to use of a kind that has a safe default.</summary>
    /// <exception cref="ArgumentException">There is no advice of this kind, and it has no default.</exception>
    public double Get(string kind, string? subject = null) =>
        Find(kind, subject) ?? throw new ArgumentException($"There is no advice of the kind {kind}, and it has no safe default.", nameof(kind));

    /// <summary>Whether a retry after an error of this category succeeds often enough: <see cref="AdviceCatalog.WorthwhileRetry"/>.</summary>
    public bool IsRetryWorthwhile(string category) => Get(AdviceKinds.RetrySuccess, category) >= AdviceCatalog.WorthwhileRetry;

    /// <summary>Returns the kind of the item that names a level to try.</summary>
    internal static string TrialOf(string kind) => kind == AdviceKinds.Connections ? AdviceKinds.ConnectionsTrial : AdviceKinds.ConcurrencyTrial;

    /// <summary>Whether an operation that uses the item belongs to those that are compared with the default: what spares a busy host is used in both arms.</summary>
    private static bool IsCompared(AdviceItem item) => item.IsLearned && AdviceCatalog.Find(item.Kind)?.Use == AdviceUse.Tried;

    private AdviceItem? Item(string kind, string? subject) => Items.FirstOrDefault(item => item.Kind == kind && item.Subject == subject);
}
